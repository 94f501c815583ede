"""The after-action review (复盘): its form, and the measures it decides on as steps with deadlines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from playbooks.core.cases.forms import AnswerError
from playbooks.core.cases.turn import Turn
from playbooks.core.playbook.model import IMPROVE, MEASURES
from playbooks.core.working_hours import local_day

LONGEST_DAYS = 730
"""A measure further away than two years is a slip of the pen."""


def measures(answers: Mapping[str, object]) -> Iterator[tuple[int, str]]:
    """Yield number and wording of every measure that a review decided on."""
    for number in range(1, MEASURES + 1):
        if answers.get(f"measure_{number}"):
            yield number, str(answers[f"measure_{number}"])


def check_measures(answers: Mapping[str, object], today: date) -> None:
    """Refuse a measure without a day, a day without a measure, and a day that is none to work to.

    Raises:
        AnswerError: every fault at once.
    """
    faults: list[str] = []
    for number in range(1, MEASURES + 1):
        measure, due_on = answers.get(f"measure_{number}"), answers.get(f"due_on_{number}")
        if bool(measure) != bool(due_on):
            faults.append(f"改进措施{number}与它的完成期限要同时填写")
        elif due_on and not 0 < (date.fromisoformat(str(due_on)) - today).days <= LONGEST_DAYS:
            faults.append(f"改进措施{number}的完成期限应晚于今天，且在两年以内")
    if faults:
        raise AnswerError(";".join(faults))


def next_measures(current: Turn, answers: Mapping[str, object]) -> list[str]:
    """Check a review's answers and return the steps that its measures become."""
    check_measures(answers, local_day(current.now))
    return [f"{IMPROVE}{number}" for number, _ in measures(answers)]
