"""Faults that the types of a playbook cannot see: names that lead nowhere, steps never reached."""

from __future__ import annotations

from collections.abc import Iterator

from playbooks.core.limits import Unit
from playbooks.core.playbook.model import (
    JOIN,
    TIMED,
    Approve,
    Ask,
    Draft,
    End,
    FormField,
    Notify,
    Parallel,
    Playbook,
    Send,
    Step,
)

Fault = tuple[tuple[int | str, ...], str]


def lint(playbook: Playbook) -> list[Fault]:
    """Return every fault as (place in the document, sentence), in the order of the document."""
    faults = [*_roles(playbook), *_fields(playbook)]
    for index, step in enumerate(playbook.steps):
        place = ("steps", index)
        faults.extend((place, what) for what in _step_faults(playbook, step))
    faults.extend(_graph(playbook))
    return faults


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


def _roles(playbook: Playbook) -> Iterator[Fault]:
    for name, role in playbook.roles.items():
        for other in role.not_same_as:
            if other not in playbook.roles:
                yield ("roles", name), f"not_same_as names {other}, which is no role"


def _fields(playbook: Playbook) -> Iterator[Fault]:
    names = [field.name for field in playbook.inputs]
    for name in playbook.dedupe.key:
        if name not in names:
            yield ("dedupe", "key"), f"{name} is no input"
    for index, field in enumerate(playbook.inputs):
        for what in _field_faults(field):
            yield ("inputs", index), what
    for index, step in enumerate(playbook.steps):
        for field in step.form if isinstance(step, Ask) else ():
            for what in _field_faults(field):
                yield ("steps", index, "form"), what


def _field_faults(field: FormField) -> Iterator[str]:
    if field.type == "enum" and len(field.values) < 2:
        yield f"the enum {field.name} needs at least two values"
    if field.type != "enum" and field.values:
        yield f"{field.name} is of type {field.type}, values belong to enum"


def _step_faults(playbook: Playbook, step: Step) -> Iterator[str]:
    known = {other.id for other in playbook.steps}
    for target in targets(step):
        if target not in known and target != JOIN:
            yield f"step {step.id} leads to {target}, which is no step"
    for role in _roles_of(step):
        if role not in playbook.roles:
            yield f"step {step.id} names the role {role}, which is not declared under roles"
    if isinstance(step, Ask):
        yield from _branch_faults(step)
    if isinstance(step, TIMED):
        yield from _ladder_faults(step)
    if isinstance(step, End) and step.outcome not in playbook.outcomes:
        yield f"step {step.id} ends with {step.outcome}, which is not declared under outcomes"
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


def _branch_faults(step: Ask) -> Iterator[str]:
    if isinstance(step.next, str):
        return
    fields = {field.name: field for field in step.form}
    for branch in step.next:
        if bool(branch.when) == branch.otherwise:
            yield f"step {step.id}: a branch has either when or otherwise: true"
        for name, value in branch.when.items():
            if name not in fields or fields[name].type != "enum":
                yield f"step {step.id}: when names {name}, which is no enum of its form"
            elif value not in fields[name].values:
                yield f"step {step.id}: {name} has no value {value}"
    yield from _uncovered(step, fields)


def _uncovered(step: Ask, fields: dict[str, FormField]) -> Iterator[str]:
    assert not isinstance(step.next, str)
    if any(branch.otherwise for branch in step.next):
        return
    single = {name for branch in step.next for name in branch.when}
    if len(single) != 1:
        yield f"step {step.id}: branches over several fields need an otherwise"
        return
    (name,) = single
    if name not in fields:
        return
    covered = {branch.when[name] for branch in step.next}
    for value in fields[name].values:
        if value not in covered:
            yield f"step {step.id}: nothing follows the answer {value} of {name}"


def _ladder_faults(step: Step) -> Iterator[str]:
    assert isinstance(step, TIMED)
    percentages = [rung.at for rung in step.escalate if rung.at.endswith("%")]
    if "100%" not in percentages:
        yield f"step {step.id}: the ladder has no rung at 100%"
    for rung in step.escalate:
        if rung.at.endswith("%") and not 0 < int(rung.at[:-1]) <= 100:
            yield f"step {step.id}: {rung.at} is not between 1% and 100%; use +N unit after it"
        elif rung.at.startswith("+") and rung.at.split(" ")[1] not in set(Unit):
            yield f"step {step.id}: {rung.at} names no unit; one of {', '.join(Unit)}"


def _letter_faults(playbook: Playbook, step: Step) -> Iterator[str]:
    drafted = {
        letter for other in playbook.steps if isinstance(other, Draft) for letter in other.letters
    }
    wanted = step.letters if isinstance(step, Approve) else ()
    if isinstance(step, Send):
        wanted = (step.letter,)
        approved = {
            letter
            for other in playbook.steps
            if isinstance(other, Approve)
            for letter in other.letters
        }
        if step.letter not in approved:
            yield f"step {step.id} sends {step.letter}, which no approve step signs"
    for letter in wanted:
        if letter not in drafted:
            yield f"step {step.id} needs the letter {letter}, which no draft step writes"


def _graph(playbook: Playbook) -> Iterator[Fault]:
    known = {step.id: step for step in playbook.steps}
    if len(known) != len(playbook.steps):
        yield ("steps",), "two steps have the same id"
    if playbook.start not in known:
        yield ("start",), f"start names {playbook.start}, which is no step"
        return
    reached: set[str] = set()
    waiting = [playbook.start]
    while waiting:
        step_id = waiting.pop()
        if step_id in reached or step_id not in known:
            continue
        reached.add(step_id)
        waiting.extend(targets(known[step_id]))
    for index, step in enumerate(playbook.steps):
        if step.id not in reached:
            yield ("steps", index), f"step {step.id} is never reached"
