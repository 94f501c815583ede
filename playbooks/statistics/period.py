"""The period of an Article 32 packet: a month, a quarter, half a year or a year of Asia/Shanghai days."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from sql.refusal import Refusal

YEARS = range(2000, 3000)
_SPELLINGS = re.compile(r"(\d{4})(?:Q([1-4])|H([12])|-(0[1-9]|1[0-2]))?", re.ASCII | re.IGNORECASE)
PERIOD_NAMES = (
    *("第一季度", "第二季度", "第三季度", "第四季度", "上半年", "下半年", "全年"),
    *(f"{month}月" for month in range(1, 13)),
)
_ORDINALS = "一二三四"
_HALVES = "上下"


class PeriodError(Refusal, ValueError):
    """A text that names no period, or a period that has no figures yet; the sentence is Chinese."""


class PeriodKind(StrEnum):
    """How long a period lasts."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"

    @property
    def months(self) -> int:
        """Length in months."""
        return {"month": 1, "quarter": 3, "half_year": 6, "year": 12}[self.value]


@dataclass(frozen=True, order=True)
class Period:
    """One period; ``number`` counts from 1 within the year and is 1 for a whole year."""

    year: int
    kind: PeriodKind
    number: int = 1

    def __post_init__(self) -> None:
        """Refuse a quarter 5 and years that no calendar here knows."""
        if self.year not in YEARS or not 1 <= self.number <= 12 // self.kind.months:
            raise PeriodError(f"没有 {self.year} 年的第 {self.number} 个统计期（{self.kind}）")

    @property
    def begin_on(self) -> date:
        """First day."""
        return date(self.year, (self.number - 1) * self.kind.months + 1, 1)

    @property
    def end_on(self) -> date:
        """Last day."""
        month = self.number * self.kind.months
        return date(self.year, month, monthrange(self.year, month)[1])

    @property
    def code(self) -> str:
        """The spelling that :func:`parse_period` reads: 2026Q3, 2026-07, 2026H1, 2026."""
        match self.kind:
            case PeriodKind.MONTH:
                return f"{self.year}-{self.number:02}"
            case PeriodKind.QUARTER:
                return f"{self.year}Q{self.number}"
            case PeriodKind.HALF_YEAR:
                return f"{self.year}H{self.number}"
            case PeriodKind.YEAR:
                return f"{self.year}"

    @property
    def label(self) -> str:
        """The name in Chinese, for titles."""
        match self.kind:
            case PeriodKind.MONTH:
                return f"{self.year}年{self.number}月"
            case PeriodKind.QUARTER:
                return f"{self.year}年第{_ORDINALS[self.number - 1]}季度"
            case PeriodKind.HALF_YEAR:
                return f"{self.year}年{_HALVES[self.number - 1]}半年"
            case PeriodKind.YEAR:
                return f"{self.year}年度"

    @property
    def previous(self) -> Period:
        """The period of the same kind just before （上期）."""
        if self.number > 1:
            return replace(self, number=self.number - 1)
        return replace(self, year=self.year - 1, number=12 // self.kind.months)

    @property
    def year_before(self) -> Period:
        """The same period of the year before （上年同期）."""
        return replace(self, year=self.year - 1)

    def is_complete(self, today: date) -> bool:
        """Tell whether the last day is over on *today*."""
        return self.end_on < today

    def through_on(self, today: date) -> date:
        """Return the last day that can have figures on *today*: today itself has none yet.

        Raises:
            PeriodError: not one day of the period is over.
        """
        through_on = min(self.end_on, today - timedelta(days=1))
        if through_on < self.begin_on:
            raise PeriodError(f"{self.label}自{self.begin_on}起，到{today}尚无一日结束，无数可统计")
        return through_on

    def first_days(self, day_count: int) -> tuple[date, date]:
        """Return the first and the last of the first *day_count* days, or all of a shorter period."""
        return self.begin_on, min(self.end_on, self.begin_on + timedelta(days=day_count - 1))


def parse_period(text: str) -> Period:
    """Return the period that *text* names: 2026Q3, 2026-07, 2026H1 or 2026.

    Raises:
        PeriodError: anything else; the sentence shows the four spellings.
    """
    match = _SPELLINGS.fullmatch(text.strip())
    if match is None or int(match[1]) not in YEARS:
        raise PeriodError(
            f"看不懂统计期“{text[:40]}”;写法：2026Q3（季度）、2026-07（月）、2026H1（半年）、2026（年）"
        )
    year, quarter, half, month = (int(part) if part else None for part in match.groups())
    for number, kind in (
        (quarter, PeriodKind.QUARTER),
        (half, PeriodKind.HALF_YEAR),
        (month, PeriodKind.MONTH),
    ):
        if number:
            return Period(int(year or 0), kind, number)
    return Period(int(year or 0), PeriodKind.YEAR)


def named_code(year: int, name: str) -> str:
    """Return the spelling of the period that forms offer as *name*, one of ``PERIOD_NAMES``.

    Raises:
        ValueError: another name.
    """
    place = PERIOD_NAMES.index(name)
    if place < len(_ORDINALS):
        return f"{year}Q{place + 1}"
    if name == "全年":
        return str(year)
    return f"{year}H{place - 3}" if place < 6 else f"{year}-{place - 6:02}"
