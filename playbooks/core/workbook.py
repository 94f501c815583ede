"""Spreadsheets of the figures: every text is a text, every missing value says so, the bytes repeat.

An account may call itself ``=HYPERLINK（…）``. In .xlsx a text cell is stored as a text, so no program
evaluates it; in .csv nothing tells a text from a formula, so :func:`inert` puts a mark in front.
"""

# XlsxWriter publishes no types:
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from playbooks.core.documents.model import MISSING
from playbooks.core.documents.text import visible

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet


@dataclass(frozen=True)
class Blank:
    """A word in place of a value, of whatever kind: 无此项 is neither a number nor missing."""

    word: str


Value = str | int | float | date | datetime | Blank | None
Kind = Literal["text", "integer", "decimal", "percent", "date", "instant"]

_FORMATS: dict[Kind, str] = {
    "text": "@",
    "integer": "#,##0",
    "decimal": "#,##0.00",
    "percent": "0.0%",
    "date": "yyyy-mm-dd",
    "instant": "yyyy-mm-dd hh:mm",
}
_ROW_LIMIT = 1_048_575  # of the format, under a heading row
_TEXT_LIMIT = 32_000  # the format holds 32,767 UTF-16 units; the rest is room for astral characters
_SHEET_NAME_LIMIT = 31
_WRAPPED_WIDTH = 30.0
_A4 = 9
_FORBIDDEN_IN_NAME = re.compile(r"[\[\]:*?/\\]")
_OFFICE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class SheetColumn:
    """A column: heading, kind of value, width in characters, and what a missing value shows.

    Attributes:
        choices: what whoever fills the sheet in may choose from; none for a column that is not filled in.
    """

    heading: str
    kind: Kind = "text"
    width: float = 14.0
    missing: str = MISSING
    choices: Sequence[str] = ()


@dataclass(frozen=True)
class Sheet:
    """A sheet of *rows* under *columns*; None is a value that was not obtained."""

    name: str
    columns: Sequence[SheetColumn]
    rows: Sequence[Sequence[Value]]


def write_workbook(path: Path, sheets: Sequence[Sheet], created_at: datetime) -> None:
    """Write *sheets* to the .xlsx file *path*; equal arguments give equal bytes.

    Args:
        path: replaced when it exists.
        sheets: at least one; names are made legal and unique.
        created_at: aware instant, written as the file's creation time.

    Raises:
        ValueError: no sheet, a row that does not fit its columns, a value of the wrong kind (the
            sentence names sheet, row and column), or a time without zone.
    """
    import xlsxwriter

    if created_at.tzinfo is None:
        raise ValueError("created_at needs a time zone")
    if not sheets:
        raise ValueError("a workbook needs at least one sheet")
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "constant_memory": False,
        "in_memory": True,
    }
    with xlsxwriter.Workbook(path, options) as workbook:
        workbook.set_properties({"created": created_at.astimezone(UTC).replace(tzinfo=None)})
        names: list[str] = []
        for sheet in sheets:
            names.append(sheet_name(sheet.name, names))
            _write_sheet(workbook, workbook.add_worksheet(names[-1]), sheet)


def sheet_name(wanted: str, taken: Sequence[str] = ()) -> str:
    """Return a legal sheet name like *wanted* that is not in *taken*, whatever the case."""
    shown = visible(wanted, 200)
    legal = (
        _FORBIDDEN_IN_NAME.sub("_", shown).strip(" '")[:_SHEET_NAME_LIMIT].strip(" '") or "Sheet"
    )
    if legal.lower() == "history":  # reserved by Excel
        legal = "History_"
    used = {name.lower() for name in taken}
    candidate, number = legal, 1
    while candidate.lower() in used:
        number += 1
        ending = f"_{number}"
        candidate = legal[: _SHEET_NAME_LIMIT - len(ending)] + ending
    return candidate


def inert(text: str) -> str:
    """Return *text* for a .csv cell: visible, and never taken for a formula.

    A cell beginning with = + - @ is evaluated by spreadsheet programs, also after spaces and in its
    full-width form; an apostrophe in front makes it a text. Plain numbers stay numbers.
    """
    shown = visible(text)
    begins = shown.lstrip(" \u3000")[:1]
    if begins and begins in "=+-@\uff1d\uff0b\uff0d\uff20" and not _is_number(shown):
        return f"'{shown}"
    return shown


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[+-]?\d+(\.\d+)?", text) is not None


def _write_sheet(workbook: Workbook, worksheet: Worksheet, sheet: Sheet) -> None:
    if len(sheet.rows) > _ROW_LIMIT:
        raise ValueError(f"sheet {sheet.name}: {len(sheet.rows)} rows; a sheet holds {_ROW_LIMIT}")
    bold = workbook.add_format({"bold": True, "border": 1, "align": "center", "text_wrap": True})
    missing = workbook.add_format({"font_color": "#808080", "align": "right"})
    for index, column in enumerate(sheet.columns):
        style = workbook.add_format(
            {"num_format": _FORMATS[column.kind], "text_wrap": column.width >= _WRAPPED_WIDTH}
        )
        worksheet.set_column(index, index, column.width, style)
        worksheet.write_string(0, index, visible(column.heading, 255), bold)
        for number, row in enumerate(sheet.rows, start=1):
            if len(row) != len(sheet.columns):
                raise ValueError(
                    f"sheet {sheet.name}, row {number}: {len(row)} values under "
                    f"{len(sheet.columns)} columns"
                )
            value = row[index]
            if value is None or isinstance(value, Blank):
                word = column.missing if value is None else value.word
                _write_missing(worksheet, (number, index), word, missing)
            elif not _write_value(worksheet, (number, index), value, column.kind, style):
                raise ValueError(
                    f"sheet {sheet.name}, row {number}, column {column.heading}: "
                    f"{visible(repr(value), 100)} is not of kind {column.kind}"
                )
    _finish(worksheet, sheet)


def _finish(worksheet: Worksheet, sheet: Sheet) -> None:
    """Set what a reader works with: lists to choose from, fixed headings, filters, paper."""
    worksheet.freeze_panes(1, 0)
    # On paper: all columns on one A4 page across, their headings on every page.
    worksheet.set_landscape()
    worksheet.set_paper(_A4)
    worksheet.fit_to_pages(1, 0)
    worksheet.repeat_rows(0)
    if not sheet.rows or not sheet.columns:
        return
    worksheet.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)
    for index, column in enumerate(sheet.columns):
        if column.choices:
            chosen = {"validate": "list", "source": list(column.choices)}
            worksheet.data_validation(1, index, len(sheet.rows), index, chosen)


def _write_missing(worksheet: Worksheet, place: tuple[int, int], word: str, style: Format) -> None:
    if word:
        worksheet.write_string(*place, word, style)


def _write_value(
    worksheet: Worksheet, place: tuple[int, int], value: Value, kind: Kind, style: Format
) -> bool:
    """Write *value* by the method of its kind; return False when it is not of that kind."""
    match kind, value:
        case "text", str():
            worksheet.write_string(*place, visible(value, _TEXT_LIMIT), style)
        case (("integer" | "decimal" | "percent"), int() | float()) if _is_figure(value):
            worksheet.write_number(*place, value, style)
        case "instant", datetime() if value.tzinfo is not None:
            local = value.astimezone(_OFFICE).replace(tzinfo=None)
            worksheet.write_datetime(*place, local, style)
        case "date", date() if not isinstance(value, datetime):
            worksheet.write_datetime(*place, datetime.combine(value, time()), style)
        case _:
            return False
    return True


def _is_figure(value: float) -> bool:
    return not isinstance(value, bool) and math.isfinite(value)
