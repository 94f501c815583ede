"""What is wrong with a register file, cell by cell, in sentences somebody can act on."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

Severity = Literal["error", "warning"]

FOUND_LIMIT = 40


@dataclass(frozen=True)
class Place:
    """Where in which file; ``row`` is 1-based, ``None`` and ``""`` mean the sheet or row as a whole."""

    file: str
    sheet: str = ""
    row: int | None = None
    column: str = ""
    heading: str = ""


@dataclass(frozen=True)
class Problem:
    """One fault of the file.

    Attributes:
        code: entry of sentences.yml.
        severity: ``error`` blocks the whole import, ``warning`` does not.
        place: file, sheet, row, column letter and heading.
        found: what the cell holds, shortened, control characters removed.
        wrong: what is wrong, in Chinese.
        right: what would be right, in Chinese.
        article: the article of the regulation behind it, or an empty string.
    """

    code: str
    severity: Severity
    place: Place
    found: str
    wrong: str
    right: str
    article: str

    @property
    def is_error(self) -> bool:
        """Whether nothing may be imported while this stands."""
        return self.severity == "error"

    def as_dict(self) -> dict[str, object]:
        """Return what ``--json`` prints."""
        return {
            "code": self.code,
            "severity": self.severity,
            "file": self.place.file,
            "sheet": self.place.sheet,
            "row": self.place.row,
            "column": self.place.column,
            "heading": self.place.heading,
            "found": self.found,
            "wrong": self.wrong,
            "right": self.right,
            "article": self.article,
        }


def problem(code: str, place: Place, found: str = "", **blanks: object) -> Problem:
    """Return the problem *code* of sentences.yml at *place* with its blanks filled.

    Raises:
        KeyError: no such code, or a blank of its sentences is not given.
    """
    entry = _sentences()[code]
    # Only the project's own sentences are format strings; what comes from the file fills blanks.
    filled = {name: printable(str(value), 120) for name, value in blanks.items()}
    return Problem(
        code=code,
        severity=entry["severity"],
        place=place,
        found=printable(found, FOUND_LIMIT),
        wrong=entry["wrong"].format_map(filled),
        right=entry["right"].format_map(filled),
        article=entry.get("article", ""),
    )


def printable(text: str, limit: int) -> str:
    """Return *text* safe for a terminal: no control or format characters, at most *limit* long."""
    kept = "".join(" " if unicodedata.category(mark)[0] == "C" else mark for mark in text)
    return kept if len(kept) <= limit else kept[: limit - 1] + "…"


def in_file_order(problems: Iterable[Problem], sheet_names: Sequence[str]) -> tuple[Problem, ...]:
    """Return *problems* by sheet, row and column, the way somebody walks through the file."""
    order = {name: number for number, name in enumerate(sheet_names)}

    def position(item: Problem) -> tuple[int, int, int, str]:
        place = item.place
        return (order.get(place.sheet, -1), place.row or 0, len(place.column), place.column)

    return tuple(sorted(problems, key=position))


def problem_table(problems: Sequence[Problem], limit: int = 200) -> str:
    """Return *problems* as a Chinese table aligned for a terminal, then how many there are."""
    titles = _titles()
    lines = [[titles[name] for name in ("severity", "place", "found", "wrong", "right")]]
    lines += [_cells(item, titles) for item in problems[:limit]]
    widths = [max(_width(line[column]) for line in lines) for column in range(len(lines[0]))]
    text = [
        "  ".join(_pad(cell, width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]
    errors = sum(item.is_error for item in problems)
    total = titles["total"].format(errors=errors, warnings=len(problems) - errors)
    hidden = len(problems) - limit
    more = [titles["more"].format(hidden=hidden)] if hidden > 0 else []
    return "\n".join([*text, *more, total])


def title(name: str) -> str:
    """Return one of the fixed words and lines of sentences.yml; ``KeyError`` when unknown."""
    return _titles()[name]


def _cells(item: Problem, titles: Mapping[str, str]) -> list[str]:
    place = item.place
    row = titles["row"].format(row=place.row) if place.row is not None else ""
    column = titles["column"].format(column=place.column) if place.column else ""
    where = " ".join(part for part in (place.sheet, row, column, place.heading) if part)
    wrong = f"{item.wrong}〔{item.article}〕" if item.article else item.wrong
    return [titles[item.severity], where or place.file, item.found, wrong, item.right]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(mark) in "WF" else 1 for mark in text)


def _pad(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


@cache
def _catalog() -> dict[str, Any]:
    text = Path(__file__).with_name("sentences.yml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=yaml.CSafeLoader)


def _sentences() -> Mapping[str, Mapping[str, Any]]:
    return _catalog()["problems"]


def _titles() -> Mapping[str, str]:
    return _catalog()["titles"]
