"""What happens next in a case: pure decisions from a playbook, a folded state and one trigger.

Each trigger (open, answer, drafted, expire, pause …) yields the events to append. Nothing here
reads a clock or a table; ``store`` persists what comes out. The events carry everything that the
tables of the ops catalog hold, so those can be folded again from the ledger.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from playbooks.core.calendar import WorkCalendar
from playbooks.core.cases import armed
from playbooks.core.cases.forms import AnswerError, check_answers, form_of
from playbooks.core.cases.state import CaseState, OpenStep, apply
from playbooks.core.ledger import EventType, NewEvent
from playbooks.core.messages import Directory, case_title, recipient_of
from playbooks.core.playbook.flow import parallel_of
from playbooks.core.playbook.model import (
    JOIN,
    TIMED,
    Approve,
    Ask,
    Draft,
    End,
    Notify,
    Parallel,
    Playbook,
    Recheck,
    Send,
    Step,
    Timed,
)

SYSTEM = "system"


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


@dataclass
class Turn:
    """One trigger being worked out: a private copy of the state, and the events so far."""

    playbook: Playbook
    state: CaseState
    now: datetime
    calendar: WorkCalendar
    directory: Directory
    actor: str = SYSTEM
    events: list[NewEvent] = field(default_factory=list[NewEvent])

    def record(
        self, event_type: EventType, payload: Mapping[str, object], reference: str = ""
    ) -> None:
        """Append one event and move the state on."""
        event = NewEvent(self.state.case_id, event_type, self.actor, payload, reference)
        apply(self.state, event, self.now)
        self.events.append(event)


def open_case(
    current: Turn, inputs: Mapping[str, object], opened_by: str, *, is_drill: bool
) -> None:
    """Open the case with checked *inputs* and start its first step.

    Raises:
        AnswerError: the inputs do not fit the playbook's form.
    """
    playbook = current.playbook
    accepted = check_answers(playbook.inputs, inputs)
    current.record(
        EventType.CASE_OPENED,
        {
            "playbook_id": playbook.id,
            "playbook_version": playbook.version,
            "playbook_digest": playbook.digest,
            "title": playbook.title,
            "inputs": accepted,
            "dedupe_key": dedupe_key(playbook, accepted),
            "opened_by": opened_by,
            "is_drill": is_drill,
        },
    )
    enter(current, playbook.start)


def dedupe_key(playbook: Playbook, inputs: Mapping[str, object]) -> str:
    """Return what two reports of the same matter have in common."""
    parts = [playbook.id, *(str(inputs.get(name, "")).casefold() for name in playbook.dedupe.key)]
    return "\x1f".join(parts)


def is_same_matter(
    playbook: Playbook, earlier: Mapping[str, object], later: Mapping[str, object]
) -> bool:
    """Whether two intakes with the same dedupe key are the same matter."""
    return all(
        not earlier.get(name) or not later.get(name) or earlier[name] == later[name]
        for name in playbook.dedupe.unless_different
    )


def join(current: Turn, inputs: Mapping[str, object], report: Mapping[str, object]) -> None:
    """Record another lead on the same matter, whole, and tell whoever works on the case."""
    report_id = str(report["report_id"])
    if report_id and report_id in current.state.reporters:
        return
    current.record(EventType.REPORT_JOINED, {**report, "inputs": inputs}, report_id)
    for open_step in list(current.state.open_steps.values()):
        step = current.playbook.step(open_step.step_id)
        if isinstance(step, TIMED):
            _tell(current, step, open_step, kind="joined")
            return


def answer(
    current: Turn, step_id: str, visit: int | None, given: Mapping[str, object], who: Answerer
) -> None:
    """Record *who*'s answer to the open step and go on by it.

    Raises:
        StaleAnswerError: the step is not open (any more), or was visited again meanwhile.
        AnswerError: the person may not answer, or the answer does not fit the form.
    """
    open_step = _open_step(current, step_id, visit)
    step = _timed(current, step_id)
    role = _role_now(step, open_step)
    _check_person(current, role, open_step, who)
    accepted = check_answers(form_of(step, open_step), given)
    payload: dict[str, object] = {
        "step_id": step_id,
        "visit": open_step.visit,
        "role": role,
        "answers": accepted,
        "answered_by": who.person_id,
        "answered_by_name": who.name,
    }
    if isinstance(step, Recheck):
        payload["look"] = accepted["look"]
    current.record(EventType.STEP_ANSWERED, payload, step_id)
    _FOLLOW[type(step)](current, step, open_step, accepted)


def drafted(current: Turn, step_id: str, letters: Sequence[Mapping[str, object]]) -> None:
    """Record the letters that a draft step wrote and go on.

    Each letter says ``letter``, ``number``, ``digest`` and ``files`` (kind -> SHA-256).
    """
    open_step = _open_step(current, step_id, None)
    step = current.playbook.step(step_id)
    assert isinstance(step, Draft)
    for letter in letters:
        current.record(EventType.LETTER_DRAFTED, letter, str(letter["letter"]))
    _complete(current, open_step, step.next)


def expire(current: Turn, deadline_id: str) -> None:
    """Record that a deadline passed, and take the step's ``on_expire`` way if it has one."""
    deadline = current.state.deadlines.get(deadline_id)
    if deadline is None:
        return
    current.record(
        EventType.DEADLINE_EXPIRED,
        {"deadline_id": deadline_id, "step_id": deadline.step_id},
        deadline_id,
    )
    step = current.playbook.step(deadline.step_id)
    if armed.is_look(deadline_id) or not isinstance(step, TIMED) or not step.on_expire:
        return
    _cancel_deadlines(current, deadline.step_id)
    current.record(
        EventType.STEP_ABANDONED,
        {"step_id": deadline.step_id, "visit": deadline.visit, "reason": "expired"},
        deadline.step_id,
    )
    enter(current, step.on_expire)


