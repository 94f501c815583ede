"""How much of a limit has passed, and what is left of it when its clock stops."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction

from playbooks.core.calendar import WorkCalendar
from playbooks.core.limit_terms import MICROSECONDS_AN_HOUR, Limit, Unit, add_months
from playbooks.core.working_hours import local_day


def consume(unit: Unit, since: datetime, until: datetime, calendar: WorkCalendar) -> Fraction:
    """Return how much of a budget in *unit* passed between two instants.

    A day is charged when it begins, and the day of *since* never is, exactly as `project` counts:
    so ``consume(unit, start, due_at)`` is the budget (more when the end rolled over rest days),
    amounts of adjoining spans of hours and days add up, and a pause within one day changes nothing.
    Months are whole months completed; adjoining spans of months do not add up.

    Raises:
        ValueError: *until* is before *since*, or one of them is naive.
    """
    first, last = local_day(since), local_day(until)
    if until < since:
        raise ValueError(f"{until.isoformat()} is before {since.isoformat()}")
    if unit is Unit.WALL_HOURS:
        return _hours(until - since)
    if unit is Unit.WORKING_HOURS:
        return _hours(_office_time(since, until, calendar))
    if unit is Unit.CALENDAR_DAYS:
        return Fraction((last - first).days)
    if unit is Unit.WORKING_DAYS:
        return Fraction(calendar.count_workdays(first, last))
    return Fraction(_whole_months(first, last))


def rest_after(limit: Limit, since: datetime, paused_at: datetime, calendar: WorkCalendar) -> Limit:
    """Return the limit that is left when a clock running since *since* stops at *paused_at*.

    Projecting the rest from *paused_at* gives the same due time as before, so a pause of no length
    moves nothing. Months leave calendar days, because a part of a month has no length of its own.
    What is left is never below zero: an overdue limit rests at zero.
    """
    if limit.unit is Unit.MONTHS:
        end = add_months(local_day(since), int(limit.budget))
        left_days = (end - local_day(paused_at)).days
        return replace(limit, budget=max(0, left_days), unit=Unit.CALENDAR_DAYS)
    left = limit.budget - consume(limit.unit, since, paused_at, calendar)
    return replace(limit, budget=max(Fraction(0), left))


def _hours(span: timedelta) -> Fraction:
    return Fraction(span // timedelta(microseconds=1), MICROSECONDS_AN_HOUR)


def _office_time(since: datetime, until: datetime, calendar: WorkCalendar) -> timedelta:
    """Sum the office minutes between two instants."""
    total, day, last = timedelta(), local_day(since), local_day(until)
    while day <= last:
        if calendar.is_workday(day):
            for opening, closing in calendar.office_hours.spans_on(day):
                total += max(timedelta(), min(closing, until) - max(opening, since))
        day += timedelta(days=1)
    return total


def _whole_months(first: date, last: date) -> int:
    months = (last.year - first.year) * 12 + last.month - first.month
    return months if add_months(first, months) <= last else months - 1
