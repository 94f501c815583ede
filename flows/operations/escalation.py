"""Sweep, dispatch and audit: three short jobs that know nothing of each other.

They run from Prefect and, because a dead server fires nothing, from an operating-system timer as
well; running twice at once is harmless.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Protocol

import duckdb

from flows.clock import real_now
from flows.operations.health import heartbeat_path
from flows.operations.people import case_setting
from flows.settings import Settings
from playbooks.core import audit as audit_core
from playbooks.core import outbox, parcels
from playbooks.core import sweep as sweep_core
from playbooks.core.cases.deadline_changes import reproject_outdated
from playbooks.core.ledger import Head, LedgerContentionError
from playbooks.core.routing import Routing, single
from sql.catalogs import open_catalog, write

MOST_BATCHES = 50
MESSAGES_PER_RUN = 200
LONGEST_WAIT_S = 1.5
CONTENTION_TRIES = 5
REPROJECTED_PER_RUN = 100

Clock = Callable[[], datetime]


class Sender(Protocol):
    """What dispatch needs of a chat channel; ``flows.channels`` makes one from the settings."""

    def send(self, message: outbox.Message) -> outbox.Attempt:
        """Send once and say how it went; never raises for a channel's failure."""
        ...

    def find(self, message: outbox.Message) -> outbox.Attempt | None:
        """Look whether an earlier attempt arrived; ``None`` when the channel cannot tell."""
        ...


@dataclass(frozen=True)
class DispatchResult:
    """How many messages ended how in one run; ``rerouted`` went on to their next channel."""

    delivered: int
    queued_again: int
    unknown: int
    failed: int
    rerouted: int


def sweep(settings: Settings, now: datetime) -> list[sweep_core.SweepResult]:
    """Claim everything that is due, batch by batch, the most overdue first.

    Deadlines that rest on an older work calendar are projected again before, some at every sweep.
    """
    results = [_sweep_batch(settings, now, REPROJECTED_PER_RUN)]
    while results[-1].is_full and len(results) < MOST_BATCHES:
        results.append(_sweep_batch(settings, now))
    return results


def _sweep_batch(settings: Settings, now: datetime, reprojected: int = 0) -> sweep_core.SweepResult:
    for attempt in range(CONTENTION_TRIES):
        try:
            with write(settings.ops) as connection:
                setting = case_setting(settings, connection, now, "system:sweep")
                if reprojected:
                    reproject_outdated(connection, setting, reprojected)
                return sweep_core.sweep(connection, setting, uuid.uuid4().hex)
        except (LedgerContentionError, duckdb.TransactionException):
            # In cluster mode another sweep may commit first; the claim is then its, not ours.
            if attempt + 1 == CONTENTION_TRIES:
                raise
    raise AssertionError("unreachable")


def dispatch(
    settings: Settings, sender: Sender, clock: Clock, routing: Routing | None = None
) -> DispatchResult:
    """Send what is queued and resolve what an earlier run left half-sent.

    The clock is read at every message: a slow channel makes a run long, and a message taken late in
    it must not look as if its sender had died at the start.

    Args:
        settings: of this installation.
        sender: reaches the channels.
        clock: by which messages are due.
        routing: which channel each message takes; one channel for everything when left out.
    """
    way = routing or single()
    endings: list[outbox.Ending | None] = [
        *_resolve_stuck(settings, sender, clock, way),
        *_send_queued(settings, sender, clock, way),
    ]
    with write(settings.ops) as connection:
        sweep_core.beat(connection, "dispatch", clock(), f"{len(endings)} messages")
    return DispatchResult(
        delivered=endings.count(outbox.Ending.DELIVERED),
        queued_again=endings.count(outbox.Ending.RATE_LIMITED),
        unknown=endings.count(outbox.Ending.UNKNOWN),
        failed=endings.count(outbox.Ending.FAILED) + endings.count(outbox.Ending.REFUSED),
        rerouted=endings.count(None),
    )


