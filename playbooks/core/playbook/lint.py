"""Faults that the types of a playbook cannot see: names that lead nowhere, declarations without effect.

What has to do with the way a case takes is in ``lint_flow``; forms and ladders are here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from playbooks.core.limits import Limit, LimitKind, Unit
from playbooks.core.playbook.flow import targets
from playbooks.core.playbook.lint_flow import Fault, flow_faults
from playbooks.core.playbook.lint_forms import branch_faults, form_faults
from playbooks.core.playbook.model import (
    JOIN,
    TIMED,
    Approve,
    Ask,
    Draft,
    Due,
    End,
    Notify,
    Playbook,
    Recheck,
    Send,
    Step,
    Timed,
)
from playbooks.core.register.columns import labels

__all__ = ["Fault", "lint", "targets"]


def lint(playbook: Playbook) -> list[Fault]:
    """Return every fault as (place in the document, sentence).

    The ways through the steps are looked at only when every name in them leads somewhere.
    """
    names = [*_names(playbook)]
    faults = [*names, *_roles(playbook), *_inputs(playbook), *_outcomes(playbook)]
    for index, step in enumerate(playbook.steps):
        faults.extend((("steps", index), what) for what in _step_faults(playbook, step))
    if not names:
        faults.extend(flow_faults(playbook))
    return faults


def _names(playbook: Playbook) -> Iterator[Fault]:
    known: set[str] = set()
    for index, step in enumerate(playbook.steps):
        if step.id in known:
            yield ("steps", index), f"two steps have the id {step.id}"
        if step.id == JOIN:
            yield ("steps", index), f"{JOIN} is a word of the vocabulary and no name for a step"
        known.add(step.id)
    for index, step in enumerate(playbook.steps):
        for target in targets(step):
            if target not in known and target != JOIN:
                yield ("steps", index), f"step {step.id} leads to {target}, which is no step"
    if playbook.start not in known:
        yield ("start",), f"start names {playbook.start}, which is no step"


def _roles(playbook: Playbook) -> Iterator[Fault]:
    used = {role for step in playbook.steps for role in _roles_of(step)}
    for name, role in playbook.roles.items():
        if name not in used:
            yield ("roles", name), f"the role {name} has no part in any step"
        if role.roster not in labels("role"):
            known = ", ".join(labels("role"))
            yield (
                ("roles", name),
                f"the roster has no role {role.roster}; there are: {known}",
            )
        for other in role.not_same_as:
            if other not in playbook.roles:
                yield ("roles", name), f"not_same_as names {other}, which is no role"
            if other == name:
                yield ("roles", name), f"not_same_as of {name} names itself: nobody could act twice"


def _inputs(playbook: Playbook) -> Iterator[Fault]:
    yield from ((("inputs",), what) for what in form_faults(playbook.inputs))
    fields = {field.name: field for field in playbook.inputs}
    for name in playbook.dedupe.key:
        if name not in fields:
            yield ("dedupe", "key"), f"{name} is no input"
        elif not fields[name].required or fields[name].type == "files":
            # An empty answer would make strangers the same matter, and their reports would merge.
            yield ("dedupe", "key"), f"{name} must be a required input that is not files"


def _outcomes(playbook: Playbook) -> Iterator[Fault]:
    used = {step.outcome for step in playbook.steps if isinstance(step, End)}
    for outcome in playbook.outcomes:
        if outcome not in used:
            yield ("outcomes", outcome), f"no step ends with the outcome {outcome}"


def _step_faults(playbook: Playbook, step: Step) -> Iterator[str]:
    for role in _roles_of(step):
        if role not in playbook.roles:
            yield f"step {step.id} names the role {role}, which is not declared under roles"
    if isinstance(step, Ask):
        yield from (f"step {step.id}: {what}" for what in form_faults(step.form))
        yield from (f"step {step.id}: {what}" for what in branch_faults(step))
    if isinstance(step, TIMED):
        yield from (f"step {step.id}: {what}" for what in _ladder_faults(step))
        yield from (f"step {step.id}: {what}" for what in _limit_faults(step))
    if isinstance(step, Approve):
        yield from _chain_faults(playbook, step)
    if isinstance(step, End):
        yield from _end_faults(playbook, step)
    yield from _letter_faults(playbook, step)


def _roles_of(step: Step) -> list[str]:
    roles: list[str] = []
    if isinstance(step, TIMED):
        roles.extend([step.owner, *(rung.to for rung in step.escalate)])
    if isinstance(step, Approve):
        roles.extend(step.chain)
    if isinstance(step, Notify):
        roles.append(step.to)
    return roles


def _ladder_faults(step: Timed) -> Iterator[str]:
    shares = [int(rung.at[:-1]) for rung in step.escalate if rung.at.endswith("%")]
    if 100 not in shares:
        yield "the ladder has no rung at 100%"
    for share in shares:
        if not 0 < share <= 100:
            yield f"{share}% is not between 1% and 100%; use +N unit after it"
    later = [rung.at[1:].split(" ") for rung in step.escalate if rung.at.startswith("+")]
    for amount, unit in later:
        if unit not in set(Unit):
            yield f"+{amount} {unit} names no unit; one of {', '.join(Unit)}"
        else:
            yield from _impossible(int(amount), Unit(unit))
    if len({unit for _, unit in later}) > 1:
        # A working day may be shorter or longer than nine working hours: only one unit has an order.
        yield "the rungs after 100% use one unit, so that their order is certain"
    order = [rung.at.startswith("+") for rung in step.escalate]
    if order != sorted(order) or not (_rises(shares) and _rises([int(n) for n, _ in later])):
        yield "the ladder is not in the order of time, each rung later than the one before"


def _rises(numbers: Sequence[int]) -> bool:
    return all(a < b for a, b in zip([0, *numbers], numbers, strict=False))


def _limit_faults(step: Timed) -> Iterator[str]:
    limits: list[Due] = [step.due, *([step.every] if isinstance(step, Recheck) else [])]
    for due in limits:
        yield from _impossible(due.budget, due.unit)


def _impossible(budget: int, unit: Unit) -> Iterator[str]:
    """A limit that cannot be counted must not wait for the day on which a case comes to it."""
    try:
        Limit(budget, unit, LimitKind.INTERNAL, "lint")
    except ValueError as error:
        yield str(error)


def _chain_faults(playbook: Playbook, step: Approve) -> Iterator[str]:
    if step.owner != step.chain[0]:
        yield f"step {step.id}: its owner is {step.chain[0]}, who comes first in the chain"
    if len(set(step.chain)) != len(step.chain):
        yield f"step {step.id}: a role stands in the chain twice"
    for index, role in enumerate(step.chain):
        declared = playbook.roles.get(role)
        for earlier in step.chain[:index]:
            if declared and earlier != role and earlier not in declared.not_same_as:
                yield f"step {step.id}: {role} needs not_same_as: [{earlier}], or one person signs twice"


def _end_faults(playbook: Playbook, step: End) -> Iterator[str]:
    if step.outcome not in playbook.outcomes:
        yield f"step {step.id} ends with {step.outcome}, which is not declared under outcomes"
    marks = {other.marks for other in playbook.steps if isinstance(other, Ask)}
    if "every_reporter_answered" in step.requires and "reporters_answered" not in marks:
        yield f"step {step.id} requires every_reporter_answered, which no ask step marks"


def _letter_faults(playbook: Playbook, step: Step) -> Iterator[str]:
    drafted = {n for other in playbook.steps if isinstance(other, Draft) for n in other.letters}
    approved = {n for other in playbook.steps if isinstance(other, Approve) for n in other.letters}
    if isinstance(step, Draft):
        for letter in step.letters:
            if letter not in approved:
                yield f"step {step.id} writes the letter {letter}, which no approve step signs"
    if isinstance(step, Send) and step.letter not in approved:
        yield f"step {step.id} sends {step.letter}, which no approve step signs"
    for letter in step.letters if isinstance(step, Approve) else ():
        if letter not in drafted:
            yield f"step {step.id} needs the letter {letter}, which no draft step writes"
