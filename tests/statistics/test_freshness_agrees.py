"""The set-based freshness mart and the rule that explains one account count the same days."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

import sql
from playbooks.core.calendar import load_calendar
from playbooks.core.staleness_rule import staleness

FIRST = date(2025, 8, 1)
TODAYS = [date(2025, 10, 9), date(2025, 12, 31), date(2026, 1, 5), date(2026, 2, 27)]


@pytest.mark.parametrize("today", TODAYS, ids=str)
def test_every_silence_up_to_four_months(stats, today):
    calendar = load_calendar()
    updates = [today - timedelta(days=n) for n in range(120) if today - timedelta(days=n) > FIRST]
    _fill(stats, calendar, updates, today)
    found = {
        row["account_id"]: row for row in sql.rows(stats, "marts/account_freshness", today=today)
    }
    assert len(found) == len(updates)
    for update in updates:
        row, rule = found[update.isoformat()], staleness(update, today, calendar)
        assert (row["workdays_since"], row["calendar_days_since"]) == (
            rule.workdays,
            rule.calendar_days,
        )
        assert (row["state"], row["first_rule"], row["first_bites_on"]) == (
            rule.state,
            rule.first_rule,
            rule.first_rule_on,
        )
        assert (row["local_bites_on"], row["is_provisional"]) == (
            rule.local_overdue_on,
            rule.is_provisional,
        )


def _fill(stats, calendar, updates, today):
    days = [calendar.why(FIRST + timedelta(days=n)) for n in range(365)]
    calendar_rows = pl.DataFrame(
        {
            "day": [day.day for day in days],
            "is_workday": [day.is_workday for day in days],
            "is_provisional": [day.is_provisional for day in days],
        }
    )
    sql.append(stats, "work_calendar", calendar_rows)
    ids = [update.isoformat() for update in updates]
    snapshot = pl.DataFrame({"account_id": ids}).with_columns(
        taken_on=pl.lit(today),
        unit_id=pl.lit("U-1"),
        unit_name=pl.lit("云杉新区管委会"),
        platform=pl.lit("weibo"),
        name=pl.lit("号"),
        status=pl.lit("active"),
    )
    sql.append(stats, "account_snapshot", snapshot)
    known = pl.DataFrame(
        {
            "account_id": [name for name in ids for _ in range(2)],
            "stat_date": [day for update in updates for day in (update, today)],
            "published_count": [count for _ in updates for count in (1.0, 0.0)],
        }
    )
    # The update itself, and an empty day today, so that the count runs up to today.
    sql.append(stats, "account_day", known.filter(~_is_update_today(today)))


def _is_update_today(today):
    return (
        (pl.col("stat_date") == today)
        & (pl.col("account_id") == today.isoformat())
        & (pl.col("published_count") == 0)
    )
