"""Find the heading row of a sheet and say which column is which, without guessing silently."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from playbooks.core.register.cells import cell_text
from playbooks.core.register.columns import Column, Sheet, ignored_headings
from playbooks.core.register.entries import Layout, column_letter
from playbooks.core.register.problems import Place, Problem, problem

SEARCHED_ROWS = 10
# Two thirds of the characters in common: 单位名 for 单位名称, 电话 for 联系电话.
CLOSE_ENOUGH = 0.6


@dataclass(frozen=True)
class Headings:
    """Where the headings are and what is wrong with them.

    Attributes:
        row: 1-based row of the headings; the data begins below.
        layout: the columns that were recognised.
        problems: everything wrong with the headings.
    """

    row: int
    layout: Layout
    problems: tuple[Problem, ...]


def has_headings_of(sheet: Sheet, rows: Sequence[Sequence[object]]) -> bool:
    """Whether some row near the top holds most headings of *sheet*, whatever the sheet is called.

    A csv file has no sheet name, and people leave ``Sheet1`` as it is.
    """
    known = {column.heading for column in sheet.columns}
    best = max(
        len(known.intersection(_heading(cell) for cell in row)) for row in rows[:SEARCHED_ROWS]
    )
    return best >= CLOSE_ENOUGH * len(known)


def read_headings(file: str, sheet: Sheet, rows: Sequence[Sequence[object]]) -> Headings | Problem:
    """Return the headings of *sheet*, or the one problem that no row looks like headings."""
    known = {column.heading for column in sheet.columns}
    texts = [[_heading(cell) for cell in row] for row in rows[:SEARCHED_ROWS]]
    scores = [len(known.intersection(row)) for row in texts]
    if not any(scores):
        return problem(
            "heading_row_missing",
            Place(file, sheet.name),
            limit=SEARCHED_ROWS,
            headings="、".join(column.heading for column in sheet.columns),
        )
    index = scores.index(max(scores))
    row = index + 1
    places = _Places(file, sheet, row)
    found, repeated = _positions(places, texts[index])
    named, unknown = _matched(places, found)
    missing = _missing(places, named)
    unnamed = _unnamed(places, texts[index], rows[row:])
    indexes = {column.name: position for column, position in named}
    problems = (*repeated, *unknown, *missing, *unnamed)
    return Headings(row, Layout(file, sheet, indexes), problems)


@dataclass(frozen=True)
class _Places:
    file: str
    sheet: Sheet
    row: int

    def at(self, index: int, heading: str) -> Place:
        return Place(self.file, self.sheet.name, self.row, column_letter(index), heading)


def _heading(cell: object) -> str:
    # Offices mark required columns with a star; it is no part of the name.
    return "".join(cell_text(cell).split()).strip("*＊")


def _positions(places: _Places, texts: Sequence[str]) -> tuple[dict[str, int], list[Problem]]:
    found: dict[str, int] = {}
    problems: list[Problem] = []
    for index, text in enumerate(texts):
        if not text or text in ignored_headings():
            continue
        if text in found:
            place, first = places.at(index, text), column_letter(found[text])
            problems.append(
                problem("heading_duplicate", place, text, heading=text, first=first),
            )
            continue
        found[text] = index
    return found, problems


def _matched(
    places: _Places, found: Mapping[str, int]
) -> tuple[list[tuple[Column, int]], list[Problem]]:
    """Pair headings with columns; a near miss is reported and still read, so nothing cascades."""
    by_heading = {column.heading: column for column in places.sheet.columns}
    named = [(by_heading[text], index) for text, index in found.items() if text in by_heading]
    open_headings = [heading for heading in by_heading if heading not in found]
    problems: list[Problem] = []
    for text, index in found.items():
        if text in by_heading:
            continue
        place = places.at(index, text)
        close = difflib.get_close_matches(text[:30], open_headings, n=1, cutoff=CLOSE_ENOUGH)
        if not close:
            problems.append(problem("heading_unknown", place, text, heading=text))
            continue
        open_headings.remove(close[0])
        named.append((by_heading[close[0]], index))
        problems.append(problem("heading_misspelt", place, text, heading=text, expected=close[0]))
    return named, problems


def _missing(places: _Places, named: Sequence[tuple[Column, int]]) -> list[Problem]:
    present = {column.name for column, _ in named}
    return [
        problem(
            "heading_missing",
            Place(places.file, places.sheet.name, places.row, "", column.heading),
            heading=column.heading,
            help=column.help_text,
        )
        for column in places.sheet.columns
        if column.name not in present
    ]


def _unnamed(
    places: _Places, texts: Sequence[str], rows: Sequence[Sequence[object]]
) -> list[Problem]:
    named = {index for index, text in enumerate(texts) if text}
    first_found: dict[int, str] = {}
    for row in rows:
        for index, cell in enumerate(row):
            if index not in named and index not in first_found and cell_text(cell):
                first_found[index] = cell_text(cell)
    return [
        problem("heading_empty", places.at(index, ""), text)
        for index, text in sorted(first_found.items())
    ]
