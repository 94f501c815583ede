"""Deadline arithmetic in bulk beside ``numpy.busday_offset``, which knows holidays but no office.

NumPy gets the same 2026 rest days as holidays. It cannot be told that a Saturday is worked
(调休), knows no hours, and says nothing about provisional years: the ratio is the price of those.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import polars as pl

from benchmarks import Result, best_time_s
from playbooks.core.calendar import days_between, load_calendar
from playbooks.core.limit_bulk import project_many
from playbooks.core.limits import Limit, LimitKind, Unit, project

ROW_COUNT = 1_000_000
SAMPLE_COUNT = 2_000
SEED = 20_261_122


def run() -> list[Result]:
    """Measure a million starts of 2025 and 2026 in working days and hours, and one by one."""
    calendar = load_calendar()
    holidays = [
        day
        for day in days_between(date(2025, 1, 1), date(2026, 12, 31))
        if day.weekday() < 5 and not calendar.is_workday(day)
    ]
    first, last = (
        int(datetime(year, 1, 1, tzinfo=UTC).timestamp() * 1_000_000) for year in (2025, 2027)
    )
    microseconds = np.random.default_rng(SEED).integers(first, last, ROW_COUNT)
    starts = pl.Series(microseconds).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    days = microseconds.astype("datetime64[us]").astype("datetime64[D]")
    rules = np.busdaycalendar(holidays=holidays)
    reference_s = best_time_s(lambda: np.busday_offset(days, 15, roll="backward", busdaycal=rules))
    reference = f"numpy.busday_offset, {ROW_COUNT:,} days"
    results: list[Result] = []
    for budget, unit in ((15, Unit.WORKING_DAYS), (4, Unit.WORKING_HOURS)):
        limit = Limit(budget, unit, LimitKind.INTERNAL, "benchmark")
        figure_s = best_time_s(lambda limit=limit: project_many(starts, limit, calendar))
        name = f"project_many {budget} {unit}, {ROW_COUNT:,} rows"
        results.append(Result(name, figure_s, reference, reference_s))
    sample = starts.head(SAMPLE_COUNT).to_list()
    limit = Limit(15, Unit.WORKING_DAYS, LimitKind.INTERNAL, "benchmark")
    one_by_one_s = best_time_s(lambda: [project(limit, start, calendar) for start in sample])
    name = f"project 15 {Unit.WORKING_DAYS} with every day explained, a million at the speed of {SAMPLE_COUNT:,}"
    results.append(Result(name, one_by_one_s * ROW_COUNT / SAMPLE_COUNT, reference, reference_s))
    return results
