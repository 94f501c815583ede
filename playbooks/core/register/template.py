"""The register as an .xlsx or .csv that people fill in: blank template and full export alike."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import duckdb

from playbooks.core.register import store
from playbooks.core.register.cells import FORMULA_MARKS, Value
from playbooks.core.register.columns import Column, Kind, Sheet, ignored_sheets, labels, sheets
from playbooks.core.register.problems import title
from playbooks.core.register.report import shown

FILLABLE_ROWS = 5000
# xlsxwriter would stamp the clock into the file; the same register must give the same bytes.
CREATED_AT = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_NARROW, _WIDE = 14, 26


@dataclass(frozen=True)
class RegisterSheet:
    """One sheet as ``read_register`` takes it: the heading row, then rows of cell values."""

    name: str
    rows: tuple[tuple[object, ...], ...]


def template_workbook() -> bytes:
    """Return the blank .xlsx with headings, drop-down lists, help on every heading, instructions."""
    return workbook([_sheet_rows(sheet, []) for sheet in sheets()])


def export_register(connection: duckdb.DuckDBPyConnection) -> list[RegisterSheet]:
    """Return the stored register as the sheets of a workbook; importing them changes nothing."""
    register = store.load_register(connection)
    return [
        _sheet_rows(
            sheet,
            [[record[column.name] for column in sheet.columns] for record in register[sheet.table]],
        )
        for sheet in sheets()
    ]


def workbook(contents: Sequence[RegisterSheet]) -> bytes:
    """Return *contents*, one per sheet of the register and in its order, as an .xlsx file."""
    import xlsxwriter

    buffer = io.BytesIO()
    book: Any = xlsxwriter.Workbook(
        buffer,
        # A cell that begins with "=" or looks like an address is text that somebody typed.
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    book.set_properties({"created": CREATED_AT})
    for sheet, content in zip(sheets(), contents, strict=True):
        _write_sheet(book, sheet, content)
    _write_instructions(book)
    book.close()
    return buffer.getvalue()


def csv_files(contents: Sequence[RegisterSheet]) -> dict[str, bytes]:
    """Return file name -> UTF-8 .csv with a byte order mark, one file per sheet."""
    return {f"{content.name}.csv": _csv(content) for content in contents}


def _sheet_rows(sheet: Sheet, records: Sequence[Sequence[Value]]) -> RegisterSheet:
    heading = tuple(column.heading for column in sheet.columns)
    rows = [
        tuple(_cell(column, value) for column, value in zip(sheet.columns, record, strict=True))
        for record in records
    ]
    return RegisterSheet(sheet.name, (heading, *rows))


def _cell(column: Column, value: Value) -> object:
    is_plain = isinstance(value, date) or (isinstance(value, int) and not isinstance(value, bool))
    return value if is_plain else shown(column, value)


def _csv(content: RegisterSheet) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([_csv_cell(cell) for cell in row] for row in content.rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8")


def _csv_cell(cell: object) -> str:
    text = cell.isoformat() if isinstance(cell, date) else str(cell)
    # Excel runs a csv cell that begins like a formula; read_cell takes the quote off again.
    return f"'{text}" if text.startswith(FORMULA_MARKS) else text


def _write_sheet(book: Any, sheet: Sheet, content: RegisterSheet) -> None:
    page = book.add_worksheet(sheet.name)
    page.freeze_panes(1, 1)
    for index, column in enumerate(sheet.columns):
        _write_heading(book, page, index, column)
    for row, cells in enumerate(content.rows[1:], start=1):
        for index, cell in enumerate(cells):
            if isinstance(cell, date):
                page.write_datetime(row, index, cell)
            elif isinstance(cell, int):
                page.write_number(row, index, cell)
            elif cell:
                page.write_string(row, index, str(cell))


def _write_heading(book: Any, page: Any, index: int, column: Column) -> None:
    colour = "#FCE4D6" if column.is_required else "#DDEBF7"
    heading = book.add_format({"bold": True, "bg_color": colour, "border": 1, "text_wrap": True})
    # "@" keeps Excel from turning ids, phones and codes into numbers.
    number_format = {Kind.DATE: "yyyy-mm-dd", Kind.INTEGER: "0"}.get(column.kind, "@")
    width = _WIDE if column.kind in (Kind.TEXT, Kind.URL, Kind.USCC) else _NARROW
    page.set_column(index, index, width, book.add_format({"num_format": number_format}))
    page.write_string(0, index, column.heading, heading)
    page.write_comment(0, index, _comment(column), {"x_scale": 2})
    if column.labels:
        rule = {"validate": "list", "source": list(column.labels.values())}
        rule |= {"error_title": column.heading, "error_message": column.help_text}
        page.data_validation(1, index, FILLABLE_ROWS, index, rule)


def _comment(column: Column) -> str:
    parts = [title("required" if column.is_required else "optional"), column.help_text]
    if column.example:
        parts.append(title("example").format(example=column.example))
    return "\n".join(parts)


def _write_instructions(book: Any) -> None:
    page = book.add_worksheet(next(iter(ignored_sheets())))
    bold = book.add_format({"bold": True})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    page.set_column(0, 0, 12, wrap)
    page.set_column(1, 1, 20, wrap)
    page.set_column(2, 2, 8, wrap)
    page.set_column(3, 4, 60, wrap)
    rules = title("instructions").splitlines()
    for row, line in enumerate(rules):
        page.write_string(row, 0, line, book.add_format({"bold": row == 0}))
    first = len(rules) + 1
    for index, name in enumerate(title("instruction_headings").split("|")):
        page.write_string(first, index, name, bold)
    for row, (sheet, column) in enumerate(
        ((sheet, column) for sheet in sheets() for column in sheet.columns), start=first + 1
    ):
        required = labels("yes_no")["yes" if column.is_required else "no"]
        allowed = "、".join(column.labels.values())
        cells = (sheet.name, column.heading, required, column.help_text, allowed or column.example)
        for index, text in enumerate(cells):
            page.write_string(row, index, text, wrap)
