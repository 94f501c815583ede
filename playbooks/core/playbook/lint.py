"""Faults that the types of a playbook cannot see: names that lead nowhere, declarations without effect.

What has to do with the way a case takes is in ``lint_flow``; forms and ladders are here.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from playbooks.core.playbook.actions import ACTIONS
from playbooks.core.playbook.flow import reachable, targets
from playbooks.core.playbook.lint_facts import since_faults, sub_faults, table_faults, usual_faults
from playbooks.core.playbook.lint_flow import Fault, flow_faults
from playbooks.core.playbook.lint_forms import branch_faults, form_faults, reporter_faults
from playbooks.core.playbook.lint_incident import chains_of, incident_faults
from playbooks.core.playbook.lint_ladders import ladder_faults, limit_faults
from playbooks.core.playbook.lint_whole import (
    chain_faults,
    requirement_faults,
    review_faults,
    review_roles,
    whole_faults,
    whole_roles,
)
from playbooks.core.playbook.model import (
    DONE,
    IMPROVE,
    INPUT,
    JOIN,
    RECEIPT,
    REVIEW,
    REVIEW_APPROVE,
    REVIEW_DRAFT,
    TIMED,
    Approve,
    Ask,
    Decide,
    Do,
    Draft,
    End,
    Looking,
    Notify,
    Playbook,
    Send,
    Step,
    SubPlaybook,
    TimedStep,
    WaitReceipt,
)
from playbooks.core.register.columns import labels

__all__ = ["Fault", "lint", "targets"]

RESERVED = frozenset({JOIN, DONE, INPUT, RECEIPT, REVIEW, REVIEW_DRAFT, REVIEW_APPROVE})


def lint(playbook: Playbook) -> list[Fault]:
    """Return every fault as (place in the document, sentence).

    The ways through the steps are looked at only when every name in them leads somewhere.
    """
    names = [*_names(playbook)]
    faults = [*names, *_roles(playbook), *_inputs(playbook), *_outcomes(playbook)]
    faults += [*whole_faults(playbook), *review_faults(playbook)]
    for index, step in enumerate(playbook.steps):
        faults.extend((("steps", index), what) for what in _step_faults(playbook, step))
    if not names:
        faults.extend(flow_faults(playbook))
        for index, step in enumerate(playbook.steps):
            faults.extend((("steps", index), what) for what in _fact_faults(playbook, step))
    return faults


def _names(playbook: Playbook) -> Iterator[Fault]:
    known: set[str] = set()
    for index, step in enumerate(playbook.steps):
        if step.id in known:
            yield ("steps", index), f"two steps have the id {step.id}"
        if step.id in RESERVED or step.id.startswith(IMPROVE):
            yield ("steps", index), f"{step.id} is a word of the vocabulary and no name for a step"
        known.add(step.id)
    for index, step in enumerate(playbook.steps):
        for target in targets(step):
            if target not in known and target != JOIN:
                yield ("steps", index), f"step {step.id} leads to {target}, which is no step"
    if playbook.start not in known:
        yield ("start",), f"start names {playbook.start}, which is no step"


def _roles(playbook: Playbook) -> Iterator[Fault]:
    used = {role for step in playbook.steps for role in _roles_of(step)} | review_roles(playbook)
    used |= set(whole_roles(playbook).values())
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
    for outcome in playbook.dedupe.reopens:
        if outcome not in playbook.outcomes:
            yield ("dedupe", "reopens"), f"{outcome} is no outcome"
    used = {step.outcome for step in playbook.steps if isinstance(step, End)}
    for outcome in playbook.outcomes:
        if outcome not in used:
            yield ("outcomes", outcome), f"no step ends with the outcome {outcome}"


def _step_faults(playbook: Playbook, step: Step) -> Iterator[str]:
    for role in _roles_of(step):
        if role not in playbook.roles:
            yield f"step {step.id} names the role {role}, which is not declared under roles"
    if isinstance(step, TIMED):
        yield from (f"step {step.id}: {what}" for what in _timed_faults(step))
    if isinstance(step, Approve):
        yield from _chain_faults(playbook, step)
    if isinstance(step, End):
        yield from _end_faults(playbook, step)
    if isinstance(step, Do) and step.action not in ACTIONS:
        yield f"step {step.id}: there is no action {step.action}; there are: {', '.join(ACTIONS)}"
    if isinstance(step, WaitReceipt):
        yield from _waiting_faults(playbook, step)
    yield from _letter_faults(playbook, step)


def _timed_faults(step: TimedStep) -> Iterator[str]:
    if isinstance(step, Ask):
        yield from form_faults(step.form)
        yield from branch_faults(step)
        yield from reporter_faults(step)
    yield from ladder_faults(step.escalate)
    yield from limit_faults(step.due)
    if isinstance(step, Looking):
        yield from _look_faults(step)


def _look_faults(step: Looking) -> Iterator[str]:
    yield from limit_faults(step.every)
    places = [slower.after_looks for slower in step.later]
    if places != sorted(set(places)):
        yield "later: after_looks grows from one entry to the next"
    for place in places:
        yield from limit_faults(step.interval(place + 1))


def _fact_faults(playbook: Playbook, step: Step) -> Iterator[str]:
    found: Iterator[str] = iter(())
    if isinstance(step, TIMED):
        found = chain(since_faults(playbook, step.id, step.due), usual_faults(playbook, step.due))
    elif isinstance(step, Decide):
        found = table_faults(playbook, step)
    elif isinstance(step, SubPlaybook):
        found = sub_faults(playbook, step)
    yield from (f"step {step.id}: {what}" for what in found)
    yield from (f"step {step.id}: {what}" for what in incident_faults(playbook, step))
    if isinstance(step, Looking) and step.every.since != "step_started":
        yield f"step {step.id}: every runs from one look to the next and has no since"


def _waiting_faults(playbook: Playbook, step: WaitReceipt) -> Iterator[str]:
    sending = next((other for other in playbook.steps if other.id == step.of), None)
    if not isinstance(sending, Send):
        yield f"step {step.id} waits for the receipt of {step.of}, which is no send step"
    elif sending.receipt == "required":
        yield f"step {step.id}: {step.of} requires its receipt itself, nothing is left to wait for"
    elif step.id in reachable(playbook, [playbook.start], {step.of}):
        yield f"step {step.id} can be reached before {step.of} has sent anything"


def _roles_of(step: Step) -> list[str]:
    roles: list[str] = []
    if isinstance(step, TIMED):
        roles.extend([step.owner, *(rung.to for rung in step.escalate)])
    if isinstance(step, Approve):
        roles.extend(role for chain in chains_of(step) for role in chain)
    if isinstance(step, Notify):
        roles.append(step.to)
    return roles


def _chain_faults(playbook: Playbook, step: Approve) -> Iterator[str]:
    for signing in chains_of(step):
        if step.owner != signing[0]:
            yield f"step {step.id}: its owner is {signing[0]}, who comes first in the chain"
        yield from (f"step {step.id}: {what}" for what in chain_faults(playbook, signing))


def _end_faults(playbook: Playbook, step: End) -> Iterator[str]:
    if step.outcome not in playbook.outcomes:
        yield f"step {step.id} ends with {step.outcome}, which is not declared under outcomes"
    for requirement in step.requires:
        for what in requirement_faults(playbook, requirement):
            yield f"step {step.id} requires {what}"
        if requirement in playbook.close_requires:
            yield f"step {step.id} requires {requirement}, which close_requires says already"


def _letter_faults(playbook: Playbook, step: Step) -> Iterator[str]:
    drafted = {n for other in playbook.steps if isinstance(other, Draft) for n in other.letters}
    approved = {n for other in playbook.steps if isinstance(other, Approve) for n in other.letters}
    if isinstance(step, Draft):
        for letter in sorted({*step.unnumbered} - {*step.letters}):
            yield f"step {step.id}: unnumbered names {letter}, which it does not write"
        for letter in step.letters:
            if letter not in approved:
                yield f"step {step.id} writes the letter {letter}, which no approve step signs"
    if isinstance(step, Send) and step.letter not in approved:
        yield f"step {step.id} sends {step.letter}, which no approve step signs"
    for letter in step.letters if isinstance(step, Approve) else ():
        if letter not in drafted:
            yield f"step {step.id} needs the letter {letter}, which no draft step writes"
