"""One cell of a declared column: its value, or nothing; never a guess."""

from __future__ import annotations

import re
from datetime import datetime

from connectors.cells import (
    Missing,
    Number,
    UnreadableCellError,
    cell_text,
    parse_day,
    parse_number,
    raw_text,
)
from connectors.exports.declaration import Column, Table

Value = str | int | float | None

_TIME = re.compile(r"[ T日](\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2})秒?)?", re.ASCII)
_UNITS = {"ratio": "ratio", "percent": "ratio", "seconds": "s"}


def read_value(column: Column, cell: object, table: Table) -> Value:
    """Return the cell as JSON has it; None where the platform shows that there is no value.

    Days are YYYY-MM-DD, instants local ``YYYY-MM-DDTHH:MM:SS``, ratios fractions, lengths seconds.

    Raises:
        UnreadableCellError: a cell that does not fit its column; the Chinese sentence quotes it.
    """
    if column.kind == "text":
        return raw_text(cell) or None
    if cell_text(cell) in table.no_data:
        return None
    if column.kind == "day":
        day = parse_day(cell)
        return None if isinstance(day, Missing) else day.isoformat()
    if column.kind == "instant":
        return _instant(cell)
    number = parse_number(cell)
    return None if isinstance(number, Missing) else _figure(column, number, cell)


def _instant(cell: object) -> str | None:
    """Return the local instant, or only its day where the cell shows no time."""
    day = parse_day(cell)
    if isinstance(day, Missing):
        return None
    if isinstance(cell, datetime):
        return cell.replace(microsecond=0).isoformat()
    time = _TIME.search(cell_text(cell))
    if time is None:
        return day.isoformat()
    hour, minute, second = (int(part or 0) for part in time.groups())
    try:
        moment = datetime(day.year, day.month, day.day, hour, minute, second)  # noqa: DTZ001
    except ValueError as error:
        raise UnreadableCellError(f"不是时刻：{cell_text(cell)[:40]!r}") from error
    return moment.isoformat()


def _figure(column: Column, number: Number, cell: object) -> int | float:
    value, shown = number.value, cell_text(cell)[:40]
    if number.unit not in ("plain", _UNITS.get(column.kind, "plain")):
        raise UnreadableCellError(f"单位不符：{shown!r}")
    if value < 0 and column.kind != "net":
        raise UnreadableCellError(f"不应为负数：{shown!r}")
    if number.unit == "plain" and column.kind == "percent":
        value = round(value / 100, 12)
    if number.unit == "plain" and column.kind == "ratio" and value > 1:
        raise UnreadableCellError(f"比率应为 0 至 1 或带百分号：{shown!r}")
    return int(value) if value.is_integer() and column.kind not in _UNITS else value
