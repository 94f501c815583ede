"""The outbox: chat messages that were decided on and must arrive, or be known not to have.

A message is *queued*, taken as *sending*, and ends *delivered*, *failed* (given up, put to a person)
or *unknown* (nobody can say whether it arrived; put to a person, never repeated blindly). Sending is
at least once with a dedupe key. Nothing here touches the network: ``take`` and ``settle`` are two
short transactions, and what lies between them is the caller's.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import duckdb

import sql
from playbooks.core.cases import store
from playbooks.core.facts import Facts, as_instant, as_int, as_mapping
from playbooks.core.ledger import EventType, NewEvent
from playbooks.core.routing import FIRST

FIRST_BACKOFF: Final = timedelta(seconds=15)
LONGEST_BACKOFF: Final = timedelta(minutes=15)
MOST_ATTEMPTS: Final = 8
STUCK_AFTER: Final = timedelta(minutes=2)
LONGEST_REQUESTED_PAUSE: Final = timedelta(hours=1)


class Ending(StrEnum):
    """How one attempt to send went; the words are the chat connectors'."""

    DELIVERED = "delivered"
    RATE_LIMITED = "rate_limited"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    FAILED = "failed"


@dataclass(frozen=True)
class Message:
    """A message to send.

    Attributes:
        recipient: person_id and name, and from ``with_contacts`` on how they are reached; ``None`` when
            nobody was reachable.
        link: which form the message should open; the flow turns it into an address.
        sending_since_at: when its sender took it.
        channel: through which it is sent, or ``duty`` for the first of its route.
        marking: ``internal`` when it must not leave the office's own channels.
        sending_key: under which it travels: its own, or that of the digest it is part of.
        parts: of a digest, the messages that it stands for.
    """

    dedupe_key: str
    case_id: str
    severity: str
    title: str
    body: str
    recipient: Facts | None
    link: Facts
    attempts: int
    sending_since_at: datetime
    created_at: datetime
    channel: str = FIRST
    marking: str = ""
    sending_key: str = ""
    parts: tuple[Message, ...] = ()

    @property
    def kind(self) -> str:
        """What the message is about, for example ``rung``: its key begins with it."""
        return self.dedupe_key.partition(":")[0]


@dataclass(frozen=True)
class Attempt:
    """What an attempt gave back.

    Attributes:
        receipt: the channel's own reference of the message.
        retry_after_s: how long the channel asks to wait.
    """

    ending: Ending
    receipt: str = ""
    detail: str = ""
    retry_after_s: float = 0.0


def take(connection: duckdb.DuckDBPyConnection, now: datetime, limit: int) -> list[Message]:
    """Mark up to *limit* waiting messages as sending, each alone, and return them."""
    found = waiting(connection, now, limit)
    for message in found:
        mark_sending(connection, [message], now)
    return [replace(message, sending_since_at=now) for message in found]


def waiting(connection: duckdb.DuckDBPyConnection, now: datetime, limit: int) -> list[Message]:
    """Return queued messages whose time has come, the most severe and oldest first."""
    found = sql.rows(connection, "outbox/queued", now=now, limit=limit)
    return [_message({**row, "sending_since_at": now, "sending_key": None}) for row in found]


def mark_sending(
    connection: duckdb.DuckDBPyConnection,
    messages: Sequence[Message],
    now: datetime,
    *,
    channel: str | None = None,
    key: str | None = None,
) -> None:
    """Note that *messages* are about to be sent through *channel* under *key*."""
    for message in messages:
        sql.execute(
            connection,
            "outbox/mark_sending",
            dedupe_key=message.dedupe_key,
            now=now,
            channel=channel,
            sending_key=key,
        )


def with_contacts(
    connection: duckdb.DuckDBPyConnection, messages: Sequence[Message]
) -> list[Message]:
    """Return *messages* whose recipients carry how they are reached, as the register says now.

    The ledger keeps who a message is for; numbers and addresses stay in the register.
    """
    ids = {str(one.recipient["person_id"]) for one in messages if one.recipient}
    if not ids:
        return list(messages)
    with sql.registered(
        connection, wanted_person=sql.frame([{"person_id": i} for i in sorted(ids)])
    ):
        found = sql.rows(connection, "outbox/contacts")
    known = {str(row["person_id"]): row for row in found}
    return [
        replace(one, recipient={**one.recipient, **known.get(str(one.recipient["person_id"]), {})})
        if one.recipient
        else one
        for one in messages
    ]


def stuck(connection: duckdb.DuckDBPyConnection, now: datetime) -> list[Message]:
    """Return messages whose sender died between sending and settling."""
    return [_message(row) for row in sql.rows(connection, "outbox/stuck", before=now - STUCK_AFTER)]


