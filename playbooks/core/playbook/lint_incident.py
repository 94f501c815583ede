"""Faults of what major incidents brought: clocks beside the work, tiers, suggestions, publishing."""

from __future__ import annotations

from collections.abc import Iterator

from playbooks.core.limits import LimitKind, Unit
from playbooks.core.playbook.flow import comes_unanswered, inside, reachable
from playbooks.core.playbook.lint_facts import condition_faults, field_of
from playbooks.core.playbook.model import (
    INPUT,
    TIMED,
    Approve,
    Ask,
    Clock,
    Decide,
    Due,
    FormField,
    Parallel,
    Playbook,
    Publish,
    Send,
    Step,
    WaitReceipt,
)

REASON = "override_reason"


def incident_faults(playbook: Playbook, step: Step) -> Iterator[str]:
    """Yield the faults of one step; every name in *playbook* leads somewhere."""
    if isinstance(step, TIMED):
        yield from _setting_faults(step.due)
    if isinstance(step, Clock):
        yield from _clock_faults(playbook, step)
    elif isinstance(step, Publish):
        yield from _publish_faults(playbook, step)
    elif isinstance(step, Approve):
        yield from _tier_faults(playbook, step)
    elif isinstance(step, Decide):
        yield from _value_faults(step)
    elif isinstance(step, Ask):
        for field in step.form:
            yield from _suggestion_faults(playbook, step, field)


def chains_of(step: Approve) -> list[tuple[str, ...]]:
    """Return every chain of signatures that *step* may ask for."""
    return [step.chain, *(tier.chain for tier in step.tiers)]


def _setting_faults(due: Due) -> Iterator[str]:
    if due.setting is None:
        return
    if due.unit is not Unit.WALL_HOURS:
        yield f"setting {due.setting} is given in minutes by the clock on the wall; use wall_hours"
    if due.usual:
        yield "a limit is the office's own or somebody's usual time: setting excludes usual"
    if due.pause_on:
        yield "a limit set by superiors does not pause; take pause_on out"
    if due.kind is LimitKind.INTERNAL:
        yield f"setting {due.setting} is set by superiors, so its kind is statutory"


def _clock_faults(playbook: Playbook, step: Clock) -> Iterator[str]:
    known = {other.id: other for other in playbook.steps}
    for name in step.until:
        if not isinstance(known.get(name), (Ask, Send, WaitReceipt)):
            yield f"until names {name}, which is no ask, send or wait_receipt step"
    around = [
        other
        for other in playbook.steps
        if isinstance(other, Parallel) and step.id in inside(playbook, other)
    ]
    if not around:
        yield "a clock runs beside other work; put it into a branch of a parallel step"
    elif not any(set(step.until) & inside(playbook, other) for other in around):
        yield f"nothing beside the clock comes to {' or '.join(step.until)}"


def _publish_faults(playbook: Playbook, step: Publish) -> Iterator[str]:
    for source, kind in ((step.accounts, "accounts"), (step.wording, "text")):
        field, place = field_of(playbook, source), source.split(".")[0]
        if field is None or field.type != kind:
            yield f"{source} is no field of type {kind}"
        elif not field.required:
            yield f"{source} may be left empty; it must be required"
        elif place != INPUT and comes_unanswered(playbook, step.id, place):
            yield f"the step can be reached before {source} is answered"
    pin = field_of(playbook, step.pin) if step.pin else None
    if step.pin and (pin is None or pin.type != "enum" or "pin" not in pin.values):
        yield f"{step.pin} is no enum with the value pin"
    signings = {s.id for s in playbook.steps if isinstance(s, Approve) and step.letter in s.letters}
    if not signings:
        yield f"it publishes {step.letter}, which no approve step signs"
    elif step.id in reachable(playbook, [playbook.start], signings):
        yield f"it can be reached before the letter {step.letter} is signed"


def _tier_faults(playbook: Playbook, step: Approve) -> Iterator[str]:
    for tier in step.tiers:
        for source, condition in tier.when.items():
            yield from condition_faults(playbook, source, condition)
            place = source.split(".")[0]
            if place != INPUT and comes_unanswered(playbook, step.id, place):
                yield f"a tier looks at {source}, but the step can be reached before it is known"


def _value_faults(step: Decide) -> Iterator[str]:
    given = [row.gives for row in step.rows]
    if not step.gives:
        if any(given):
            yield "rows give values, but the step declares none under gives"
        return
    if len(step.gives) < 2:
        yield "gives needs at least two values"
    for number, value in enumerate(given, start=1):
        if value not in step.gives:
            yield f"row {number} gives {value}, which is not declared under gives"
    for value in sorted(set(step.gives) - set(given)):
        yield f"no row gives {value}"


def _suggestion_faults(playbook: Playbook, step: Ask, field: FormField) -> Iterator[str]:
    if field.suggested_by is None:
        return
    named = next((other for other in playbook.steps if other.id == field.suggested_by), None)
    if not isinstance(named, Decide) or not named.gives:
        yield f"{field.name}: suggested_by names {field.suggested_by}, which gives no value"
        return
    if field.type != "enum" or field.required:
        yield f"{field.name} takes a suggestion, so it is an enum that is not required"
    elif set(named.gives) - set(field.values):
        yield f"{field.name} lacks a value that {named.id} may suggest"
    reasons = [other for other in step.form if other.name == REASON]
    if not reasons or reasons[0].type != "text" or reasons[0].required:
        yield f"{field.name}: whoever overrides says why in {REASON}, a text that is not required"
    if comes_unanswered(playbook, step.id, named.id):
        yield f"{field.name}: the step can be reached before {named.id} has suggested anything"
