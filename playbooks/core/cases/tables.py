"""Fold events into the tables of the ops catalog: summaries, steps, deadlines, rungs, outbox.

The tables exist so that a sweep or a board is one query. They hold nothing that the ledger does not:
``rebuild`` empties them and folds the whole ledger again, and the audit compares. Events of many
cases are folded together, statement by statement, because a sweep may move a thousand of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import duckdb

import sql
from playbooks.core import messages
from playbooks.core.cases import deadline_tables
from playbooks.core.cases.happened import Handler, Happened, Row, update, waves
from playbooks.core.ledger import EventType, NewEvent


def project_events(
    connection: duckdb.DuckDBPyConnection, events: Sequence[NewEvent], now: datetime
) -> None:
    """Bring the tables up to date with *events*, which were just appended at *now*."""
    project_history(connection, [Happened(event, now) for event in events])


def project_history(connection: duckdb.DuckDBPyConnection, history: Iterable[Happened]) -> None:
    """Bring the tables up to date with *history*: all of it that happened since they were."""
    for wave in waves(happened for happened in history if happened.event.event_type in _HANDLERS):
        for event_type, together in wave.items():
            _HANDLERS[event_type](connection, together)


def _opened(connection: duckdb.DuckDBPyConnection, together: Sequence[Happened]) -> None:
    rows: list[Row] = [
        {
            "case_id": happened.case_id,
            "playbook_id": happened.payload["playbook_id"],
            "playbook_digest": happened.payload["playbook_digest"],
            "title": messages.case_title(happened.payload),
            "dedupe_key": happened.payload["dedupe_key"],
            "status": "open",
            "outcome": None,
            "is_drill": happened.payload["is_drill"],
            "opened_at": happened.at,
            "closed_at": None,
        }
        for happened in together
    ]
    sql.insert(connection, "case_summary", rows)


def _closed(connection: duckdb.DuckDBPyConnection, together: Sequence[Happened]) -> None:
    rows: list[Row] = [
        {
            "case_id": happened.case_id,
            "outcome": happened.payload["outcome"],
            "closed_at": happened.at,
        }
        for happened in together
    ]
    update(connection, "cases/close", "closed_case", rows)
    update(connection, "cases/finish_all_steps", "closed_case", rows)


def _step_started(connection: duckdb.DuckDBPyConnection, together: Sequence[Happened]) -> None:
    rows: list[Row] = [
        {
            **_visit(happened),
            "title": happened.payload["title"],
            "step_type": happened.payload["step_type"],
            "owner_role": happened.payload["owner_role"],
            "owner_person_id": None,
            "status": "open",
            "started_at": happened.at,
            "finished_at": None,
        }
        for happened in together
    ]
    sql.insert(connection, "case_step", rows)


def _step_finished(status: str) -> Handler:
    def handler(connection: duckdb.DuckDBPyConnection, together: Sequence[Happened]) -> None:
        rows = [{**_visit(h), "status": status, "finished_at": h.at} for h in together]
        update(connection, "cases/finish_step", "finished_step", rows)

    return handler


def _owner_changed(connection: duckdb.DuckDBPyConnection, together: Sequence[Happened]) -> None:
    rows = [{**_visit(h), "person_id": h.payload["to_person_id"]} for h in together]
    update(connection, "cases/change_owner", "given_step", rows)


def _stage_passed(connection: duckdb.DuckDBPyConnection, together: Sequence[Happened]) -> None:
    rows = [{**_visit(h), "owner_role": h.payload["next_role"]} for h in together]
    update(connection, "cases/pass_on", "passed_step", rows)


def _acknowledged(connection: duckdb.DuckDBPyConnection, together: Sequence[Happened]) -> None:
    rows: list[Row] = [
        {**_visit(h), "acknowledged_by": h.payload["acknowledged_by"], "at": h.at} for h in together
    ]
    update(connection, "cases/acknowledge", "acknowledged_step", rows)


def _visit(happened: Happened) -> Row:
    return {
        "case_id": happened.case_id,
        "step_id": happened.payload["step_id"],
        "visit": happened.payload["visit"],
    }


def _rung_claimed(connection: duckdb.DuckDBPyConnection, together: Sequence[Happened]) -> None:
    """Only a rebuild comes here: the sweep claims in bulk, because its insert is the claim."""
    rows: list[Row] = [
        {
            "deadline_id": happened.payload["deadline_id"],
            "rung_number": happened.payload["rung_number"],
            "claimed_at": happened.at,
            "lateness_s": happened.payload["lateness_s"],
            "claimed_by": happened.payload["claimed_by"],
        }
        for happened in together
    ]
    sql.insert(connection, "rung_claim", rows)
    update(connection, "deadlines/mark_claimed", "claimed_rung", rows)


def _message_queued(connection: duckdb.DuckDBPyConnection, together: Sequence[Happened]) -> None:
    rows = [messages.outbox_row(happened.event, happened.at) for happened in together]
    sql.insert(connection, "outbox", rows)


def _message_settled(connection: duckdb.DuckDBPyConnection, together: Sequence[Happened]) -> None:
    rows: list[Row] = [
        {
            "dedupe_key": happened.payload["dedupe_key"],
            "status": happened.payload["status"],
            "finished_at": happened.at,
            "receipt": happened.payload.get("receipt"),
            "detail": happened.payload.get("detail"),
        }
        for happened in together
    ]
    update(connection, "outbox/settle", "settled_message", rows)


def _message_rerouted(connection: duckdb.DuckDBPyConnection, together: Sequence[Happened]) -> None:
    rows: list[Row] = [
        {
            "dedupe_key": happened.payload["dedupe_key"],
            "channel": happened.payload["to_channel"],
            "detail": happened.payload.get("detail"),
            "at": happened.at,
        }
        for happened in together
    ]
    update(connection, "outbox/reroute", "rerouted_message", rows)


def _file_stored(connection: duckdb.DuckDBPyConnection, together: Sequence[Happened]) -> None:
    rows: list[Row] = [
        {
            "sha256": happened.payload["sha256"],
            "case_id": happened.case_id,
            "file_name": happened.payload["file_name"],
            "size_bytes": happened.payload["size_bytes"],
            "purpose": "evidence",
            "stored_at": happened.at,
            "actor": happened.event.actor,
        }
        for happened in together
    ]
    sql.insert(connection, "stored_file", rows)


_HANDLERS: Mapping[EventType, Handler] = {
    EventType.CASE_OPENED: _opened,
    EventType.CASE_CLOSED: _closed,
    EventType.STEP_STARTED: _step_started,
    EventType.STEP_COMPLETED: _step_finished("completed"),
    EventType.STEP_ABANDONED: _step_finished("abandoned"),
    EventType.HANDED_OVER: _owner_changed,
    EventType.ACKNOWLEDGED: _acknowledged,
    EventType.REVIEWED: _stage_passed,
    EventType.EVIDENCE_SEALED: _file_stored,
    **deadline_tables.HANDLERS,
    EventType.RUNG_CLAIMED: _rung_claimed,
    EventType.MESSAGE_QUEUED: _message_queued,
    EventType.MESSAGE_DELIVERED: _message_settled,
    EventType.MESSAGE_FAILED: _message_settled,
    EventType.MESSAGE_UNKNOWN: _message_settled,
    EventType.MESSAGE_REROUTED: _message_rerouted,
}
