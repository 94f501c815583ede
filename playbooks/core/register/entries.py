"""A row of the register that remembers which cell of which file it came from, if any."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from playbooks.core.register.cells import Record
from playbooks.core.register.columns import Sheet, sheets
from playbooks.core.register.problems import Place, Problem, problem

Register = Mapping[str, Sequence[Record]]
"""Table name -> its records, keyed by column name."""


@dataclass(frozen=True)
class Layout:
    """Which column of a sheet in the file holds which column of the table (0-based)."""

    file: str
    sheet: Sheet
    indexes: Mapping[str, int]

    def place(self, row: int, name: str) -> Place:
        """Return the place of column *name* in the 1-based *row*."""
        heading = self.sheet.column(name).heading
        letter = column_letter(self.indexes[name]) if name in self.indexes else ""
        return Place(self.file, self.sheet.name, row, letter, heading)


@dataclass(frozen=True)
class Entry:
    """One record and where it stands.

    Attributes:
        sheet: definition of its sheet.
        values: column name -> typed value; ``None`` where blank or not understood.
        layout: of the file, or ``None`` for a record that is only in the database.
        row: 1-based row of the file, 0 for a record of the database.
        texts: column name -> the cell as normalised text.
        bad: columns already reported, so that nothing else is said about them.
    """

    sheet: Sheet
    values: Record
    layout: Layout | None = None
    row: int = 0
    texts: Mapping[str, str] = field(default_factory=dict[str, str])
    bad: frozenset[str] = frozenset()

    @property
    def key(self) -> str | None:
        """The primary key, or ``None`` when its cells are blank or not understood."""
        return key_of(self.sheet.table, self.values)

    def text(self, name: str) -> str | None:
        """Return a text column, ``None`` when it is blank."""
        value = self.values.get(name)
        return value if isinstance(value, str) else None

    def day(self, name: str) -> date | None:
        """Return a day column, ``None`` when it is blank or not understood."""
        value = self.values.get(name)
        return value if isinstance(value, date) else None

    def problem(self, code: str, name: str, **blanks: object) -> Problem:
        """Return the problem *code* at this row's cell of column *name*."""
        if self.layout is None:
            raise ValueError(f"{self.sheet.table} {self.key} is not a row of the file")
        place = self.layout.place(self.row, name)
        return problem(code, place, self.texts.get(name, ""), **blanks)


@dataclass(frozen=True)
class Book:
    """The register as it would be after the import.

    Attributes:
        file: name of the file.
        rows: every row of the file, those with a repeated key included.
        tables: table -> rows of the file, then the records of the database that it does not name.
        keys: table -> key -> entry, for the entries whose key is known.
        blind: tables whose keys cannot be known because their sheet could not be read.
    """

    file: str
    rows: Sequence[Entry]
    tables: Mapping[str, Sequence[Entry]]
    keys: Mapping[str, Mapping[str, Entry]]
    blind: frozenset[str]


def combined(file: str, rows: Sequence[Entry], existing: Register, blind: frozenset[str]) -> Book:
    """Return the register as it would be: *rows* of the file over the *existing* records."""
    tables = {
        sheet.table: _overlaid(
            [entry for entry in rows if entry.sheet is sheet],
            [Entry(sheet, record) for record in existing.get(sheet.table, ())],
        )
        for sheet in sheets()
    }
    keys = {
        table: {entry.key: entry for entry in entries if entry.key is not None}
        for table, entries in tables.items()
    }
    return Book(file, rows, tables, keys, blind)


def repeated_keys(rows: Iterable[Entry]) -> list[Problem]:
    """Return a problem for every row whose key an earlier row of the same sheet has."""
    problems: list[Problem] = []
    first_rows: dict[tuple[str, str], int] = {}
    for entry in rows:
        table, key = entry.sheet.table, entry.key
        if key is None or entry.sheet.key in entry.bad:
            continue
        first = first_rows.setdefault((table, key), entry.row)
        if first != entry.row:
            is_shift = table == "roster_shift"
            code = "shift_duplicate" if is_shift else "key_duplicate"
            name = "starts_on" if is_shift else entry.sheet.key
            problems.append(entry.problem(code, name, first_row=first))
    return problems


def key_of(table: str, record: Record) -> str | None:
    """Return the primary key of *record*; a shift's is made of role, position and first day."""
    if table != "roster_shift":
        key = record.get(f"{table}_id")
        return key if isinstance(key, str) else None
    parts = [record.get(name) for name in ("role", "position", "starts_on")]
    return None if None in parts else "-".join(str(part) for part in parts)


def column_letter(index: int) -> str:
    """Return ``A`` for 0, ``Z`` for 25, ``AA`` for 26."""
    letters = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _overlaid(rows: Sequence[Entry], records: Sequence[Entry]) -> list[Entry]:
    first: dict[str, Entry] = {}
    for entry in rows:
        if entry.key is not None:
            first.setdefault(entry.key, entry)
    keyless = [entry for entry in rows if entry.key is None]
    kept = [entry for entry in records if entry.key not in first]
    return [*first.values(), *keyless, *kept]
