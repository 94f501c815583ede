"""Send a message again because a person said so; the system itself never repeats an unclear one.

The old message keeps its row, ended as *resent*, and the new one has a key of its own: a channel or a
late answer about the first cannot be mistaken for news of the second.
"""

from __future__ import annotations

from datetime import datetime

import duckdb

import sql
from playbooks.core import ledger
from playbooks.core.cases import store
from playbooks.core.ledger import EventType, NewEvent


def resend(
    connection: duckdb.DuckDBPyConnection, dedupe_key: str, remark: str, now: datetime, actor: str
) -> str | None:
    """Queue an unknown or failed message again and return its new key; ``None`` if it is neither."""
    found = sql.rows(connection, "outbox/one", dedupe_key=dedupe_key)
    if not found or found[0]["status"] not in ("unknown", "failed"):
        return None
    case_id = str(found[0]["case_id"])
    queued = [
        event
        for event in ledger.read_case(connection, case_id)
        if event.event_type is EventType.MESSAGE_QUEUED
    ]
    original = next(event for event in queued if event.reference == dedupe_key)
    first_key = str(original.payload.get("again", dedupe_key))
    count = sum(event.payload.get("again") == first_key for event in queued)
    new_key = f"{first_key}#again-{count + 1}"
    ended = {"dedupe_key": dedupe_key, "status": "resent", "receipt": None, "detail": remark}
    again = {**original.payload, "dedupe_key": new_key, "again": first_key}
    events = [
        NewEvent(case_id, EventType.MESSAGE_FAILED, actor, ended, dedupe_key),
        NewEvent(case_id, EventType.MESSAGE_QUEUED, actor, again, new_key),
    ]
    store.commit(connection, events, now)
    return new_key
