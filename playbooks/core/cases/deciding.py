"""A decision table worked out: which row holds, over which facts, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from playbooks.core.cases.forms import AnswerError
from playbooks.core.cases.state import CaseState
from playbooks.core.playbook.model import INPUT, Condition, Decide, DecisionRow, Range


@dataclass(frozen=True)
class Decision:
    """The row that was taken.

    Attributes:
        number: of the row, from 1.
        seen: every fact that the table looks at -> what it was, ``None`` where nobody gave it.
    """

    number: int
    row: DecisionRow
    seen: Mapping[str, object]


def fact(state: CaseState, source: str) -> object:
    """Return what ``input.<field>`` or ``<step>.<field>`` holds; ``None`` when it was not given."""
    place, name = source.split(".")
    given = state.inputs if place == INPUT else state.answers.get(place, {})
    return given.get(name)


def decide(step: Decide, state: CaseState) -> Decision:
    """Return the first row of the table that holds.

    Raises:
        AnswerError: none does, which the linter rules out.
    """
    seen = {source: fact(state, source) for row in step.rows for source in row.when}
    for number, row in enumerate(step.rows, start=1):
        if row.otherwise or all(meets(seen[source], c) for source, c in row.when.items()):
            return Decision(number, row, seen)
    raise AnswerError(f"「{step.title}」的判定表没有一行成立，请检查预案配置")


def meets(value: object, condition: Condition) -> bool:
    """Whether a fact meets a condition; one that was never given meets none."""
    if value is None:
        return False
    if not isinstance(condition, Range):
        return value in (condition if isinstance(condition, tuple) else (condition,))
    if not isinstance(value, int):
        return False
    return value >= (condition.at_least or 0) and (
        condition.below is None or value < condition.below
    )
