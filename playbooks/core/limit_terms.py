"""A limit (时限): a budget of one kind of time, who sets it, and on what basis.

Five units never mix. Wall hours run through the night. Calendar days and workdays are counted from
the day after the start (民法典 201: 开始的当日不计入). Working hours are office minutes. Months end on
the same day number, clipped to the end of a shorter month. A limit is statutory or internal, and
says on what basis: a number the law does not give must never look like law.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction


class Unit(StrEnum):
    """The five kinds of duration."""

    WALL_HOURS = "wall_hours"
    CALENDAR_DAYS = "calendar_days"
    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"
    MONTHS = "months"


class LimitKind(StrEnum):
    """Who sets a limit: the law (法定), or the office itself (内部)."""

    STATUTORY = "statutory"
    INTERNAL = "internal"


class Roll(StrEnum):
    """What happens when a limit of calendar days or months ends on a rest day."""

    NONE = "none"
    NEXT_WORKDAY = "next_workday"  # 民法典 203: 末日为休息日的,顺延至次一工作日


MICROSECONDS_AN_HOUR = 3_600_000_000
HOURS = frozenset({Unit.WALL_HOURS, Unit.WORKING_HOURS})
ROLLING = frozenset({Unit.CALENDAR_DAYS, Unit.MONTHS})
UNIT_NAMES = {
    Unit.WALL_HOURS: "小时",
    Unit.CALENDAR_DAYS: "个自然日",
    Unit.WORKING_HOURS: "个工作小时",
    Unit.WORKING_DAYS: "个工作日",
    Unit.MONTHS: "个月",
}
KIND_NAMES = {LimitKind.STATUTORY: "法定时限", LimitKind.INTERNAL: "内部时限，非法定"}
# Ten years of each: longer is a slip of the pen, and counting it would hang a sweep.
LARGEST_BUDGETS = {
    Unit.WALL_HOURS: 87_600,
    Unit.CALENDAR_DAYS: 3_650,
    Unit.WORKING_HOURS: 20_000,
    Unit.WORKING_DAYS: 2_500,
    Unit.MONTHS: 120,
}


@dataclass(frozen=True)
class Limit:
    """An amount of time to act in.

    Args:
        budget: an exact amount of *unit*: whole for days and months, a fraction for hours if need be
            (``Fraction(1, 2)``, ``Decimal("0.5")``), down to the microsecond. A float is refused: it is
            not what was meant.
        unit: one of the five.
        kind: statutory or internal.
        basis: the article, or the office's own rule, that gives the number.
        roll: for calendar days and months only.

    Raises:
        ValueError: a budget that is negative, too long or not exact, or a roll that cannot apply.
    """

    budget: Fraction | int
    unit: Unit
    kind: LimitKind
    basis: str
    roll: Roll = Roll.NONE

    def __post_init__(self) -> None:
        budget = _exact(self.budget)
        largest = LARGEST_BUDGETS[self.unit]
        if not 0 <= budget <= largest:
            raise ValueError(f"a budget of {budget} {self.unit}: expected 0 to {largest}")
        if self.unit in HOURS:
            # A share of a share (a rung at 75%) need not be whole; instants hold microseconds.
            budget = Fraction(int(budget * MICROSECONDS_AN_HOUR), MICROSECONDS_AN_HOUR)
        elif budget.denominator != 1:
            raise ValueError(f"a budget of {budget} {self.unit}: expected a whole number")
        if self.roll is not Roll.NONE and self.unit not in ROLLING:
            raise ValueError(f"{self.unit} cannot roll: they never end on a rest day by counting")
        if not self.basis.strip():
            raise ValueError("a limit names its basis: the article, or the office's own rule")
        object.__setattr__(self, "budget", budget)

    @property
    def duration(self) -> timedelta:
        """The budget of a limit in hours, exact to the microsecond."""
        if self.unit not in HOURS:
            raise ValueError(f"{self.unit} are counted on a calendar and have no fixed duration")
        return timedelta(microseconds=int(self.budget * MICROSECONDS_AN_HOUR))

    @property
    def text(self) -> str:
        """The limit in Chinese, with who sets it: 7个工作日(内部时限,非法定)."""
        return (
            f"{plain_number(Fraction(self.budget))}{UNIT_NAMES[self.unit]}({KIND_NAMES[self.kind]})"
        )

    def portion(self, percent: int) -> Limit:
        """Return *percent* of the limit, for a warning before the end; days are rounded down.

        Raises:
            ValueError: months, which have no parts of equal length.
        """
        if self.unit is Unit.MONTHS:
            raise ValueError("no share of months can be counted; warn a number of days before")
        part = Fraction(self.budget) * percent / 100
        return replace(self, budget=part if self.unit in HOURS else int(part))


def add_months(day: date, months: int) -> date:
    """Return the same day number *months* later, or the month's last day if it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def plain_number(amount: Fraction) -> int | float:
    """Return *amount* as a JSON number: an integer when it is whole."""
    return amount.numerator if amount.denominator == 1 else float(amount)


def _exact(value: object) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, (int, Fraction, Decimal)):
        raise ValueError(f"a budget must be an exact number, not {value!r}")  # noqa: TRY004 (a value from YAML)
    try:
        return Fraction(value)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"a budget must be a finite number, not {value!r}") from error
