"""The audit's heartbeat as others read it: a file that only a clean audit writes.

Light on purpose: the server process answers from here and must not load the warehouse.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Literal

FRESH_FOR: Final = timedelta(minutes=15)
"""Three audits; older means that nobody knows whether a deadline was missed."""

Status = Literal["ok", "stale", "missing", "unreadable"]


@dataclass(frozen=True)
class Heartbeat:
    """What the heartbeat file says.

    Attributes:
        clean_at: when the last clean audit ended; ``None`` unless the file says so.
        age_s: seconds since then.
    """

    status: Status
    clean_at: datetime | None = None
    age_s: float | None = None


def heartbeat_path(home: Path) -> Path:
    """Return the file that a clean audit writes."""
    return home / "audit-heartbeat.json"


def read_heartbeat(home: Path, now: datetime) -> Heartbeat:
    """Return whether a clean audit ended lately, as of *now*."""
    try:
        noted = json.loads(heartbeat_path(home).read_text(encoding="utf-8"))
        clean_at = datetime.fromisoformat(noted["clean_at"])
        age_s = (now - clean_at).total_seconds()
    except FileNotFoundError:
        return Heartbeat("missing")
    except (OSError, ValueError, TypeError, KeyError):
        return Heartbeat("unreadable")
    # A beat from the future is as worthless as an old one: a clock was wrong then or is wrong now.
    is_fresh = -60 <= age_s <= FRESH_FOR.total_seconds()
    return Heartbeat("ok" if is_fresh else "stale", clean_at, age_s)
