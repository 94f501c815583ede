"""The after-action review of a closed case: its step, the measures it decides on, its report."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from playbooks.core.playbook.model_parts import DONE, Due, Identifier, Ladder, Strict, Title
from playbooks.core.playbook.model_steps import Approve, Draft

REVIEW, IMPROVE = "review", "improve_"
REVIEW_DRAFT, REVIEW_APPROVE = "review_draft", "review_approve"
MEASURES = 3
"""Measures that one review can decide on."""


class ReviewReport(Strict):
    """The report of an after-action review: drafted from its answer, then signed; it stops nothing.

    Attributes:
        letter: its template.
        chain: who signs it, in turn; the first owns the step.
    """

    letter: Identifier
    title: Title
    chain: Annotated[tuple[Identifier, ...], Field(strict=False, min_length=1)]
    due: Due
    escalate: Ladder


class Review(Strict):
    """The after-action review (复盘) that starts when a case has closed.

    Attributes:
        after: the outcomes that are reviewed; all of them, unless declared.
        measures_owner: the role that carries out what the review decides on.
        measures_escalate: the ladder of each such measure, until the day the review gave it.
        report: the document that the review becomes, where there is one.
    """

    title: Title
    owner: Identifier
    due: Due
    escalate: Ladder
    after: Annotated[tuple[Identifier, ...], Field(strict=False)] = ()
    measures_owner: Identifier
    measures_escalate: Ladder
    report: ReviewReport | None = None


def report_steps(report: ReviewReport) -> tuple[tuple[str, Draft], tuple[str, Approve]]:
    """Return the two steps by which the report of a review is written and signed."""
    letters = (report.letter,)
    draft = Draft(
        type="draft",
        id=REVIEW_DRAFT,
        title=f"起草{report.title}",
        letters=letters,
        unnumbered=letters,
        next=REVIEW_APPROVE,
    )
    approve = Approve(
        type="approve",
        id=REVIEW_APPROVE,
        title=f"{report.title}审核签发",
        owner=report.chain[0],
        letters=letters,
        chain=report.chain,
        due=report.due,
        escalate=report.escalate,
        on_reject=REVIEW_DRAFT,
        next=DONE,
    )
    return (REVIEW_DRAFT, draft), (REVIEW_APPROVE, approve)
