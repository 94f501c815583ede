"""The ways through a playbook: what follows what, what lies in which branch, what no person starts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

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
    Step,
)

AUTOMATIC = (Draft, Notify, Parallel)
"""Steps that the system takes by itself."""


def targets(step: Step) -> list[str]:
    """Return the steps that *step* may lead to, ``join`` included."""
    if isinstance(step, End):
        return []
    follow: list[str] = []
    if isinstance(step, Parallel):
        follow.extend(step.branches)
    if isinstance(step, Ask) and not isinstance(step.next, str):
        follow.extend(branch.go for branch in step.next)
    else:
        follow.append(str(step.next))
    if isinstance(step, Approve):
        follow.append(step.on_reject)
    if isinstance(step, TIMED) and step.on_expire:
        follow.append(step.on_expire)
    return follow


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

    A draft step ends such a run of steps: what follows it is a run of its own.
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
        if isinstance(step, Notify):
            waiting.append((step_id, step.next))
        elif isinstance(step, Parallel):
            waiting.extend((step_id, branch) for branch in step.branches)


def is_automatic_throughout(playbook: Playbook, parallel: Parallel) -> bool:
    """Tell whether *parallel* comes to its join without any person."""
    steps = reachable(playbook, parallel.branches, {parallel.id}).values()
    return not any(isinstance(step, TIMED) for step in steps)


def _lies_in_a_branch(playbook: Playbook, step_id: str) -> bool:
    return any(
        isinstance(step, Parallel) and step_id in inside(playbook, step) for step in playbook.steps
    )
