"""The rows of one table: values under their keys, identity, and what must not be counted."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date

from connectors.cells import UnreadableCellError, cell_text, raw_text
from connectors.exports.declaration import Table
from connectors.exports.recognition import Block
from connectors.exports.values import read_value
from connectors.outcome import storable

WEAK = "title_time:"  # begins the id of an item that the file gives no identity
LONGEST_TITLE = 120

ExportRow = dict[str, object]


def read_rows(block: Block, today: date) -> list[ExportRow]:
    """Return the rows of *block*; problems collect in its warnings.

    A row with ``left_out`` is archived and not counted; the value says why in Chinese.
    """
    kept: list[ExportRow] = []
    places: dict[str, tuple[int, ExportRow]] = {}
    for number, row in _rows(block):
        fault = _fault(block.table, row, today)
        if fault:
            block.warnings.append(f"{block.place(number)}：{fault}，该行未采用")
            continue
        key = _row_key(block.table, row)
        before = places.get(key) if key and "left_out" not in row else None
        if before is not None:
            _repeated(block, number, row, before)
            continue
        if key and "left_out" not in row:
            places[key] = (number, row)
        kept.append(row)
    return kept


def _rows(block: Block) -> Iterator[tuple[int, ExportRow]]:
    end = block.headings[-1][0] + 1
    is_last = not any(cell_text(cell) for cell in block.sheet.rows[block.heading_row][end:])
    for number in range(block.heading_row + 1, len(block.sheet.rows)):
        cells = block.sheet.rows[number]
        filled = {text: _storable(cells[at]) for at, text in block.headings if at < len(cells)}
        if is_last and any(cell_text(cell) for cell in cells[end:]):
            # One cell too many, an unquoted comma perhaps: every figure may stand in the wrong column.
            block.warnings.append(f"{block.place(number)}：比表头多出内容，可能错位，该行未采用")
        elif any(cell_text(cell) for cell in filled.values()):
            yield number, _row(block, number, filled)


def _storable(cell: object) -> object:
    return storable(cell) if isinstance(cell, str) else cell


def _row(block: Block, number: int, filled: Mapping[str, object]) -> ExportRow:
    table = block.table
    if table.totals and cell_text(next(iter(filled.values()), "")).startswith(table.totals):
        return {"left_out": table.totals, "other": _texts(filled)}
    row: ExportRow = {}
    original: dict[str, str] = {}
    for heading, cell in filled.items():
        column = table.columns.get(heading)
        if column is None:
            continue
        try:
            row[column.key] = read_value(column, cell, table)
        except UnreadableCellError as error:
            row[column.key] = None
            block.warnings.append(f"{block.place(number)}「{heading}」：{error}，按缺失处理")
        if row[column.key] is None and raw_text(cell):
            original[column.key] = raw_text(cell)
    if original:
        row["original"] = original
    if other := _texts({text: filled[text] for text in block.unknown if text in filled}):
        row["other"] = other
    return _completed(table, row)


def _completed(table: Table, row: ExportRow) -> ExportRow:
    if "published_at" in row:
        instant = row["published_at"]
        row["published_on"] = instant[:10] if isinstance(instant, str) else None
    for key, whole in table.only.items():
        if row.get(key) is not None and row[key] != whole:
            row["left_out"] = str(row[key])
    if table.grain == "item":
        row["content_id"] = _identity(table, row)
    if table.counts_as:
        row[table.counts_as] = 1
    return row


def _identity(table: Table, row: ExportRow) -> str | None:
    """Return the platform's own identity, else time and title marked as a weak key."""
    if row.get("content_id"):
        return str(row["content_id"])
    found = table.identity.search(str(row.get("url") or "")) if table.identity else None
    if found:
        return "_".join(part for part in found.groups() if part)
    when = row.get("stat_date") or row.get("published_at") or row.get("published_on")
    title = str(row.get("title") or "")
    if not (when and title):
        return None
    if len(title) > LONGEST_TITLE:
        digest = hashlib.sha256(title.encode("utf-8", "replace")).hexdigest()[:8]
        title = f"{title[:LONGEST_TITLE]}…{digest}"
    return f"{WEAK}{when} {title}"


def _fault(table: Table, row: ExportRow, today: date) -> str | None:
    if "left_out" in row and len(row) == 2:
        return None  # a row of totals holds nothing but its texts
    absent = [key for key in table.row_key if row.get(key) is None]
    if absent and not (table.grain == "item" and _is_known(row)):
        named = "、".join(f"「{table.headings.get(key, key)}」" for key in absent)
        return f"缺少{named}"
    dated = row.get("stat_date") or row.get("published_on")
    if dated and str(dated) > today.isoformat():
        return f"日期 {dated} 晚于今天"
    return None


def _is_known(row: ExportRow) -> bool:
    """Say whether an item without a title can still be told apart from the others."""
    day = row.get("stat_date") or row.get("published_on")
    return bool(day and row.get("content_id"))


def _row_key(table: Table, row: ExportRow) -> str | None:
    if table.grain == "kept":
        return None
    keys = ("account_id", "content_id") if table.grain == "item" else table.row_key
    return json.dumps([row.get(key) for key in keys], ensure_ascii=False)


def _repeated(block: Block, number: int, row: ExportRow, before: tuple[int, ExportRow]) -> None:
    """Fold a row that repeats another; two that disagree are both not counted."""
    first, kept = before
    if row == kept:
        return
    kept["left_out"] = "重复"
    block.warnings.append(
        f"{block.place(number)}与第 {first + 1} 行是同一天或同一内容而数值不同，均未采用"
    )


def _texts(filled: Mapping[str, object]) -> dict[str, str]:
    return {text: raw_text(cell) for text, cell in filled.items()}
