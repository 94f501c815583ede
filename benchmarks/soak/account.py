"""The books after a soak: every rung and every message, from tables, ledger and the channel itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb

from connectors.simulation.slack_message import SlackMessage
from playbooks.core import ledger
from playbooks.core.cases.rebuild import differences
from playbooks.core.facts import as_mapping
from playbooks.core.ledger import EventType

LATE_S = 300


@dataclass(frozen=True)
class Line:
    """One line of the table; ``must_be_zero`` lines decide the exit status."""

    what: str
    count: int
    must_be_zero: bool = False


def account(
    connection: duckdb.DuckDBPyConnection, sent: Sequence[SlackMessage], now: datetime
) -> list[Line]:
    """Return the table of a finished soak, as of *now*."""
    return [*_rungs(connection, now), *_messages(connection, sent), *_ledger(connection)]


def _rungs(connection: duckdb.DuckDBPyConnection, now: datetime) -> list[Line]:
    rows = connection.execute("select status, due_at <= ?, count(*) from rung group by all", [
        now.astimezone(UTC).replace(tzinfo=None)
    ]).fetchall()  # fmt: skip
    by_state: Counter[tuple[str, bool]] = Counter({(s, bool(d)): n for s, d, n in rows})
    in_ledger: Counter[tuple[str, int]] = Counter()
    for batch in ledger.read_all(connection):
        in_ledger.update(
            (str(event.payload["deadline_id"]), int(str(event.payload["rung_number"])))
            for event in batch
            if event.event_type is EventType.RUNG_CLAIMED
        )
    claims = set(connection.execute("select deadline_id, rung_number from rung_claim").fetchall())
    latest = connection.execute("select max(lateness_s) from rung_claim").fetchone()
    late = connection.execute(
        "select count(*) from rung_claim where lateness_s > ?", [LATE_S]
    ).fetchone()
    return [
        Line("rungs armed in all", sum(by_state.values())),
        Line("  claimed", len(claims)),
        Line("  withdrawn before they were due", sum(n for (s, _), n in by_state.items() if s == "cancelled")),
        Line("  not due yet, or paused", by_state["armed", False] + by_state["paused", True] + by_state["paused", False]),
        Line("  due and never claimed: LOST", by_state["armed", True], must_be_zero=True),
        Line("  claimed twice in the ledger", sum(n > 1 for n in in_ledger.values()), must_be_zero=True),
        Line("  claimed in only one of ledger and table", len(claims ^ set(in_ledger)), must_be_zero=True),
        Line("  claimed more than five minutes late (outages; written down)", late[0] if late else 0),
        Line("  greatest lateness, minutes", int((latest[0] or 0) // 60) if latest else 0),
    ]  # fmt: skip


def _messages(connection: duckdb.DuckDBPyConnection, sent: Sequence[SlackMessage]) -> list[Line]:
    rows = connection.execute(
        "select dedupe_key, coalesce(sending_key, dedupe_key), status from outbox"
    ).fetchall()
    claims = connection.execute("select deadline_id, rung_number from rung_claim").fetchall()
    known = {key for key, _, _ in rows}
    by_status = Counter(status for _, _, status in rows)
    arrived = Counter(_key(message) for message in sent)
    carried = Counter(under for _, under, _ in rows)
    attempted = dict(
        connection.execute(
            "select sending_key, max(message_count) from channel_attempt group by all"
        ).fetchall()
    )
    # A part that travels again under another key leaves the digest it had arrived in with too few.
    missing = sum(count - carried[key] for key, count in attempted.items() if arrived[key])
    return [
        Line("messages in the outbox", len(rows)),
        *(Line(f"  {status}", count) for status, count in sorted(by_status.items())),
        Line("  that travelled in a digest", sum(under != key for key, under, _ in rows)),
        Line("messages and digests in the channel", arrived.total()),
        Line("  rungs claimed without a message", sum(f"rung:{d}:{n}" not in known for d, n in claims), must_be_zero=True),
        Line("  still under way", by_status["queued"] + by_status["sending"], must_be_zero=True),
        Line("  arrived twice", sum(n > 1 for n in arrived.values()) + missing, must_be_zero=True),
        Line("  delivered by our word and not in the channel", sum(not arrived[under] for _, under, status in rows if status == "delivered"), must_be_zero=True),
        Line("  in the channel and not known to the outbox", sum(key not in known and key not in attempted for key in arrived), must_be_zero=True),
        Line("  given up or unclear, and no person was told", by_status["failed"] + by_status["unknown"], must_be_zero=True),
    ]  # fmt: skip


def _ledger(connection: duckdb.DuckDBPyConnection) -> list[Line]:
    breach = ledger.verify_catalog(connection)
    case_ids = [row[0] for row in connection.execute("select case_id from case_summary").fetchall()]
    apart = len(list(differences(connection, case_ids)))
    closed = connection.execute(
        "select count(*) from case_summary where status = 'closed'"
    ).fetchone()
    return [
        Line("cases", len(case_ids)),
        Line("  closed", closed[0] if closed else 0),
        Line("entries in the ledger", ledger.head(connection).position),
        Line("  where the chain breaks", int(breach is not None), must_be_zero=True),
        Line("  tables that differ from a fold of the ledger", apart, must_be_zero=True),
    ]


def _key(message: SlackMessage) -> str:
    payload = as_mapping((message.metadata or {}).get("event_payload", {}))
    return str(payload.get("dedupe_key", ""))
