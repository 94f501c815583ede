"""Fold the events of deadlines into their two tables: the deadline itself and its rungs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb

import sql
from playbooks.core.cases.happened import Handler, Happened, Row, update
from playbooks.core.facts import as_instant, as_mappings
from playbooks.core.ledger import EventType


def armed(connection: duckdb.DuckDBPyConnection, together: Sequence[Happened]) -> None:
    """Insert deadlines and their ladders."""
    deadlines: list[Row] = []
    rungs: list[Row] = []
    for happened in together:
        payload = happened.payload
        started_at = as_instant(payload["started_at"])
        deadlines.append(
            {
                "deadline_id": payload["deadline_id"],
                "case_id": happened.case_id,
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
        )
        rungs.extend(_rung_rows(happened, payload["rungs"]))
    sql.insert(connection, "deadline", deadlines)
    sql.insert(connection, "rung", rungs)


def ended(status: str) -> Handler:
    """Return the handler of events after which a deadline has *status* and warns no more."""

    def handler(connection: duckdb.DuckDBPyConnection, together: Sequence[Happened]) -> None:
        rows: list[Row] = [{**_deadline(happened), "status": status} for happened in together]
        update(connection, "deadlines/end", "ended_deadline", rows)
        update(connection, "deadlines/cancel_rungs", "ended_deadline", rows)

    return handler


def expired(connection: duckdb.DuckDBPyConnection, together: Sequence[Happened]) -> None:
    """Mark deadlines overdue; their remaining rungs go on."""
    rows = [_deadline(happened) for happened in together]
    update(connection, "deadlines/mark_overdue", "overdue_deadline", rows)


def paused(connection: duckdb.DuckDBPyConnection, together: Sequence[Happened]) -> None:
    """Stop deadlines and hold their rungs."""
    rows: list[Row] = [
        {
            **_deadline(happened),
            "consumed": happened.payload["consumed"],
            "reason": happened.payload["reason"],
        }
        for happened in together
    ]
    update(connection, "deadlines/pause", "paused_deadline", rows)
    update(connection, "deadlines/pause_rungs", "paused_deadline", rows)


def moved(connection: duckdb.DuckDBPyConnection, together: Sequence[Happened]) -> None:
    """Resume, extend and re-project alike: new due times, what was consumed is kept."""
    deadlines: list[Row] = []
    rungs: list[Row] = []
    again: list[Row] = []
    for happened in together:
        payload = happened.payload
        deadlines.append(
            {
                **_deadline(happened),
                "budget": payload["budget"],
                "consumed": payload["consumed"],
                "running_since_at": as_instant(payload["running_since_at"]),
                "due_at": as_instant(payload["due_at"]),
                "is_provisional": payload["is_provisional"],
                "calendar_version": payload["calendar_version"],
                "moved_at": happened.at,
            }
        )
        rungs.extend(_rung_rows(happened, payload["rungs"]))
        again.extend(_rung_rows(happened, payload["rungs_again"]))
    update(connection, "deadlines/reproject", "moved_deadline", deadlines)
    update(connection, "deadlines/move_rung", "moved_rung", rungs)
    sql.insert(connection, "rung", again)


def _deadline(happened: Happened) -> Row:
    return {"deadline_id": happened.payload["deadline_id"]}


def _rung_rows(happened: Happened, rungs: object) -> list[Row]:
    return [
        {
            "deadline_id": happened.payload["deadline_id"],
            "rung_number": rung["rung_number"],
            "case_id": happened.case_id,
            "due_at": as_instant(rung["due_at"]),
            "target_role": rung["target_role"],
            "is_expiry": rung["is_expiry"],
            "status": "armed",
        }
        for rung in as_mappings(rungs)
    ]


HANDLERS: Mapping[EventType, Handler] = {
    EventType.DEADLINE_ARMED: armed,
    EventType.DEADLINE_SATISFIED: ended("satisfied"),
    EventType.DEADLINE_CANCELLED: ended("cancelled"),
    EventType.DEADLINE_EXPIRED: expired,
    EventType.DEADLINE_PAUSED: paused,
    EventType.DEADLINE_RESUMED: moved,
    EventType.DEADLINE_EXTENDED: moved,
    EventType.DEADLINE_REPROJECTED: moved,
}
