"""The ways through a playbook: what follows what, what lies in which branch, what no person starts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from playbooks.core.playbook.model import (
    JOIN,
    TIMED,
    AnyStep,
    Approve,
    Ask,
    Clock,
    Decide,
    Do,
    Draft,
    End,
    Improve,
    Notify,
    Parallel,
    Playbook,
    ReviewStep,
    Step,
    SubPlaybook,
    WaitReceipt,
    Watch,
)

AUTOMATIC = (Clock, Decide, Do, Draft, Notify, Parallel, WaitReceipt)
"""Steps that the system takes, or may pass, by itself."""


def targets(step: AnyStep) -> list[str]:
    """Return the steps that *step* may lead to, ``join`` included."""
    if isinstance(step, (End, ReviewStep, Improve)):
        return []
    follow = [*step.branches] if isinstance(step, Parallel) else []
    follow.extend(onward(step))
    if isinstance(step, Approve):
        follow.append(step.on_reject)
    if isinstance(step, Do):
        follow.append(step.on_failure)
    if isinstance(step, TIMED) and step.on_expire:
        follow.append(step.on_expire)
    if isinstance(step, Watch):
        follow.append(step.on_reappear)
    return follow


def may_pass(step: AnyStep) -> bool:
    """Tell whether a person's step is passed at once when nothing is left for the person to do."""
    each = isinstance(step, Ask) and step.marks == "each_reporter_answered"
    return each or isinstance(step, (WaitReceipt, Clock))


def after_expiry(step: AnyStep) -> str | None:
    """Return where a step goes when its limit has passed; ``None`` when it stays with its people."""
    if isinstance(step, Watch):
        return step.next
    return step.on_expire if isinstance(step, TIMED) else None


def onward(step: AnyStep) -> list[str]:
    """Return where *step* goes when it has been done as asked."""
    if isinstance(step, (End, ReviewStep, Improve)):
        return []
    if isinstance(step, Decide):
        return [row.go for row in step.rows]
    if isinstance(step, (Ask, SubPlaybook)) and not isinstance(step.next, str):
        return [branch.go for branch in step.next]
    return [str(step.next)]


def reachable(
    playbook: Playbook, starts: Iterable[str], without: Collection[str] = ()
) -> dict[str, Step]:
    """Return the steps that can come up from *starts* on, never passing through *without*.

    What follows a parallel step comes up only when every branch can come to the join.
    """
    known = {step.id: step for step in playbook.steps}
    reached: dict[str, Step] = {}
    waiting = list(starts)
    while waiting:
        step_id = waiting.pop()
        if step_id in reached or step_id in without or step_id not in known:
            continue
        step = reached[step_id] = known[step_id]
        if isinstance(step, Parallel):
            waiting.extend(step.branches)
            if all(_joins(playbook, branch, {*without, step_id}) for branch in step.branches):
                waiting.append(step.next)
        else:
            waiting.extend(targets(step))
    return reached


def _joins(playbook: Playbook, branch: str, without: Collection[str]) -> bool:
    inside = reachable(playbook, [branch], without).values()
    # The ``next`` of a nested parallel step counts only when that one's branches all join.
    return any(JOIN in _plain_targets(playbook, step, without) for step in inside)


def _plain_targets(playbook: Playbook, step: Step, without: Collection[str]) -> list[str]:
    if not isinstance(step, Parallel):
        return targets(step)
    inner = {*without, step.id}
    return [step.next] if all(_joins(playbook, b, inner) for b in step.branches) else []


def inside(playbook: Playbook, parallel: Parallel) -> set[str]:
    """Return the steps that lie in the branches of *parallel*."""
    return set(reachable(playbook, parallel.branches, {parallel.id}))


def parallel_of(playbook: Playbook, step_id: str) -> Parallel:
    """Return the innermost parallel step in one of whose branches *step_id* lies.

    Raises:
        KeyError: the step lies in no branch, so that it has nothing to join.
    """
    around = [
        (len(within), index, step)
        for index, step in enumerate(playbook.steps)
        if isinstance(step, Parallel) and step_id in (within := inside(playbook, step))
    ]
    if not around:
        raise KeyError(f"step {step_id} joins, but lies in no branch of a parallel step")
    return min(around, key=lambda found: found[:2])[2]


def automatic_from(playbook: Playbook, origin: str, first: str) -> Iterator[Step]:
    """Yield the steps that come up without a person when *origin* goes on to *first*.

    A draft, an action and a sub-playbook end such a run of steps: what follows is a run of its own.
    """
    known = {step.id: step for step in playbook.steps}
    seen: set[str] = set()
    waiting = [(origin, first)]
    while waiting:
        source, step_id = waiting.pop()
        if step_id == JOIN and _lies_in_a_branch(playbook, source):
            parallel = parallel_of(playbook, source)
            waiting.append((parallel.id, parallel.next))
        if step_id in seen or step_id not in known:
            continue
        seen.add(step_id)
        step = known[step_id]
        yield step
        if isinstance(step, (Notify, Decide)) or may_pass(step):
            waiting.extend((step_id, target) for target in onward(step))
        elif isinstance(step, Parallel):
            waiting.extend((step_id, branch) for branch in step.branches)


def comes_unanswered(playbook: Playbook, step_id: str, answered: str) -> bool:
    """Tell whether *step_id* can be reached although nobody has answered the step *answered*."""
    around = [playbook.start]
    asked = next((step for step in playbook.steps if step.id == answered), None)
    if asked and (first := after_expiry(asked)):
        around.append(first)
    if isinstance(asked, Ask) and may_pass(asked):
        # A receipt that is waited for is there when its step is passed; an answer is not.
        around.extend(onward(asked))
    return step_id in reachable(playbook, around, {answered})


def is_automatic_throughout(playbook: Playbook, parallel: Parallel) -> bool:
    """Tell whether *parallel* comes to its join without any person."""
    steps = reachable(playbook, parallel.branches, {parallel.id}).values()
    waits = (*TIMED, SubPlaybook)
    return not any(isinstance(step, waits) and not may_pass(step) for step in steps)


def _lies_in_a_branch(playbook: Playbook, step_id: str) -> bool:
    return any(
        isinstance(step, Parallel) and step_id in inside(playbook, step) for step in playbook.steps
    )
