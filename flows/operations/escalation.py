"""Sweep, dispatch and audit: three short jobs that know nothing of each other.

They run from Prefect and, because a dead server fires nothing, from an operating-system timer as
well; running twice at once is harmless.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import duckdb

from flows.operations.people import case_setting
from flows.settings import Settings
from playbooks.core import audit as audit_core
from playbooks.core import outbox
from playbooks.core import sweep as sweep_core
from playbooks.core.ledger import Head, LedgerContentionError
from sql.catalogs import open_catalog, write

MOST_BATCHES = 50
MESSAGES_PER_RUN = 200
CONTENTION_TRIES = 5


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
    """How many messages ended how in one run."""

    delivered: int
    queued_again: int
    unknown: int
    failed: int


def sweep(settings: Settings, now: datetime) -> list[sweep_core.SweepResult]:
    """Claim everything that is due, batch by batch, the most overdue first."""
    results: list[sweep_core.SweepResult] = []
    for _ in range(MOST_BATCHES):
        results.append(_sweep_batch(settings, now))
        if not results[-1].is_full:
            break
    return results


def _sweep_batch(settings: Settings, now: datetime) -> sweep_core.SweepResult:
    for attempt in range(CONTENTION_TRIES):
        try:
            with write(settings.ops) as connection:
                setting = case_setting(settings, connection, now, "system:sweep")
                return sweep_core.sweep(connection, setting, uuid.uuid4().hex)
        except (LedgerContentionError, duckdb.TransactionException):
            # In cluster mode another sweep may commit first; the claim is then its, not ours.
            if attempt + 1 == CONTENTION_TRIES:
                raise
    raise AssertionError("unreachable")


def dispatch(settings: Settings, sender: Sender, now: datetime) -> DispatchResult:
    """Send what is queued and resolve what an earlier run left half-sent."""
    endings: list[outbox.Ending | None] = [
        *_resolve_stuck(settings, sender, now),
        *_send_queued(settings, sender, now),
    ]
    with write(settings.ops) as connection:
        sweep_core.beat(connection, "dispatch", now, f"{len(endings)} messages")
    return DispatchResult(
        delivered=endings.count(outbox.Ending.DELIVERED),
        queued_again=endings.count(None) + endings.count(outbox.Ending.RATE_LIMITED),
        unknown=endings.count(outbox.Ending.UNKNOWN),
        failed=endings.count(outbox.Ending.FAILED) + endings.count(outbox.Ending.REFUSED),
    )


def _send_queued(
    settings: Settings, sender: Sender, now: datetime
) -> Iterator[outbox.Ending | None]:
    for _ in range(MESSAGES_PER_RUN):
        # One at a time: a killed sender leaves at most one message in doubt.
        with write(settings.ops) as connection:
            messages = outbox.take(connection, now, 1)
        if not messages:
            return
        attempt = sender.send(messages[0])
        with write(settings.ops) as connection:
            outbox.settle(connection, messages[0], attempt, now, "system:dispatch")
        yield attempt.ending
        if attempt.ending is outbox.Ending.RATE_LIMITED:
            return


def _resolve_stuck(
    settings: Settings, sender: Sender, now: datetime
) -> Iterator[outbox.Ending | None]:
    with open_catalog(settings.ops) as connection:
        messages = outbox.stuck(connection, now)
    for message in messages:
        found = sender.find(message)
        with write(settings.ops) as connection:
            if found is not None and found.ending is outbox.Ending.FAILED:
                # The channel says that it never arrived: sending again repeats nothing.
                outbox.requeue(connection, message, now, 1, found.detail)
                yield None
                continue
            detail = "发送中断，渠道无法确认是否送达"
            attempt = found or outbox.Attempt(outbox.Ending.UNKNOWN, detail=detail)
            outbox.settle(connection, message, attempt, now, "system:dispatch")
        yield attempt.ending


def audit(settings: Settings, now: datetime) -> audit_core.AuditResult:
    """Run every check, and give the heartbeat file only when all are clean."""
    path = settings.home / "audit-heartbeat.json"
    with open_catalog(settings.ops) as connection:
        result = audit_core.audit(connection, now, _noted_head(settings))
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


def _noted_head(settings: Settings) -> Head | None:
    path = settings.home / "audit-heartbeat.json"
    if not path.is_file():
        return None
    noted = json.loads(path.read_text(encoding="utf-8"))
    return Head(int(noted["ledger_position"]), str(noted["ledger_hash"]))
