"""Chat messages about cases: plain text from templates, ready for the outbox.

The first line of a template is the title, the rest is the body. Text from outside enters only as a
value and is made visible first; each channel adapter escapes it for its own markup.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import jinja2
from jinja2.sandbox import SandboxedEnvironment

from playbooks.core.documents.text import visible
from playbooks.core.facts import as_mapping
from playbooks.core.ledger import Event, NewEvent
from playbooks.core.masking import masked
from playbooks.core.routing import INTERNAL
from playbooks.core.working_hours import OFFICE_ZONE

TITLE_LIMIT = 60
TEMPLATES = Path(__file__).parent / "message_templates"

SEVERITY = {
    "your_turn": "info",
    "handed_over": "info",
    "joined": "info",
    "notice": "info",
    "closed_early": "info",
    "rung": "warning",
    "unclear": "warning",
    "blocked": "urgent",
    "silent": "urgent",
}


@dataclass(frozen=True)
class Recipient:
    """The person a role resolves to now."""

    person_id: str
    name: str


Directory = Mapping[str, Recipient | None]
"""Roster role -> who is on duty now; ``None`` where nobody is reachable, which is itself an alarm.

Under ``person:<id>`` stand the people whom a step was handed over to.
"""


NAMED_BY = ("display_name", "title", "unit_name", "period", "year")
"""The inputs that name a case's subject, the first that it has."""


def case_title(opened: Mapping[str, object]) -> str:
    """Return how boards and messages call a case, from the payload of ``case_opened``.

    Personal numbers in it are masked: chat is read by many, and the ledger keeps what was typed.
    """
    inputs = as_mapping(opened["inputs"])
    name = next((inputs[key] for key in NAMED_BY if inputs.get(key)), "")
    subject = visible(masked(str(name)), TITLE_LIMIT)
    drill = "【演练】" if opened.get("is_drill") else ""
    return drill + (f"{opened['title']}：{subject}" if subject else str(opened["title"]))


def outbox_row(event: NewEvent | Event, now: datetime) -> dict[str, object]:
    """Return the outbox row of a ``message_queued`` event."""
    payload = event.payload
    kind = str(payload["kind"])
    # A matter that is marked internal never enters the chat; that something waits, and for whom, does.
    template = "internal_only" if payload.get("is_internal_only") else kind
    title, body = text_of(template, {"case_id": event.case_id, **payload})
    recipient = payload.get("recipient")
    return {
        "dedupe_key": payload["dedupe_key"],
        "case_id": event.case_id,
        "channel": "duty",
        "recipient": json.dumps(recipient, ensure_ascii=False, sort_keys=True),
        "severity": severity_of(kind, payload),
        "title": title,
        "body": body,
        "link": json.dumps(_link(event), ensure_ascii=False, sort_keys=True),
        "marking": INTERNAL if payload.get("is_internal_only") else None,
        "status": "queued",
        "attempts": 0,
        "created_at": now,
        "next_attempt_at": now,
        "sending_since_at": None,
        "finished_at": None,
        "receipt": None,
        "detail": None,
    }


def severity_of(kind: str, payload: Mapping[str, object]) -> str:
    """Return info, warning or urgent: a limit that has passed is urgent, one that comes a warning."""
    if payload.get("is_urgent"):
        return "urgent"
    is_past = bool(payload.get("is_expiry") or payload.get("is_after"))
    return "urgent" if kind == "rung" and is_past else SEVERITY[kind]


def text_of(kind: str, facts: Mapping[str, object]) -> tuple[str, str]:
    """Return title and body of a message of *kind*; a fact that the template lacks raises."""
    text = _environment().get_template(f"{kind}.j2").render(facts).strip()
    title, _, body = text.partition("\n")
    return title.strip(), body.strip()


def recipient_of(
    directory: Directory, roster_role: str, assigned_to: str | None = None
) -> dict[str, object] | None:
    """Return the recipient as JSON-ready facts, or ``None`` when nobody is reachable.

    A step that was handed over is its receiver's, whoever is on duty.
    """
    found = directory.get(f"person:{assigned_to}") if assigned_to else None
    found = found or directory.get(roster_role)
    if found is None:
        return None
    # How they are reached stays in the register: the ledger keeps for ever, and numbers change.
    return {"person_id": found.person_id, "name": found.name}


def acknowledged_text(name: object, at: object) -> str:
    """Return who has taken note of a step and when; ``""`` when nobody has."""
    return f"{name} 已于 {local(at)} 知悉" if name and isinstance(at, datetime) else ""


def local(instant: datetime | str) -> str:
    """Return an instant as the office reads it, for example ``2026-01-05 09:30``."""
    moment = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
    return moment.astimezone(OFFICE_ZONE).strftime("%Y-%m-%d %H:%M")


def _link(event: NewEvent | Event) -> dict[str, object]:
    payload = event.payload
    return {
        "case_id": event.case_id,
        "step_id": payload.get("step_id"),
        "visit": payload.get("visit"),
    }


@cache
def _environment() -> jinja2.Environment:
    environment = SandboxedEnvironment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # plain text; each channel adapter escapes for its own markup
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["local"] = local
    return environment
