"""Steps that the system works on outside the case: actions, and cases of other playbooks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from playbooks.core.cases.deciding import fact
from playbooks.core.cases.follow import branch
from playbooks.core.cases.publishing import seen_in_posts
from playbooks.core.cases.steps import complete
from playbooks.core.cases.turn import Turn, open_step_of, tell
from playbooks.core.ledger import EventType
from playbooks.core.playbook.model import Do, Publish, SubPlaybook


def acted(current: Turn, step_id: str, files: Sequence[Mapping[str, object]]) -> None:
    """Record that a ``do`` step's action was done, seal the *files* it made, and go on."""
    open_step = open_step_of(current, step_id, None)
    step = current.step(step_id)
    assert isinstance(step, Do)
    for file in files:
        current.record(EventType.EVIDENCE_SEALED, file, str(file["sha256"]))
    facts = {"step_id": step_id, "visit": open_step.visit, "action": step.action}
    made = [str(file["file_name"]) for file in files]
    current.record(EventType.ACTION_DONE, {**facts, "files": made}, step_id)
    complete(current, open_step, step.next)


def action_failed(current: Turn, step_id: str, reason: str) -> None:
    """Record why a ``do`` step's action could not be done, and put it to the person named for that."""
    open_step = open_step_of(current, step_id, None)
    step = current.step(step_id)
    assert isinstance(step, Do)
    facts = {"step_id": step_id, "visit": open_step.visit, "action": step.action}
    current.record(EventType.ACTION_FAILED, {**facts, "reason": reason}, step_id)
    complete(current, open_step, step.on_failure)


def blocked(current: Turn, step_id: str, reason: str) -> None:
    """Record why the system could not work on a step, and call whoever ``on_exception`` names.

    The step stays open and is tried again; the same reason twice calls nobody twice.
    """
    open_step = open_step_of(current, step_id, None)
    if open_step.blocked_by == reason:
        return
    facts = {"step_id": step_id, "visit": open_step.visit, "reason": reason}
    current.record(EventType.STEP_BLOCKED, facts, step_id)
    tell(current, current.step(step_id), open_step, kind="blocked", reason=reason)


def child_inputs(current: Turn, step_id: str) -> dict[str, object]:
    """Return the intake of the case that a sub-playbook step opens; what nobody gave is left out."""
    step = current.step(step_id)
    assert isinstance(step, SubPlaybook)
    found = {name: fact(current.state, source) for name, source in step.inputs.items()}
    return {**{name: value for name, value in found.items() if value is not None}, **step.values}


def child_opened(current: Turn, step_id: str, child: str) -> None:
    """Record the case that a sub-playbook step opened."""
    open_step = open_step_of(current, step_id, None)
    facts = {"step_id": step_id, "visit": open_step.visit, "child": child}
    current.record(EventType.SUBCASE_OPENED, facts, child)


def child_closed(current: Turn, step_id: str, outcome: str) -> None:
    """Record that the case which a sub-playbook step opened has closed, and go on by its outcome."""
    open_step = open_step_of(current, step_id, None)
    step = current.step(step_id)
    assert isinstance(step, SubPlaybook)
    child = str(open_step.child)
    facts = {"step_id": step_id, "visit": open_step.visit, "child": child, "outcome": outcome}
    current.record(EventType.SUBCASE_CLOSED, facts, child)
    complete(current, open_step, branch(step.title, step.next, {"outcome": outcome}))


def posts_seen(current: Turn, step_id: str, posts: Sequence[Mapping[str, object]]) -> None:
    """Record what ingested posts show of a publish step, and go on when every account has published."""
    open_step = open_step_of(current, step_id, None)
    step = current.step(step_id)
    assert isinstance(step, Publish)
    if seen_in_posts(current, step_id, posts):
        complete(current, open_step, step.next)