def settle(
    connection: duckdb.DuckDBPyConnection,
    message: Message,
    attempt: Attempt,
    now: datetime,
    actor: str,
) -> None:
    """Record how an attempt ended, or queue the message again when trying later may help.

    Another dispatch may have taken the sender for dead and settled the message meanwhile. Then only
    the news that it did arrive still counts; nothing makes a settled message go out again.
    """
    found = sql.rows(connection, "outbox/one", dedupe_key=message.dedupe_key)
    status_now = str(found[0]["status"]) if found else ""
    is_late_news = status_now in ("unknown", "queued") and attempt.ending is Ending.DELIVERED
    if status_now != "sending" and not is_late_news:
        return
    given_up = message.attempts + 1 >= MOST_ATTEMPTS
    if attempt.ending is Ending.RATE_LIMITED:
        requeue(connection, message, now + requested_pause(attempt.retry_after_s), 0)
        return
    if attempt.ending is Ending.FAILED and not given_up:
        requeue(connection, message, now + backoff(message.attempts), 1, attempt.detail)
        return
    status, event_type = _ENDINGS[attempt.ending]
    facts = {
        "dedupe_key": message.dedupe_key,
        "status": status,
        "channel": message.channel,
        "receipt": attempt.receipt or None,
        "detail": attempt.detail or None,
    }
    event = NewEvent(message.case_id, event_type, actor, facts, message.dedupe_key)
    store.commit(connection, [event], now)


def requeue(
    connection: duckdb.DuckDBPyConnection,
    message: Message,
    next_attempt_at: datetime,
    attempts: int,
    detail: str | None = None,
) -> None:
    """Put a message that is being sent back for *next_attempt_at*, with *attempts* more against it.

    One that was settled meanwhile stays settled.
    """
    sql.execute(
        connection,
        "outbox/requeue",
        dedupe_key=message.dedupe_key,
        next_attempt_at=next_attempt_at,
        attempts=message.attempts + attempts,
        detail=detail,
    )


def acknowledge(
    connection: duckdb.DuckDBPyConnection, dedupe_key: str, remark: str, now: datetime, actor: str
) -> bool:
    """Record that a person told the recipient of an unknown or failed message; false if it is neither.

    Until then the audit names the message at every run, and the heartbeat is not given.
    """
    found = sql.rows(connection, "outbox/one", dedupe_key=dedupe_key)
    if not found or found[0]["status"] not in ("unknown", "failed"):
        return False
    facts = {"dedupe_key": dedupe_key, "status": "told", "receipt": None, "detail": remark}
    case_id = str(found[0]["case_id"])
    event = NewEvent(case_id, EventType.MESSAGE_DELIVERED, actor, facts, dedupe_key)
    store.commit(connection, [event], now)
    return True


def backoff(attempts: int) -> timedelta:
    """Return the pause after the (*attempts* + 1)-th failure: doubling, bounded."""
    return min(LONGEST_BACKOFF, FIRST_BACKOFF * 2 ** min(attempts, 16))


def requested_pause(retry_after_s: float) -> timedelta:
    """Bound what a channel asks for: its number comes from outside and may be anything."""
    longest_s = LONGEST_REQUESTED_PAUSE.total_seconds()
    asked_s = retry_after_s if retry_after_s == retry_after_s else longest_s  # NaN equals nothing
    return timedelta(seconds=min(longest_s, max(1.0, asked_s)))


_ENDINGS = {
    Ending.DELIVERED: ("delivered", EventType.MESSAGE_DELIVERED),
    Ending.UNKNOWN: ("unknown", EventType.MESSAGE_UNKNOWN),
    Ending.REFUSED: ("failed", EventType.MESSAGE_FAILED),
    Ending.FAILED: ("failed", EventType.MESSAGE_FAILED),
}


def _message(row: Facts) -> Message:
    recipient: object = json.loads(str(row["recipient"]))
    link: object = json.loads(str(row["link"]))
    return Message(
        dedupe_key=str(row["dedupe_key"]),
        case_id=str(row["case_id"]),
        severity=str(row["severity"]),
        title=str(row["title"]),
        body=str(row["body"]),
        recipient=None if recipient is None else as_mapping(recipient),
        link=as_mapping(link),
        attempts=as_int(row["attempts"]),
        sending_since_at=as_instant(row["sending_since_at"]),
        created_at=as_instant(row["created_at"]),
        channel=str(row["channel"]),
        marking=str(row["marking"] or ""),
        sending_key=str(row["sending_key"] or ""),
    )
