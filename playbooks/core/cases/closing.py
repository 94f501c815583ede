"""Close a case before its steps are done: for a reason, with somebody's approval, and nothing lost.

Nothing is undone by it. What the playbook requires of every closing is required here as well; each
open step and each running limit gets an entry that says it ended with the case; letters that are not
through are named in the closing entry, with what becomes of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from playbooks.core.cases.forms import AnswerError
from playbooks.core.cases.state import CaseState, Letter
from playbooks.core.cases.steps import cancel_deadlines, record_closed, unmet, waiting_reporters
from playbooks.core.cases.turn import DUTY_LEAD, Answerer, Turn, check_separation, tell
from playbooks.core.ledger import EventType
from playbooks.core.limits import LimitKind
from playbooks.core.playbook.model import TIMED, End
from playbooks.core.working_hours import local_day

TERMINATED: Final = "terminated"
TERMINATED_TITLE: Final = "终止"


@dataclass(frozen=True)
class EarlyClosing:
    """What somebody asks for.

    Attributes:
        outcome: one of the playbook's, by id or title; empty or 终止 for a case that is given up.
        letters_note: what becomes of letters that are not through; needed when there are any.
        reporters_note: how the reporters who still waited were answered; needed when there are any.
    """

    outcome: str
    reason: str
    proposed_by: Answerer
    approved_by: Answerer
    letters_note: str = ""
    reporters_note: str = ""


def close_early(current: Turn, asked: EarlyClosing) -> None:
    """Close the case as *asked*.

    Raises:
        AnswerError: the case is closed already, a case it opened is not, something that every closing
            requires is missing, letters are unaccounted for, or the approver may not approve.
    """
    _check_open(current.state)
    reason = asked.reason.strip()
    if not reason:
        raise AnswerError("「事由」必须填写")
    outcome, title = _outcome(current, asked.outcome)
    _check_approver(current, asked)
    _answer_reporters(current, asked)
    missing = unmet(_required(current, outcome), current.state)
    if missing:
        raise AnswerError("尚不能办结：" + "；".join(missing))
    left = list(letters_left(current.state))
    note = asked.letters_note.strip()
    if left and not note:
        raise AnswerError(f"还有函件没有办完：{'；'.join(left)}。请在「未办完的函件如何处理」写明")
    statutory = statutory_left(current)
    _end_steps(current)
    facts = {
        "reason": reason,
        "proposed_by": asked.proposed_by.person_id,
        "approved_by": asked.approved_by.person_id,
        "letters_left": left,
        "letters_note": note,
        "statutory_left": statutory,
    }
    record_closed(current, outcome, title, {"early": facts})


def _answer_reporters(current: Turn, asked: EarlyClosing) -> None:
    """Record that the reporters who still waited were answered, and how: nobody is dropped unsaid."""
    waiting = waiting_reporters(current.state)
    how = asked.reporters_note.strip()
    if waiting and not how:
        listed = "、".join(waiting[:5])
        raise AnswerError(
            f"还有 {len(waiting)} 件举报未答复：{listed}。请先答复，再在「举报人如何答复」写明"
        )
    for report_id in waiting:
        facts = {"report_id": report_id, "answered_on": f"{local_day(current.now)}", "how": how}
        current.record(EventType.REPORTER_ANSWERED, facts, report_id)


def statutory_left(current: Turn) -> list[str]:
    """Return the steps whose statutory limits still run: the law's duty does not end with the case."""
    return [
        current.step(deadline.step_id).title
        for deadline in current.state.deadlines.values()
        if deadline.kind == LimitKind.STATUTORY
    ]


def letters_left(state: CaseState) -> Iterator[str]:
    """Yield the letters that are not through, each with how far it has come."""
    for letter in state.letters.values():
        progress = _progress(letter)
        if progress:
            yield f"{letter.number}（{progress}）"


def _progress(letter: Letter) -> str:
    if letter.has_receipt:
        return ""
    if letter.dispatched_at:
        return "已发出，未登记回执"
    return "已签发，未发出" if letter.is_signed else "已起草，未签发"


def _check_open(state: CaseState) -> None:
    if not state.is_open:
        raise AnswerError(f"案件 {state.case_id} 已办结，不必再提前办结")
    waiting = [step.child for step in state.open_steps.values() if step.child]
    if waiting:
        raise AnswerError(f"本案启动的案件 {'、'.join(waiting)} 尚未办结，请先办结")


def _outcome(current: Turn, named: str) -> tuple[str, str]:
    outcomes = current.playbook.outcomes
    wanted = named.strip()
    for outcome, title in outcomes.items():
        if wanted in (outcome, title):
            return outcome, title
    known = list(outcomes.values())
    if current.state.parent:
        # The case above goes on by the outcome; it knows none but the declared ones.
        if wanted not in ("", TERMINATED, TERMINATED_TITLE):
            raise AnswerError(f"没有结论「{wanted}」；本预案有：{'、'.join(known)}")
        raise AnswerError(f"上级案件要按结论继续，请从预案的结论中选一个：{'、'.join(known)}")
    if wanted in ("", TERMINATED, TERMINATED_TITLE):
        return TERMINATED, TERMINATED_TITLE
    raise AnswerError(f"没有结论「{wanted}」；可填：{'、'.join([TERMINATED_TITLE, *known])}")


def _required(current: Turn, outcome: str) -> set[str]:
    """Return what every closing requires, and what the ends with that outcome do.

    A case that is given up has no end of its own; what all ends require is required of it.
    """
    ends = [step for step in current.playbook.steps if isinstance(step, End)]
    own = [set(end.requires) for end in ends if outcome in (end.outcome, TERMINATED)]
    shared = set[str]().union(*own)
    if outcome == TERMINATED:
        shared = shared.intersection(*own)
    return {*current.playbook.close_requires, *shared}


def _check_approver(current: Turn, asked: EarlyClosing) -> None:
    declared = current.playbook.close_early
    approver = asked.approved_by
    if declared is None:
        if DUTY_LEAD not in approver.roles:
            raise AnswerError(f"{approver.name} 现在不带班，不能批准提前办结")
        return
    role = current.playbook.roles[declared.approver]
    if role.roster not in approver.roles:
        raise AnswerError(f"{approver.name} 现在不在「{role.title}」的值班表上，不能批准提前办结")
    if approver.person_id == asked.proposed_by.person_id:
        raise AnswerError("批准人与提出人不能是同一人")
    check_separation(current, declared.approver, approver)


def _end_steps(current: Turn) -> None:
    """Tell whoever was called that nothing is to be done, and end steps and limits with a trace."""
    for open_step in list(current.state.open_steps.values()):
        step = current.step(open_step.step_id)
        if isinstance(step, TIMED):
            tell(current, step, open_step, kind="closed_early")
        cancel_deadlines(current, open_step.step_id)
        current.record(
            EventType.STEP_ABANDONED,
            {"step_id": step.id, "visit": open_step.visit, "reason": "closed_early"},
            step.id,
        )
