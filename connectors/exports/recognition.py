"""Find the declared tables in the sheets of a file: by headings, wherever they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from connectors.cells import cell_text
from connectors.exports.declaration import ANY_PLATFORM, Table
from connectors.spreadsheet import Sheet

HEADING_ROWS = 10  # headings stand among the first rows; below them only data is expected


@dataclass(slots=True)
class Block:
    """A table found in a sheet: where its columns are and what collects while reading."""

    table: Table
    sheet: Sheet
    heading_row: int
    headings: list[tuple[int, str]]
    warnings: list[str] = field(default_factory=list[str])

    @property
    def unknown(self) -> list[str]:
        """Headings that nobody declared."""
        return [text for _, text in self.headings if text not in self.table.columns]

    def place(self, number: int) -> str:
        """Say where row *number* is, counted as a person counts."""
        sheet = f"工作表「{self.sheet.name}」" if self.sheet.name else ""
        return f"{sheet}第 {number + 1} 行"


def find_blocks(sheet: Sheet, tables: Sequence[Table]) -> list[Block]:
    """Return the declared tables of a sheet; they may stand side by side.

    The table with most required columns wins, then the office's own, then the one declared first.
    """
    found: list[Block] = []
    for number, headings in heading_runs(sheet):
        seen = {text for _, text in headings}
        # A heading twice, or two spellings of one, in one block: no cell could be told apart.
        matching = [
            table for table in tables if table.matches(seen) and not _is_ambiguous(table, headings)
        ]
        if matching:
            best = max(matching, key=lambda one: (one.weight, one.is_own))
            found.append(Block(best, sheet, number, headings))
    return found


def heading_runs(sheet: Sheet) -> Iterator[tuple[int, list[tuple[int, str]]]]:
    """Yield row number and run of filled neighbouring cells, for the rows that may be headings."""
    for number, row in enumerate(sheet.rows[:HEADING_ROWS]):
        run: list[tuple[int, str]] = []
        for column, cell in enumerate([*row, ""]):
            text = cell_text(cell)
            if text:
                run.append((column, text))
            elif run:
                yield number, run
                run = []


def for_platform(tables: Sequence[Table], platform: str | None) -> list[Table]:
    """Return the tables that an account on *platform* can have; all of them for None."""
    return [one for one in tables if platform is None or one.platform in (platform, ANY_PLATFORM)]


def _is_ambiguous(table: Table, headings: Sequence[tuple[int, str]]) -> bool:
    texts = [text for _, text in headings]
    keys = [table.columns[text].key for text in texts if text in table.columns]
    return len(set(texts)) < len(texts) or len(set(keys)) < len(keys)
