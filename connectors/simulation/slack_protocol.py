"""How calls reach Slack and how it answers: query, form or JSON in, JSON or a plain word out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import cast
from urllib.parse import parse_qsl

from connectors.simulation.loopback import Reply, Request
from connectors.simulation.slack_message import Block, SlackMessage

Body = dict[str, object]
RETRY_AFTER_S = 1
MOST_PAGE = 200


def arguments(request: Request) -> Body | None:
    """Return the arguments of a call; None when what should be a JSON object is none."""
    if request.method == "GET":
        return dict(request.query)
    if "json" in request.headers.get("content-type", ""):
        return _object(request.body or b"{}")
    form: Body = dict(parse_qsl(request.body.decode("utf-8", errors="replace")))
    if "payload" not in form:
        return form
    payload = _object(str(form["payload"]).encode())
    return None if payload is None else form | payload


def content(asked: Body) -> tuple[str, tuple[Block, ...]]:
    """Return text and blocks; in a form the blocks are JSON in a string.

    Raises:
        ValueError: the blocks are no list of objects.
    """
    blocks = _parsed(asked.get("blocks") or [])
    listed = cast("list[object]", blocks) if isinstance(blocks, list) else [blocks]
    if not all(isinstance(block, dict) for block in listed):
        raise ValueError("blocks is no list of objects")
    return str(asked.get("text") or ""), tuple(cast("Block", block) for block in listed)


def metadata_of(asked: Body) -> Mapping[str, object] | None:
    """Return the metadata, which a form carries as JSON in a string.

    Raises:
        ValueError: it is no object with ``event_type`` and ``event_payload``.
    """
    metadata = _parsed(asked.get("metadata"))
    if metadata is None:
        return None
    if not isinstance(metadata, dict) or not {"event_type", "event_payload"} <= set(
        cast("dict[str, object]", metadata)
    ):
        raise ValueError("metadata needs event_type and event_payload")
    return cast("Mapping[str, object]", metadata)


def shown(message: SlackMessage, *, with_metadata: bool) -> Body:
    """Return a message as the history shows it."""
    body: Body = {
        "type": "message",
        "bot_id": "B0JUZHEN",
        "text": message.text,
        "ts": message.ts,
        "blocks": list(message.blocks),
    }
    if message.thread_ts:
        body["thread_ts"] = message.thread_ts
    if with_metadata and message.metadata:
        body["metadata"] = message.metadata
    return body


def history_page(stored: Sequence[SlackMessage], asked: Body) -> Body:
    """Return one page of a channel, newest first, between ``oldest`` and ``latest``.

    Both ends are left out unless ``inclusive``; the cursor is the ``ts`` the page before ended at.

    Raises:
        ValueError: a bound, the cursor or the limit is no number.
    """
    oldest = float(str(asked.get("oldest") or 0))
    latest = float(str(asked.get("latest") or "inf"))
    before = float(str(asked.get("cursor") or "inf"))
    limit = max(1, min(int(str(asked.get("limit") or 100)), MOST_PAGE))
    ends = (oldest, latest) if _is_true(asked, "inclusive") else ()
    found = [
        message
        for message in reversed(stored)
        if message.channel == asked["channel"]
        and (oldest < (ts := float(message.ts)) < latest or ts in ends)
        and ts < before
    ]
    page, rest = found[:limit], found[limit:]
    with_metadata = _is_true(asked, "include_all_metadata")
    return {
        "ok": True,
        "messages": [shown(message, with_metadata=with_metadata) for message in page],
        "has_more": bool(rest),
        "response_metadata": {"next_cursor": page[-1].ts if rest else ""},
    }


def json_reply(body: Body) -> Reply:
    """Return an answer of the Web API: HTTP 200 whatever ``ok`` says."""
    text = json.dumps(body, ensure_ascii=False).encode()
    return Reply(text, content_type="application/json; charset=utf-8")


def plain_reply(word: str, status: int) -> Reply:
    """Return an answer of an incoming webhook: one word."""
    return Reply(word.encode(), status=status, content_type="text/html")


def rate_limited_reply() -> Reply:
    """Return HTTP 429 with the seconds to wait."""
    body = b'{"ok":false,"error":"ratelimited"}'
    return Reply(body, status=429, headers={"Retry-After": str(RETRY_AFTER_S)})


def _object(text: bytes) -> Body | None:
    try:
        parsed: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return cast("Body", parsed) if isinstance(parsed, dict) else None


def _parsed(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _is_true(asked: Body, key: str) -> bool:
    return str(asked.get(key)).lower() in {"1", "true"}
