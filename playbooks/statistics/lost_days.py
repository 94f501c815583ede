"""Days that a source no longer gives: noted once, because what cannot be had must be said, not asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

import duckdb

import sql


@dataclass(frozen=True, slots=True)
class LostDays:
    """A run of days, both ends included, in Asia/Shanghai, found when a night was planned."""

    source: str
    endpoint: str
    account_id: str
    begin_on: date
    end_on: date

    @property
    def text(self) -> str:
        """Return account, endpoint and days as the night's summary names them."""
        return f"{self.account_id} {self.endpoint} {self.begin_on} 至 {self.end_on}"


def note(
    connection: duckdb.DuckDBPyConnection, found: Sequence[LostDays], run_id: str, now: datetime
) -> int:
    """Write what is not written yet into ``lost_day``; return how many runs of days that were.

    A night that fails names the same days again tomorrow, and one more: only that one is added. Days
    that were answered after all, for example by a backfill, are not lost.
    """
    if not found:
        return 0
    rows = [asdict(one) | {"noticed_at": now, "run_id": run_id} for one in found]
    with sql.registered(connection, lost_span=sql.frame(rows)):
        row = sql.execute(connection, "ingest/note_lost_days").fetchone()
    return int(row[0]) if row else 0
