"""Suggestions of decision tables: an enum left empty takes one, another answer says why (改判)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from playbooks.core.cases.forms import AnswerError
from playbooks.core.cases.state import CaseState
from playbooks.core.playbook.model import FormField


def with_suggestions(
    fields: Sequence[FormField], given: Mapping[str, object], state: CaseState
) -> tuple[dict[str, object], dict[str, object]]:
    """Return the answers with suggestions taken, and the overrides: field -> suggested and given.

    Raises:
        AnswerError: somebody overrides a suggestion without saying why.
    """
    answers, overrides = dict(given), dict[str, object]()
    for field in fields:
        if field.suggested_by is None:
            continue
        suggested = str(state.answers[field.suggested_by]["value"])
        chosen = str(answers.setdefault(field.name, suggested))
        if chosen == suggested:
            continue
        if not answers.get("override_reason"):
            raise AnswerError(
                f"判定表建议「{field.title}」为{field.values[suggested]}，"
                f"改为{field.values[chosen]}须写明改判理由"
            )
        overrides[field.name] = {"suggested": suggested, "given": chosen}
    return answers, overrides
