"""The closed set of steps: what a playbook can have people, and the system itself, do."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from playbooks.core.limits import Unit
from playbooks.core.playbook.model_parts import (
    Basis,
    Branch,
    DecisionRow,
    Due,
    FormField,
    Identifier,
    Ladder,
    Source,
    Strict,
    Tier,
    Title,
)

Requirement = Literal["every_reporter_answered", "evidence_sealed", "receipts_recorded"]
"""What can be asked of a case before it closes."""


class Timed(Strict):
    """What every step that waits for a person has: an owner, a limit and a ladder."""

    id: Identifier
    title: Title
    owner: Identifier
    due: Due
    escalate: Ladder
    on_expire: Identifier | None = None


class Ask(Timed):
    """Put a form to the owner and go on by the answer.

    Attributes:
        marks: what a complete answer proves, for ``close_requires``. ``reporters_answered``: all of
            them at once. ``each_reporter_answered``: the one that the field ``report_id`` names;
            the step stays until nobody waits, and is passed at once when nobody does.
    """

    type: Literal["ask"]
    marks: Literal["reporters_answered", "each_reporter_answered"] | None = None
    form: Annotated[tuple[FormField, ...], Field(strict=False, min_length=1)]
    next: Identifier | Annotated[tuple[Branch, ...], Field(strict=False)]


class Do(Strict):
    """Have the system do one of the actions it knows; what it makes is sealed as evidence.

    Attributes:
        action: a key of ``playbooks.core.playbook.actions.ACTIONS``.
        on_failure: where a person takes over when it cannot be done.
    """

    type: Literal["do"]
    id: Identifier
    title: Title
    action: Identifier
    on_failure: Identifier
    next: Identifier


class Decide(Strict):
    """Go on by a decision table over intake and answers; the first row that holds is taken.

    Attributes:
        gives: the values that rows may give, with their labels: a grade, for example. The value taken
            is the fact ``<step>.value``, which forms may suggest and other tables may use.
    """

    type: Literal["decide"]
    id: Identifier
    title: Title
    rows: Annotated[tuple[DecisionRow, ...], Field(strict=False, min_length=2)]
    gives: dict[Identifier, str] = Field(default_factory=dict[str, str])


class Draft(Strict):
    """Write the named letters from the case's facts; the system does it and it takes no time.

    Attributes:
        unnumbered: those that get no document number (发文字号): a notice to the public, a form.
    """

    type: Literal["draft"]
    id: Identifier
    title: Title
    letters: Annotated[tuple[Identifier, ...], Field(strict=False, min_length=1)]
    unnumbered: Annotated[tuple[Identifier, ...], Field(strict=False)] = ()
    next: Identifier


class Approve(Timed):
    """Have drafted letters reviewed and signed, each role in turn and each by another person.

    Attributes:
        tiers: other chains for other cases; the first whose facts hold when the step starts, else
            *chain*.
        basis: the rule that asks for these signatures; whoever is refused one is told it.
    """

    type: Literal["approve"]
    letters: Annotated[tuple[Identifier, ...], Field(strict=False, min_length=1)]
    chain: Annotated[tuple[Identifier, ...], Field(strict=False, min_length=1)]
    tiers: Annotated[tuple[Tier, ...], Field(strict=False)] = ()
    basis: Basis | None = None
    on_reject: Identifier
    next: Identifier


class Send(Timed):
    """A person sends a signed letter and records the receipt; the system sends nothing outward.

    Attributes:
        once: ``visit``: each time the case comes here the letter may go; ``case``: it goes once, and
            a second sending must say why.
    """

    type: Literal["send"]
    letter: Identifier
    addressee: Title
    receipt: Literal["required", "optional"]
    once: Literal["visit", "case"] = "visit"
    next: Identifier


class WaitReceipt(Timed):
    """Wait for the receipt of a letter that was sent without one; passed at once if it is there.

    Attributes:
        of: the send step.
    """

    type: Literal["wait_receipt"]
    of: Identifier
    next: Identifier


class Clock(Timed):
    """A limit that runs beside the work, until that work is done or a person rules that it does not apply.

    Attributes:
        until: steps; the first of them that is done stops the clock.
    """

    type: Literal["clock"]
    until: Annotated[tuple[Identifier, ...], Field(strict=False, min_length=1)]
    next: Identifier


class Publish(Timed):
    """Have accounts of the register publish a signed text, and see which of them have not (统一部署).

    The step is done when each of them has published, as ingested posts or a recorded link show, and has
    pinned it where that is asked, which only a person sees; or a person ends it and says why. When its limit passes, the leader of each silent account's sponsor is
    told once.

    Attributes:
        letter: the signed text.
        accounts: the answered field of type ``accounts`` that says who must publish.
        wording: the answered text by whose words a post is recognised in its title.
        pin: the answered enum whose value ``pin`` says that the post must be pinned.
    """

    type: Literal["publish"]
    letter: Identifier
    accounts: Source
    wording: Source
    pin: Source | None = None
    next: Identifier


class Slower(Strict):
    """Another interval between looks, from a number of looks on."""

    after_looks: Annotated[int, Field(gt=0, le=1_000)]
    budget: Annotated[int, Field(gt=0, le=10_000)]
    unit: Annotated[Unit, Field(strict=False)]


class Looking(Timed):
    """What steps have that put a look to their owner at intervals.

    Attributes:
        every: the interval between looks, each put to the owner as a question.
        later: other intervals, each from a number of looks on: close at first, then more seldom.
    """

    every: Due
    later: Annotated[tuple[Slower, ...], Field(strict=False)] = ()

    def interval(self, number: int) -> Due:
        """Return the limit of look *number*, 1 for the first."""
        due = self.every
        for slower in self.later:
            if number > slower.after_looks:
                due = due.model_copy(update={"budget": slower.budget, "unit": slower.unit})
        return due


class Recheck(Looking):
    """Look again at intervals until the matter is consistently gone.

    Attributes:
        consistent: how many looks in a row must say gone; *unknown* counts as not gone.
    """

    type: Literal["recheck"]
    consistent: Annotated[int, Field(gt=0, le=20)]
    next: Identifier


class Watch(Looking):
    """Look on for a while after the matter is gone; it goes on by itself when the time has passed.

    Attributes:
        on_reappear: where to go at once when a look finds it back; *unknown* is not back.
        next: where to go when the limit passed and it did not come back.
    """

    type: Literal["watch"]
    on_reappear: Identifier
    next: Identifier


class Notify(Strict):
    """Tell a role in chat and go on.

    Attributes:
        urgent: whether the message takes the channels for what cannot wait.
    """

    type: Literal["notify"]
    id: Identifier
    title: Title
    to: Identifier
    urgent: bool = False
    next: Identifier


class Parallel(Strict):
    """Start several branches; go on when each has come to ``next: join``."""

    type: Literal["parallel"]
    id: Identifier
    title: Title
    branches: Annotated[tuple[Identifier, ...], Field(strict=False, min_length=2)]
    next: Identifier


class SubPlaybook(Strict):
    """Open a case of another playbook and go on by its outcome when it has closed.

    Attributes:
        playbook: ``<id>@<version>`` of a shipped playbook; another version opens nothing.
        inputs: field of its intake -> where this case has it.
        values: field of its intake -> a value written here.
    """

    type: Literal["sub_playbook"]
    id: Identifier
    title: Title
    playbook: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*@[1-9][0-9]*$")]
    inputs: dict[Identifier, Source] = Field(default_factory=dict[str, str])
    values: dict[Identifier, str] = Field(default_factory=dict[str, str])
    next: Identifier | Annotated[tuple[Branch, ...], Field(strict=False)]


class End(Strict):
    """Close the case with an outcome.

    Attributes:
        requires: what must be true of the case first, beside the playbook's ``close_requires``;
            otherwise the last answer is refused.
    """

    type: Literal["end"]
    id: Identifier
    title: Title
    outcome: Identifier
    requires: Annotated[tuple[Requirement, ...], Field(strict=False)] = ()


class ReviewStep(Timed):
    """The after-action review of a closed case; made from the playbook's ``review``."""

    type: Literal["review"] = "review"


class Improve(Timed):
    """One measure that a review decided on, with the day by which it is to be done."""

    type: Literal["improve"] = "improve"


Step = Annotated[
    Ask
    | Do
    | Decide
    | Draft
    | Approve
    | Send
    | WaitReceipt
    | Recheck
    | Watch
    | Clock
    | Publish
    | Notify
    | Parallel
    | SubPlaybook
    | End,
    Field(discriminator="type"),
]
AnyStep = Step | ReviewStep | Improve
TimedStep = (
    Ask | Approve | Send | WaitReceipt | Recheck | Watch | Clock | Publish | ReviewStep | Improve
)
TIMED = (Ask, Approve, Send, WaitReceipt, Recheck, Watch, Clock, Publish, ReviewStep, Improve)
