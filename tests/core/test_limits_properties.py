"""Work-time arithmetic against an oracle that knows nothing of it: one minute after another."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from fractions import Fraction
from functools import cache

import chinese_calendar
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from playbooks.core.calendar import WorkCalendar, load_calendar
from playbooks.core.limit_bulk import project_many
from playbooks.core.limits import Limit, LimitKind, Roll, Unit, consume, project, rest_after
from playbooks.core.working_hours import read_office_hours

CALENDAR = load_calendar()
EIGHT_HOURS_EAST = timezone(timedelta(hours=8))
MINUTE = timedelta(minutes=1)
OFFICE_MINUTES = [*range(510, 690), *range(780, 990)]  # 08:30-11:30, 13:00-16:30

minutes = st.integers(0, 7 * 366 * 1440 - 1)
starts = minutes.map(lambda n: datetime(2020, 1, 1, tzinfo=EIGHT_HOURS_EAST) + n * MINUTE)
# Where the uniform draw seldom falls: holidays on weekdays, make-up days, year ends; before hours, at
# the edges of lunch, within it, after hours.
SPECIAL_DAYS = [
    day
    for day in (date(2020, 1, 1) + timedelta(days=n) for n in range(7 * 365))
    if chinese_calendar.is_workday(day) == (day.isoweekday() > 5)
    or (day.month, day.day) in {(12, 30), (12, 31), (1, 1), (1, 2)}
]
awkward = st.builds(
    lambda day, clock: datetime.combine(day, clock, EIGHT_HOURS_EAST),
    st.sampled_from(SPECIAL_DAYS),
    st.sampled_from(
        [time(0), time(7, 59), time(11, 29), time(11, 30), time(12), time(13), time(20)]
    ),
)
# Edges of sessions and days, and the edges of the published years, where arithmetic goes wrong.
edges = st.builds(
    lambda day, clock, off: datetime.combine(day, clock, EIGHT_HOURS_EAST) + off,
    st.one_of(
        st.dates(date(2003, 12, 29), date(2004, 1, 8)),
        st.dates(date(2026, 12, 24), date(2027, 1, 5)),
        st.dates(date(2026, 9, 18), date(2026, 10, 12)),
    ),
    st.sampled_from([time(0), time(8, 30), time(11, 30), time(13), time(16, 30)]),
    st.sampled_from([timedelta(microseconds=off) for off in (-1, 0, 1)]),
)
anywhere = st.datetimes(
    datetime(2019, 12, 1), datetime(2027, 12, 31), timezones=st.just(EIGHT_HOURS_EAST)
)
instants = edges | anywhere
small_budgets = st.integers(1, 1200)


def limit_of(budget: object, unit: Unit, roll: Roll = Roll.NONE) -> Limit:
    return Limit(budget, unit, LimitKind.INTERNAL, "office rule", roll)


def working_minutes(budget: int) -> Limit:
    return limit_of(Fraction(budget, 60), Unit.WORKING_HOURS)


@cache
def is_worked(day: date) -> bool:
    """The library itself up to 2026; in the unpublished 2027 weekdays without the statutory days."""
    if day.year < 2027:
        return chinese_calendar.is_workday(day)
    statutory = {(1, 1), (2, 5), (2, 8), (4, 5), (6, 9), (9, 15), (10, 1)}
    return day.isoweekday() < 6 and (day.month, day.day) not in statutory


def minute_by_minute(start: datetime, budget: int) -> datetime:
    office = set(OFFICE_MINUTES)
    now = start
    while budget:
        if is_worked(now.date()) and now.hour * 60 + now.minute in office:
            budget -= 1
        now += MINUTE
    return now


@settings(max_examples=150, deadline=None)
@given(starts | awkward, small_budgets)
def test_working_hours_agree_with_the_oracle(start: datetime, budget: int) -> None:
    assert project(working_minutes(budget), start, CALENDAR).due_at == minute_by_minute(
        start, budget
    )


@settings(max_examples=200, deadline=None)
@given(starts | awkward, st.integers(1, 40))
def test_working_days_agree_with_the_oracle(start: datetime, budget: int) -> None:
    day, left = start.date(), budget
    while left:
        day += timedelta(days=1)
        left -= is_worked(day)
    projection = project(limit_of(budget, Unit.WORKING_DAYS), start, CALENDAR)
    assert projection.due_at == datetime(
        day.year, day.month, day.day, 16, 30, tzinfo=EIGHT_HOURS_EAST
    )
    assert projection.provisional is (day.year > 2026)


units = st.sampled_from(list(Unit))


@settings(max_examples=300, deadline=None)
@given(instants, units, st.integers(0, 60), st.sampled_from(list(Roll)))
def test_more_budget_is_never_due_earlier(
    start: datetime, unit: Unit, budget: int, roll: Roll
) -> None:
    roll = roll if unit in {Unit.CALENDAR_DAYS, Unit.MONTHS} else Roll.NONE
    less, more = (
        project(limit_of(amount, unit, roll), start, CALENDAR).due_at
        for amount in (budget, budget + 1)
    )
    assert less <= more
    assert unit is Unit.WORKING_DAYS or roll is Roll.NEXT_WORKDAY or less < more


@settings(max_examples=300, deadline=None)
@given(instants, units, st.integers(1, 60))
def test_at_the_due_time_the_budget_has_passed(start: datetime, unit: Unit, budget: int) -> None:
    due_at = project(limit_of(budget, unit), start, CALENDAR).due_at
    assert consume(unit, start, due_at, CALENDAR) == budget


@settings(max_examples=400, deadline=None)
@given(instants, units, st.integers(1, 60), st.fractions(0, 1), st.sampled_from(list(Roll)))
def test_a_pause_of_no_length_moves_nothing(
    start: datetime, unit: Unit, budget: int, share: Fraction, roll: Roll
) -> None:
    roll = roll if unit in {Unit.CALENDAR_DAYS, Unit.MONTHS} else Roll.NONE
    limit = limit_of(budget, unit, roll)
    due_at = project(limit, start, CALENDAR).due_at
    paused_at = start + timedelta(
        microseconds=int((due_at - start) // timedelta(microseconds=1) * share)
    )
    rest = rest_after(limit, start, paused_at, CALENDAR)
    assert project(rest, paused_at, CALENDAR).due_at == due_at


@settings(max_examples=200, deadline=None)
@given(st.lists(instants, min_size=3, max_size=3), units)
def test_adjoining_spans_add_up(moments: list[datetime], unit: Unit) -> None:
    first, second, third = sorted(moments)
    parts = consume(unit, first, second, CALENDAR) + consume(unit, second, third, CALENDAR)
    whole = consume(unit, first, third, CALENDAR)
    assert parts == whole or (unit is Unit.MONTHS and whole - parts == 1)


@settings(max_examples=200, deadline=None)
@given(instants, st.sampled_from([Unit.WORKING_DAYS, Unit.CALENDAR_DAYS]), st.integers(1, 60))
def test_every_day_after_the_start_is_either_counted_or_skipped(
    start: datetime, unit: Unit, budget: int
) -> None:
    roll = Roll.NEXT_WORKDAY if unit is Unit.CALENDAR_DAYS else Roll.NONE
    projection = project(limit_of(budget, unit, roll), start, CALENDAR)
    days = sorted([*projection.counted, *projection.skipped], key=lambda told: told.day)
    after_start = (projection.due_on - start.date()).days
    assert [told.day for told in days] == [
        start.date() + timedelta(days=n + 1) for n in range(after_start)
    ]
    assert len(projection.counted) == budget


@settings(max_examples=200, deadline=None)
@given(instants, st.integers(1, 3000))
def test_counted_minutes_are_the_budget(start: datetime, budget: int) -> None:
    counted = project(working_minutes(budget), start, CALENDAR).counted
    assert sum((day.amount for day in counted), timedelta()) == budget * MINUTE


SEASONAL = load_calendar(
    office_hours=read_office_hours(
        {
            "sessions": ["08:30-11:30", "13:00-16:30"],
            "seasons": [
                {"first": "07-01", "last": "08-31", "sessions": ["08:00-12:00"]},
                {"first": "12-16", "last": "01-15", "sessions": ["09:00-10:00", "10:30-15:00"]},
            ],
        }
    )
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.none() | instants, min_size=1, max_size=20),
    st.sampled_from([Unit.WORKING_DAYS, Unit.WORKING_HOURS]),
    st.integers(0, 3) | st.integers(0, 300),
    st.sampled_from([CALENDAR, SEASONAL]),
)
def test_bulk_is_identical_to_one_by_one(
    column: list[datetime | None], unit: Unit, budget: int, calendar: WorkCalendar
) -> None:
    limit = limit_of(budget, unit)
    instants_utc = [start and start.astimezone(UTC) for start in column]
    answer = project_many(pl.Series(instants_utc, dtype=pl.Datetime("us", "UTC")), limit, calendar)
    expected = [start and project(limit, start, calendar) for start in column]
    assert answer["due_at"].to_list() == [one and one.due_at for one in expected]
    assert answer["is_provisional"].to_list() == [one and one.provisional for one in expected]
