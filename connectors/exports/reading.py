"""Understand one export file: which layout it is, its rows, and what a person should know of it.

Missing stays missing: a placeholder is null in its column and kept as it stood under ``original``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from connectors.cells import Missing, UnreadableCellError, cell_text, parse_day
from connectors.exports.declaration import Table
from connectors.exports.declaring import load_tables
from connectors.exports.plain import require_plain
from connectors.exports.recognition import HEADING_ROWS, Block, find_blocks, for_platform
from connectors.exports.rows import WEAK, ExportRow, read_rows
from connectors.exports.unknown import UnknownLayoutError, unknown_layout
from connectors.spreadsheet import Limits, Sheet, UnreadableFileError, read_tables

MAX_WARNINGS = 50  # a file wrong in every row is told in fifty sentences

_DAY = r"\d{4}[.\-/]?\d{2}[.\-/]?\d{2}"
_BANNER = re.compile(rf"({_DAY})\s*[-~至]+\s*({_DAY})", re.ASCII)

__all__ = ["ExportReading", "ExportTable", "UnknownLayoutError", "read_export"]


@dataclass(frozen=True, slots=True)
class ExportTable:
    """One table of a file: how it was declared, and its rows."""

    declared: Table
    rows: list[ExportRow]


@dataclass(frozen=True, slots=True)
class ExportReading:
    """A file understood.

    Attributes:
        source, layout, title: what it was recognised as.
        tables: by name; rows with ``left_out`` are archived and not counted.
        unknown_columns: headings nobody declared; their cells are kept in ``other``.
        warnings: Chinese sentences with sheet, row and column, about cells and rows left out.
        notes: Chinese sentences about the file as a whole: capped, weak identity, unverified layout.
        period: first and last day in the file, both included; None when it shows none.
        is_capped: whether the platform cut the list off.
    """

    source: str
    layout: str
    title: str
    tables: Mapping[str, ExportTable]
    unknown_columns: list[str]
    warnings: list[str]
    notes: list[str]
    period: tuple[date, date] | None
    is_capped: bool

    @property
    def row_count(self) -> int:
        """Rows that are counted."""
        counted = [table for table in self.tables.values() if table.declared.grain != "kept"]
        return sum("left_out" not in row for table in counted for row in table.rows)


def read_export(
    content: bytes,
    file_name: str,
    today: date,
    *,
    platform: str | None = None,
    tables: Sequence[Table] | None = None,
    limits: Limits | None = None,
) -> ExportReading:
    """Return the rows of a back-office export.

    Args:
        content: the file as it was downloaded.
        file_name: for sentences only.
        today: a later day in the file is a fault of the file.
        platform: of the account it belongs to, as the register has it; None tries every platform.
        tables: the declared layouts; by default those of the package.
        limits: bounds on the file.

    Raises:
        UnreadableFileError: not a table, not a plain export, or a file of another platform.
        UnknownLayoutError: no declared layout fits; it carries a declaration to complete.
    """
    declared = load_tables() if tables is None else tables
    sheets = read_tables(content, file_name, limits)
    require_plain(sheets, file_name)
    blocks = [
        block for sheet in sheets for block in find_blocks(sheet, for_platform(declared, platform))
    ]
    layouts = {(block.table.source, block.table.layout) for block in blocks}
    if not layouts:
        elsewhere = {b.table.source: b.table for s in sheets for b in find_blocks(s, declared)}
        raise unknown_layout(file_name, sheets, declared, elsewhere, platform)
    if len(layouts) > 1:
        titles = "、".join(sorted({block.table.title for block in blocks}))
        raise UnreadableFileError(file_name, f"混有多种导出内容（{titles}）", "请逐个文件导入")
    return _reading(blocks, sheets, today)


def _reading(blocks: Sequence[Block], sheets: Sequence[Sheet], today: date) -> ExportReading:
    found: dict[str, ExportTable] = {}
    for block in blocks:
        table = found.setdefault(block.table.name, ExportTable(block.table, []))
        table.rows.extend(read_rows(block, today))
    first = blocks[0].table
    caps = [_cap(table) for table in found.values()]
    return ExportReading(
        source=first.source,
        layout=first.layout,
        title=first.title,
        tables=found,
        unknown_columns=sorted({text for block in blocks for text in block.unknown}),
        warnings=_shortened([text for block in blocks for text in block.warnings]),
        notes=[note for table in found.values() for note in _notes(table)],
        period=_period(found, sheets),
        is_capped=any(caps),
    )


def _cap(table: ExportTable) -> bool:
    cap = table.declared.capped_at
    return cap is not None and len(table.rows) >= cap


def _notes(table: ExportTable) -> list[str]:
    declared, notes = table.declared, list[str]()
    if declared.unverified:
        notes.append(f"「{declared.title}」的格式未经真实文件核对（待核实），请核对首行数字")
    if declared.grain == "kept":
        notes.append(f"「{declared.title}」是汇总或分项，只存档，不计入统计")
    if _cap(table):
        notes.append(
            f"平台只导出前 {declared.capped_at} 条，名单可能不完整；请缩短日期范围分次导出"
        )
    left_out = sum("left_out" in row for row in table.rows)
    if left_out:
        notes.append(f"{left_out} 行为合计、分项或重复，只存档，不计入统计")
    weak = sum(str(row.get("content_id") or "").startswith(WEAK) for row in table.rows)
    if weak:
        notes.append(
            f"{weak} 条内容没有平台编号，以发布时间加标题为准（弱标识），改标题会被当作新内容"
        )
    return notes


def _period(tables: Mapping[str, ExportTable], sheets: Sequence[Sheet]) -> tuple[date, date] | None:
    """Return the period of the banner, else the first and last day in the rows."""
    for sheet in sheets:
        for row in sheet.rows[:HEADING_ROWS]:
            banner = _BANNER.search(" ".join(cell_text(cell) for cell in row))
            if banner:
                begin_on, end_on = (_written_day(text) for text in banner.groups())
                if begin_on and end_on and begin_on <= end_on:
                    return begin_on, end_on
    days = sorted(
        str(row[key])[:10]
        for table in tables.values()
        if (key := table.declared.period_key) is not None
        for row in table.rows
        if row.get(key) is not None
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
