"""The register as an .xlsx or .csv that people fill in: blank template and full export alike."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import duckdb

from playbooks.core.register import store
from playbooks.core.register.cells import FORMULA_MARKS, Value
from playbooks.core.register.columns import (
    Column,
    Kind,
    Sheet,
    ignored_sheets,
    labels,
    sheet_of,
    sheets,
)
from playbooks.core.register.problems import title
from playbooks.core.register.report import shown

FILLABLE_ROWS = 5000
# xlsxwriter would stamp the clock into the file; the same register must give the same bytes.
CREATED_AT = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_NARROW, _WIDE = 14, 26
_INSTRUCTION_WIDTHS = (12, 20, 8, 60, 60)
_REQUIRED_COLOUR, _OPTIONAL_COLOUR = "#FCE4D6", "#DDEBF7"


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
    """Return *contents*, sheets of the register by their names, as an .xlsx file.

    A sheet may have a further column, such as 备注, beside those of the register.
    """
    book = _Book()
    by_name = {sheet.name: sheet for sheet in sheets()}
    for content in contents:
        book.write_sheet(by_name[content.name], content)
    book.write_instructions()
    return book.close()


def sheet_rows(table: str, records: Sequence[Sequence[Value]]) -> RegisterSheet:
    """Return *records*, values in the order of the columns of *table*, as its sheet."""
    return _sheet_rows(sheet_of(table), records)


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


class _Book:
    """An .xlsx being written; xlsxwriter carries no types, so its objects stay in here."""

    def __init__(self) -> None:
        import xlsxwriter  # pyright: ignore[reportMissingTypeStubs]

        # A cell that begins with "=" or looks like an address is text that somebody typed.
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._buffer = io.BytesIO()
        self._book: Any = xlsxwriter.Workbook(self._buffer, options)
        self._book.set_properties({"created": CREATED_AT})

    def close(self) -> bytes:
        self._book.close()
        return self._buffer.getvalue()

    def write_sheet(self, sheet: Sheet, content: RegisterSheet) -> None:
        page = self._book.add_worksheet(sheet.name)
        page.freeze_panes(1, 1)
        for index, column in enumerate(sheet.columns):
            self._write_column(page, index, column)
        for index, heading in enumerate(content.rows[0][len(sheet.columns) :], len(sheet.columns)):
            page.set_column(index, index, _WIDE)
            page.write_string(0, index, str(heading), self._book.add_format({"bold": True}))
        for row, cells in enumerate(content.rows[1:], start=1):
            for index, cell in enumerate(cells):
                if isinstance(cell, date):
                    page.write_datetime(row, index, cell)
                elif isinstance(cell, int):
                    page.write_number(row, index, cell)
                elif cell:
                    page.write_string(row, index, str(cell))

    def _write_column(self, page: object, index: int, column: Column) -> None:
        sheet: Any = page
        colour = _REQUIRED_COLOUR if column.is_required else _OPTIONAL_COLOUR
        heading = self._book.add_format({"bold": True, "bg_color": colour, "border": 1})
        # "@" keeps Excel from turning ids, phones and codes into numbers.
        number_format = {Kind.DATE: "yyyy-mm-dd", Kind.INTEGER: "0"}.get(column.kind, "@")
        width = _WIDE if column.kind in (Kind.TEXT, Kind.URL, Kind.USCC) else _NARROW
        cell_format = self._book.add_format({"num_format": number_format})
        sheet.set_column(index, index, width, cell_format)
        sheet.write_string(0, index, column.heading, heading)
        sheet.write_comment(0, index, _comment(column), {"x_scale": 2})
        if column.labels:
            rule = {"validate": "list", "source": list(column.labels.values())}
            rule |= {"error_title": column.heading, "error_message": column.help_text}
            sheet.data_validation(1, index, FILLABLE_ROWS, index, rule)

    def write_instructions(self) -> None:
        page = self._book.add_worksheet(next(iter(ignored_sheets())))
        bold = self._book.add_format({"bold": True})
        wrapped = self._book.add_format({"text_wrap": True, "valign": "top"})
        for index, width in enumerate(_INSTRUCTION_WIDTHS):
            page.set_column(index, index, width)
        rules = title("instructions").splitlines()
        for row, line in enumerate(rules):
            page.write_string(row, 0, line, None if row else bold)
        first = len(rules) + 1
        for index, name in enumerate(title("instruction_headings").split("|")):
            page.write_string(first, index, name, bold)
        for row, texts in enumerate(_instruction_rows(), start=first + 1):
            for index, text in enumerate(texts):
                page.write_string(row, index, text, wrapped)


def _comment(column: Column) -> str:
    parts = [title("required" if column.is_required else "optional"), column.help_text]
    if column.example:
        parts.append(title("example").format(example=column.example))
    return "\n".join(parts)


def _instruction_rows() -> Iterator[tuple[str, ...]]:
    for sheet in sheets():
        for column in sheet.columns:
            required = labels("yes_no")["yes" if column.is_required else "no"]
            allowed = "、".join(column.labels.values()) or column.example
            yield sheet.name, column.heading, required, column.help_text, allowed