def hand_over(current: Turn, step_id: str, to_person_id: str, reason: str) -> None:
    """Give an open step to a named person, for this turn of it.

    Raises:
        AnswerError: the step is not open, or is the system's own.
    """
    open_step = _open_step(current, step_id, None)
    step = _timed(current, step_id)
    current.record(
        EventType.HANDED_OVER,
        {
            "step_id": step_id,
            "visit": open_step.visit,
            "to_person_id": to_person_id,
            "reason": reason,
        },
        step_id,
    )
    _tell(current, step, open_step, kind="handed_over")


def enter(current: Turn, step_id: str) -> None:
    """Start *step_id* and everything that follows from it without a person."""
    step = current.playbook.step(step_id)
    visit = current.state.visits.get(step_id, 0) + 1
    owner = step.owner if isinstance(step, TIMED) else None
    current.record(
        EventType.STEP_STARTED,
        {
            "step_id": step_id,
            "visit": visit,
            "title": step.title,
            "step_type": step.type,
            "owner_role": owner,
        },
        step_id,
    )
    open_step = current.state.open_steps[step_id]
    if isinstance(step, TIMED):
        armed.arm(current, step, open_step)
        _tell(current, step, open_step, kind="your_turn")
    elif isinstance(step, Notify):
        _tell(current, step, open_step, kind="notice")
        _complete(current, open_step, step.next)
    elif isinstance(step, Parallel):
        for branch in step.branches:
            enter(current, branch)
    elif isinstance(step, End):
        _close(current, step)


def _after_ask(
    current: Turn, step: Step, open_step: OpenStep, answers: Mapping[str, object]
) -> None:
    assert isinstance(step, Ask)
    if step.marks == "reporters_answered":
        for report_id, is_answered in list(current.state.reporters.items()):
            if not is_answered:
                current.record(EventType.REPORTER_ANSWERED, {"report_id": report_id}, report_id)
    _complete(current, open_step, _branch(step, answers))


