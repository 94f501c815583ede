"""Going on: start a step and what follows from it, finish it, join branches, close the case."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from playbooks.core.cases import armed
from playbooks.core.cases.deciding import decide, fact, meets
from playbooks.core.cases.forms import AnswerError
from playbooks.core.cases.publishing import issue
from playbooks.core.cases.state import CaseState, OpenStep
from playbooks.core.cases.turn import Turn, tell
from playbooks.core.ledger import EventType
from playbooks.core.playbook.flow import parallel_of
from playbooks.core.playbook.model import (
    DONE,
    JOIN,
    REVIEW,
    TIMED,
    AnyStep,
    Approve,
    Ask,
    Clock,
    Decide,
    End,
    Notify,
    Parallel,
    Publish,
    WaitReceipt,
)


def enter(current: Turn, step_id: str) -> None:
    """Start *step_id* and everything that follows from it without a person."""
    step = current.step(step_id)
    visit = current.state.visits.get(step_id, 0) + 1
    owner = step.owner if isinstance(step, TIMED) else None
    tier = tier_of(step, current.state) if isinstance(step, Approve) else ()
    current.record(
        EventType.STEP_STARTED,
        {
            "step_id": step_id,
            "visit": visit,
            "title": step.title,
            "step_type": step.type,
            "owner_role": owner,
            **({"chain": list(tier)} if tier else {}),
        },
        step_id,
    )
    open_step = current.state.open_steps[step_id]
    if isinstance(step, WaitReceipt) and has_receipt(current.state, step):
        complete(current, open_step, step.next)
    elif isinstance(step, Ask) and _answers_nobody(current.state, step):
        complete(current, open_step, str(step.next))
    elif isinstance(step, Clock) and set(step.until) & set(current.state.finished):
        complete(current, open_step, step.next)
    elif isinstance(step, TIMED):
        if isinstance(step, Publish):
            issue(current, step, open_step)
        armed.arm(current, step, open_step)
        tell(current, step, open_step, kind="your_turn")
    else:
        _pass_by_itself(current, step, open_step)


def _pass_by_itself(current: Turn, step: AnyStep, open_step: OpenStep) -> None:
    """Take a step that needs nobody; one that the system works on outside stays open."""
    if isinstance(step, Notify):
        tell(current, step, open_step, kind="notice")
        complete(current, open_step, step.next)
    elif isinstance(step, Decide):
        _take_decision(current, step, open_step)
    elif isinstance(step, Parallel):
        for branch in step.branches:
            enter(current, branch)
    elif isinstance(step, End):
        close(current, step)


def waiting_reporters(state: CaseState) -> list[str]:
    """Return the reporters who are still owed an answer."""
    return [report_id for report_id, is_answered in state.reporters.items() if not is_answered]


def _answers_nobody(state: CaseState, step: Ask) -> bool:
    return step.marks == "each_reporter_answered" and not waiting_reporters(state)


def has_receipt(state: CaseState, step: WaitReceipt) -> bool:
    """Tell whether the receipt that a step would wait for has been recorded already."""
    return step.of in state.receipts


def _take_decision(current: Turn, step: Decide, open_step: OpenStep) -> None:
    taken = decide(step, current.state)
    current.record(
        EventType.DECISION_TAKEN,
        {
            "step_id": step.id,
            "visit": open_step.visit,
            "row": taken.number,
            "reason": taken.row.because,
            "seen": dict(taken.seen),
            "go": taken.row.go,
            **_given(step, taken.row.gives),
        },
        step.id,
    )
    complete(current, open_step, taken.row.go)


def _given(step: Decide, value: str | None) -> dict[str, str]:
    return {"value": value, "value_title": step.gives[value]} if value else {}


def tier_of(step: Approve, state: CaseState) -> tuple[str, ...]:
    """Return the chain of the first tier whose facts hold now; empty when the step has none."""
    for tier in step.tiers:
        if all(meets(fact(state, source), wanted) for source, wanted in tier.when.items()):
            return tier.chain
    return step.chain if step.tiers else ()


def stop_clocks(current: Turn, done: str) -> None:
    """Complete the clocks that run until the step *done*."""
    for open_step in list(current.state.open_steps.values()):
        step = current.step(open_step.step_id)
        if isinstance(step, Clock) and done in step.until:
            complete(current, open_step, step.next)


def complete(current: Turn, open_step: OpenStep, next_step: str) -> None:
    """Finish a step: its deadlines are satisfied, and the case goes on or waits at a join.

    ``done`` as *next_step* is the end of what stands beside the case: its review, a measure.
    """
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
        stop_clocks(current, open_step.step_id)
        if next_step and next_step != DONE:
            enter(current, next_step)
        return
    parallel = parallel_of(current.playbook, open_step.step_id)
    current.record(EventType.STEP_COMPLETED, {**payload, "joins": parallel.id}, open_step.step_id)
    stop_clocks(current, open_step.step_id)
    if parallel.id not in current.state.open_steps:
        return  # a clock that stopped just now was the last branch, and the case has gone on
    if len(current.state.joined[parallel.id]) == len(parallel.branches):
        complete(current, current.state.open_steps[parallel.id], parallel.next)


def close(current: Turn, step: End) -> None:
    missing = unmet({*step.requires, *current.playbook.close_requires}, current.state)
    if missing:
        raise AnswerError("尚不能办结：" + ";".join(missing))
    for step_id in list(current.state.open_steps):
        cancel_deadlines(current, step_id)
    record_closed(current, step.outcome, current.playbook.outcomes[step.outcome], {})


def record_closed(current: Turn, outcome: str, title: str, facts: Mapping[str, object]) -> None:
    """Record that the case has closed, and start its review where the playbook has one."""
    current.record(EventType.CASE_CLOSED, {"outcome": outcome, "outcome_title": title, **facts})
    review = current.playbook.review
    if review and (not review.after or outcome in review.after):
        enter(current, REVIEW)


def unmet(required: Collection[str], state: CaseState) -> list[str]:
    """Return what a case still lacks of what is *required*, as sentences for the operator."""
    missing: list[str] = []
    waiting = [report_id for report_id, answered in state.reporters.items() if not answered]
    if "every_reporter_answered" in required and waiting:
        missing.append(f"还有 {len(waiting)} 件举报未答复：{'、'.join(waiting[:5])}")
    if "evidence_sealed" in required and not state.evidence:
        missing.append("没有固定任何证据")
    sent = [letter for letter in state.letters.values() if letter.dispatched_at]
    bare = [letter.number for letter in sent if not letter.has_receipt]
    if "receipts_recorded" in required and bare:
        missing.append(f"还有 {len(bare)} 件函没有登记回执：{'、'.join(bare[:5])}")
    return missing


def cancel_deadlines(current: Turn, step_id: str) -> None:
    for deadline_id, deadline in list(current.state.deadlines.items()):
        if deadline.step_id == step_id:
            current.record(EventType.DEADLINE_CANCELLED, {"deadline_id": deadline_id}, deadline_id)
