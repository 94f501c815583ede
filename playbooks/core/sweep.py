"""The sweep: find the rungs that are due and claim each exactly once, with message and entry.

One transaction inserts the claim, queues the message and appends to the ledger; the insert is the
claim, unique on (deadline, rung), so overlapping sweeps are harmless. What is due is read from rows
at every sweep, never from a timer: lateness is written down, a missed tick costs only time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb
import polars as pl

import sql
from playbooks.core import ledger
from playbooks.core.cases import engine, store
from playbooks.core.ledger import EventType, NewEvent
from playbooks.core.messages import outbox_row, recipient_of
from playbooks.core.playbook import Playbook
from playbooks.core.playbook.model import TIMED

BATCH = 5_000
"""Rungs claimed in one transaction; the most overdue come first, the rest in the next batch."""


@dataclass(frozen=True)
class SweepResult:
    """What one batch did.

    Attributes:
        latest_s: the greatest lateness among the claimed rungs, in seconds.
        is_full: whether more may be due and another batch should follow at once.
    """

    claimed: int
    expired: int
    nobody: int
    latest_s: float
    is_full: bool


def sweep(
    connection: duckdb.DuckDBPyConnection,
    setting: store.Setting,
    token: str,
    *,
    batch: int = BATCH,
) -> SweepResult:
    """Claim what is due at ``setting.now``; call it inside a transaction.

    Args:
        connection: the ops catalog.
        setting: time, calendar, duty directory and actor.
        token: unique to this call; tells our claims from another sweep's.
        batch: claims at most.
    """
    due = sql.query(connection, "deadlines/due_rungs", now=setting.now, limit=batch)
    mine = _claim(connection, due, setting.now, token)
    events = _events(connection, mine, setting)
    ledger.append(connection, events, setting.now)
    queued = [event for event in events if event.event_type is EventType.MESSAGE_QUEUED]
    _queue(connection, queued, setting.now)
    expired = _expire(connection, mine, setting)
    beat(connection, "sweep", setting.now, f"claimed {mine.height}")
    nobody = sum(event.event_type is EventType.NOBODY_REACHABLE for event in events)
    latest = mine["lateness_s"].max() if mine.height else 0.0
    assert isinstance(latest, float)
    return SweepResult(mine.height, expired, nobody, latest, due.height == batch)


def beat(connection: duckdb.DuckDBPyConnection, name: str, now: datetime, detail: str) -> None:
    """Note that a part of the system ran."""
    sql.execute(connection, "deadlines/beat", name=name, now=now, detail=detail)


def _claim(
    connection: duckdb.DuckDBPyConnection, due: pl.DataFrame, now: datetime, token: str
) -> pl.DataFrame:
    """Insert the claims and return the due rungs that are ours."""
    if due.is_empty():
        return due
    keys = due.select("deadline_id", "rung_number", "lateness_s")
    with sql.registered(connection, due_rung=keys):
        sql.execute(connection, "deadlines/claim", now=now, token=token)
    sql.execute(connection, "deadlines/mark_batch_claimed", token=token)
    ours = sql.query(connection, "deadlines/claimed_by", token=token)
    return due.join(ours, on=["deadline_id", "rung_number"], how="semi", maintain_order="left")


def _events(
    connection: duckdb.DuckDBPyConnection, mine: pl.DataFrame, setting: store.Setting
) -> list[NewEvent]:
    events: list[NewEvent] = []
    alarmed: set[str] = set()
    for row in mine.iter_rows(named=True):
        playbook = store.read_playbook(connection, row["playbook_digest"])
        claimed, message = _pair(row, playbook, setting)
        events.extend((claimed, message))
        role = playbook.roles[row["target_role"]].roster
        if message.payload["recipient"] is None and role not in alarmed:
            alarmed.add(role)
            events.append(_nobody(row, playbook, setting))
    return events


def _pair(
    row: Mapping[str, object], playbook: Playbook, setting: store.Setting
) -> tuple[NewEvent, NewEvent]:
    case_id, deadline_id = str(row["case_id"]), str(row["deadline_id"])
    number, lateness_s = int(str(row["rung_number"])), float(str(row["lateness_s"]))
    role = playbook.roles[str(row["target_role"])]
    due_at, deadline_due_at = row["due_at"], row["deadline_due_at"]
    assert isinstance(due_at, datetime)
    assert isinstance(deadline_due_at, datetime)
    key = f"rung:{deadline_id}:{number}"
    claim = {"deadline_id": deadline_id, "rung_number": number, "lateness_s": lateness_s}
    message = {
        **claim,
        "dedupe_key": key,
        "kind": "rung",
        "case_title": row["case_title"],
        "step_id": row["step_id"],
        "visit": row["visit"],
        "deadline_title": row["deadline_title"],
        "deadline_due_at": deadline_due_at.isoformat(),
        "due_kind": row["kind"],
        "basis": row["basis"],
        "is_provisional": row["is_provisional"],
        "is_expiry": row["is_expiry"],
        "is_after": due_at > deadline_due_at,
        "lateness_minutes": int(lateness_s // 60),
        "role": row["target_role"],
        "role_title": role.title,
        "recipient": recipient_of(setting.directory, role.roster),
    }
    return (
        NewEvent(case_id, EventType.RUNG_CLAIMED, setting.actor, claim, key),
        NewEvent(case_id, EventType.MESSAGE_QUEUED, setting.actor, message, key),
    )


def _nobody(row: Mapping[str, object], playbook: Playbook, setting: store.Setting) -> NewEvent:
    role = playbook.roles[str(row["target_role"])]
    facts = {"roster": role.roster, "role_title": role.title, "at": setting.now.isoformat()}
    return NewEvent(
        str(row["case_id"]), EventType.NOBODY_REACHABLE, setting.actor, facts, role.roster
    )


def _queue(
    connection: duckdb.DuckDBPyConnection, queued: Sequence[NewEvent], now: datetime
) -> None:
    rows = [outbox_row(event, now) for event in queued]
    if rows:
        nullable = dict.fromkeys(("link", "receipt", "detail"), pl.String)
        stamps = dict.fromkeys(("sending_since_at", "finished_at"), pl.Datetime("us", "UTC"))
        frame = pl.DataFrame(rows, schema_overrides={**nullable, **stamps})
        sql.append(connection, "outbox", frame)


def _expire(
    connection: duckdb.DuckDBPyConnection, mine: pl.DataFrame, setting: store.Setting
) -> int:
    """Let every deadline whose 100% rung was claimed expire, and take its ``on_expire`` way."""
    expiring = mine.filter(pl.col("is_expiry")) if mine.height else mine
    plain: list[NewEvent] = []
    for row in expiring.iter_rows(named=True):
        step = store.read_playbook(connection, row["playbook_digest"]).step(row["step_id"])
        if isinstance(step, TIMED) and step.on_expire:
            _expire_one(connection, str(row["case_id"]), str(row["deadline_id"]), setting)
        else:
            facts = {"deadline_id": row["deadline_id"], "step_id": row["step_id"]}
            plain.append(
                NewEvent(
                    str(row["case_id"]),
                    EventType.DEADLINE_EXPIRED,
                    setting.actor,
                    facts,
                    str(row["deadline_id"]),
                )
            )
    ledger.append(connection, plain, setting.now)
    if plain:
        overdue = pl.DataFrame({"deadline_id": [event.reference for event in plain]})
        with sql.registered(connection, overdue_deadline=overdue):
            sql.execute(connection, "deadlines/mark_batch_overdue")
    return expiring.height


def _expire_one(
    connection: duckdb.DuckDBPyConnection, case_id: str, deadline_id: str, setting: store.Setting
) -> None:
    def decide(current: engine.Turn) -> None:
        engine.expire(current, deadline_id)

    store.change(connection, case_id, setting, decide)
