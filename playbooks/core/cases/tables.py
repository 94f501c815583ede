"""Fold events into the tables of the ops catalog: summaries, steps, deadlines, rungs, outbox.

The tables exist so that a sweep or a board is one query. They hold nothing that the ledger does not:
``rebuild`` empties them and folds the whole ledger again, and the audit compares.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import duckdb
import polars as pl

import sql
from playbooks.core import messages
from playbooks.core.facts import as_instant, as_mappings
from playbooks.core.ledger import EventType, NewEvent

Payload = Mapping[str, object]
Row = dict[str, object]


def project_events(
    connection: duckdb.DuckDBPyConnection, events: Sequence[NewEvent], now: datetime
) -> None:
    """Bring the tables up to date with *events*, which were just appended at *now*."""
    for event in events:
        handler = _HANDLERS.get(event.event_type)
        if handler:
            handler(connection, event, now)


def _opened(connection: duckdb.DuckDBPyConnection, event: NewEvent, now: datetime) -> None:
    payload = event.payload
    summary = {
        "case_id": event.case_id,
        "playbook_id": payload["playbook_id"],
        "playbook_digest": payload["playbook_digest"],
        "title": messages.case_title(payload),
        "dedupe_key": payload["dedupe_key"],
        "status": "open",
        "outcome": None,
        "is_drill": payload["is_drill"],
        "opened_at": now,
        "closed_at": None,
    }
    sql.insert(connection, "case_summary", [summary])


def _closed(connection: duckdb.DuckDBPyConnection, event: NewEvent, now: datetime) -> None:
    sql.execute(
        connection,
        "cases/close",
        case_id=event.case_id,
        outcome=event.payload["outcome"],
        closed_at=now,
    )
    sql.execute(connection, "cases/finish_all_steps", case_id=event.case_id, finished_at=now)


def _step_started(connection: duckdb.DuckDBPyConnection, event: NewEvent, now: datetime) -> None:
    payload = event.payload
    step = {
        "case_id": event.case_id,
        "step_id": payload["step_id"],
        "visit": payload["visit"],
        "title": payload["title"],
        "step_type": payload["step_type"],
        "owner_role": payload["owner_role"],
        "owner_person_id": None,
        "status": "open",
        "started_at": now,
        "finished_at": None,
    }
    sql.insert(connection, "case_step", [step])


def _step_finished(connection: duckdb.DuckDBPyConnection, event: NewEvent, now: datetime) -> None:
    status = "completed" if event.event_type is EventType.STEP_COMPLETED else "abandoned"
    sql.execute(
        connection,
        "cases/finish_step",
        case_id=event.case_id,
        step_id=event.payload["step_id"],
        visit=event.payload["visit"],
        status=status,
        finished_at=now,
    )


def _owner_changed(connection: duckdb.DuckDBPyConnection, event: NewEvent, now: datetime) -> None:
    sql.execute(
        connection,
        "cases/change_owner",
        case_id=event.case_id,
        step_id=event.payload["step_id"],
        visit=event.payload["visit"],
        person_id=event.payload["to_person_id"],
    )


def _stage_passed(connection: duckdb.DuckDBPyConnection, event: NewEvent, now: datetime) -> None:
    sql.execute(
        connection,
        "cases/pass_on",
        case_id=event.case_id,
        step_id=event.payload["step_id"],
        visit=event.payload["visit"],
        owner_role=event.payload["next_role"],
    )


def _armed(connection: duckdb.DuckDBPyConnection, event: NewEvent, now: datetime) -> None:
    payload = event.payload
    started_at = as_instant(payload["started_at"])
    sql.insert(
        connection,
        "deadline",
        [
            {
                "deadline_id": payload["deadline_id"],
                "case_id": event.case_id,
                "step_id": payload["step_id"],
                "visit": payload["visit"],
                "title": payload["title"],
                "budget": payload["budget"],
                "unit": payload["unit"],
                "kind": payload["kind"],
                "basis": payload["basis"],
                "started_at": started_at,
                "running_since_at": started_at,
                "consumed": 0.0,
                "due_at": as_instant(payload["due_at"]),
                "is_provisional": payload["is_provisional"],
                "calendar_version": payload["calendar_version"],
                "status": "running",
                "pause_reason": None,
            }
        ],
    )
    sql.insert(connection, "rung", rung_rows(event.case_id, payload))


def rung_rows(case_id: str, payload: Payload) -> list[Row]:
    """Return the rows of table ``rung`` that a ``deadline_armed`` payload declares."""
    return [
        {
            "deadline_id": payload["deadline_id"],
            "rung_number": rung["rung_number"],
            "case_id": case_id,
            "due_at": as_instant(rung["due_at"]),
            "target_role": rung["target_role"],
            "is_expiry": rung["is_expiry"],
            "status": "armed",
        }
        for rung in as_mappings(payload["rungs"])
    ]


def _done(status: str) -> Callable[[duckdb.DuckDBPyConnection, NewEvent, datetime], None]:
    def handler(connection: duckdb.DuckDBPyConnection, event: NewEvent, now: datetime) -> None:
        deadline_id = event.payload["deadline_id"]
        sql.execute(connection, "deadlines/set_status", deadline_id=deadline_id, status=status)
        sql.execute(connection, "deadlines/cancel_rungs", deadline_id=deadline_id)

    return handler


def _expired(connection: duckdb.DuckDBPyConnection, event: NewEvent, now: datetime) -> None:
    overdue = pl.DataFrame({"deadline_id": [event.payload["deadline_id"]]})
    with sql.registered(connection, overdue_deadline=overdue):
        sql.execute(connection, "deadlines/mark_batch_overdue")


def _paused(connection: duckdb.DuckDBPyConnection, event: NewEvent, now: datetime) -> None:
    payload = event.payload
    sql.execute(
        connection,
        "deadlines/pause",
        deadline_id=payload["deadline_id"],
        consumed=payload["consumed"],
        reason=payload["reason"],
    )
    sql.execute(connection, "deadlines/pause_rungs", deadline_id=payload["deadline_id"])


def _reprojected(connection: duckdb.DuckDBPyConnection, event: NewEvent, now: datetime) -> None:
    """Resume, extend and re-project alike replace due times and keep what was consumed."""
    payload = event.payload
    sql.execute(
        connection,
        "deadlines/reproject",
        deadline_id=payload["deadline_id"],
        budget=payload["budget"],
        consumed=payload["consumed"],
        running_since_at=as_instant(payload["running_since_at"]),
        due_at=as_instant(payload["due_at"]),
        is_provisional=payload["is_provisional"],
        calendar_version=payload["calendar_version"],
        now=now,
    )
    for rung in as_mappings(payload["rungs"]):
        sql.execute(
            connection,
            "deadlines/move_rung",
            deadline_id=payload["deadline_id"],
            rung_number=rung["rung_number"],
            due_at=as_instant(rung["due_at"]),
        )
    again = {"deadline_id": payload["deadline_id"], "rungs": payload["rungs_again"]}
    sql.insert(connection, "rung", rung_rows(event.case_id, again))


def _rung_claimed(connection: duckdb.DuckDBPyConnection, event: NewEvent, now: datetime) -> None:
    """Only a rebuild comes here: the sweep claims in bulk, because its insert is the claim."""
    payload = event.payload
    claim = {
        "deadline_id": payload["deadline_id"],
        "rung_number": payload["rung_number"],
        "claimed_at": now,
        "lateness_s": payload["lateness_s"],
        "claimed_by": payload["claimed_by"],
    }
    sql.insert(connection, "rung_claim", [claim])
    sql.execute(
        connection,
        "deadlines/mark_claimed",
        deadline_id=payload["deadline_id"],
        rung_number=payload["rung_number"],
    )


def _message_queued(connection: duckdb.DuckDBPyConnection, event: NewEvent, now: datetime) -> None:
    sql.insert(connection, "outbox", [messages.outbox_row(event, now)])


def _file_stored(connection: duckdb.DuckDBPyConnection, event: NewEvent, now: datetime) -> None:
    payload = event.payload
    row = {
        "sha256": payload["sha256"],
        "case_id": event.case_id,
        "file_name": payload["file_name"],
        "size_bytes": payload["size_bytes"],
        "purpose": "evidence",
        "stored_at": now,
        "actor": event.actor,
    }
    sql.insert(connection, "stored_file", [row])


def _message_settled(connection: duckdb.DuckDBPyConnection, event: NewEvent, now: datetime) -> None:
    payload = event.payload
    sql.execute(
        connection,
        "outbox/settle",
        dedupe_key=payload["dedupe_key"],
        status=payload["status"],
        finished_at=now,
        receipt=payload.get("receipt"),
        detail=payload.get("detail"),
    )


_HANDLERS: dict[EventType, Callable[[duckdb.DuckDBPyConnection, NewEvent, datetime], None]] = {
    EventType.CASE_OPENED: _opened,
    EventType.CASE_CLOSED: _closed,
    EventType.STEP_STARTED: _step_started,
    EventType.STEP_COMPLETED: _step_finished,
    EventType.STEP_ABANDONED: _step_finished,
    EventType.HANDED_OVER: _owner_changed,
    EventType.REVIEWED: _stage_passed,
    EventType.EVIDENCE_SEALED: _file_stored,
    EventType.DEADLINE_ARMED: _armed,
    EventType.DEADLINE_SATISFIED: _done("satisfied"),
    EventType.DEADLINE_CANCELLED: _done("cancelled"),
    EventType.DEADLINE_EXPIRED: _expired,
    EventType.DEADLINE_PAUSED: _paused,
    EventType.DEADLINE_RESUMED: _reprojected,
    EventType.DEADLINE_EXTENDED: _reprojected,
    EventType.DEADLINE_REPROJECTED: _reprojected,
    EventType.RUNG_CLAIMED: _rung_claimed,
    EventType.MESSAGE_QUEUED: _message_queued,
    EventType.MESSAGE_DELIVERED: _message_settled,
    EventType.MESSAGE_FAILED: _message_settled,
    EventType.MESSAGE_UNKNOWN: _message_settled,
}
