"""What counting a limit gives: the due time, and every day that led to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from playbooks.core.calendar import DayReason
from playbooks.core.limit_terms import Limit, Unit
from playbooks.core.working_hours import local_day


@dataclass(frozen=True)
class CountedDay:
    """A day that used up budget; *amount* is the time used on it, for limits in hours only."""

    day: date
    reason: DayReason
    amount: timedelta | None = None


@dataclass(frozen=True)
class SkippedDay:
    """A day that used up nothing; *text* says why in Chinese."""

    day: date
    reason: DayReason
    text: str


@dataclass(frozen=True)
class Projection:
    """The due time of a limit, with the days that lead to it.

    Attributes:
        due_at: UTC instant; the limit is overdue after it.
        provisional: a day it rests on lies in a year whose notice is not recorded.
        counted: days that used up budget, ascending. Days and months: all after the start day.
        skipped: the other days up to the due day, with the reason.
        notes: Chinese sentences a reader must see beside the date.
    """

    limit: Limit
    started_at: datetime
    due_at: datetime
    provisional: bool
    counted: tuple[CountedDay, ...]
    skipped: tuple[SkippedDay, ...]
    calendar_version: str
    notes: tuple[str, ...] = ()

    @property
    def due_on(self) -> date:
        """The day of the due time in Asia/Shanghai."""
        return local_day(self.due_at)

    @property
    def unit(self) -> Unit:
        """The unit that was counted."""
        return self.limit.unit

    @property
    def budget(self) -> Fraction:
        """The amount that was counted."""
        return Fraction(self.limit.budget)


@dataclass(frozen=True)
class Earliest:
    """The first day on which something is allowed, and the count that leads to it."""

    day: date
    projection: Projection

    @property
    def provisional(self) -> bool:
        """Whether the notice of a year may still move the day."""
        return self.projection.provisional
