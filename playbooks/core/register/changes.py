"""What imports changed in the register (台账变更): written with the import, told as a list.

A change of the responsible person or the administrator carries the number of its change form
(变更审批表, Article 13). How a person is reached is not repeated here: that it changed is enough.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from playbooks.core.register.cells import Value
from playbooks.core.register.columns import Column, Kind, labels, sheet_of

FORM_COLUMNS: Final = ("responsible_person_id", "administrator_person_id")
"""Article 13: a change of either person needs a new form and filing before the register follows."""

NOT_KEPT: Final = frozenset({"mobile", "chat_user_id"})


@dataclass(frozen=True)
class FieldChange:
    """One column of one row that a file changes."""

    column: Column
    before: Value
    after: Value


@dataclass(frozen=True)
class RecordChange:
    """The changes of one record, and the form they rest on; empty when none is needed."""

    table: str
    key: str
    fields: Sequence[FieldChange]
    change_form: str


def change_rows(
    changes: Iterable[RecordChange], import_id: str, actor: str, now: datetime
) -> Iterator[dict[str, object]]:
    """Yield the rows of ``register_change`` for one import."""
    for change in changes:
        for one in change.fields:
            is_kept = one.column.name not in NOT_KEPT
            yield {
                "change_id": uuid.uuid4().hex,
                "import_id": import_id,
                "table_name": change.table,
                "record_key": change.key,
                "column_name": one.column.name,
                "before_value": _text(one.before) if is_kept else None,
                "after_value": _text(one.after) if is_kept else None,
                "change_form": change.change_form or None
                if one.column.name in FORM_COLUMNS
                else None,
                "actor": actor,
                "changed_at": now,
            }


@dataclass(frozen=True)
class ToldChange:
    """One change in words an operator reads; ``before`` and ``after`` are empty for none."""

    sheet: str
    key: str
    heading: str
    before: str
    after: str
    change_form: str
    actor: str
    changed_at: datetime


def told(row: Mapping[str, object]) -> ToldChange:
    """Return a row of ``register/changes`` in words."""
    sheet = sheet_of(str(row["table_name"]))
    column = sheet.column(str(row["column_name"]))
    is_kept = column.name not in NOT_KEPT
    changed_at = row["changed_at"]
    assert isinstance(changed_at, datetime)
    return ToldChange(
        sheet=sheet.name,
        key=str(row["record_key"]),
        heading=column.heading,
        before=_shown(column, row["before_value"]) if is_kept else "（不留存）",
        after=_shown(column, row["after_value"]) if is_kept else "（不留存）",
        change_form=str(row["change_form"] or ""),
        actor=str(row["actor"]),
        changed_at=changed_at,
    )


def _text(value: Value) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else str(value)


def _shown(column: Column, value: object) -> str:
    if value is None:
        return ""
    words = labels("yes_no") if column.kind is Kind.YES_NO else column.labels
    return words.get(str(value), str(value))
