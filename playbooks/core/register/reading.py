"""Read a register workbook: every fault at once, each once, and the records when there is none.

``connectors/spreadsheet.py`` opens the file; this module sees sheets of cell values only.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from playbooks.core.register.account_checks import account_problems
from playbooks.core.register.cells import Cell, Record, cell_text, read_cell
from playbooks.core.register.columns import Sheet, ignored_sheets, sheets
from playbooks.core.register.entries import Entry, Layout, Register, combined, key_of, repeated_keys
from playbooks.core.register.headings import has_headings_of, read_headings
from playbooks.core.register.problems import Place, Problem, in_file_order, problem
from playbooks.core.register.roster_checks import roster_problems
from playbooks.core.register.unit_checks import reference_problems, unit_problems

CLOSE_SHEET_NAME = 0.5  # 帐号 for 账号


class SheetRows(Protocol):
    """One sheet: its name and its rows of cell values; row 1 of the file is ``rows[0]``."""

    @property
    def name(self) -> str:
        """Name of the sheet; of a csv file, its name without ``.csv``."""
        ...

    @property
    def rows(self) -> Sequence[Sequence[object]]:
        """Cell values: text, number, truth value, date, instant or ``None``."""
        ...


@dataclass(frozen=True)
class RegisterReading:
    """What a file says.

    Attributes:
        file_name: as given by the caller.
        tables: the tables whose sheets the file has.
        rows: rows with content below the headings, in file order, over all sheets.
        problems: everything wrong, in file order; errors and warnings.
    """

    file_name: str
    tables: frozenset[str]
    rows: tuple[Entry, ...]
    problems: tuple[Problem, ...]

    @property
    def has_errors(self) -> bool:
        """Whether nothing of this file may be imported."""
        return any(item.is_error for item in self.problems)

    def records(self, table: str) -> list[Record]:
        """Return the typed records of one table, in file order; only whole without errors."""
        return [entry.values for entry in self.rows if entry.sheet.table == table]


def read_register(
    workbook: Sequence[SheetRows], file_name: str, existing: Register | None = None
) -> RegisterReading:
    """Read *workbook* against what the database holds already.

    Args:
        workbook: the sheets of one .xlsx, or one sheet per .csv of a set.
        file_name: for the report.
        existing: records of the database (``store.load_register``), so that a file with accounts
            only may refer to units imported earlier; nothing when omitted.

    Returns:
        Every problem of the file, once each, and its records.
    """
    named, problems = _assigned(workbook, file_name)
    has_unknown_sheet = any(item.code == "sheet_unknown" for item in problems)
    rows: list[Entry] = []
    unread = {sheet.table for sheet in sheets() if has_unknown_sheet and sheet.table not in named}
    for table, (sheet, found) in named.items():
        reading = _read_sheet(file_name, sheet, found.rows)
        rows += reading.rows
        problems += reading.problems
        if reading.is_blind:
            unread.add(table)
    book = combined(file_name, rows, existing or {}, frozenset(unread))
    problems += repeated_keys(rows)
    for check in (reference_problems, unit_problems, account_problems, roster_problems):
        problems += check(book)
    return RegisterReading(
        file_name=file_name,
        tables=frozenset(named),
        rows=tuple(rows),
        problems=in_file_order(problems, [sheet.name for sheet in sheets()]),
    )


@dataclass(frozen=True)
class _SheetReading:
    rows: list[Entry]
    problems: list[Problem]
    is_blind: bool


def _assigned(
    workbook: Sequence[SheetRows], file: str
) -> tuple[dict[str, tuple[Sheet, SheetRows]], list[Problem]]:
    """Say which sheet of the file is which; sheets without content do not count."""
    by_name = {sheet.name: sheet for sheet in sheets()}
    named: dict[str, tuple[Sheet, SheetRows]] = {}
    strange: list[SheetRows] = []
    problems: list[Problem] = []
    for found in workbook:
        name = cell_text(found.name)
        if name in ignored_sheets() or not _has_content(found):
            continue
        sheet = by_name.get(name)
        if sheet is None:
            strange.append(found)
        elif sheet.table in named:
            problems.append(problem("sheet_duplicate", Place(file, name), sheet=name))
        else:
            named[sheet.table] = (sheet, found)
    for found in strange:
        sheet, faults = _recognised(file, found, named)
        problems += faults
        if sheet:
            named[sheet.table] = (sheet, found)
    if not named and not problems:
        problems.append(problem("workbook_empty", Place(file), sheets=_sheet_names(sheets())))
    return named, problems


def _recognised(
    file: str, found: SheetRows, named: Mapping[str, object]
) -> tuple[Sheet | None, list[Problem]]:
    """Say which sheet one with another name is: by its headings, else by a name nearly right."""
    unused = {sheet.name: sheet for sheet in sheets() if sheet.table not in named}
    for sheet in unused.values():
        if has_headings_of(sheet, found.rows):
            return sheet, []
    name = cell_text(found.name)
    place = Place(file, name)
    close = difflib.get_close_matches(name[:30], list(unused), n=1, cutoff=CLOSE_SHEET_NAME)
    if not close:
        names = _sheet_names(sheets())
        return None, [problem("sheet_unknown", place, sheet=name, sheets=names)]
    sheet = unused[close[0]]
    return sheet, [problem("sheet_misspelt", place, sheet=name, sheets=_sheet_names([sheet]))]


def _sheet_names(named: Iterable[Sheet]) -> str:
    return "、".join(f"「{sheet.name}」" for sheet in named)


def _has_content(found: SheetRows) -> bool:
    return any(cell_text(cell) for row in found.rows for cell in row)


def _read_sheet(file: str, sheet: Sheet, rows: Sequence[Sequence[object]]) -> _SheetReading:
    headings = read_headings(file, sheet, rows)
    if isinstance(headings, Problem):
        return _SheetReading([], [headings], is_blind=True)
    entries: list[Entry] = []
    problems = list(headings.problems)
    for row_number, row in enumerate(rows[headings.row :], start=headings.row + 1):
        if not any(cell_text(cell) for cell in row):
            continue
        entry, faults = _read_row(headings.layout, row_number, row)
        entries.append(entry)
        problems += faults
    key_columns = {sheet.key} & {column.name for column in sheet.columns}
    return _SheetReading(entries, problems, not key_columns <= set(headings.layout.indexes))


def _read_row(layout: Layout, row: int, cells: Sequence[object]) -> tuple[Entry, list[Problem]]:
    read: dict[str, Cell] = {}
    for column in layout.sheet.columns:
        index = layout.indexes.get(column.name)
        if index is not None:
            read[column.name] = read_cell(column, cells[index] if index < len(cells) else None)
    problems = [
        problem(cell.fault.code, layout.place(row, name), cell.text, **cell.fault.blanks)
        for name, cell in read.items()
        if cell.fault
    ]
    texts = {name: cell.text for name, cell in read.items()}
    values = {column.name: None for column in layout.sheet.columns} | {
        name: cell.value for name, cell in read.items()
    }
    bad = {item.place.heading for item in problems if item.is_error}
    bad = frozenset(
        column.name
        for column in layout.sheet.columns
        if column.name not in read or column.heading in bad
    )
    values[layout.sheet.key] = key_of(layout.sheet.table, values)
    return Entry(layout.sheet, values, layout, row, texts, bad), problems