def _after_approve(
    current: Turn, step: Step, open_step: OpenStep, answers: Mapping[str, object]
) -> None:
    assert isinstance(step, Approve)
    role = step.chain[open_step.stage]
    payload = {
        "step_id": step.id,
        "visit": open_step.visit,
        "role": role,
        "letters": list(step.letters),
        "opinion": answers.get("opinion", ""),
        "scan": answers.get("scan", []),
    }
    if answers["decision"] == "return":
        if not answers.get("opinion"):
            raise AnswerError("退回修改时「意见说明」必须填写")
        current.record(EventType.RETURNED, payload, step.id)
        _complete(current, open_step, step.on_reject)
        return
    if open_step.stage + 1 == len(step.chain):
        current.record(EventType.SIGNED, payload, step.id)
        _complete(current, open_step, step.next)
        return
    payload["next_role"] = step.chain[open_step.stage + 1]
    current.record(EventType.REVIEWED, payload, step.id)
    _tell(current, step, open_step, kind="your_turn")


def _after_send(
    current: Turn, step: Step, open_step: OpenStep, answers: Mapping[str, object]
) -> None:
    assert isinstance(step, Send)
    letter = current.state.letters.get(step.letter)
    if letter is None or not letter.is_signed:
        raise AnswerError(f"「{step.title}」的函件尚未签发,不能登记发出")
    payload = {
        "step_id": step.id,
        "visit": open_step.visit,
        "letter": step.letter,
        "number": letter.number,
        "addressee": step.addressee,
        **answers,
    }
    if answers.get("sending") == "unclear":
        current.record(EventType.SENDING_UNCLEAR, payload, step.id)
        _tell(current, step, open_step, kind="unclear")
        return
    if not open_step.is_dispatched:
        current.record(EventType.LETTER_DISPATCHED, payload, step.id)
    if answers.get("receipt"):
        current.record(EventType.RECEIPT_RECORDED, payload, step.id)
    if answers.get("receipt") or step.receipt == "optional":
        _complete(current, open_step, step.next)


def _after_recheck(
    current: Turn, step: Step, open_step: OpenStep, answers: Mapping[str, object]
) -> None:
    assert isinstance(step, Recheck)
    if open_step.consistent >= step.consistent:
        _complete(current, open_step, step.next)
    else:
        armed.arm_next_look(current, step, open_step)


_FOLLOW = {Ask: _after_ask, Approve: _after_approve, Send: _after_send, Recheck: _after_recheck}


def _complete(current: Turn, open_step: OpenStep, next_step: str) -> None:
    """Finish a step: its deadlines are satisfied, and the case goes on or waits at a join."""
    for deadline_id, deadline in list(current.state.deadlines.items()):
        if deadline.step_id == open_step.step_id:
            current.record(EventType.DEADLINE_SATISFIED, {"deadline_id": deadline_id}, deadline_id)
    payload: dict[str, object] = {
        "step_id": open_step.step_id,
        "visit": open_step.visit,
        "next": next_step,
    }
    if next_step != JOIN:
        current.record(EventType.STEP_COMPLETED, payload, open_step.step_id)
        enter(current, next_step)
        return
    parallel = parallel_of(current.playbook, open_step.step_id)
    current.record(EventType.STEP_COMPLETED, {**payload, "joins": parallel.id}, open_step.step_id)
    if len(current.state.joined[parallel.id]) == len(parallel.branches):
        _complete(current, current.state.open_steps[parallel.id], parallel.next)


def _close(current: Turn, step: End) -> None:
    missing = unmet(step, current.state)
    if missing:
        raise AnswerError("尚不能办结:" + ";".join(missing))
    for step_id in list(current.state.open_steps):
        _cancel_deadlines(current, step_id)
    current.record(
        EventType.CASE_CLOSED,
        {"outcome": step.outcome, "outcome_title": current.playbook.outcomes[step.outcome]},
    )


