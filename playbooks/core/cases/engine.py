"""What happens next in a case: pure decisions from a playbook, a folded state and one trigger.

Each trigger (open, answer, drafted, expire, pause …) yields the events to append. Nothing here
reads a clock or a table; ``store`` persists what comes out. The events carry everything that the
tables of the ops catalog hold, so those can be folded again from the ledger.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from playbooks.core.cases import armed
from playbooks.core.cases.checks import check_limits, check_starts, check_valid, frozen_limits
from playbooks.core.cases.follow import FOLLOW
from playbooks.core.cases.forms import AnswerError, check_answers, form_of
from playbooks.core.cases.steps import cancel_deadlines, complete, enter
from playbooks.core.cases.suggesting import with_suggestions
from playbooks.core.cases.turn import (
    DUTY_LEAD,
    Answerer,
    StaleAnswerError,
    Turn,
    check_person,
    open_step_of,
    refuse_unsigned,
    role_of,
    tell,
    timed_step,
)
from playbooks.core.ledger import EventType
from playbooks.core.playbook.model import (
    INPUT,
    TIMED,
    Draft,
    Looking,
    Playbook,
    Watch,
)
from playbooks.core.working_hours import local_day

__all__ = ["Answerer", "StaleAnswerError", "Turn"]


def open_case(
    current: Turn,
    inputs: Mapping[str, object],
    opened_by: str,
    *,
    is_drill: bool,
    parent: str = "",
    reappears_of: str = "",
) -> None:
    """Open the case with checked *inputs* and start its first step.

    Args:
        current: a turn on a case that does not exist yet.
        inputs: the intake.
        opened_by: actor, as the ledger names it.
        is_drill: marks the case, its letters and its messages as 演练.
        parent: ``case/step`` of the sub-playbook step that opens it.
        reappears_of: the closed case of the same matter that this one takes up again.

    Raises:
        AnswerError: the inputs do not fit the playbook's form, or its version is not valid today.
    """
    playbook = current.playbook
    check_valid(playbook, local_day(current.now))
    check_limits(playbook, current.office_limits)
    accepted = check_answers(playbook.inputs, inputs)
    check_starts(playbook, INPUT, accepted, current.now)
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
            **frozen_limits(playbook, current.office_limits),
            **({"parent": parent} if parent else {}),
            **({"reappears_of": reappears_of} if reappears_of else {}),
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
            tell(current, step, open_step, kind="joined")
            return


def answer(
    current: Turn, step_id: str, visit: int | None, given: Mapping[str, object], who: Answerer
) -> None:
    """Record *who*'s answer to the open step and go on by it.

    Raises:
        StaleAnswerError: the step is not open (any more), or was visited again meanwhile.
        AnswerError: the person may not answer, or the answer does not fit the form.
    """
    refuse_unsigned(current, step_id)
    open_step = open_step_of(current, step_id, visit)
    step = timed_step(current, step_id)
    role = role_of(step, open_step)
    check_person(current, step, open_step, who)
    fields = form_of(step, open_step)
    accepted, overrides = with_suggestions(fields, check_answers(fields, given), current.state)
    check_starts(current.playbook, step_id, accepted, current.now)
    payload: dict[str, object] = {
        "step_id": step_id,
        "visit": open_step.visit,
        "role": role,
        "answers": accepted,
        "answered_by": who.person_id,
        "answered_by_name": who.name,
    }
    if overrides:
        payload["overrides"] = overrides
    if isinstance(step, Looking):
        payload["look"] = accepted["look"]
    current.record(EventType.STEP_ANSWERED, payload, step_id)
    FOLLOW[type(step)](current, step, open_step, accepted)


def drafted(current: Turn, step_id: str, letters: Sequence[Mapping[str, object]]) -> None:
    """Record the letters that a draft step wrote and go on.

    Each letter says ``letter``, ``number``, ``digest`` and ``files`` (kind -> SHA-256).
    """
    open_step = open_step_of(current, step_id, None)
    step = current.step(step_id)
    assert isinstance(step, Draft)
    for letter in letters:
        current.record(EventType.LETTER_DRAFTED, letter, str(letter["letter"]))
    complete(current, open_step, step.next)


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
    step = current.step(deadline.step_id)
    if armed.is_look(deadline_id):
        return
    if isinstance(step, Watch):
        # The time passed and nothing came back: that is the good end of a watch.
        complete(current, current.state.open_steps[step.id], step.next)
        return
    if not isinstance(step, TIMED) or not step.on_expire:
        return
    cancel_deadlines(current, deadline.step_id)
    current.record(
        EventType.STEP_ABANDONED,
        {"step_id": deadline.step_id, "visit": deadline.visit, "reason": "expired"},
        deadline.step_id,
    )
    enter(current, step.on_expire)


def hand_over(
    current: Turn, step_id: str, to_person_id: str, reason: str, who: Answerer | None = None
) -> None:
    """Give an open step to a named person, for this turn of it.

    Raises:
        AnswerError: the step is not open or is the system's own; or *who* neither holds the step,
            nor its role, nor leads the duty.
    """
    open_step = open_step_of(current, step_id, None)
    step = timed_step(current, step_id)
    declared = current.playbook.roles[role_of(step, open_step)]
    if who and not (
        {declared.roster, DUTY_LEAD} & who.roles or open_step.assigned_to == who.person_id
    ):
        raise AnswerError(f"{who.name} 不是「{declared.title}」也不带班，不能移交该步骤")
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
    tell(current, step, open_step, kind="handed_over")
