"""Rules between rows: every reference leads somewhere, the unit tree is a tree."""

from __future__ import annotations

import re
from collections.abc import Mapping

from playbooks.core.register.columns import Column, sheet_of
from playbooks.core.register.entries import Book, Entry
from playbooks.core.register.problems import Place, Problem, problem


def reference_problems(book: Book) -> list[Problem]:
    """Return a problem for every reference to a row that neither the file nor the database has."""
    known = {table: book.keys[table] for table in ("unit", "person")}
    alike = {table: {_squashed(key): key for key in keys} for table, keys in known.items()}
    problems: list[Problem] = []
    absent: set[str] = set()
    for entry in book.rows:
        for column in entry.sheet.columns:
            wanted = entry.text(column.name)
            table = column.refers_to
            if not table or not wanted or table in book.blind or wanted in known[table]:
                continue
            if known[table]:
                problems.append(_unknown(entry, column, wanted, alike[table]))
            else:
                absent.add(table)
    # One sentence instead of one per row: the sheet they all refer to is not there.
    for table in sorted(absent):
        name = sheet_of(table).name
        problems.append(problem("sheet_missing", Place(book.file, name), sheet=name))
    return problems


def unit_problems(book: Book) -> list[Problem]:
    """Return circles in the unit tree and units that supervise themselves (Article 6)."""
    units = book.keys["unit"]
    problems = [
        entry.problem("self_supervision", "supervisor_unit_id")
        for key, entry in units.items()
        if entry.layout and entry.text("supervisor_unit_id") == key
    ]
    for circle in _circles(units):
        in_file = [units[key] for key in circle if units[key].layout]
        if in_file:
            first = min(in_file, key=lambda entry: entry.row)
            path = " → ".join([*circle, circle[0]])
            problems.append(first.problem("unit_cycle", "parent_unit_id", path=path))
    return problems


def _unknown(entry: Entry, column: Column, wanted: str, alike: Mapping[str, str]) -> Problem:
    sheet = sheet_of(column.refers_to).name
    close = alike.get(_squashed(wanted))
    if close is None:
        return entry.problem("reference_unknown", column.name, sheet=sheet)
    return entry.problem("reference_misspelt", column.name, sheet=sheet, close=close)


def _squashed(key: str) -> str:
    """Return *key* without what spreadsheets and hands lose: leading zeros, dashes, case."""
    return re.sub(r"[\W_]|(?<!\d)0+(?=\d)", "", key).casefold()


def _circles(units: Mapping[str, Entry]) -> list[list[str]]:
    """Return every circle of parents once, as the keys along it."""
    circles: list[list[str]] = []
    settled: set[str] = set()
    for start in units:
        path: list[str] = []
        on_path: set[str] = set()
        key: str | None = start
        while key is not None and key in units and key not in settled and key not in on_path:
            path.append(key)
            on_path.add(key)
            key = units[key].text("parent_unit_id")
        if key in on_path:
            circles.append(path[path.index(key) :])
        settled |= on_path
    return circles
