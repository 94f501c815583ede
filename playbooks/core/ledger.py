"""The ledger: append-only events in one hash chain, each naming its actor and its instant.

An entry's hash is SHA-256 over its own fields and the hash before it, so that a changed, removed or
reordered entry breaks the chain from there on. What cannot break it, the removal of the newest
entries, shows against a head written elsewhere: letters, packets and the audit heartbeat carry one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

import duckdb
import polars as pl

import sql

GENESIS_HASH: Final = "0" * 64


class EventType(StrEnum):
    """Everything that can happen to a case, in the past tense."""

    CASE_OPENED = "case_opened"
    REPORT_JOINED = "report_joined"
    EVIDENCE_SEALED = "evidence_sealed"
    STEP_STARTED = "step_started"
    STEP_ANSWERED = "step_answered"
    ANSWER_REFUSED = "answer_refused"
    STEP_COMPLETED = "step_completed"
    STEP_ABANDONED = "step_abandoned"
    DEADLINE_ARMED = "deadline_armed"
    DEADLINE_PAUSED = "deadline_paused"
    DEADLINE_RESUMED = "deadline_resumed"
    DEADLINE_EXTENDED = "deadline_extended"
    DEADLINE_SATISFIED = "deadline_satisfied"
    DEADLINE_EXPIRED = "deadline_expired"
    DEADLINE_CANCELLED = "deadline_cancelled"
    DEADLINE_REPROJECTED = "deadline_reprojected"
    RUNG_CLAIMED = "rung_claimed"
    NOBODY_REACHABLE = "nobody_reachable"
    LETTER_DRAFTED = "letter_drafted"
    REVIEWED = "reviewed"
    SIGNED = "signed"
    RETURNED = "returned"
    LETTER_DISPATCHED = "letter_dispatched"
    RECEIPT_RECORDED = "receipt_recorded"
    SENDING_UNCLEAR = "sending_unclear"
    REPORTER_ANSWERED = "reporter_answered"
    HANDED_OVER = "handed_over"
    MESSAGE_QUEUED = "message_queued"
    MESSAGE_DELIVERED = "message_delivered"
    MESSAGE_UNKNOWN = "message_unknown"
    MESSAGE_FAILED = "message_failed"
    CASE_CLOSED = "case_closed"
    PACKET_MADE = "packet_made"


@dataclass(frozen=True)
class NewEvent:
    """An event that is not in the ledger yet.

    Attributes:
        reference: what else the event is about (a deadline, a step, a message), for look-ups.
        payload: JSON-ready facts; never a secret.
    """

    case_id: str
    event_type: EventType
    actor: str
    payload: Mapping[str, object] = field(default_factory=dict[str, object])
    reference: str = ""


@dataclass(frozen=True)
class Event:
    """An entry of the ledger."""

    position: int
    case_id: str
    event_type: EventType
    reference: str
    actor: str
    occurred_at: datetime
    payload: Mapping[str, object]


@dataclass(frozen=True)
class Head:
    """The newest entry; printed on paper it fixes everything before it."""

    position: int
    entry_hash: str


@dataclass(frozen=True)
class Breach:
    """The first place where the chain does not hold."""

    position: int
    what: str


class LedgerContentionError(RuntimeError):
    """Another writer appended first; the transaction must be repeated from its start."""


def head(connection: duckdb.DuckDBPyConnection) -> Head:
    """Return the newest entry of the chain, or position 0 with the genesis hash."""
    found = sql.rows(connection, "ledger/head")
    if not found:
        return Head(0, GENESIS_HASH)
    return Head(int(str(found[0]["position"])), str(found[0]["entry_hash"]))


def append(
    connection: duckdb.DuckDBPyConnection, new_events: Sequence[NewEvent], now: datetime
) -> Head:
    """Append *new_events* in order and return the new head; call it inside a transaction.

    Raises:
        LedgerContentionError: another process appended the same position first.
    """
    latest = head(connection)
    entries: list[dict[str, object]] = []
    for event in new_events:
        position = latest.position + 1
        entry: dict[str, object] = {
            "position": position,
            "case_id": event.case_id,
            "event_type": str(event.event_type),
            "reference": event.reference,
            "actor": event.actor,
            "occurred_at": now,
            "payload": canonical_json(event.payload),
            "previous_hash": latest.entry_hash,
        }
        latest = Head(position, entry_hash(entry))
        entries.append({**entry, "entry_hash": latest.entry_hash})
    if entries:
        try:
            sql.append(connection, "case_event", _frame(entries))
        except duckdb.ConstraintException as error:
            raise LedgerContentionError("another writer appended to the ledger first") from error
    return latest


def entry_hash(entry: Mapping[str, object]) -> str:
    """Return the SHA-256 that seals *entry*, which holds every column but ``entry_hash``."""
    occurred_at = entry["occurred_at"]
    assert isinstance(occurred_at, datetime)
    sealed = [
        entry["position"],
        entry["case_id"],
        entry["event_type"],
        entry["reference"],
        entry["actor"],
        occurred_at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry["payload"],
        entry["previous_hash"],
    ]
    return hashlib.sha256(canonical_json(sealed).encode("utf-8")).hexdigest()


def verify(entries: Iterable[Mapping[str, object]], expected: Head | None = None) -> Breach | None:
    """Return the first breach in *entries*, which are every row in order of position, or ``None``.

    Args:
        entries: rows of ``case_event`` with aware ``occurred_at``.
        expected: a head known from elsewhere; the chain must reach and contain it.
    """
    previous = GENESIS_HASH
    position = 0
    holds_expected = expected is None or expected.position == 0
    for entry in entries:
        position += 1
        if entry["position"] != position:
            return Breach(
                position, f"entry {position} is missing; {entry['position']} stands there"
            )
        if entry["previous_hash"] != previous:
            return Breach(position, f"entry {position} does not follow entry {position - 1}")
        previous = entry_hash(entry)
        if entry["entry_hash"] != previous:
            return Breach(position, f"entry {position} ({entry['event_type']}) was changed")
        if expected and expected.position == position:
            if expected.entry_hash != previous:
                return Breach(position, f"entry {position} differs from the head noted elsewhere")
            holds_expected = True
    if not holds_expected:
        assert expected is not None
        return Breach(
            position + 1, f"entries after {position} are gone; {expected.position} is noted"
        )
    return None


def verify_catalog(
    connection: duckdb.DuckDBPyConnection, expected: Head | None = None
) -> Breach | None:
    """Verify the whole ledger of the ops catalog; see ``verify``."""
    return verify(_batches(connection), expected)


def read_case(connection: duckdb.DuckDBPyConnection, case_id: str) -> list[Event]:
    """Return the events of one case in order."""
    return [_event(row) for row in sql.rows(connection, "ledger/of_case", case_id=case_id)]


def canonical_json(value: object) -> str:
    """Return JSON with sorted keys and no spaces, so that equal values have equal text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _batches(connection: duckdb.DuckDBPyConnection) -> Iterable[Mapping[str, object]]:
    after = 0
    while True:
        batch = sql.rows(connection, "ledger/after", position=after, limit=50_000)
        if not batch:
            return
        yield from batch
        after = int(str(batch[-1]["position"]))


def _event(row: Mapping[str, object]) -> Event:
    occurred_at = row["occurred_at"]
    assert isinstance(occurred_at, datetime)
    return Event(
        position=int(str(row["position"])),
        case_id=str(row["case_id"]),
        event_type=EventType(str(row["event_type"])),
        reference=str(row["reference"]),
        actor=str(row["actor"]),
        occurred_at=occurred_at,
        payload=json.loads(str(row["payload"])),
    )


def _frame(entries: Sequence[Mapping[str, object]]) -> pl.DataFrame:
    return pl.DataFrame(entries, infer_schema_length=None)
