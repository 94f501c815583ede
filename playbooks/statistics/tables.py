"""A table that is said once and goes out twice: as a table of the report and as a sheet of figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from playbooks.core.documents import Column, Table, visible
from playbooks.core.workbook import Blank, Sheet, SheetColumn, Value
from playbooks.core.workbook import Kind as SheetKind
from playbooks.core.working_hours import OFFICE_ZONE
from playbooks.statistics.numbers import NOT_OFFERED, Amount, Share, number, percent

CellKind = Literal["text", "count", "amount", "percent", "change", "date", "instant"]
Cell = str | float | date | datetime | Amount | Share | None
Where = Literal["both", "report", "workbook"]

_NOTHING = "—"  # not asked for here, unlike 未取得
_UNBROKEN_COVERAGE = 9  # characters that fit the column; a longer one is given a place to break
TEXT_IN_REPORT = 120  # characters; the workbook has the whole text
ROWS_IN_REPORT = 300  # beyond it a printed list helps nobody; the workbook has all rows


@dataclass(frozen=True)
class PacketColumn:
    """A column; ``amount`` brings its coverage along, ``change`` its number of accounts.

    Attributes:
        weight: share of the report's width; for an amount, of the figure without its coverage.
        coverage_weight: of the coverage beside an amount.
        where: whether the report, the workbook or both show it.
    """

    heading: str
    kind: CellKind = "text"
    weight: float = 1.0
    where: Where = "both"
    coverage_weight: float = 1.3


@dataclass(frozen=True)
class PacketTable:
    """Typed rows under typed columns; None is a figure that was not obtained.

    Attributes:
        name: of the sheet.
        caption: above the table of the report; None in an annex, whose heading says it.
        where: whether it is printed, a sheet, or both.
    """

    name: str
    caption: str | None
    columns: Sequence[PacketColumn]
    rows: Sequence[Sequence[Cell]]
    note: str | None = None
    where: Where = "both"

    def block(self) -> Table:
        """Return the table of the report, cut after ROWS_IN_REPORT rows, saying so."""
        places = [n for n, column in enumerate(self.columns) if column.where != "workbook"]
        shown = self.rows[:ROWS_IN_REPORT]
        notes = [self.note] if self.note else []
        if len(self.rows) > len(shown):
            notes.append(f"共{len(self.rows):,}行，此处列前{len(shown)}行，全部见数据工作簿。")
        return Table(
            columns=[each for n in places for each in _report_columns(self.columns[n])],
            rows=[
                [text for n in places for text in _report_texts(row[n], self.columns[n].kind)]
                for row in shown
            ],
            caption=self.caption,
            note="".join(notes) or None,
        )

    def sheet(self) -> Sheet:
        """Return the sheet of the workbook, all rows, figures as numbers."""
        places = [n for n, column in enumerate(self.columns) if column.where != "report"]
        return Sheet(
            name=self.name,
            columns=[each for n in places for each in _sheet_columns(self.columns[n])],
            rows=[
                [value for n in places for value in _sheet_values(row[n], self.columns[n].kind)]
                for row in self.rows
            ],
        )


def _report_columns(column: PacketColumn) -> list[Column]:
    if column.kind == "text":
        return [Column(column.heading, "left", column.weight)]
    if column.kind in ("date", "instant"):
        return [Column(column.heading, "center", column.weight)]
    own = Column(column.heading, "right", column.weight)
    return (
        [own, Column("覆盖", "right", column.coverage_weight)] if column.kind == "amount" else [own]
    )


def _report_texts(cell: Cell, kind: CellKind) -> list[str | None]:
    match cell:
        case None:
            if kind in ("amount", "change"):
                return [_NOTHING, _NOTHING] if kind == "amount" else [_NOTHING]
            return [None]
        case Amount():
            return _amount_texts(cell)
        case Share():
            if cell.ratio is None:
                return [None]
            return [f"{percent(cell.ratio, is_signed=True)}（{cell.account_count}）"]
        case int() | float():
            return [percent(cell) if kind == "percent" else number(cell)]
        case datetime():
            return [f"{cell.astimezone(OFFICE_ZONE):%Y-%m-%d %H:%M}"]
        case _:
            return [visible(str(cell), TEXT_IN_REPORT)]


def _amount_texts(amount: Amount) -> list[str | None]:
    if not amount.is_offered:
        return [NOT_OFFERED, _NOTHING]
    return [None if amount.value is None else number(amount.value), _coverage(amount)]


def _coverage(amount: Amount) -> str:
    text = amount.coverage
    return text if len(text) <= _UNBROKEN_COVERAGE else text.replace("/", " / ")


_SHEET_KINDS: dict[CellKind, SheetKind] = {
    "text": "text", "count": "integer", "percent": "percent", "date": "date", "instant": "instant",
}  # fmt: skip


def _sheet_columns(column: PacketColumn) -> list[SheetColumn]:
    heading = column.heading
    if column.kind == "amount":
        return [
            SheetColumn(heading, "integer"),
            SheetColumn(f"{heading}·已取得", "integer", missing="—"),
            SheetColumn(f"{heading}·应取得", "integer", missing="—"),
        ]
    if column.kind == "change":
        return [
            SheetColumn(heading, "percent"),
            SheetColumn(f"{heading}·账号数", "integer", missing="—"),
        ]
    width = 26.0 if column.kind == "text" else 16.0
    return [SheetColumn(heading, _SHEET_KINDS[column.kind], width)]


def _sheet_values(cell: Cell, kind: CellKind) -> list[Value]:
    if isinstance(cell, Amount):
        value = cell.value if cell.is_offered else Blank(NOT_OFFERED)
        return [value, cell.present, cell.expected]
    if isinstance(cell, Share):
        return [cell.ratio, cell.account_count]
    if cell is None:
        return [None] * {"amount": 3, "change": 2}.get(kind, 1)
    if isinstance(cell, str) and kind != "text":
        return [
            Blank(cell)
        ]  # a word where the column has numbers, such as a sum over several limits
    return [cell]
