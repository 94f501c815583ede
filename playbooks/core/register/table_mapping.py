"""Tables that the office hands in (备案台账、全国系统数据表): declared columns over a closed set of fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import cast

import yaml

from playbooks.core.documents.model import MISSING
from playbooks.core.facts import as_list, as_mapping, as_mappings
from playbooks.core.masking import masked
from playbooks.core.register.columns import labels
from playbooks.core.staleness_rule import STATE_NAMES, StalenessState
from playbooks.core.workbook import Sheet, SheetColumn, Value, inert
from sql.refusal import Refusal

SHIPPED = Path(__file__).with_name("tables")
LARGEST_BYTES = 100_000
Row = Mapping[str, object]


class MappingError(Refusal, ValueError):
    """A table's mapping has faults; the sentence says in Chinese what and where."""


@dataclass(frozen=True)
class TableColumn:
    """One column: a field of the register, or the same text in every row."""

    heading: str
    field: str = ""
    constant: str = ""
    missing: str = MISSING


@dataclass(frozen=True)
class TableMapping:
    """One table.

    Attributes:
        label: 示例 or 待核实, until the office has checked the headings against the real form.
        is_public: whether telephone numbers of persons are masked.
        statuses: accounts of these statuses are listed.
    """

    name: str
    title: str
    label: str
    source: str
    is_public: bool
    statuses: Sequence[str]
    columns: Sequence[TableColumn]


def mappings(own: Path) -> dict[str, Path]:
    """Return name -> file of every table: the shipped ones, and those of the office in their place."""
    found = {path.stem: path for path in sorted(SHIPPED.glob("*.yml"))}
    return found | {path.stem: path for path in sorted(own.glob("*.yml")) if path.is_file()}


def read_mapping(name: str, own: Path) -> TableMapping:
    """Return the table *name*.

    Raises:
        MappingError: there is no such table, or its file has faults.
    """
    known = mappings(own)
    if name not in known:
        raise MappingError(f"没有数据表 {name[:40]}；有：{'、'.join(known)}")
    path = known[name]
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise MappingError(f"{path} 大于 {LARGEST_BYTES} 字节，不是数据表的列映射")
        loaded: object = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        return _mapping(name, path, as_mapping(loaded))
    except (yaml.YAMLError, UnicodeDecodeError, TypeError, KeyError) as error:
        raise MappingError(f"{path} 不是可读的列映射：{type(error).__name__} {error}") from error


def _mapping(name: str, path: Path, declared: Row) -> TableMapping:
    columns = as_mappings(declared["columns"])
    statuses = [str(one) for one in as_list(declared["statuses"])]
    unknown = set(declared) - set(TableMapping.__dataclass_fields__)
    faults = [f"不认识的栏目 {key}" for key in sorted(unknown)]
    faults += [f"没有账号状态 {one}" for one in statuses if one not in labels("status")]
    faults += [fault for one in columns if (fault := _fault(one))]
    headings = [str(one.get("heading")) for one in columns]
    faults += [
        f"列「{one}」写了两次" for one in sorted({h for h in headings if headings.count(h) > 1})
    ]
    faults += [] if columns else ["没有列"]
    if faults:
        raise MappingError(f"{path}：{'；'.join(faults)}")
    return TableMapping(
        name=name,
        title=str(declared["title"]),
        label=str(declared["label"]),
        source=str(declared["source"]),
        is_public=bool(declared["is_public"]),
        statuses=statuses,
        columns=[
            TableColumn(
                str(one["heading"]),
                str(one.get("field") or ""),
                str(one.get("constant") or ""),
                str(one.get("missing", MISSING)),
            )
            for one in columns
        ],
    )


def _fault(column: Row) -> str:
    heading, field = str(column.get("heading") or ""), column.get("field")
    if not heading or set(column) - {"heading", "field", "constant", "missing"}:
        return f"列「{heading[:40]}」只能写 heading、field 或 constant、missing"
    if ("field" in column) == ("constant" in column):
        return f"列「{heading[:40]}」须写 field 或 constant 之一"
    if field is not None and field not in FIELDS:
        return f"列「{heading[:40]}」的 field 不能是 {str(field)[:40]}；有：{'、'.join(FIELDS)}"
    return ""


def table_rows(mapping: TableMapping, rows: Sequence[Row]) -> list[list[Value]]:
    """Return the cells of the accounts that the table lists; None is what is not known."""
    chosen = [row for row in rows if row["status"] in mapping.statuses]
    return [[_cell(column, row, mapping) for column in mapping.columns] for row in chosen]


def sheet_of(mapping: TableMapping, rows: Sequence[Row]) -> Sheet:
    """Return the table as a sheet; every text is a text, whatever it begins with."""
    columns = [
        SheetColumn(column.heading, "text", max(10.0, 2.2 * len(column.heading)), column.missing)
        for column in mapping.columns
    ]
    texts = [[_text(value) for value in row] for row in table_rows(mapping, rows)]
    return Sheet(mapping.title, columns, texts)


def csv_lines(mapping: TableMapping, rows: Sequence[Row]) -> list[list[str]]:
    """Return the heading line and the rows for a .csv, nothing in them taken for a formula."""
    head = [inert(column.heading) for column in mapping.columns]
    body = [
        [
            inert(column.missing if value is None else str(_text(value)))
            for column, value in zip(mapping.columns, row, strict=True)
        ]
        for row in table_rows(mapping, rows)
    ]
    return [head, *body]


def _cell(column: TableColumn, row: Row, mapping: TableMapping) -> Value:
    if not column.field:
        return column.constant
    value = FIELDS[column.field](row)
    is_phone = column.field.endswith(("mobile", "phone"))
    return masked(str(value)) if mapping.is_public and is_phone and value else value


def _text(value: Value) -> str | None:
    return None if value is None else str(value)


def _plain(name: str) -> Callable[[Row], Value]:
    def read(row: Row) -> Value:
        value = row[name]
        if value is None or value == "":
            return None
        return value.isoformat() if isinstance(value, date) else str(value)

    return read


def _labelled(name: str, listed: str) -> Callable[[Row], Value]:
    def read(row: Row) -> Value:
        return labels(listed).get(str(row[name])) if row[name] else None

    return read


def _yes_no(row: Row) -> Value:
    value = row["comments_open"]
    return None if value is None else "是" if value else "否"


def _staleness(row: Row) -> Value:
    state = row["staleness"]
    return STATE_NAMES[StalenessState(cast("str", state))] if state else None


_PLAIN = (
    *("account_id", "name", "platform_account_id", "account_kind", "verified_subject"),
    *("verification_expires_on", "url", "opened_on", "operator", "approval_number", "phone"),
    *("unit_id", "unit_name", "short_name", "uscc", "region", "parent_name", "supervisor_name"),
    *("responsible_name", "responsible_post", "responsible_mobile", "administrator_name"),
    *("administrator_post", "administrator_mobile", "administrator_trained_on"),
    *("last_update_on", "workdays_since", "calendar_days_since", "last_check"),
    *("open_problem_count", "change_count"),
)
FIELDS: Mapping[str, Callable[[Row], Value]] = {
    **{name: _plain(name) for name in _PLAIN},
    "platform": _labelled("platform", "platform"),
    "status": _labelled("status", "status"),
    "unit_kind": _labelled("unit_kind", "unit_kind"),
    "verification_status": _labelled("verification_status", "verification_status"),
    "comments_open": _yes_no,
    "staleness": _staleness,
}
"""What a column can hold; no count of followers, reads or likes is among them."""
