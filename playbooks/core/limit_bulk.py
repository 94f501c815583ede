"""Due times for a whole column of starts at once, identical to `project` row by row.

Workdays and office sessions are laid out once as ascending columns with running sums. A start then
becomes a position in such a sum, the budget is added, and the sum is read backwards: a few look-ups
a row inside Polars, and no Python loop over rows.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple, cast

import polars as pl

from playbooks.core.calendar import WorkCalendar, days_between
from playbooks.core.limit_counting import START_YEARS
from playbooks.core.limit_terms import Limit, Unit
from playbooks.core.working_hours import OfficeHours

MICROSECONDS_A_DAY = 86_400_000_000
ZONE_OFFSET = 8 * 3_600_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FEWEST_WORKDAYS_A_YEAR = 200  # there are about 250; the margin costs a few more rows in a table


class _Days(NamedTuple):
    """One row a day from *origin* (days since 1970): running counts, and the closing of the day."""

    origin: int
    workday_count: pl.Series
    unpublished_count: pl.Series
    closing: pl.Series  # microseconds of UTC, were the day worked
    workday: pl.Series  # row numbers of the workdays only


class _Sessions(NamedTuple):
    """One row a session: its bounds in microseconds of UTC, office time before and including it."""

    opening: pl.Series
    closing: pl.Series
    time_before: pl.Series
    time_until: pl.Series


def project_many(starts: pl.Series, limit: Limit, calendar: WorkCalendar) -> pl.DataFrame:
    """Return when *limit* is due for every start.

    Args:
        starts: datetimes with a zone; null stays null.
        limit: in working days or working hours.
        calendar: decides workdays and office hours.

    Returns:
        One row a start: ``due_at`` (microseconds, UTC) and ``is_provisional``.

    Raises:
        ValueError: starts without a zone or outside 1992 to 2200, or another unit.
    """
    if limit.unit not in {Unit.WORKING_DAYS, Unit.WORKING_HOURS}:
        raise ValueError(f"{limit.unit} are not projected in bulk; use project")
    given = _instants(starts)
    if given.null_count() == len(given):
        return _answer(given, given.cast(pl.Boolean))
    instants = given.fill_null(strategy="min")
    years = _years(instants, limit, calendar.office_hours)
    days = _days(calendar, *years)
    if limit.unit is Unit.WORKING_DAYS:
        answer = _working_days(instants, limit, days)
    else:
        answer = _working_hours(instants, limit, days, _sessions(calendar, *years))
    if not given.null_count():
        return answer
    return answer.select(pl.when(given.is_not_null()).then(pl.all()))


def _instants(starts: pl.Series) -> pl.Series:
    """Return *starts* as microseconds since 1970 UTC."""
    kind = starts.dtype
    if not isinstance(kind, pl.Datetime) or kind.time_zone is None:
        raise ValueError(f"starts are {kind}; expected datetimes with a time zone")
    return starts.dt.convert_time_zone("UTC").dt.cast_time_unit("us").to_physical()


def _years(instants: pl.Series, limit: Limit, hours: OfficeHours) -> tuple[int, int]:
    """Return the first and last year a table must hold for these starts and this budget."""
    first, last = (
        (EPOCH + timedelta(microseconds=edge + ZONE_OFFSET)).year
        for edge in cast("tuple[int, int]", (instants.min(), instants.max()))
    )
    if first not in START_YEARS or last not in START_YEARS:
        raise ValueError(f"starts from {first} to {last}: expected the years 1992 to 2200")
    workdays = int(limit.budget)
    if limit.unit is Unit.WORKING_HOURS:
        workdays = limit.duration // hours.shortest_day
    # The day before the first start is looked up too, so the table begins a year early.
    return first - 1, last + workdays // FEWEST_WORKDAYS_A_YEAR + 2


@lru_cache(maxsize=8)
def _days(calendar: WorkCalendar, first_year: int, last_year: int) -> _Days:
    reasons = [
        calendar.why(day) for day in days_between(date(first_year, 1, 1), date(last_year, 12, 31))
    ]
    is_workday = pl.Series([reason.is_workday for reason in reasons])
    is_unpublished = pl.Series([reason.is_provisional for reason in reasons])
    closings = [_microseconds(calendar.office_hours.closing_on(reason.day)) for reason in reasons]
    return _Days(
        (reasons[0].day - EPOCH.date()).days,
        is_workday.cast(pl.Int64).cum_sum(),
        is_unpublished.cast(pl.Int64).cum_sum(),
        pl.Series(closings, dtype=pl.Int64),
        is_workday.arg_true(),
    )


@lru_cache(maxsize=8)
def _sessions(calendar: WorkCalendar, first_year: int, last_year: int) -> _Sessions:
    spans = [
        (_microseconds(opening), _microseconds(closing))
        for year in range(first_year, last_year + 1)
        for day in calendar.workdays(year)
        for opening, closing in calendar.office_hours.spans_on(day)
    ]
    opening = pl.Series([span[0] for span in spans], dtype=pl.Int64)
    closing = pl.Series([span[1] for span in spans], dtype=pl.Int64)
    time_until = (closing - opening).cum_sum()
    return _Sessions(opening, closing, time_until - (closing - opening), time_until)


def _working_days(instants: pl.Series, limit: Limit, days: _Days) -> pl.DataFrame:
    base, budget = _row(instants, days), int(limit.budget)
    if not budget:  # as in `project`: the next closing of the office, today's if still to come
        base, budget = base - (instants <= days.closing.gather(base)).cast(pl.Int64), 1
    due_row = days.workday.gather(days.workday_count.gather(base) + budget - 1)
    unpublished = days.unpublished_count.gather(due_row) - days.unpublished_count.gather(base)
    return _answer(days.closing.gather(due_row), unpublished > 0)


def _working_hours(
    instants: pl.Series, limit: Limit, days: _Days, sessions: _Sessions
) -> pl.DataFrame:
    first = sessions.closing.search_sorted(instants, side="left")
    waited = instants - sessions.opening.gather(first)
    begin = sessions.time_before.gather(first) + waited.clip(lower_bound=0)
    target = begin + limit.duration // timedelta(microseconds=1)
    # Nothing left and the office closed: the next opening, not the closing that shares its sum.
    last = sessions.time_until.search_sorted(target, side="left")
    last = pl.select(pl.max_horizontal(first, last)).to_series()
    due = sessions.opening.gather(last) + target - sessions.time_before.gather(last)
    before_start = days.unpublished_count.gather(_row(instants, days) - 1)
    unpublished = days.unpublished_count.gather(_row(due, days)) - before_start
    return _answer(due, unpublished > 0)


def _row(instants: pl.Series, days: _Days) -> pl.Series:
    """Return the row of each instant's local day."""
    return (instants + ZONE_OFFSET) // MICROSECONDS_A_DAY - days.origin


def _answer(due: pl.Series, is_provisional: pl.Series) -> pl.DataFrame:
    due_at = due.cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    return pl.DataFrame({"due_at": due_at, "is_provisional": is_provisional})


def _microseconds(instant: datetime) -> int:
    return (instant - EPOCH) // timedelta(microseconds=1)