def _send_queued(
    settings: Settings, sender: Sender, clock: Clock, routing: Routing
) -> Iterator[outbox.Ending | None]:
    # One at a time: a killed sender leaves at most one message, or digest, in doubt.
    with write(settings.ops) as connection:
        looked = parcels.take(connection, routing, _clocks(clock))
    for _ in range(MESSAGES_PER_RUN):
        if looked.parcel is None:
            if not _waited(looked.opens_at, clock):
                return
            with write(settings.ops) as connection:
                looked = parcels.take(connection, routing, _clocks(clock))
            continue
        parcel = looked.parcel
        attempt = sender.send(parcel.outward)
        rerouted = 0
        with write(settings.ops) as connection:
            # Unclear is left as if we had died here: the next run asks the channel first.
            if attempt.ending is not outbox.Ending.UNKNOWN:
                rerouted = parcels.settle(connection, parcel, attempt, routing, clock())
            looked = parcels.take(connection, routing, _clocks(clock))
        yield from [None] * rerouted
        yield from [attempt.ending] * (len(parcel.parts) - rerouted)


def _clocks(clock: Clock) -> parcels.Clocks:
    return parcels.Clocks(clock(), real_now())


def _waited(opens_at: datetime | None, clock: Clock) -> bool:
    """Wait for a channel that opens within a moment (Feishu: 5 a second); false for a longer wait.

    False as well when *clock* stands still (``JUZHEN_NOW``): by it the pause never ends.
    """
    if opens_at is None:
        return False
    wait_s = (opens_at - real_now()).total_seconds()
    if wait_s > LONGEST_WAIT_S:
        return False
    before = clock()
    time.sleep(max(0.0, wait_s) + 0.01)
    return clock() > before


def _resolve_stuck(
    settings: Settings, sender: Sender, clock: Clock, routing: Routing
) -> Iterator[outbox.Ending | None]:
    with open_catalog(settings.ops) as connection:
        found = parcels.stuck(connection, clock())
    for parcel in found:
        # A channel that says "never arrived" counts as a failed attempt: sending again repeats nothing.
        attempt = sender.find(parcel.outward) or outbox.Attempt(
            outbox.Ending.UNKNOWN, detail="发送中断，渠道无法确认是否送达"
        )
        with write(settings.ops) as connection:
            rerouted = parcels.settle(connection, parcel, attempt, routing, clock())
        yield from [None] * rerouted
        yield from [attempt.ending] * (len(parcel.parts) - rerouted)


def audit(settings: Settings, now: datetime, *, is_full: bool = False) -> audit_core.AuditResult:
    """Run every check, and give the heartbeat file only when all are clean.

    Args:
        settings: of this installation.
        now: of the audit.
        is_full: verify every entry and compare every open case; takes minutes at scale.
    """
    path = heartbeat_path(settings.home)
    expected, unreadable = _noted_head(path)
    with open_catalog(settings.ops) as connection:
        result = audit_core.audit(connection, now, expected, is_full=is_full)
    if unreadable:
        result = replace(result, findings=(*result.findings, unreadable))
    if result.is_clean:
        beat = {
            "clean_at": now.isoformat(),
            "ledger_position": result.head.position,
            "ledger_hash": result.head.entry_hash,
        }
        partial = path.with_suffix(".part")
        partial.write_text(json.dumps(beat), encoding="utf-8")
        partial.replace(path)
    return result


def _noted_head(path: Path) -> tuple[Head | None, audit_core.Finding | None]:
    """Return what the last clean audit noted, or the finding that its note cannot be read."""
    if not path.is_file():
        return None, None
    try:
        noted = json.loads(path.read_text(encoding="utf-8"))
        return Head(int(noted["ledger_position"]), str(noted["ledger_hash"])), None
    except (ValueError, TypeError, KeyError) as error:
        sentence = "上次审计的记录读不出来，无从比对；请查明原因，核对 juzhen verify 后删除该文件"
        example = f"{path}（{type(error).__name__}）"
        return None, audit_core.Finding("unreadable_heartbeat", sentence, 1, (example,))
