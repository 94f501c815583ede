"""A turn: one trigger being worked out on a case, and what every decision needs of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from playbooks.core.calendar import WorkCalendar
from playbooks.core.cases.folding import apply
from playbooks.core.cases.forms import AnswerError
from playbooks.core.cases.state import ArmedDeadline, CaseState, OpenStep
from playbooks.core.ledger import EventType, NewEvent
from playbooks.core.limits import Unit
from playbooks.core.messages import Directory, case_title, recipient_of
from playbooks.core.playbook.model import (
    IMPROVE,
    REVIEW,
    TIMED,
    AnyStep,
    Approve,
    Notify,
    Playbook,
    Role,
    Send,
    TimedStep,
)
from playbooks.core.why import counting_text, person_text, rest_text
from playbooks.core.working_hours import local_day

SYSTEM = "system"
DUTY_LEAD = "duty_lead"


class StaleAnswerError(AnswerError):
    """The question was already answered, expired or was withdrawn."""


@dataclass(frozen=True)
class Answerer:
    """Who answers.

    Attributes:
        roles: the roster roles the person holds now.
    """

    person_id: str
    name: str
    roles: frozenset[str]


@dataclass(frozen=True)
class UsualTime:
    """How long somebody outside usually takes, and how that is known."""

    budget: int
    unit: Unit
    basis: str


@dataclass(frozen=True)
class OfficeLimit:
    """A limit that the office has set itself; *verified_on* is an ISO day, empty when nobody checked."""

    minutes: int
    basis: str
    verified_on: str = ""


@dataclass
class Turn:
    """One trigger being worked out: a private copy of the state, and the events so far.

    Attributes:
        usual_times: value of an intake's enum -> how long that one usually takes, where known.
        office_limits: name -> a limit that the office has set; a case is opened under them.
    """

    playbook: Playbook
    state: CaseState
    now: datetime
    calendar: WorkCalendar
    directory: Directory
    actor: str = SYSTEM
    usual_times: Mapping[str, UsualTime] = field(default_factory=dict[str, UsualTime])
    office_limits: Mapping[str, OfficeLimit] = field(default_factory=dict[str, OfficeLimit])
    events: list[NewEvent] = field(default_factory=list[NewEvent])

    def record(
        self, event_type: EventType, payload: Mapping[str, object], reference: str = ""
    ) -> None:
        """Append one event and move the state on."""
        event = NewEvent(self.state.case_id, event_type, self.actor, payload, reference)
        apply(self.state, event, self.now)
        self.events.append(event)

    def step(self, step_id: str) -> AnyStep:
        """Return a step of the playbook; a measure says what the review of this case decided."""
        number = step_id.removeprefix(IMPROVE)
        decided = self.state.answers.get(REVIEW, {})
        if number == step_id or f"measure_{number}" not in decided:
            return self.playbook.step(step_id)
        due_on = date.fromisoformat(str(decided[f"due_on_{number}"]))
        days = (due_on - local_day(self.state.answered[REVIEW].at)).days
        return self.playbook.improvement(step_id, str(decided[f"measure_{number}"]), max(1, days))


def open_step_of(current: Turn, step_id: str, visit: int | None) -> OpenStep:
    state = current.state
    if not state.is_open and step_id not in state.open_steps:
        raise StaleAnswerError(f"案件 {state.case_id} 已办结，不能再办理")
    open_step = state.open_steps.get(step_id)
    if open_step is None:
        if step_id in state.finished:
            raise StaleAnswerError(f"步骤「{_title(current, step_id)}」已经办理过或已超期转走")
        raise StaleAnswerError(
            f"案件 {state.case_id} 现在没有步骤 {step_id}，请在案件页查看当前步骤"
        )
    if visit is not None and visit != open_step.visit:
        raise StaleAnswerError(
            f"这是第 {visit} 次办理时的链接，该步骤已进入第 {open_step.visit} 次，请重新打开"
        )
    return open_step


def refuse_unsigned(current: Turn, step_id: str) -> None:
    """Refuse to release a text that waits for its signature, naming the rule that asks for it.

    Raises:
        StaleAnswerError: so, and the ledger keeps the attempt.
    """
    step = current.step(step_id) if step_id in _step_ids(current) else None
    if not isinstance(step, Send) or step_id in current.state.open_steps:
        return
    for approve in current.playbook.steps:
        if not isinstance(approve, Approve) or step.letter not in approve.letters:
            continue
        letter = current.state.letters.get(step.letter)
        if approve.basis and (letter is None or not letter.is_signed):
            rule = f"{approve.basis.text}{approve.basis.article or ''}"
            raise StaleAnswerError(
                f"「{step.title}」的文稿未经审签，不得发布（依据：{rule}）；"
                f"请先办理「{approve.title}」"
            )


def _step_ids(current: Turn) -> set[str]:
    return {step.id for step in current.playbook.steps}


def timed_step(current: Turn, step_id: str) -> TimedStep:
    step = current.step(step_id)
    if not isinstance(step, TIMED):
        raise AnswerError(f"步骤「{step.title}」由系统自动办理，无需人员办理或移交")
    return step


def role_of(step: AnyStep, open_step: OpenStep) -> str:
    """Return the role whose turn it is in an open step."""
    assert isinstance(step, TIMED)
    if isinstance(step, Approve):
        return chain_of(step, open_step)[open_step.stage]
    return step.owner


def chain_of(step: Approve, open_step: OpenStep) -> tuple[str, ...]:
    """Return the roles that sign in turn: the tier the case had when the step started."""
    return open_step.chain or step.chain


def check_person(current: Turn, step: AnyStep, open_step: OpenStep, who: Answerer) -> None:
    role = role_of(step, open_step)
    basis = step.basis if isinstance(step, Approve) else None
    because = f"（依据：{basis.text}{basis.article or ''}）" if basis else ""
    declared = current.playbook.roles[role]
    holds = declared.roster in who.roles or open_step.assigned_to == who.person_id
    if not holds:
        raise AnswerError(
            f"{who.name} 现在不在「{declared.title}」的值班表上，也没有受移交；请由在岗人员办理或先移交{because}"
        )
    check_separation(current, role, who, because)


def check_separation(current: Turn, role: str, who: Answerer, because: str = "") -> None:
    """Refuse *who* where they have acted on the case as somebody whom *role* must not be.

    *because* names the rule behind it, where there is one.
    """
    declared = current.playbook.roles[role]
    for other in declared.not_same_as:
        if who.person_id in current.state.acted_as.get(other, set()):
            title = current.playbook.roles[other].title
            raise AnswerError(
                f"{who.name} 已作为「{title}」办理过本案，不能再作为「{declared.title}」{because}"
            )


def tell(current: Turn, step: AnyStep, open_step: OpenStep, kind: str, reason: str = "") -> None:
    """Queue the chat message that goes with a step; the outbox row is folded from this event."""
    state = current.state
    role, declared = _receiving(current, step, open_step)
    key = f"{kind}:{state.case_id}:{step.id}:{open_step.visit}:{open_step.stage}"
    if kind in ("unclear", "handed_over", "joined", "blocked"):
        key = f"{key}:{state.message_count}"
    deadline = state.deadlines.get(f"{state.case_id}/{step.id}/{open_step.visit}")
    current.record(
        EventType.MESSAGE_QUEUED,
        {
            "dedupe_key": key,
            "kind": kind,
            "case_title": case_title(
                {"title": state.title, "inputs": state.inputs, "is_drill": state.is_drill}
            ),
            "role": role,
            "role_title": declared.title,
            "recipient": recipient_of(current.directory, declared.roster, open_step.assigned_to),
            "assigned_to": open_step.assigned_to,
            "step_id": step.id,
            "step_title": step.title,
            "visit": open_step.visit,
            "due_at": deadline.due_at if deadline else None,
            "due_kind": deadline.kind if deadline else None,
            "is_provisional": bool(deadline and deadline.is_provisional),
            "basis": deadline.basis if deadline else "",
            "why": _why(current, declared.title, open_step, deadline),
            **({"is_internal_only": True} if current.playbook.is_internal else {}),
            **({"is_urgent": True} if isinstance(step, Notify) and step.urgent else {}),
            **({"reason": reason} if reason else {}),
        },
        key,
    )


def _receiving(current: Turn, step: AnyStep, open_step: OpenStep) -> tuple[str, Role]:
    """Return the role that a message about a step is for; a step without one is the system's own."""
    roles = current.playbook.roles
    if isinstance(step, Notify):
        return step.to, roles[step.to]
    if isinstance(step, TIMED):
        role = role_of(step, open_step)
        return role, roles[role]
    called = current.playbook.on_exception
    if called:
        return called, roles[called]
    return DUTY_LEAD, Role(title="带班领导", roster=DUTY_LEAD)


def _why(
    current: Turn, role_title: str, open_step: OpenStep, deadline: ArmedDeadline | None
) -> str:
    """Return why it is this person, and how the clock counts where one runs."""
    person = person_text(role_title, is_assigned=open_step.assigned_to is not None)
    if deadline is None:
        return person + rest_text(current.calendar, current.now)
    return f"{person}；{counting_text(deadline.unit, current.calendar, current.now)}"


def _title(current: Turn, step_id: str) -> str:
    try:
        return current.step(step_id).title
    except KeyError:
        return step_id
