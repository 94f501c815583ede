"""Faults of forms and of the branches that follow from their answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from playbooks.core.playbook.model import Ask, FormField

MEASURED = ("text", "url")
"""Field types to which ``max_length`` applies."""


def form_faults(fields: Sequence[FormField]) -> Iterator[str]:
    """Yield what is wrong with the questions of one form."""
    names: set[str] = set()
    for field in fields:
        if field.name in names:
            yield f"two fields have the name {field.name}"
        names.add(field.name)
        yield from _field_faults(field)
    known = {field.name: field for field in fields}
    for field in fields:
        yield from (f"{field.name}: {what}" for what in _when_faults(field.required_when, known))


def branch_faults(step: Ask) -> Iterator[str]:
    """Yield branches that can never be taken, and answers that nothing follows."""
    if isinstance(step.next, str):
        return
    fields = {field.name: field for field in step.form}
    seen: list[Mapping[str, str]] = []
    for index, branch in enumerate(step.next):
        if bool(branch.when) == branch.otherwise:
            yield "a branch has either when or otherwise: true"
        if branch.otherwise and index + 1 < len(step.next):
            yield "a branch after otherwise is never taken"
        if branch.when in seen:
            yield f"two branches have the same when: {branch.when}"
        seen.append(branch.when)
        yield from _when_faults(branch.when, fields)
    yield from _uncovered(step, fields)


def _bound_faults(field: FormField) -> Iterator[str]:
    if {"at_least", "at_most"} & field.model_fields_set and field.type != "number":
        yield f"{field.name} is of type {field.type}, at_least and at_most belong to number"
    if field.at_most < field.at_least:
        yield f"{field.name} is at least {field.at_least} and at most {field.at_most}"


def _field_faults(field: FormField) -> Iterator[str]:
    if field.type == "enum" and len(field.values) < 2:
        yield f"the enum {field.name} needs at least two values"
    if field.type != "enum" and field.values:
        yield f"{field.name} is of type {field.type}, values belong to enum"
    shown = list(field.values.values())
    if len(set(shown)) != len(shown):
        # Forms show labels; two alike could not be told apart when the answer comes back.
        yield f"two values of {field.name} have the same label"
    if field.required and field.required_when:
        yield f"{field.name} is required anyway, required_when changes nothing"
    if field.name in field.required_when:
        yield f"{field.name} cannot be required by its own answer"
    yield from _bound_faults(field)
    if "max_length" in field.model_fields_set and field.type not in MEASURED:
        yield f"{field.name} is of type {field.type}, max_length belongs to {' and '.join(MEASURED)}"


def _when_faults(when: Mapping[str, str], fields: Mapping[str, FormField]) -> Iterator[str]:
    for name, value in when.items():
        if name not in fields or fields[name].type != "enum":
            yield f"when names {name}, which is no enum of its form"
        elif value not in fields[name].values:
            yield f"{name} has no value {value}"


def _uncovered(step: Ask, fields: Mapping[str, FormField]) -> Iterator[str]:
    assert not isinstance(step.next, str)
    if any(branch.otherwise for branch in step.next):
        return
    decisive = {name for branch in step.next for name in branch.when}
    if len(decisive) != 1:
        yield "branches over several fields need an otherwise"
        return
    (name,) = decisive
    if name not in fields:
        return
    if not fields[name].required and not fields[name].suggested_by:
        yield f"{name} may be left empty, so that the branches need an otherwise"
    covered = {branch.when.get(name) for branch in step.next}
    for value in fields[name].values:
        if value not in covered:
            yield f"nothing follows the answer {value} of {name}"


def reporter_faults(step: Ask) -> Iterator[str]:
    """Yield why a step that answers reporters one by one could not say which one."""
    if step.marks != "each_reporter_answered":
        return
    named = [field for field in step.form if field.name == "report_id"]
    if not named or named[0].type != "text" or named[0].required:
        # Where one reporter waits it goes without saying, and forms may leave it empty.
        yield "each_reporter_answered needs the field report_id, a text that is not required"
    if not isinstance(step.next, str):
        yield "each_reporter_answered may be passed unanswered, so that next is one step"
