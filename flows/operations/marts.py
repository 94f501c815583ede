"""From the archive to the marts, with the copies of register and calendar that they rest on."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import duckdb
import polars as pl

import sql
from flows.operations.expectations import copy_expectations
from flows.operations.files import keep_bytes
from flows.operations.office_sources import copy_declared
from flows.settings import Settings
from playbooks.core.calendar import load_calendar
from playbooks.core.working_hours import local_day
from playbooks.statistics import build, corrections
from sql.catalogs import open_catalog, write

CALENDAR_BEFORE = timedelta(days=800)
CALENDAR_AFTER = timedelta(days=120)
CORRECTIONS = "corrections.csv"
CORRECTIONS_FAULT = "fail_corrections_file"


def build_marts(settings: Settings, now: datetime) -> tuple[build.Built, dict[str, int]]:
    """Turn what is archived into marts and run the checks."""
    with write(settings.stats) as connection:
        fill_calendar(connection, settings, local_day(now))
        copy_declared(connection, settings)
        copy_expectations(connection, settings)
    findings: dict[str, int] = {}
    with open_catalog(settings.stats) as connection:
        built = build.build(connection, now)
        try:
            built += apply_corrections(connection, settings, now)
        except corrections.CorrectionError:
            # A slip in one file must not keep a night from the marts; what was declared stays.
            findings[CORRECTIONS_FAULT] = 1
        checks = build.run_checks(connection, local_day(now))
    return built, findings | {check.name: check.rows.height for check in checks}


def apply_corrections(
    connection: duckdb.DuckDBPyConnection, settings: Settings, now: datetime
) -> build.Built:
    """Judge the declared corrections by what the sources say now, and bring the marts up to date.

    Raises:
        CorrectionError: the file cannot be taken; those declared before stay as they were.
    """
    declared, file_sha256 = read_declared(settings)
    with sql.transaction(connection):
        changed = corrections.apply(connection, declared, file_sha256, local_day(now))
    return build.build(connection, now) if changed else build.Built(0, 0, 0, 0)


def corrections_fault(settings: Settings) -> bool:
    """Return whether the file of corrections cannot be taken as it stands."""
    path = settings.home / CORRECTIONS
    if not path.is_file():
        return False
    try:
        corrections.read_corrections(path.read_bytes())
    except corrections.CorrectionError:
        return True
    return False


def read_declared(settings: Settings) -> tuple[list[corrections.Correction], str]:
    """Return the declared corrections and the SHA-256 of their file, which is kept; none without one.

    Raises:
        CorrectionError: the file cannot be taken; nothing of it is used.
    """
    path = settings.home / CORRECTIONS
    if not path.is_file():
        return [], ""
    content = path.read_bytes()
    return corrections.read_corrections(content), keep_bytes(settings, content)


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
