"""The ledger: append-only events in one hash chain, each naming its actor and its instant.

An entry's hash is SHA-256 over its own fields and the hash before it, so that a changed, removed or
reordered entry breaks the chain from there on. What cannot break it, the removal of the newest
entries, shows against a head written elsewhere: letters, packets and the audit heartbeat carry one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import duckdb

import sql
from playbooks.core.events import Event as Event
from playbooks.core.events import EventType as EventType
from playbooks.core.events import NewEvent as NewEvent

GENESIS_HASH: Final = "0" * 64
BATCH: Final = 50_000
LOWEST: Final = -(2**63)
HIGHEST: Final = 2**63 - 1


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
            sql.insert(connection, "case_event", entries)
        except duckdb.Error as error:
            # An attached PostgreSQL reports the same as a plain error with its own words.
            if "duplicate key" not in str(error).lower():
                raise
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


def verify(
    entries: Iterable[Mapping[str, object]],
    expected: Head | None = None,
    start: Head | None = None,
) -> Breach | None:
    """Return the first breach in *entries*, which are rows in order of position, or ``None``.

    Args:
        entries: rows of ``case_event`` with aware ``occurred_at``.
        expected: a head known from elsewhere; the chain must reach and contain it.
        start: the entry before the first of *entries*; left out for the whole ledger.
    """
    previous = start or Head(0, GENESIS_HASH)
    awaited = expected if expected and expected.position > previous.position else None
    for entry in entries:
        position = previous.position + 1
        what = _fault(entry, previous)
        if what:
            return Breach(position, what)
        previous = Head(position, str(entry["entry_hash"]))
        if awaited and awaited.position == position:
            if awaited.entry_hash != previous.entry_hash:
                return Breach(position, f"entry {position} differs from the head noted elsewhere")
            awaited = None
    if awaited:
        position = previous.position
        return Breach(
            position + 1, f"entries after {position} are gone; {awaited.position} is noted"
        )
    return None


def verify_catalog(
    connection: duckdb.DuckDBPyConnection, expected: Head | None = None
) -> Breach | None:
    """Verify the whole ledger of the ops catalog; see ``verify``."""
    return verify(_entries(connection), expected)


def verify_part(
    connection: duckdb.DuckDBPyConnection,
    first: int,
    last: int | None = None,
    expected: Head | None = None,
) -> Breach | None:
    """Verify the entries from position *first* to *last* (or the newest), as ``verify`` does.

    The entry before the part is taken at its word; to whom a head was noted, the part that starts
    there shows whether everything since still stands.
    """
    if first <= 1:
        return verify(_entries(connection, LOWEST, last), expected)
    before = sql.rows(connection, "ledger/between", first=first - 1, last=first - 1)
    if not before:
        return Breach(first - 1, f"entry {first - 1} is missing")
    start = Head(first - 1, str(before[0]["entry_hash"]))
    return verify(_entries(connection, first, last), expected, start)


def read_case(connection: duckdb.DuckDBPyConnection, case_id: str) -> list[Event]:
    """Return the events of one case in order."""
    return [_event(row) for row in sql.rows(connection, "ledger/of_case", case_id=case_id)]


def read_cases(
    connection: duckdb.DuckDBPyConnection, case_ids: Iterable[str]
) -> dict[str, list[Event]]:
    """Return the events of several cases in order, each case's under its id."""
    found: dict[str, list[Event]] = {case_id: [] for case_id in case_ids}
    if not found:
        return found
    wanted = sql.frame([{"case_id": case_id} for case_id in found])
    with sql.registered(connection, wanted_case=wanted):
        for row in sql.rows(connection, "ledger/of_cases"):
            found[str(row["case_id"])].append(_event(row))
    return found


def read_packets(connection: duckdb.DuckDBPyConnection) -> dict[str, list[Event]]:
    """Return the events of every packet in order, each packet's under its key."""
    found: dict[str, list[Event]] = {}
    for row in sql.rows(connection, "ledger/of_packets"):
        found.setdefault(str(row["case_id"]), []).append(_event(row))
    return found


def read_all(connection: duckdb.DuckDBPyConnection) -> Iterator[list[Event]]:
    """Yield every event in order, a batch at a time."""
    for batch in _batches(connection, LOWEST, HIGHEST):
        yield [_event(row) for row in batch]


def canonical_json(value: object) -> str:
    """Return JSON with sorted keys and no spaces, so that equal values have equal text."""
    return _ENCODER.encode(value)


_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _fault(entry: Mapping[str, object], previous: Head) -> str:
    position = previous.position + 1
    if entry["position"] != position:
        return f"entry {position} is missing; {entry['position']} stands there"
    if entry["previous_hash"] != previous.entry_hash:
        return f"entry {position} does not follow entry {previous.position}"
    if entry["entry_hash"] != entry_hash(entry):
        return f"entry {position} ({entry['event_type']}) was changed"
    return ""


def _entries(
    connection: duckdb.DuckDBPyConnection, first: int = LOWEST, last: int | None = None
) -> Iterator[Mapping[str, object]]:
    # From below every position there could be: an entry forged at 0 must be seen as well.
    for batch in _batches(connection, first, HIGHEST if last is None else last):
        yield from batch


def _batches(
    connection: duckdb.DuckDBPyConnection, first: int, last: int
) -> Iterator[list[sql.Row]]:
    """Yield the entries from *first* to *last*; a gap, however wide, costs one look."""
    while True:
        found = sql.rows(connection, "ledger/next_position", first=first)[0]["position"]
        if not isinstance(found, int) or found > last:
            return
        until = min(last, found + BATCH - 1)
        yield sql.rows(connection, "ledger/between", first=found, last=until)
        if until == HIGHEST:
            return
        first = until + 1


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
