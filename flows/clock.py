"""The one place that reads the clock.

``JUZHEN_NOW`` (an ISO instant with its zone) fixes the time for a demonstration or a drill; every
command that runs under it says so.
"""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from typing import Final

from flows.settings import SettingsError
from playbooks.core.working_hours import local_day

# Far enough from the ends of the calendar that looking back and ahead never runs off it.
YEARS: Final = range(1993, 2200)


def now() -> datetime:
    """Return the present instant in UTC, or the one that ``JUZHEN_NOW`` fixes.

    Raises:
        SettingsError: ``JUZHEN_NOW`` is no instant, or has no zone.
    """
    fixed = os.environ.get("JUZHEN_NOW")
    return parse_instant("JUZHEN_NOW", fixed) if fixed else real_now()


def real_now() -> datetime:
    """Return the clock's instant in UTC whatever ``JUZHEN_NOW`` says, as other systems stamp it."""
    return datetime.now(UTC)


def parse_instant(name: str, text: str) -> datetime:
    """Return the ISO instant in *text*, in UTC; *name* says in the error where it was written.

    Raises:
        SettingsError: no instant, one without its zone, or one beyond ``YEARS``.
    """
    try:
        instant = datetime.fromisoformat(text)
        stored = instant.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise SettingsError(f"{name}={text} 不是时刻，应如 2026-11-23T09:00+08:00") from error
    if instant.tzinfo is None:
        raise SettingsError(f"{name}={text} 缺少时区，应如 {text}+08:00")
    if stored.year not in YEARS:
        raise SettingsError(f"{name}={text} 超出可计算的年份（{YEARS[0]} 至 {YEARS[-1]}）")
    return stored


def is_fixed() -> bool:
    """Whether ``JUZHEN_NOW`` stands in for the clock."""
    return bool(os.environ.get("JUZHEN_NOW"))


def today() -> date:
    """Return the present day in Asia/Shanghai."""
    return local_day(now())
