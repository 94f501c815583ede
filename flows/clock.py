"""The one place that reads the clock.

``JUZHEN_NOW`` (an ISO instant with its zone) fixes the time for a demonstration or a drill; every
command that runs under it says so.
"""

from __future__ import annotations

import os
from datetime import UTC, date, datetime

from playbooks.core.working_hours import local_day


def now() -> datetime:
    """Return the present instant in UTC, or the one that ``JUZHEN_NOW`` fixes."""
    fixed = os.environ.get("JUZHEN_NOW")
    if not fixed:
        return datetime.now(UTC)
    instant = datetime.fromisoformat(fixed)
    if instant.tzinfo is None:
        raise ValueError(f"JUZHEN_NOW={fixed} has no zone; write for example {fixed}+08:00")
    return instant.astimezone(UTC)


def is_fixed() -> bool:
    """Whether ``JUZHEN_NOW`` stands in for the clock."""
    return bool(os.environ.get("JUZHEN_NOW"))


def today() -> date:
    """Return the present day in Asia/Shanghai."""
    return local_day(now())
