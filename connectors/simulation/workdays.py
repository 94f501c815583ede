"""Working days as the simulation sees them: the published calendar, and weekdays where it ends.

The product's own calendar refuses an unpublished year; a simulation must run on any date, so here
Monday to Friday stand in for what no notice has settled yet.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import chinese_calendar  # pyright: ignore[reportMissingTypeStubs]


@lru_cache(maxsize=8192)
def is_workday(day: date) -> bool:
    """Say whether *day* is worked, make-up days (调休) included."""
    try:
        return bool(chinese_calendar.is_workday(day))  # pyright: ignore[reportUnknownMemberType]
    except NotImplementedError:
        return day.weekday() < 5


def workdays_after(day: date, until: date) -> int:
    """Count the working days after *day* up to and including *until*."""
    span = (until - day).days
    return sum(is_workday(day + timedelta(days=offset)) for offset in range(1, span + 1))


def day_before_workdays(until: date, count: int) -> date:
    """Return the latest day that has *count* working days after it, up to and including *until*."""
    day, seen = until, 0
    while seen < count:
        seen += is_workday(day)
        day -= timedelta(days=1)
    return day
