"""Forms in Slack (modals): asked for by a slash command or a message shortcut, filled in, sent back.

Everything that a person typed is plain text here; nothing of it is read as markup.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, cast

from connectors.slack_answer import as_object, text_of

COMMAND: Final = "/juzhen"
OPEN_INCIDENT: Final = "open_incident"
"""What the app's message shortcut and the modal itself are called (callback id)."""
LONGEST_TITLE: Final = 24
LONGEST_TEXT: Final = 3_000
LONGEST_OPTION: Final = 75
LONGEST_HINT: Final = 2_000

_USER_ID = re.compile(r"[UW][A-Z0-9]{2,20}")
_CHANNEL_ID = re.compile(r"[CDG][A-Z0-9]{2,20}")


@dataclass(frozen=True)
class ModalField:
    """One question of a modal.

    Attributes:
        kind: one of several, a line, or several lines.
        options: value -> label, of a choice.
        longest: characters that a text may have.
    """

    name: str
    title: str
    kind: Literal["choice", "line", "text"]
    options: Mapping[str, str] = field(default_factory=dict[str, str])
    initial: str = ""
    hint: str = ""
    is_required: bool = True
    longest: int = LONGEST_TEXT


@dataclass(frozen=True)
class Modal:
    """A modal: its questions, or with none of them a notice that is only read."""

    title: str
    note: str
    fields: Sequence[ModalField] = ()
    submit: str = ""


@dataclass(frozen=True)
class Asked:
    """Somebody asks for the modal.

    Attributes:
        trigger_id: by which it is opened, within three seconds.
        text: what stood behind the command, or the message that the shortcut was used on.
        message_ts: of that message; empty for a command.
    """

    user_id: str
    channel: str
    trigger_id: str
    text: str
    message_ts: str = ""


@dataclass(frozen=True)
class Submitted:
    """A filled-in modal: field -> what was given, and the channel it was asked for in."""

    user_id: str
    channel: str
    values: Mapping[str, str]


def view_of(modal: Modal, channel: str) -> dict[str, object]:
    """Return the modal as Slack takes it."""
    view: dict[str, object] = {
        "type": "modal",
        "callback_id": OPEN_INCIDENT,
        "private_metadata": json.dumps({"channel": channel}),
        "title": _plain(modal.title, LONGEST_TITLE),
        "close": _plain("关闭", LONGEST_TITLE),
        "blocks": [
            {"type": "section", "text": _plain(modal.note, LONGEST_TEXT)},
            *(_block(one) for one in modal.fields),
        ],
    }
    return {**view, "submit": _plain(modal.submit, LONGEST_TITLE)} if modal.fields else view


def asked_of(kind: str, payload: object) -> Asked | None:
    """Return who asks for the modal; None for any other envelope or a malformed one."""
    body = as_object(payload)
    if kind == "slash_commands" and body.get("command") == COMMAND:
        asked = Asked(
            text_of(body, "user_id") or "",
            text_of(body, "channel_id") or "",
            text_of(body, "trigger_id") or "",
            text_of(body, "text") or "",
        )
    elif kind == "interactive" and body.get("callback_id") == OPEN_INCIDENT:
        message = as_object(body.get("message"))
        asked = Asked(
            text_of(as_object(body.get("user")), "id") or "",
            text_of(as_object(body.get("channel")), "id") or "",
            text_of(body, "trigger_id") or "",
            text_of(message, "text") or "",
            text_of(message, "ts") or "",
        )
        if body.get("type") != "message_action":
            return None
    else:
        return None
    is_sound = _USER_ID.fullmatch(asked.user_id) and _CHANNEL_ID.fullmatch(asked.channel)
    return asked if is_sound and asked.trigger_id else None


def submitted_of(kind: str, payload: object) -> Submitted | None:
    """Return a filled-in modal of ours; None for any other envelope or a malformed one."""
    body = as_object(payload)
    view = as_object(body.get("view"))
    is_ours = view.get("callback_id") == OPEN_INCIDENT and body.get("type") == "view_submission"
    user_id = text_of(as_object(body.get("user")), "id") or ""
    if kind != "interactive" or not is_ours or not _USER_ID.fullmatch(user_id):
        return None
    channel = _channel_in(text_of(view, "private_metadata") or "")
    values = dict(_values(as_object(as_object(view.get("state")).get("values"))))
    return Submitted(user_id, channel, values) if channel else None


def faults_of(faults: Mapping[str, str]) -> dict[str, object]:
    """Return the answer that keeps a modal open and shows each fault at its field."""
    return {
        "response_action": "errors",
        "errors": {name: text[:300] for name, text in faults.items()},
    }


def _values(blocks: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for name, held in blocks.items():
        element = as_object(as_object(held).get(name))
        chosen = as_object(element.get("selected_option"))
        value = text_of(chosen, "value") or text_of(element, "value") or ""
        if value.strip():
            yield name, value.strip()[:LONGEST_TEXT]


def _channel_in(metadata: str) -> str:
    try:
        held = as_object(cast("object", json.loads(metadata)))
    except (ValueError, RecursionError):
        return ""
    channel = text_of(held, "channel") or ""
    return channel if _CHANNEL_ID.fullmatch(channel) else ""


def _block(one: ModalField) -> dict[str, object]:
    block: dict[str, object] = {
        "type": "input",
        "block_id": one.name,
        "label": _plain(one.title, LONGEST_TEXT // 2),
        "optional": not one.is_required,
        "element": _choice(one) if one.kind == "choice" else _text(one),
    }
    return {**block, "hint": _plain(one.hint, LONGEST_HINT)} if one.hint else block


def _choice(one: ModalField) -> dict[str, object]:
    options = {
        value: {"text": _plain(label, LONGEST_OPTION), "value": value}
        for value, label in one.options.items()
    }
    element: dict[str, object] = {
        "type": "static_select",
        "action_id": one.name,
        "options": list(options.values()),
    }
    known = options.get(one.initial)
    return {**element, "initial_option": known} if known else element


def _text(one: ModalField) -> dict[str, object]:
    longest = min(one.longest, LONGEST_TEXT)
    element: dict[str, object] = {
        "type": "plain_text_input",
        "action_id": one.name,
        "multiline": one.kind == "text",
        "max_length": longest,
    }
    return {**element, "initial_value": one.initial[:longest]} if one.initial else element


def _plain(text: str, longest: int) -> dict[str, Any]:
    return {"type": "plain_text", "text": text[:longest], "emoji": False}
