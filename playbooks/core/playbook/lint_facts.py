"""Faults of what refers to facts: clocks that start with an answer, decision tables, sub-playbooks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from playbooks.core.limits import ROLLING, LimitKind, Unit
from playbooks.core.playbook.flow import comes_unanswered
from playbooks.core.playbook.model import (
    INPUT,
    RECEIPT,
    Ask,
    Branch,
    Condition,
    Decide,
    DecisionRow,
    Due,
    FormField,
    Playbook,
    Range,
    Send,
    SubPlaybook,
    WaitReceipt,
)

DAYS = ROLLING | {Unit.WORKING_DAYS}


def field_of(playbook: Playbook, source: str) -> FormField | None:
    """Return the field that a source names, or ``None``."""
    place, name = source.split(".")
    form = playbook.inputs if place == INPUT else ()
    for step in playbook.steps:
        if step.id == place and isinstance(step, Ask):
            form = step.form
        if step.id == place and isinstance(step, Decide) and step.gives:
            form = (value_field(step),)
    return next((field for field in form if field.name == name), None)


def value_field(step: Decide) -> FormField:
    """Return the value that a decision table gives, as the field ``value``."""
    return FormField(name="value", title=step.title, type="enum", values=step.gives)


def usual_faults(playbook: Playbook, due: Due) -> Iterator[str]:
    """Yield why a usual time could never replace a limit, or must not."""
    if due.usual is None:
        return
    named = next((field for field in playbook.inputs if field.name == due.usual), None)
    if named is None or named.type != "enum":
        yield f"usual names {due.usual}, which is no enum of the intake"
    if due.kind is LimitKind.STATUTORY:
        yield "a statutory limit is the law's, no usual time replaces it; take usual out"


def since_faults(playbook: Playbook, step_id: str, due: Due) -> Iterator[str]:
    """Yield what is wrong with the start of a clock."""
    if "." not in due.since:
        return
    place, name = due.since.split(".")
    if place == RECEIPT:
        yield from _receipt_faults(playbook, step_id, name)
        return
    field = field_of(playbook, due.since)
    if field is None or field.type not in ("day", "instant"):
        yield f"since names {due.since}, which is no field of type day or instant"
    elif not field.required:
        yield f"since names {due.since}, which may be left empty, so that the clock could not start"
    elif field.type == "day" and due.unit not in DAYS:
        yield f"since names the day {due.since}, but {due.unit} need an instant"
    elif place != INPUT and comes_unanswered(playbook, step_id, place):
        yield f"since names {due.since}, but the step can be reached before {place} is answered"


def _receipt_faults(playbook: Playbook, step_id: str, name: str) -> Iterator[str]:
    named = next((step for step in playbook.steps if step.id == name), None)
    is_certain = isinstance(named, WaitReceipt) or (
        isinstance(named, Send) and named.receipt == "required"
    )
    if not is_certain:
        yield f"since names receipt.{name}, which is no step that requires a receipt"
    elif comes_unanswered(playbook, step_id, name):
        yield f"since names receipt.{name}, but the step can be reached before that receipt"


def table_faults(playbook: Playbook, step: Decide) -> Iterator[str]:
    """Yield rows of a decision table that cannot hold, and facts that no row decides."""
    for number, row in enumerate(step.rows, start=1):
        if bool(row.when) == row.otherwise:
            yield f"row {number} has either when or otherwise: true"
        if row.otherwise and number < len(step.rows):
            yield f"row {number + 1} after otherwise is never taken"
        for earlier, before in enumerate(step.rows[: number - 1], start=1):
            if before.when and row.when and _covers(before, row):
                yield f"row {number} is never taken: row {earlier} holds whenever it does"
        for source, condition in row.when.items():
            yield from condition_faults(playbook, source, condition)
    if not step.rows[-1].otherwise and not _is_complete(playbook, step):
        yield "the table needs a last row with otherwise: true"


def _covers(before: DecisionRow, row: DecisionRow) -> bool:
    return all(
        source in row.when and _implies(row.when[source], condition)
        for source, condition in before.when.items()
    )


def _implies(narrow: Condition, wide: Condition) -> bool:
    if isinstance(narrow, Range) or isinstance(wide, Range):
        if not (isinstance(narrow, Range) and isinstance(wide, Range)):
            return False
        from_low = (narrow.at_least or 0) >= (wide.at_least or 0)
        return from_low and (
            wide.below is None or (narrow.below is not None and narrow.below <= wide.below)
        )
    return values_of(narrow) <= values_of(wide)


def values_of(condition: str | tuple[str, ...]) -> set[str]:
    """Return the values of an enum that meet a condition."""
    return {condition} if isinstance(condition, str) else set(condition)


def condition_faults(playbook: Playbook, source: str, condition: Condition) -> Iterator[str]:
    """Yield why a condition on a fact could never hold."""
    field = field_of(playbook, source)
    if field is None or field.type not in ("enum", "number"):
        yield f"when names {source}, which is no enum or number of an intake or an ask step"
    elif isinstance(condition, Range):
        if field.type != "number":
            yield f"{source} is an enum and has no range"
        elif condition.at_least is None and condition.below is None:
            yield f"the range of {source} has neither at_least nor below"
        elif condition.below is not None and condition.below <= (condition.at_least or 0):
            yield f"the range of {source} is empty"
    elif field.type == "number":
        yield f"{source} is a number; write {{at_least: …, below: …}}"
    else:
        for value in sorted(values_of(condition) - set(field.values)):
            yield f"{source} has no value {value}"


def _is_complete(playbook: Playbook, step: Decide) -> bool:
    """Whether the rows, each over one and the same enum that is always answered, name every value."""
    sources = {source for row in step.rows for source in row.when}
    if len(sources) != 1 or any(len(row.when) != 1 for row in step.rows):
        return False
    (source,) = sources
    field, place = field_of(playbook, source), source.split(".")[0]
    if field is None or not field.required:
        return False
    if place != INPUT and comes_unanswered(playbook, step.id, place):
        return False
    named: set[str] = set()
    for row in step.rows:
        condition = row.when[source]
        named |= set[str]() if isinstance(condition, Range) else values_of(condition)
    return field.type == "enum" and set(field.values) <= named


def sub_faults(playbook: Playbook, step: SubPlaybook) -> Iterator[str]:
    """Yield what is wrong with a sub-playbook as far as this file can tell."""
    if step.playbook.split("@")[0] == playbook.id:
        yield f"{step.playbook} is this playbook: it would open itself for ever"
    for name in sorted(set(step.inputs) & set(step.values)):
        yield f"{name} stands both under inputs and under values"
    for name, source in step.inputs.items():
        if field_of(playbook, source) is None:
            yield f"inputs: {name} is taken from {source}, which is no field"
    if not isinstance(step.next, str):
        yield from _outcome_faults(step.next)


def _outcome_faults(branches: Sequence[Branch]) -> Iterator[str]:
    for branch in branches:
        if bool(branch.when) == branch.otherwise or set(branch.when) - {"outcome"}:
            yield "a branch has either when: {outcome: …} or otherwise: true"
    if not branches or not branches[-1].otherwise:
        yield "the last branch is otherwise: true, because the outcomes stand in another file"


def references(fields: Mapping[str, FormField], step: SubPlaybook) -> Iterator[str]:
    """Yield what does not fit the intake *fields* of the playbook that *step* opens."""
    given = {*step.inputs, *step.values}
    for name in sorted(given - set(fields)):
        yield f"step {step.id}: {step.playbook} has no input {name}"
    for name, field in fields.items():
        if field.required and name not in given:
            yield f"step {step.id}: {step.playbook} requires the input {name}"
    for name, value in step.values.items():
        field = fields.get(name)
        if field and field.type == "enum" and value not in field.values:
            yield f"step {step.id}: {name} of {step.playbook} has no value {value}"
