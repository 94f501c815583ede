"""The sweep: find the rungs that are due and claim each exactly once, with message and entry.

One transaction inserts the claim, queues the message and appends to the ledger; the insert is the
claim, unique on (deadline, rung), so overlapping sweeps are harmless. What is due is read from rows
at every sweep, never from a timer: lateness is written down, a missed tick costs only time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

import duckdb

import sql
from playbooks.core import ledger
from playbooks.core.cases import engine, store
from playbooks.core.cases.folding import fold
from playbooks.core.cases.forms import AnswerError
from playbooks.core.ledger import EventType, NewEvent
from playbooks.core.messages import acknowledged_text, outbox_row, recipient_of
from playbooks.core.playbook import Playbook
from playbooks.core.playbook.flow import after_expiry
from playbooks.core.playbook.model import Role
from playbooks.core.why import counting_text, rung_text

if TYPE_CHECKING:
    import polars as pl

BATCH = 5_000
"""Rungs claimed in one transaction; the most overdue come first, the rest in the next batch."""

Row = Mapping[str, object]


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
    rows = mine.rows(named=True)
    playbooks = store.read_playbooks(connection, {str(row["playbook_digest"]) for row in rows})
    events = _events(rows, playbooks, setting, token)
    ledger.append(connection, events, setting.now)
    queued = [event for event in events if event.event_type is EventType.MESSAGE_QUEUED]
    sql.insert(connection, "outbox", [outbox_row(event, setting.now) for event in queued])
    expiring = [row for row in rows if row["is_expiry"]]
    _expire(connection, expiring, playbooks, setting)
    beat(connection, "sweep", setting.now, f"claimed {len(rows)}")
    return SweepResult(
        claimed=len(rows),
        expired=len(expiring),
        nobody=sum(event.event_type is EventType.NOBODY_REACHABLE for event in events),
        latest_s=max((float(str(row["lateness_s"])) for row in rows), default=0.0),
        is_full=due.height == batch,
    )


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
    ours = sql.query(connection, "deadlines/claimed_by", token=token)
    with sql.registered(connection, claimed_rung=ours):
        sql.execute(connection, "deadlines/mark_claimed")
    return due.join(ours, on=["deadline_id", "rung_number"], how="semi", maintain_order="left")


def _events(
    rows: Sequence[Row],
    playbooks: Mapping[str, Playbook | None],
    setting: store.Setting,
    token: str,
) -> list[NewEvent]:
    events: list[NewEvent] = []
    alarmed: set[str] = set()
    for row in rows:
        role = _role(row, playbooks)
        claimed, message = _pair(row, role, setting, token)
        playbook = playbooks[str(row["playbook_digest"])]
        if playbook and playbook.is_internal:
            message = replace(message, payload={**message.payload, "is_internal_only": True})
        events.extend((claimed, message))
        if message.payload["recipient"] is None and role.roster not in alarmed:
            alarmed.add(role.roster)
            events.append(_nobody(row, role, setting))
    return events


def _role(row: Row, playbooks: Mapping[str, Playbook | None]) -> Role:
    """Return the role a rung is for; by its bare name when the playbook cannot be read."""
    name = str(row["target_role"])
    playbook = playbooks[str(row["playbook_digest"])]
    if playbook is None or name not in playbook.roles:
        return Role(title=name, roster=name)
    return playbook.roles[name]


def _pair(row: Row, role: Role, setting: store.Setting, token: str) -> tuple[NewEvent, NewEvent]:
    case_id, deadline_id = str(row["case_id"]), str(row["deadline_id"])
    number, lateness_s = int(str(row["rung_number"])), float(str(row["lateness_s"]))
    due_at, deadline_due_at = row["due_at"], row["deadline_due_at"]
    assert isinstance(due_at, datetime)
    assert isinstance(deadline_due_at, datetime)
    is_owner = row["target_role"] == row["owner_role"]
    assigned_to = str(row["owner_person_id"]) if is_owner and row["owner_person_id"] else None
    key = f"rung:{deadline_id}:{number}"
    is_after = due_at > deadline_due_at
    is_past = is_after or bool(row["is_expiry"])
    rung = {"deadline_id": deadline_id, "rung_number": number, "lateness_s": lateness_s}
    claim = {**rung, "claimed_by": token}
    message = {
        **rung,
        "dedupe_key": key,
        "kind": "rung",
        "case_title": row["case_title"],
        "step_id": row["step_id"],
        "visit": row["visit"],
        "deadline_title": row["deadline_title"],
        "deadline_due_at": deadline_due_at.isoformat(),
        "due_kind": row["kind"],
        "counting": counting_text(str(row["unit"]), setting.calendar, setting.now),
        "why": rung_text(role.title, is_assigned=assigned_to is not None, is_past=is_past),
        "basis": row["basis"],
        "is_provisional": row["is_provisional"],
        "is_expiry": row["is_expiry"],
        "is_after": is_after,
        "lateness_minutes": int(lateness_s // 60),
        "acknowledged": acknowledged_text(row["acknowledged_by"], row["acknowledged_at"]),
        "role": row["target_role"],
        "role_title": role.title,
        "recipient": recipient_of(setting.directory, role.roster, assigned_to),
    }
    return (
        NewEvent(case_id, EventType.RUNG_CLAIMED, setting.actor, claim, key),
        NewEvent(case_id, EventType.MESSAGE_QUEUED, setting.actor, message, key),
    )


def _nobody(row: Row, role: Role, setting: store.Setting) -> NewEvent:
    facts = {"roster": role.roster, "role_title": role.title, "at": setting.now.isoformat()}
    return NewEvent(
        str(row["case_id"]), EventType.NOBODY_REACHABLE, setting.actor, facts, role.roster
    )


def _expire(
    connection: duckdb.DuckDBPyConnection,
    expiring: Sequence[Row],
    playbooks: Mapping[str, Playbook | None],
    setting: store.Setting,
) -> None:
    """Let deadlines whose 100% rung was claimed expire; those with an ``on_expire`` go that way."""
    going: dict[str, list[Row]] = {}
    plain: list[NewEvent] = []
    for row in expiring:
        playbook = playbooks[str(row["playbook_digest"])]
        step = playbook.step(str(row["step_id"])) if playbook else None
        if step and after_expiry(step):
            going.setdefault(str(row["case_id"]), []).append(row)
        else:
            plain.append(_expired(row, setting))
    events = ledger.read_cases(connection, going)
    for case_id, rows in going.items():
        playbook = playbooks[str(rows[0]["playbook_digest"])]
        assert playbook is not None
        current = store.turn(playbook, fold(case_id, events[case_id]), setting)
        plain.extend(_take_the_way(current, rows, setting))
    store.commit(connection, plain, setting.now)


def _take_the_way(
    current: engine.Turn, rows: Sequence[Row], setting: store.Setting
) -> list[NewEvent]:
    try:
        for row in rows:
            engine.expire(current, str(row["deadline_id"]))
    except AnswerError:
        # The way leads to an end whose proof is missing: the step stays, overdue, with its people.
        return [_expired(row, setting) for row in rows]
    return current.events


def _expired(row: Row, setting: store.Setting) -> NewEvent:
    deadline_id = str(row["deadline_id"])
    facts = {"deadline_id": deadline_id, "step_id": row["step_id"]}
    return NewEvent(
        str(row["case_id"]), EventType.DEADLINE_EXPIRED, setting.actor, facts, deadline_id
    )
