"""Going on: start a step and what follows from it, finish it, join branches, close the case."""

from __future__ import annotations

from playbooks.core.cases import armed
from playbooks.core.cases.forms import AnswerError
from playbooks.core.cases.state import CaseState, OpenStep
from playbooks.core.cases.turn import Turn, tell
from playbooks.core.ledger import EventType
from playbooks.core.playbook.flow import parallel_of
from playbooks.core.playbook.model import JOIN, TIMED, End, Notify, Parallel


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
        tell(current, step, open_step, kind="your_turn")
    elif isinstance(step, Notify):
        tell(current, step, open_step, kind="notice")
        complete(current, open_step, step.next)
    elif isinstance(step, Parallel):
        for branch in step.branches:
            enter(current, branch)
    elif isinstance(step, End):
        close(current, step)


def complete(current: Turn, open_step: OpenStep, next_step: str) -> None:
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
        complete(current, current.state.open_steps[parallel.id], parallel.next)


def close(current: Turn, step: End) -> None:
    missing = unmet(step, current.state)
    if missing:
        raise AnswerError("尚不能办结:" + ";".join(missing))
    for step_id in list(current.state.open_steps):
        cancel_deadlines(current, step_id)
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


def cancel_deadlines(current: Turn, step_id: str) -> None:
    for deadline_id, deadline in list(current.state.deadlines.items()):
        if deadline.step_id == step_id:
            current.record(EventType.DEADLINE_CANCELLED, {"deadline_id": deadline_id}, deadline_id)
