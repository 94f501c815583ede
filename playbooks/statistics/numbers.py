"""Figures as a report says them: thousands parted, a unit, and how much of it is known.

Missing is 未取得, never zero; a ratio is given only over a positive base, and says that base.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from playbooks.core.documents import MISSING

NOT_OFFERED = "无此项"  # the platform has no such count
_INT_LIMIT = 2**53  # beyond it a double no longer tells whole numbers apart


def number(value: float | None) -> str:
    """Return 1,234 or 1,234.5, or 未取得 for None."""
    if value is None:
        return MISSING
    is_whole = abs(value) < _INT_LIMIT and value == int(value)
    return f"{value:,.0f}" if is_whole else f"{value:,.2f}".rstrip("0").rstrip(".")


def percent(ratio: float | None, *, is_signed: bool = False) -> str:
    """Return 5.5%, or +5.5% when *is_signed*, or 未取得 for None."""
    if ratio is None:
        return MISSING
    text = f"{ratio:+.1%}" if is_signed else f"{ratio:.1%}"
    return text[1:] if text in ("+0.0%", "-0.0%") else text


def chinese_day(day: date | None) -> str:
    """Return 2026年1月5日, or 未取得 for None."""
    return MISSING if day is None else f"{day.year}年{day.month}月{day.day}日"


@dataclass(frozen=True)
class Amount:
    """A figure and its coverage: *present* of *expected* account-days (or accounts, by *basis*).

    ``is_offered`` is False where no platform here has such a count: then nothing is missing.
    """

    value: float | None
    present: int
    expected: int
    unit: str
    basis: str = "账号日"
    is_offered: bool = True

    @property
    def coverage(self) -> str:
        """The coverage alone: 1,234/5,520."""
        return f"{self.present:,}/{self.expected:,}"

    @property
    def coverage_ratio(self) -> float | None:
        """The coverage as a share; None when nothing was expected."""
        return self.present / self.expected if self.expected else None

    @property
    def text(self) -> str:
        """The figure for a sentence: 1,234条（覆盖4,600/5,520账号日）."""
        if not self.is_offered:
            return NOT_OFFERED
        shown = MISSING if self.value is None else f"{number(self.value)}{self.unit}"
        return f"{shown}（覆盖{self.coverage}{self.basis}）"


@dataclass(frozen=True)
class Share:
    """A ratio with what it was taken of: *part* over *base*, by *account_count* accounts."""

    part: float | None
    base: float | None
    account_count: int

    @property
    def ratio(self) -> float | None:
        """None where a part is missing or the base is missing or not positive."""
        if self.part is None or self.base is None or self.base <= 0:
            return None
        return self.part / self.base


def optional_sum(values: list[float | None]) -> float | None:
    """Return the sum of what is known; None, not zero, when nothing is."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def days_of(begin_on: date, end_on: date) -> list[date]:
    """Return every day from *begin_on* to *end_on*, both included."""
    return [begin_on + timedelta(days=n) for n in range((end_on - begin_on).days + 1)]


def as_float(value: object) -> float | None:
    """Return a figure of a query row, which is a number or None."""
    return None if value is None else float(cast("float", value))
