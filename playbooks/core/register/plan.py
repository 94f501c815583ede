"""What an import would do: rows that are new, changed, unchanged, absent; then do it, or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb

import sql
from playbooks.core.register import store
from playbooks.core.register.cells import Record
from playbooks.core.register.changes import (
    FORM_COLUMNS,
    FieldChange,
    RecordChange,
    change_rows,
)
from playbooks.core.register.columns import Sheet, sheet_of, sheets
from playbooks.core.register.entries import Entry
from playbooks.core.register.problems import Problem, in_file_order
from playbooks.core.register.reading import RegisterReading, SheetRows, read_register
from sql.refusal import Refusal


class ImportRefusedError(Refusal, ValueError):
    """The file has errors; nothing was written."""


@dataclass(frozen=True)
class RowChange:
    """A stored row that the file changes, and how."""

    row: Entry
    key: str
    changes: tuple[FieldChange, ...]
    change_form: str = ""


@dataclass(frozen=True)
class ImportPlan:
    """What an import of one file would do to the register as it is now.

    Attributes:
        file_name: of the file.
        row_count: rows with content in the file.
        new: table -> records that are not stored yet.
        changed: stored rows that the file changes.
        unchanged: table -> how many rows say what is stored already.
        absent: table -> keys stored but not in the file's sheet; reported, never deleted.
        problems: everything wrong with the file, in file order.
    """

    file_name: str
    row_count: int
    new: Mapping[str, Sequence[Record]]
    changed: tuple[RowChange, ...]
    unchanged: Mapping[str, int]
    absent: Mapping[str, Sequence[str]]
    problems: tuple[Problem, ...]

    @property
    def has_errors(self) -> bool:
        """Whether the import would be refused."""
        return any(item.is_error for item in self.problems)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to write."""
        return not self.changed and not any(self.new.values())


def prepare_import(
    connection: duckdb.DuckDBPyConnection,
    workbook: Sequence[SheetRows],
    file_name: str,
    change_forms: Mapping[str, str] | None = None,
) -> ImportPlan:
    """Read *workbook* against the stored register and plan its import; writes nothing."""
    reading = read_register(workbook, file_name, store.load_register(connection))
    return plan_import(connection, reading, change_forms)


def plan_import(
    connection: duckdb.DuckDBPyConnection,
    reading: RegisterReading,
    change_forms: Mapping[str, str] | None = None,
) -> ImportPlan:
    """Compare *reading* with the stored register; writes nothing.

    Args:
        connection: the ``ops`` catalog.
        reading: made by ``read_register`` with the stored register as *existing*.
        change_forms: account id -> number of the signed change form (变更审批表); without it a
            changed responsible person or administrator is an error (Article 13).
    """
    stored = store.load_register(connection)
    forms = change_forms or {}
    new: dict[str, list[Record]] = {}
    changed: list[RowChange] = []
    unchanged: dict[str, int] = {}
    absent: dict[str, list[str]] = {}
    for sheet in sheets():
        if sheet.table not in reading.tables:
            continue
        before = {str(record[sheet.key]): record for record in stored[sheet.table]}
        found = _first_rows(reading, sheet)
        kept = [key for key in found if key in before]
        differing = [
            RowChange(found[key], key, changes, forms.get(key, "").strip())
            for key in kept
            if (changes := _changes(before[key], found[key]))
        ]
        new[sheet.table] = [row.values for key, row in found.items() if key not in before]
        changed += differing
        unchanged[sheet.table] = len(kept) - len(differing)
        absent[sheet.table] = [key for key in before if key not in found]
    problems = (*reading.problems, *_form_problems(changed))
    return ImportPlan(
        file_name=reading.file_name,
        row_count=len(reading.rows),
        new=new,
        changed=tuple(changed),
        unchanged=unchanged,
        absent=absent,
        problems=in_file_order(problems, [sheet.name for sheet in sheets()]),
    )


def apply_import(
    connection: duckdb.DuckDBPyConnection,
    plan: ImportPlan,
    *,
    now: datetime,
    actor: str,
    payload_sha256: str,
) -> str:
    """Write *plan* inside the caller's transaction, the one it was planned in; return the import id.

    Args:
        connection: the ``ops`` catalog, in a transaction.
        plan: of ``plan_import`` or ``prepare_import``.
        now: aware instant of the import.
        actor: who imports.
        payload_sha256: digest of the file as it was received.

    Raises:
        ImportRefusedError: the plan has errors; nothing was written.
    """
    errors = sum(item.is_error for item in plan.problems)
    if errors:
        raise ImportRefusedError(
            f"{plan.file_name} has {errors} errors; nothing was imported, "
            "correct them and import again"
        )
    for table, records in plan.new.items():
        store.add(connection, sheet_of(table), records, now)
    for change in plan.changed:
        store.change(connection, change.row.sheet, change.row.values, now)
    import_id = f"{now:%Y%m%dT%H%M%S%f}-{payload_sha256[:12]}"
    record = {
        "import_id": import_id,
        "file_name": plan.file_name,
        "payload_sha256": payload_sha256,
        "imported_at": now,
        "actor": actor,
        "row_count": plan.row_count,
    }
    sql.insert(connection, "import_record", [record])
    changes = (
        RecordChange(change.row.sheet.table, change.key, change.changes, change.change_form)
        for change in plan.changed
    )
    sql.insert(connection, "register_change", list(change_rows(changes, import_id, actor, now)))
    return import_id


def _first_rows(reading: RegisterReading, sheet: Sheet) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for row in reading.rows:
        if row.sheet is sheet and row.key is not None:
            found.setdefault(row.key, row)
    return found


def _changes(before: Record, row: Entry) -> tuple[FieldChange, ...]:
    return tuple(
        FieldChange(column, before[column.name], row.values[column.name])
        for column in row.sheet.columns
        if column.name not in row.bad and before[column.name] != row.values[column.name]
    )


def _form_problems(changed: Sequence[RowChange]) -> Iterator[Problem]:
    for account in changed:
        if account.row.sheet.table != "account" or account.change_form:
            continue
        for change in account.changes:
            # Naming somebody for the first time is no change of person.
            if change.column.name in FORM_COLUMNS and change.before is not None:
                yield account.row.problem(
                    "change_form_needed",
                    change.column.name,
                    account=account.key,
                    heading=change.column.heading,
                    before=change.before,
                    after=change.after or "—",
                )
