"""From the archive to the marts, with the copies of register and calendar that they rest on."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import duckdb
import polars as pl

import sql
from flows.settings import Settings
from playbooks.core.calendar import load_calendar
from playbooks.core.working_hours import local_day
from playbooks.statistics import build
from sql.catalogs import open_catalog, write

CALENDAR_BEFORE = timedelta(days=800)
CALENDAR_AFTER = timedelta(days=120)


def build_marts(settings: Settings, now: datetime) -> tuple[build.Built, dict[str, int]]:
    """Turn what is archived into marts and run the checks."""
    with write(settings.stats) as connection:
        fill_calendar(connection, settings, local_day(now))
    with open_catalog(settings.stats) as connection:
        built = build.build(connection, now)
        checks = build.run_checks(connection, local_day(now))
    return built, {check.name.rsplit("/", 1)[-1]: check.rows.height for check in checks}


def copy_register(settings: Settings, now: datetime) -> int:
    """Copy the accounts of ``ops`` into ``stats`` as of today; return how many."""
    with open_catalog(settings.ops) as connection:
        accounts = sql.query(connection, "register/snapshot")
    taken_on = local_day(now)
    with write(settings.stats) as connection:
        connection.execute("delete from account_snapshot where taken_on = ?", [taken_on])
        copied = accounts.with_columns(pl.lit(taken_on).alias("taken_on"))
        sql.append(connection, "account_snapshot", copied)
    return accounts.height


def fill_calendar(connection: duckdb.DuckDBPyConnection, settings: Settings, today: date) -> None:
    """Write the work calendar around *today*, so that SQL can count workdays."""
    calendar = load_calendar(settings.calendar_folder)  # days alone: hours make no difference
    first, last = today - CALENDAR_BEFORE, today + CALENDAR_AFTER
    reasons = [calendar.why(first + timedelta(days=n)) for n in range((last - first).days + 1)]
    days = pl.DataFrame(
        {
            "day": [reason.day for reason in reasons],
            "is_workday": [reason.is_workday for reason in reasons],
            "is_provisional": [reason.is_provisional for reason in reasons],
            "label": [reason.name for reason in reasons],
        }
    )
    connection.execute("delete from work_calendar")
    sql.append(connection, "work_calendar", days)
