"""Statistics of WeChat official accounts (微信公众号) from the files a person downloaded.

``read_export`` recognises the file by its headings (``wechat_export.yml``) and returns its rows
under the declared keys; ``export_payloads`` turns a reading into payloads for the archive, one for
each table, whose endpoint is ``<layout>/<table>``. Missing stays missing: a placeholder is null in
its column and kept as it stood under ``original``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from connectors.cells import (
    Missing,
    UnreadableCellError,
    cell_text,
    parse_day,
    parse_number,
    raw_text,
)
from connectors.outcome import Payload
from connectors.spreadsheet import Limits, Sheet, UnreadableFileError, read_tables
from connectors.wechat_export_layouts import Column, Table, load_declaration

SOURCE = "wechat_export"
HEADING_ROWS = 10  # headings stand among the first rows; below them only data is expected
MAX_WARNINGS = 50  # a file wrong in every row is told in fifty sentences

_BANNER = re.compile(r"\((\d{4}\.\d{2}\.\d{2})\s*-\s*(\d{4}\.\d{2}\.\d{2})\)")

ExportRow = dict[str, object]


@dataclass(frozen=True, slots=True)
class ExportReading:
    """A file understood: rows by table name, and everything about it a person should know.

    ``period`` is the first and last day in the file, both included; None when it shows none.
    ``unknown_columns`` are headings nobody declared (their cells are kept in ``other``);
    ``warnings`` are Chinese sentences, each with sheet, row and column, about cells left out.
    """

    layout: str
    tables: Mapping[str, list[ExportRow]]
    unknown_columns: list[str]
    warnings: list[str]
    period: tuple[date, date] | None


@dataclass(slots=True)
class _Block:
    """A table found in a sheet: where its columns are and what collects while reading."""

    table: Table
    sheet: Sheet
    heading_row: int
    headings: list[tuple[int, str]]
    warnings: list[str] = field(default_factory=list[str])

    @property
    def unknown(self) -> list[str]:
        return [text for _, text in self.headings if text not in self.table.columns]


def read_export(content: bytes, file_name: str, limits: Limits | None = None) -> ExportReading:
    """Return the rows of a back-office export.

    Raises:
        UnreadableFileError: not a table, or no declared layout; the sentence lists the headings.
    """
    sheets = read_tables(content, file_name, limits)
    blocks = [block for sheet in sheets for block in _blocks(sheet)]
    layouts = {block.table.layout for block in blocks}
    if len(layouts) != 1:
        raise _unknown_layout(file_name, sheets, layouts)
    tables: dict[str, list[ExportRow]] = {}
    for block in blocks:
        tables.setdefault(block.table.name, []).extend(_rows(block))
    return ExportReading(
        layout=layouts.pop(),
        tables=tables,
        unknown_columns=sorted({text for block in blocks for text in block.unknown}),
        warnings=_shortened([text for block in blocks for text in block.warnings]),
        period=_period(blocks, tables, sheets),
    )


def export_payloads(
    reading: ExportReading, account_id: str, fetched_at: datetime, imported_on: date
) -> Iterator[Payload]:
    """Yield one payload for each table that has rows.

    ``body`` is JSON ``{"layout", "table", "rows"}``. The days are the reading's period, or
    *imported_on* for a file that shows no day. *account_id* comes from the operator: the files do
    not say whose they are.
    """
    begin_on, end_on = reading.period or (imported_on, imported_on)
    for name, rows in reading.tables.items():
        if rows:
            body = {"layout": reading.layout, "table": name, "rows": rows}
            text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
            endpoint = f"{reading.layout}/{name}"
            yield Payload(SOURCE, endpoint, account_id, begin_on, end_on, fetched_at, text)


def _blocks(sheet: Sheet) -> Iterator[_Block]:
    """Yield the declared tables of a sheet; they may stand side by side."""
    for number, row in enumerate(sheet.rows[:HEADING_ROWS]):
        for headings in _neighbours(row):
            seen = {text for _, text in headings}
            if len(seen) < len(headings):
                continue  # a heading twice in one block: no cell could be told apart
            matching = [table for table in load_declaration().tables if table.required <= seen]
            if matching:
                table = max(matching, key=lambda one: len(one.required))
                yield _Block(table, sheet, number, headings)


def _neighbours(row: Sequence[object]) -> Iterator[list[tuple[int, str]]]:
    """Yield runs of filled neighbouring cells as (column, text)."""
    run: list[tuple[int, str]] = []
    for column, cell in enumerate([*row, ""]):
        text = cell_text(cell)
        if text:
            run.append((column, text))
        elif run:
            yield run
            run = []


def _rows(block: _Block) -> Iterator[ExportRow]:
    for number in range(block.heading_row + 1, len(block.sheet.rows)):
        cells = block.sheet.rows[number]
        filled = {text: cells[at] for at, text in block.headings if at < len(cells)}
        if not any(cell_text(cell) for cell in filled.values()):
            continue
        row = _row(block, number, filled)
        absent = [key for key in block.table.row_key if row[key] is None]
        if absent:
            block.warnings.append(f"{_place(block, number)}：缺少 {'、'.join(absent)}，该行未采用")
            continue
        yield row


def _row(block: _Block, number: int, filled: Mapping[str, object]) -> ExportRow:
    row: ExportRow = {column.key: None for column in block.table.columns.values()}
    original: dict[str, str] = {}
    for heading, column in block.table.columns.items():
        cell = filled.get(heading, "")
        try:
            row[column.key] = _value(column, cell)
        except UnreadableCellError as error:
            block.warnings.append(f"{_place(block, number)}「{heading}」：{error}，按缺失处理")
        if row[column.key] is None and raw_text(cell):
            original[column.key] = raw_text(cell)
    other = {text: raw_text(filled[text]) for text in block.unknown if text in filled}
    parts = dict(load_declaration().article_url.findall(str(row.get("url") or "")))
    if {"mid", "idx"} <= parts.keys():
        row["content_id"] = f"{parts['mid']}_{parts['idx']}"
    if original:
        row["original"] = original
    if other:
        row["other"] = other
    return row


def _value(column: Column, cell: object) -> str | float | None:
    if column.kind == "text":
        return raw_text(cell) or None
    if column.kind == "day":
        day = parse_day(cell)
        return None if isinstance(day, Missing) else day.isoformat()
    number = parse_number(cell)
    if isinstance(number, Missing):
        return None
    return int(number.value) if number.value.is_integer() else number.value


def _place(block: _Block, number: int) -> str:
    return f"工作表「{block.sheet.name}」第 {number + 1} 行"


def _period(
    blocks: Sequence[_Block], tables: Mapping[str, list[ExportRow]], sheets: Sequence[Sheet]
) -> tuple[date, date] | None:
    """Return the period of the banner, else the first and last day in the rows."""
    for sheet in sheets:
        for row in sheet.rows[:HEADING_ROWS]:
            banner = _BANNER.search(" ".join(cell_text(cell) for cell in row))
            if banner:
                begin_on, end_on = (_written_day(text) for text in banner.groups())
                if begin_on and end_on and begin_on <= end_on:
                    return begin_on, end_on
    keys = {block.table.name: block.table.period_key for block in blocks}
    days = sorted(
        str(row[key])
        for name, rows in tables.items()
        for row in rows
        if (key := keys[name]) is not None
    )
    return (date.fromisoformat(days[0]), date.fromisoformat(days[-1])) if days else None


def _written_day(text: str) -> date | None:
    try:
        day = parse_day(text)
    except UnreadableCellError:
        return None  # a banner is a hint; the rows show their own days
    return None if isinstance(day, Missing) else day


def _shortened(warnings: list[str]) -> list[str]:
    if len(warnings) <= MAX_WARNINGS:
        return warnings
    return [*warnings[:MAX_WARNINGS], f"另有 {len(warnings) - MAX_WARNINGS} 处类似问题未列出"]


def _unknown_layout(
    file_name: str, sheets: Sequence[Sheet], layouts: set[str]
) -> UnreadableFileError:
    if layouts:
        return UnreadableFileError(
            file_name, f"混有多种导出内容（{'、'.join(sorted(layouts))}）", "请逐个文件导入"
        )
    seen = [
        text
        for sheet in sheets
        for row in sheet.rows[:3]
        for run in _neighbours(row)
        for _, text in run
    ]
    shown = "、".join(text[:20] for text in seen[:20]) or "无"
    advice = "请选择「用户分析」「内容分析」或「已通知内容」的导出文件"
    return UnreadableFileError(
        file_name, f"不是已知的公众号导出格式（读到的表头：{shown}）", advice
    )
