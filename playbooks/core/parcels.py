"""What dispatch takes in hand at once, through which channel, and where it goes when that fails.

A message takes the channels of its route one after the other: the next one when one has finally
failed, with a trace in the ledger. An unclear outcome goes to a person, never to another channel.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import duckdb

import sql
from playbooks.core import outbox
from playbooks.core.cases import store
from playbooks.core.digest import bundled, digest_key, outward
from playbooks.core.facts import as_instant
from playbooks.core.ledger import EventType, NewEvent
from playbooks.core.outbox import Attempt, Ending, Message
from playbooks.core.routing import Routing

LOOK_AHEAD: Final = 200
ATTEMPTS_BEFORE_NEXT: Final = 3
"""With another channel left a message does not wait out all eight attempts on this one."""

LONG_PAUSE: Final = timedelta(minutes=1)
"""Past this an urgent message does not wait for a channel that asked for patience."""

ACTOR: Final = "system:dispatch"


@dataclass(frozen=True)
class Parcel:
    """What one sending carries.

    Attributes:
        outward: the message as it goes out; its key is that of its only part, or the digest's own.
        parts: the messages of the outbox that it stands for.
    """

    outward: Message
    parts: tuple[Message, ...]


@dataclass(frozen=True)
class Clocks:
    """The two times of a dispatch.

    Attributes:
        now: by which messages are due; a drill may fix it.
        real: by which a platform counts messages a minute.
    """

    now: datetime
    real: datetime


@dataclass(frozen=True)
class Looked:
    """What a look into the outbox found.

    Attributes:
        parcel: marked as sending; ``None`` when nothing may go now.
        opens_at: by the real clock, when a channel opens that something waits for.
    """

    parcel: Parcel | None
    opens_at: datetime | None = None


def take(connection: duckdb.DuckDBPyConnection, routing: Routing, clocks: Clocks) -> Looked:
    """Mark what should go next as sending and return it.

    A message whose channel is at its limit or asked for a pause waits; others pass it. Call it inside
    a transaction, so that two dispatches at once keep to the limit together.
    """
    closed = _closed_until(connection, routing, clocks)
    waiting = outbox.waiting(connection, clocks.now, LOOK_AHEAD)
    opens_at: datetime | None = None
    for message in waiting:
        channel = routing.current(message.channel, message.severity, message.marking)
        until = closed.get(channel)
        if until and message.severity == "urgent" and until - clocks.real > LONG_PAUSE:
            channel = _passed_on(connection, routing, message, closed, clocks.now)
            until = closed.get(channel)
        if until is None:
            parts = bundled(message, waiting, channel, routing)
            return Looked(_taken(connection, parts, channel, clocks))
        opens_at = min(opens_at or until, until)
    return Looked(None, opens_at)


def stuck(connection: duckdb.DuckDBPyConnection, now: datetime) -> list[Parcel]:
    """Return what was being sent when its sender died, put together again as it was sent."""
    sent: dict[str, list[Message]] = {}
    for message in outbox.stuck(connection, now):
        sent.setdefault(message.sending_key or message.dedupe_key, []).append(message)
    return [Parcel(outward(key, parts), tuple(parts)) for key, parts in sent.items()]


def settle(
    connection: duckdb.DuckDBPyConnection,
    parcel: Parcel,
    attempt: Attempt,
    routing: Routing,
    now: datetime,
) -> int:
    """Record how a sending ended for each of its parts: ended, tried again, or on another channel.

    Returns:
        How many parts go on through another channel.
    """
    rerouted = 0
    channel = parcel.outward.channel
    if attempt.ending is Ending.RATE_LIMITED:
        _pause(connection, channel, now + outbox.requested_pause(attempt.retry_after_s))
    for part in parcel.parts:
        following = routing.after(channel, part.severity, part.marking)
        if following and _is_given_up(part, attempt):
            _reroute(connection, part, channel, following, attempt.detail, now)
            rerouted += 1
        else:
            outbox.settle(connection, part, attempt, now, ACTOR)
    return rerouted


def _is_given_up(message: Message, attempt: Attempt) -> bool:
    if attempt.ending is Ending.FAILED:
        return message.attempts + 1 >= ATTEMPTS_BEFORE_NEXT
    return attempt.ending is Ending.REFUSED


def _reroute(
    connection: duckdb.DuckDBPyConnection,
    message: Message,
    channel: str,
    following: str,
    detail: str,
    now: datetime,
) -> None:
    """Queue a message that is not settled for the channel after *channel*."""
    found = sql.rows(connection, "outbox/one", dedupe_key=message.dedupe_key)
    if not found or found[0]["status"] not in ("sending", "queued"):
        return
    facts = {
        "dedupe_key": message.dedupe_key,
        "from_channel": channel,
        "to_channel": following,
        "detail": detail or None,
    }
    event = NewEvent(message.case_id, EventType.MESSAGE_REROUTED, ACTOR, facts, message.dedupe_key)
    store.commit(connection, [event], now)


def _passed_on(
    connection: duckdb.DuckDBPyConnection,
    routing: Routing,
    message: Message,
    closed: dict[str, datetime],
    now: datetime,
) -> str:
    """Send an urgent message on to the next channel of its route that is open, if there is one."""
    channel = routing.current(message.channel, message.severity, message.marking)
    following = routing.after(channel, message.severity, message.marking)
    while following and following in closed:
        following = routing.after(following, message.severity, message.marking)
    if not following:
        return channel
    _reroute(connection, message, channel, following, "渠道限速，紧急消息改走下一渠道", now)
    return following


def _pause(connection: duckdb.DuckDBPyConnection, channel: str, until_at: datetime) -> None:
    sql.execute(connection, "outbox/end_pause", channel=channel)
    sql.insert(connection, "channel_pause", [{"channel": channel, "until_at": until_at}])


def _closed_until(
    connection: duckdb.DuckDBPyConnection, routing: Routing, clocks: Clocks
) -> dict[str, datetime]:
    """Return the channels that take nothing now and when, by the real clock, they will."""
    closed: dict[str, datetime] = {}
    for row in sql.rows(connection, "outbox/channel_pauses", now=clocks.now):
        closed[str(row["channel"])] = clocks.real + (as_instant(row["until_at"]) - clocks.now)
    for name, channel in routing.channels.items():
        for count, seconds in channel.paces:
            since = clocks.real - timedelta(seconds=seconds)
            found = sql.rows(connection, "outbox/attempts_since", channel=name, since=since)
            if len(found) >= count:
                opens_at = as_instant(found[-count]["attempted_at"]) + timedelta(seconds=seconds)
                closed[name] = max(opens_at, closed.get(name, opens_at))
    return closed


def _taken(
    connection: duckdb.DuckDBPyConnection, parts: Sequence[Message], channel: str, clocks: Clocks
) -> Parcel:
    key = digest_key(parts)
    outbox.mark_sending(connection, parts, clocks.now, channel=channel, key=key)
    attempt = {
        "attempt_id": uuid.uuid4().hex,
        "channel": channel,
        "sending_key": key,
        "message_count": len(parts),
        "attempted_at": clocks.real,
    }
    sql.insert(connection, "channel_attempt", [attempt])
    marked = [replace(one, channel=channel, sending_since_at=clocks.now) for one in parts]
    known = outbox.with_contacts(connection, marked)
    return Parcel(outward(key, known), tuple(known))
