"""The closed vocabulary of a playbook. An unknown key or step type does not load.

Every field that can be declared here changes behaviour; a field that nothing acts on is a defect
of this module. Chinese titles are shown to operators as they stand.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from playbooks.core.limits import LimitKind, Unit
from playbooks.core.playbook.model_parts import (
    DONE,
    INPUT,
    JOIN,
    PAUSE_REASONS,
    RECEIPT,
    Basis,
    Branch,
    Condition,
    DecisionRow,
    Due,
    FormField,
    Identifier,
    PauseReason,
    Range,
    Role,
    Rung,
    Strict,
    Tier,
    Title,
)
from playbooks.core.playbook.model_review import (
    IMPROVE,
    MEASURES,
    REVIEW,
    REVIEW_APPROVE,
    REVIEW_DRAFT,
    Review,
    ReviewReport,
    report_steps,
)
from playbooks.core.playbook.model_steps import (
    TIMED,
    AnyStep,
    Approve,
    Ask,
    Clock,
    Decide,
    Do,
    Draft,
    End,
    Improve,
    Looking,
    Notify,
    Parallel,
    Publish,
    Recheck,
    Requirement,
    ReviewStep,
    Send,
    Slower,
    Step,
    SubPlaybook,
    Timed,
    TimedStep,
    WaitReceipt,
    Watch,
)

__all__ = [
    "DONE",
    "IMPROVE",
    "INPUT",
    "JOIN",
    "MEASURES",
    "PAUSE_REASONS",
    "RECEIPT",
    "REVIEW",
    "REVIEW_APPROVE",
    "REVIEW_DRAFT",
    "TIMED",
    "AnyStep",
    "Approve",
    "Ask",
    "Basis",
    "Branch",
    "Clock",
    "Condition",
    "Decide",
    "DecisionRow",
    "Dedupe",
    "Do",
    "Draft",
    "Due",
    "End",
    "FormField",
    "Improve",
    "Looking",
    "Marking",
    "Notify",
    "Parallel",
    "PauseReason",
    "Playbook",
    "Publish",
    "Range",
    "Recheck",
    "Review",
    "ReviewReport",
    "ReviewStep",
    "Role",
    "Rung",
    "Send",
    "Slower",
    "Step",
    "Strict",
    "SubPlaybook",
    "Tier",
    "Timed",
    "TimedStep",
    "Valid",
    "WaitReceipt",
    "Watch",
]


class Dedupe(Strict):
    """Which inputs make two reports the same matter; a match joins the open case.

    Attributes:
        key: all of these are equal.
        unless_different: but where both reports give one of these and they differ, it is another
            matter after all.
        reopens: outcomes after which a new report of the matter means that it has come back: its case
            names the closed one, and the two are one lineage.
    """

    key: Annotated[tuple[Identifier, ...], Field(strict=False, min_length=1)]
    unless_different: Annotated[tuple[Identifier, ...], Field(strict=False)] = ()
    reopens: Annotated[tuple[Identifier, ...], Field(strict=False)] = ()


class Valid(Strict):
    """The days between which cases may be opened with this version; running ones go on."""

    first_on: Annotated[date | None, Field(alias="from")] = None
    last_on: Annotated[date | None, Field(alias="until")] = None


class Marking(Strict):
    """Who may know of a case.

    Attributes:
        tlp: the traffic light of the case, on its page, in its file and in the export.
        egress: ``internal_only``: chat says that something waits and for whom, and nothing of the
            matter itself. ``tlp: red`` asks for it.
    """

    tlp: Literal["clear", "green", "amber", "red"]
    egress: Literal["any", "internal_only"] = "any"


class CloseEarly(Strict):
    """Who approves that a case is closed before its steps are done; never who proposes it."""

    approver: Identifier


class Playbook(Strict):
    """One playbook version; a running case keeps the digest it was opened with.

    Attributes:
        on_exception: the role that is called at once when a step that the system works on by itself
            could not be done and has no ``on_failure``; whoever leads the duty, unless declared.
    """

    id: Identifier
    version: Annotated[int, Field(gt=0)]
    derived_from: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*@[1-9][0-9]*$")] | None = None
    title: Title
    case_prefix: Annotated[str, Field(pattern=r"^[A-Z]{2,5}$")]
    valid: Valid = Valid()
    marking: Marking | None = None
    basis: Annotated[tuple[Basis, ...], Field(strict=False)]
    inputs: Annotated[tuple[FormField, ...], Field(strict=False, min_length=1)]
    roles: dict[Identifier, Role]
    dedupe: Dedupe
    start: Identifier
    steps: Annotated[tuple[Step, ...], Field(strict=False, min_length=2)]
    outcomes: dict[Identifier, str]
    close_requires: Annotated[tuple[Requirement, ...], Field(strict=False)] = ()
    close_early: CloseEarly | None = None
    on_exception: Identifier | None = None
    review: Review | None = None
    digest: str = ""

    @property
    def office_limits(self) -> dict[str, tuple[str, Due]]:
        """Return every limit that the office must set itself: its name -> title of a step, its bounds."""
        timed = (step for step in self.steps if isinstance(step, TIMED))
        return {step.due.setting: (step.title, step.due) for step in timed if step.due.setting}

    @property
    def is_internal(self) -> bool:
        """Whether nothing of the matter may leave for a chat."""
        return self.marking is not None and self.marking.egress == "internal_only"

    def step(self, step_id: str) -> AnyStep:
        """Return the step *step_id*; ``KeyError`` when there is none."""
        for step in self.steps:
            if step.id == step_id:
                return step
        if self.review and step_id == REVIEW:
            return self._review_step(self.review)
        if self.review and self.review.report and step_id in (REVIEW_DRAFT, REVIEW_APPROVE):
            return dict(report_steps(self.review.report))[step_id]
        if self.review and step_id.startswith(IMPROVE):
            return self.improvement(step_id)
        raise KeyError(f"playbook {self.id}@{self.version} has no step {step_id}")

    def every_step(self) -> tuple[AnyStep, ...]:
        """Return the steps as written, and those that the review adds after the end."""
        if self.review is None:
            return self.steps
        measures = [self.improvement(f"{IMPROVE}{n}") for n in range(1, MEASURES + 1)]
        report = report_steps(self.review.report) if self.review.report else ()
        return (*self.steps, self._review_step(self.review), *measures, *(s for _, s in report))

    def improvement(self, step_id: str, what: str = "", days: int = 1) -> Improve:
        """Return the step of one measure that a review decided on, due in *days* calendar days."""
        assert self.review
        return Improve(
            id=step_id,
            title=f"落实改进措施：{what[:60]}" if what else "落实改进措施",
            owner=self.review.measures_owner,
            due=Due(
                budget=days,
                unit=Unit.CALENDAR_DAYS,
                kind=LimitKind.INTERNAL,
                basis=Basis(text="复盘确定的完成期限"),
            ),
            escalate=self.review.measures_escalate,
        )

    def _review_step(self, review: Review) -> ReviewStep:
        return ReviewStep(
            id=REVIEW,
            title=review.title,
            owner=review.owner,
            due=review.due,
            escalate=review.escalate,
        )
