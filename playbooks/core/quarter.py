"""A quarter of a year, and how people write it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from playbooks.core.limits import add_months
from sql.refusal import Refusal

_PERIOD = re.compile(r"(20\d{2})\s*(?:[Qq]|年第?)\s*([1-4一二三四])(?:季度)?")
_NUMERALS = {"一": 1, "二": 2, "三": 3, "四": 4}


class QuarterError(Refusal, ValueError):
    """A text that names no quarter."""


@dataclass(frozen=True)
class Quarter:
    """One quarter of a year."""

    year: int
    number: int

    @property
    def text(self) -> str:
        """2026Q3."""
        return f"{self.year}Q{self.number}"

    @property
    def words(self) -> str:
        """2026年第三季度."""
        return f"{self.year}年第{'一二三四'[self.number - 1]}季度"

    @property
    def first_on(self) -> date:
        """The first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def after_on(self) -> date:
        """The day after the last one."""
        return add_months(self.first_on, 3)


def quarter_of(text: str) -> Quarter:
    """Return the quarter that *text* names: 2026Q3 or 2026年第三季度.

    Raises:
        QuarterError: it names none.
    """
    found = _PERIOD.fullmatch(text.strip())
    if not found:
        raise QuarterError(f"应写成 2026Q3，收到 {text.strip()[:20]}")
    number = _NUMERALS.get(found[2]) or int(found[2])
    return Quarter(int(found[1]), number)