def unmet(step: End, state: CaseState) -> list[str]:
    """Return what the end's ``requires`` still lacks, as sentences for the operator."""
    missing: list[str] = []
    waiting = [report_id for report_id, answered in state.reporters.items() if not answered]
    if "every_reporter_answered" in step.requires and waiting:
        missing.append(f"还有 {len(waiting)} 件举报未答复:{'、'.join(waiting[:5])}")
    if "evidence_sealed" in step.requires and not state.evidence:
        missing.append("没有固定任何证据")
    return missing


def _cancel_deadlines(current: Turn, step_id: str) -> None:
    for deadline_id, deadline in list(current.state.deadlines.items()):
        if deadline.step_id == step_id:
            current.record(EventType.DEADLINE_CANCELLED, {"deadline_id": deadline_id}, deadline_id)


def _branch(step: Ask, answers: Mapping[str, object]) -> str:
    if isinstance(step.next, str):
        return step.next
    for branch in step.next:
        if branch.otherwise or all(answers.get(k) == v for k, v in branch.when.items()):
            return branch.go
    raise AnswerError(f"「{step.title}」的答案没有对应的后续步骤,请检查预案配置")


def _open_step(current: Turn, step_id: str, visit: int | None) -> OpenStep:
    state = current.state
    if not state.is_open:
        raise StaleAnswerError(f"案件 {state.case_id} 已办结,不能再办理")
    open_step = state.open_steps.get(step_id)
    if open_step is None:
        if step_id in state.finished:
            raise StaleAnswerError(f"步骤「{_title(current, step_id)}」已经办理过或已超期转走")
        raise StaleAnswerError(
            f"案件 {state.case_id} 现在没有步骤 {step_id},请在案件页查看当前步骤"
        )
    if visit is not None and visit != open_step.visit:
        raise StaleAnswerError(
            f"这是第 {visit} 次办理时的链接,该步骤已进入第 {open_step.visit} 次,请重新打开"
        )
    return open_step


def _timed(current: Turn, step_id: str) -> Ask | Approve | Send | Recheck:
    step = current.playbook.step(step_id)
    if not isinstance(step, TIMED):
        raise AnswerError(f"步骤「{step.title}」由系统自动办理,无需人员办理或移交")
    return step


def _title(current: Turn, step_id: str) -> str:
    try:
        return current.playbook.step(step_id).title
    except KeyError:
        return step_id


def role_of(step: Step, open_step: OpenStep) -> str:
    """Return the role whose turn it is in an open step."""
    assert isinstance(step, TIMED)
    return _role_now(step, open_step)


def _role_now(step: Timed, open_step: OpenStep) -> str:
    if isinstance(step, Approve):
        return step.chain[open_step.stage]
    return step.owner


def _check_person(current: Turn, role: str, open_step: OpenStep, who: Answerer) -> None:
    declared = current.playbook.roles[role]
    holds = declared.roster in who.roles or open_step.assigned_to == who.person_id
    if not holds:
        raise AnswerError(
            f"{who.name} 现在不在「{declared.title}」的值班表上,也没有受移交;请由在岗人员办理或先移交"
        )
    for other in declared.not_same_as:
        if who.person_id in current.state.acted_as.get(other, set()):
            title = current.playbook.roles[other].title
            raise AnswerError(
                f"{who.name} 已作为「{title}」办理过本案,不能再作为「{declared.title}」"
            )


def _tell(current: Turn, step: Step, open_step: OpenStep, kind: str) -> None:
    """Queue the chat message that goes with a step; the outbox row is folded from this event."""
    state = current.state
    role = step.to if isinstance(step, Notify) else role_of(step, open_step)
    declared = current.playbook.roles[role]
    key = f"{kind}:{state.case_id}:{step.id}:{open_step.visit}:{open_step.stage}"
    if kind in ("unclear", "handed_over", "joined"):
        key = f"{key}:{state.message_count}"
    deadline = state.deadlines.get(f"{state.case_id}/{step.id}/{open_step.visit}")
    current.record(
        EventType.MESSAGE_QUEUED,
        {
            "dedupe_key": key,
            "kind": kind,
            "case_title": case_title({"title": state.title, "inputs": state.inputs}),
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
        },
        key,
    )
