"""Faults in the ways through a playbook: dead ends, loops without a person, branches that break out."""

from __future__ import annotations

from collections.abc import Iterator

from playbooks.core.playbook.flow import (
    AUTOMATIC,
    after_expiry,
    automatic_from,
    inside,
    is_automatic_throughout,
    may_pass,
    onward,
    reachable,
    targets,
)
from playbooks.core.playbook.model import (
    JOIN,
    TIMED,
    AnyStep,
    Approve,
    Do,
    Draft,
    End,
    Parallel,
    Playbook,
    Send,
    Step,
    SubPlaybook,
    Watch,
)

Fault = tuple[tuple[int | str, ...], str]


def flow_faults(playbook: Playbook) -> Iterator[Fault]:
    """Yield every fault; *playbook* has distinct step ids and names no step that is not there."""
    reached = reachable(playbook, [playbook.start])
    for index, step in enumerate(playbook.steps):
        place = ("steps", index)
        if step.id not in reached:
            yield place, f"step {step.id} is never reached"
            continue
        for what in _step_faults(playbook, step):
            yield place, what
    if any(_ends_too_early(step, playbook) for step in _automatic_at_start(playbook)):
        yield ("start",), "the case would have to close before anything of it can be proved"


def _automatic_at_start(playbook: Playbook) -> Iterator[Step]:
    return automatic_from(playbook, playbook.start, playbook.start)


def _step_faults(playbook: Playbook, step: Step) -> Iterator[str]:
    if JOIN in targets(step) and not _is_inside_a_branch(playbook, step.id):
        yield f"step {step.id} joins, but lies in no branch of a parallel step"
    if isinstance(step, TIMED) and step.on_expire == JOIN:
        yield f"step {step.id}: on_expire leads to a step, never to join"
    if isinstance(step, Watch):
        yield from _watch_faults(step)
    if isinstance(step, Parallel):
        yield from _parallel_faults(playbook, step)
    if not isinstance(step, End):
        ways = reachable(playbook, targets(step)).values()
        if not any(isinstance(way, End) or JOIN in targets(way) for way in [step, *ways]):
            yield f"step {step.id} never comes to an end"
    if isinstance(step, AUTOMATIC) and _comes_back_by_itself(playbook, step):
        yield f"step {step.id} comes back to itself without any person: it would loop for ever"
    yield from _machine_ends(playbook, step)
    yield from _unsigned(playbook, step)


def _watch_faults(step: Watch) -> Iterator[str]:
    if step.on_expire:
        yield f"step {step.id}: the end of a watch leads to next, on_expire has no part in it"
    if JOIN in (step.next, step.on_reappear):
        # A branch that waits for weeks would keep all the others from going on.
        yield f"step {step.id}: a watch lies behind the branches of a parallel step, never in one"


def _is_inside_a_branch(playbook: Playbook, step_id: str) -> bool:
    return any(
        isinstance(step, Parallel) and step_id in inside(playbook, step) for step in playbook.steps
    )


def _parallel_faults(playbook: Playbook, parallel: Parallel) -> Iterator[str]:
    if JOIN in parallel.branches:
        yield f"step {parallel.id}: a branch starts with a step, not with join"
    if len(set(parallel.branches)) != len(parallel.branches):
        yield f"step {parallel.id} names a branch twice"
    outside = _outside(playbook, parallel)
    owners: dict[str, str] = {}
    for branch in parallel.branches:
        if branch in outside:
            yield f"branch {branch} of {parallel.id} is also reached from outside it"
        for step in reachable(playbook, [branch], outside | {parallel.id}).values():
            if owners.setdefault(step.id, branch) != branch:
                yield f"step {step.id} lies in two branches of {parallel.id}"
            yield from _break_outs(parallel, step, outside)


def _break_outs(parallel: Parallel, step: Step, outside: set[str]) -> Iterator[str]:
    if isinstance(step, End):
        yield f"step {step.id} ends the case while other branches of {parallel.id} still run"
    for target in targets(step):
        if target in outside:
            yield f"step {step.id} jumps out of the parallel step {parallel.id} to {target}"


def _outside(playbook: Playbook, parallel: Parallel) -> set[str]:
    before = reachable(playbook, [playbook.start], {parallel.id})
    after = reachable(playbook, [parallel.next], {parallel.id})
    return {*before, *after, parallel.id}


def _comes_back_by_itself(playbook: Playbook, step: Step) -> bool:
    seen: set[str] = set()
    waiting = _automatic_targets(playbook, step)
    while waiting:
        step_id = waiting.pop()
        if step_id == step.id:
            return True
        if step_id in seen or step_id == JOIN:
            continue
        seen.add(step_id)
        waiting.extend(_automatic_targets(playbook, playbook.step(step_id)))
    return False


def _automatic_targets(playbook: Playbook, step: AnyStep) -> list[str]:
    if isinstance(step, Parallel):
        through = [step.next] if is_automatic_throughout(playbook, step) else []
        return [*step.branches, *through]
    if may_pass(step):
        return onward(step)
    return targets(step) if isinstance(step, AUTOMATIC) else []


def _machine_ends(playbook: Playbook, step: Step) -> Iterator[str]:
    """Nobody is there to be refused when the system itself comes to an end that asks for proof."""
    first = after_expiry(step)
    starts = [first] if first else []
    if isinstance(step, (Draft, Do, SubPlaybook)):
        starts = targets(step)
    for end in (end for first in starts for end in automatic_from(playbook, step.id, first)):
        if _ends_too_early(end, playbook):
            yield (
                f"step {step.id} leads to {end.id} without a person, but {end.id} requires proof; "
                "put an ask step before it"
            )


def _ends_too_early(step: Step, playbook: Playbook) -> bool:
    return isinstance(step, End) and bool(step.requires or playbook.close_requires)


def _unsigned(playbook: Playbook, step: Step) -> Iterator[str]:
    """A letter is drafted on every way to its signature, and signed on every way out."""
    for letter in step.letters if isinstance(step, Approve) else ():
        drafts = {s.id for s in playbook.steps if isinstance(s, Draft) and letter in s.letters}
        if drafts and step.id in reachable(playbook, [playbook.start], drafts):
            yield f"step {step.id} can be reached before the letter {letter} is drafted"
    if isinstance(step, Send):
        signings = {
            s.id for s in playbook.steps if isinstance(s, Approve) and step.letter in s.letters
        }
        if signings and step.id in reachable(playbook, [playbook.start], signings):
            yield f"step {step.id} can be reached before the letter {step.letter} is signed"
