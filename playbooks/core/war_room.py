"""事件总览 of one incident as a page that can be passed on: static HTML, no script, nothing fetched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from playbooks.core.documents.text import visible

TEMPLATES = Path(__file__).parent / "page_templates"


@dataclass(frozen=True)
class ClockRow:
    """One running limit; *left* says how much time it has, or by how much it is past."""

    title: str
    due: str
    left: str
    kind: str
    is_past: bool


@dataclass(frozen=True)
class StepRow:
    """One open step: whose turn it is, and until when."""

    title: str
    owner: str
    due: str
    is_past: bool


@dataclass(frozen=True)
class LastRow:
    """One thing that happened."""

    at: str
    what: str
    who: str


@dataclass(frozen=True)
class WarRoom:
    """The page of one incident as plain texts, personal numbers masked, ready for any markup.

    Attributes:
        decision: what somebody must do next, who, and until when.
        silence: one line a status, with the accounts' names; empty when nothing was dispatched.
        last: the newest first.
    """

    case_id: str
    title: str
    as_of: str
    since: str
    grade: str
    is_open: bool
    decision: str
    clocks: Sequence[ClockRow]
    steps: Sequence[StepRow]
    silence: Sequence[str]
    last: Sequence[LastRow]


def html_of(room: WarRoom) -> str:
    """Return the page as HTML; every text in it is a value and is escaped."""
    return _environment().get_template("war_room.html.j2").render(room=room)


@cache
def _environment() -> jinja2.Environment:
    environment = ImmutableSandboxedEnvironment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["visible"] = visible
    return environment
