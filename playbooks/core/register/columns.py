"""What a register (台账) workbook holds: sheets, columns, allowed values, read from columns.yml.

Everything else in this package is driven by these definitions: the reader, the blank template, the
export and the comparison with the database never name a heading themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

DEFAULT_MAX_LENGTH = 200


class Kind(StrEnum):
    """How the text of a cell is understood."""

    ID = "id"
    REFERENCE = "reference"
    TEXT = "text"
    CHOICE = "choice"
    YES_NO = "yes_no"
    DATE = "date"
    MOBILE = "mobile"
    PHONE = "phone"
    USCC = "uscc"
    INTEGER = "integer"
    URL = "url"


@dataclass(frozen=True)
class Column:
    """One column of one sheet.

    Attributes:
        name: column of the database table.
        heading: Chinese heading in the workbook.
        kind: how a cell is understood.
        is_required: whether a blank cell is an error.
        max_length: most characters a text may have.
        labels: identifier -> Chinese label of every allowed value; empty when anything goes.
        refers_to: table whose key the cell repeats, or an empty string.
        help_text: one Chinese sentence for whoever fills the cell in.
        example: a value for the template's comment.
    """

    name: str
    heading: str
    kind: Kind
    is_required: bool
    max_length: int
    labels: Mapping[str, str]
    refers_to: str
    help_text: str
    example: str


@dataclass(frozen=True)
class Sheet:
    """One sheet of the workbook and the table it becomes.

    Attributes:
        table: name of the database table.
        name: Chinese name of the sheet.
        key: primary key of the table; the roster's is made, not read (see ``key_of``).
        columns: in the order of the template.
    """

    table: str
    name: str
    key: str
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """Return the column of the table called *name*; ``KeyError`` when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"sheet {self.table} has no column {name}")


@cache
def sheets() -> tuple[Sheet, ...]:
    """Return unit, account, person and roster_shift, in the order of the workbook."""
    return tuple(_sheet(entry) for entry in _definitions()["sheets"])


def sheet_of(table: str) -> Sheet:
    """Return the sheet of *table*; ``KeyError`` when there is none."""
    for sheet in sheets():
        if sheet.table == table:
            return sheet
    raise KeyError(f"the register has no table {table}")


@cache
def labels(name: str) -> Mapping[str, str]:
    """Return identifier -> Chinese label of one list, for example ``platform`` or ``status``."""
    return MappingProxyType(_definitions()["labels"][name])


@cache
def ignored_headings() -> frozenset[str]:
    """Return the headings a workbook may carry for its own use; their cells are not read."""
    return frozenset(_definitions()["ignored_headings"])


@cache
def ignored_sheets() -> frozenset[str]:
    """Return the names of sheets that are never read, such as the template's instructions."""
    return frozenset(_definitions()["ignored_sheets"])


@cache
def blank_marks() -> frozenset[str]:
    """Return the marks people write for "nothing here"."""
    return frozenset(_definitions()["blank_marks"])


@cache
def _definitions() -> dict[str, Any]:
    text = Path(__file__).with_name("columns.yml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=yaml.CSafeLoader)


def _sheet(entry: Mapping[str, Any]) -> Sheet:
    return Sheet(
        table=entry["table"],
        name=entry["name"],
        key=entry["key"],
        columns=tuple(_column(column) for column in entry["columns"]),
    )


def _column(entry: Mapping[str, Any]) -> Column:
    return Column(
        name=entry["name"],
        heading=entry["heading"],
        kind=Kind(entry["kind"]),
        is_required=entry.get("required", False),
        max_length=entry.get("max_length", DEFAULT_MAX_LENGTH),
        labels=labels(entry["choices"]) if "choices" in entry else {},
        refers_to=entry.get("refers_to", ""),
        help_text=entry["help"],
        example=str(entry["example"]),
    )
