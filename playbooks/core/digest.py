"""Digests (汇总): several messages of a kind that go out as one which lists them.

A flood of like messages hides the one that matters. Each stays a row of its own in the outbox with an
end of its own; what is urgent is never bundled.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from playbooks.core.messages import text_of
from playbooks.core.outbox import Message
from playbooks.core.routing import Routing

MOST_IN_A_DIGEST: Final = 15
"""So many lines with their titles are within the smallest message a platform takes (2048 bytes)."""

KIND_TITLES: Final = {
    "your_turn": "待办事项",
    "handed_over": "移交事项",
    "joined": "并入线索",
    "notice": "知会事项",
    "closed_early": "不必再办",
    "rung": "时限提醒",
    "unclear": "待确认事项",
    "blocked": "受阻事项",
}


def bundled(
    first: Message, waiting: Sequence[Message], channel: str, routing: Routing
) -> list[Message]:
    """Return *first* alone, or with the like messages that wait beside it for the same channel."""
    if first.severity == "urgent" or not routing.digest_from or not channel:
        return [first]
    is_personal = routing.channels[channel].is_personal
    like = [
        one
        for one in waiting
        if (one.kind, one.severity, one.marking) == (first.kind, first.severity, first.marking)
        and routing.current(one.channel, one.severity, one.marking) == channel
        and abs(one.created_at - first.created_at) <= routing.digest_window
        and (not is_personal or person_of(one) == person_of(first))
    ]
    return like[:MOST_IN_A_DIGEST] if len(like) >= routing.digest_from else [first]


def digest_key(parts: Sequence[Message]) -> str:
    """Return the key under which *parts* travel: the digest's own, the same for the same messages."""
    if len(parts) == 1:
        return parts[0].dedupe_key
    joined = "\n".join(sorted(part.dedupe_key for part in parts))
    return f"digest:{hashlib.sha256(joined.encode()).hexdigest()[:32]}"


def outward(key: str, parts: Sequence[Message]) -> Message:
    """Return what goes out for *parts* under *key*."""
    if key == parts[0].dedupe_key:
        return parts[0]
    lines = [
        {"title": part.title, "case_id": part.case_id, "name": (part.recipient or {}).get("name")}
        for part in parts
    ]
    kind_title = KIND_TITLES.get(parts[0].kind, "消息")
    title, body = text_of("digest", {"kind_title": kind_title, "lines": lines})
    is_one_person = len({person_of(part) for part in parts}) == 1
    return replace(
        parts[0],
        dedupe_key=key,
        title=title,
        body=body,
        link={},
        recipient=parts[0].recipient if is_one_person else None,
        parts=tuple(parts),
    )


def person_of(message: Message) -> object:
    """Return the id of the person a message is for, or None."""
    return (message.recipient or {}).get("person_id")
