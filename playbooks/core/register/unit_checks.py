"""Rules between rows: every reference leads somewhere, the unit tree is a tree."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from playbooks.core.register.columns import Column, sheet_of
from playbooks.core.register.entries import Book, Entry
from playbooks.core.register.problems import Place, Problem, problem

# Comparing every unknown id with every known one is only worth it while a person could do it.
SUGGESTED_AMONG = 1000
CLOSE_ID = 0.8


def reference_problems(book: Book) -> list[Problem]:
    """Return a problem for every reference to a row that neither the file nor the database has."""
    known = {table: set(book.keys[table]) for table in ("unit", "person")}
    problems: list[Problem] = []
    absent: set[str] = set()
    for entry in book.rows:
        for column in entry.sheet.columns:
            wanted = entry.text(column.name)
            table = column.refers_to
            if not table or not wanted or table in book.blind or wanted in known[table]:
                continue
            if known[table]:
                problems.append(_unknown(entry, column, wanted, known))
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


def _unknown(entry: Entry, column: Column, wanted: str, known: Mapping[str, set[str]]) -> Problem:
    ids = known[column.refers_to]
    sheet = sheet_of(column.refers_to).name
    if len(ids) <= SUGGESTED_AMONG:
        close = difflib.get_close_matches(wanted[:60], ids, n=1, cutoff=CLOSE_ID)
        if close:
            return entry.problem("reference_misspelt", column.name, sheet=sheet, close=close[0])
    return entry.problem("reference_unknown", column.name, sheet=sheet)


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
