"""From a rectification case to the facts of its notice and its reminder; all of it from the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date

from playbooks.core.cases.state import CaseState
from playbooks.core.drafting import Asked, Material
from playbooks.core.events import EventType
from playbooks.core.playbook import Playbook
from playbooks.core.playbook.model import TIMED
from playbooks.core.working_hours import local_day


@dataclass(frozen=True)
class RectificationFacts:
    """Everything the two letters say; ``None`` is what has not happened."""

    issuer_name: str
    contact_name: str
    contact_phone: str
    document_number: str | None
    issued_on: date
    unit_name: str
    matter: str
    problems: Sequence[tuple[str, str]]
    reply_workdays: int
    urge_workdays: int
    notice_number: str | None = None
    sent_on: date | None = None
    rechecked_on: date | None = None
    recheck_lines: Sequence[str] = field(default_factory=tuple[str, ...])

    def values(self) -> dict[str, object]:
        """Return the facts by name."""
        return {described.name: getattr(self, described.name) for described in fields(self)}


def letter_facts(state: CaseState, material: Material, asked: Asked) -> Mapping[str, object]:
    """Return the facts of one letter by name; see ``playbooks.core.drafting``."""
    office, inputs = material.office, state.inputs
    recheck, looked = state.answers.get("recheck", {}), state.answered.get("recheck")
    sent = [
        event
        for event in material.events
        if event.event_type is EventType.LETTER_DISPATCHED and event.payload["letter"] == "notice"
    ]
    return RectificationFacts(
        issuer_name=office.issuer,
        contact_name=office.contact_name,
        contact_phone=office.contact_phone,
        document_number=asked.number,
        issued_on=local_day(asked.now),
        unit_name=str(inputs["unit_name"]),
        matter=str(inputs["matter"]),
        problems=problems_in(str(inputs["problems"])),
        reply_workdays=_workdays(material.playbook, "reply"),
        urge_workdays=_workdays(material.playbook, "last_look"),
        notice_number=_notice_number(material),
        sent_on=local_day(sent[0].occurred_at) if sent else None,
        rechecked_on=local_day(looked.at) if looked else None,
        recheck_lines=_lines(str(recheck.get("seen", ""))),
    ).values()


def unchecked(state: CaseState, text: str) -> Sequence[str]:
    """Return nothing: a person put every problem into the case."""
    return ()


def problems_in(text: str) -> list[tuple[str, str]]:
    """Return (account, problem) of each line 「账号（平台）：问题」; a line without one is all problem."""
    found: list[tuple[str, str]] = []
    for line in _lines(text):
        account, mark, problem = line.partition("）：")
        found.append((f"{account}）", problem) if mark else ("—", line))
    return found


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _workdays(playbook: Playbook, step_id: str) -> int:
    """Return the limit that the letter states from the step that holds its addressee to it."""
    step = playbook.step(step_id)
    assert isinstance(step, TIMED)
    return step.due.budget


def _notice_number(material: Material) -> str | None:
    drafted = [
        event.payload
        for event in material.events
        if event.event_type is EventType.LETTER_DRAFTED and event.payload.get("letter") == "notice"
    ]
    number = str(drafted[-1].get("number") or "") if drafted else ""
    return number or None
