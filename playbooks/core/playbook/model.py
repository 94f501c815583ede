"""The closed vocabulary of a playbook. An unknown key or step type does not load.

Every field that can be declared here changes behaviour; a field that nothing acts on is a defect
of this module. Chinese titles are shown to operators as they stand.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from playbooks.core.limits import LimitKind, Unit

Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Title = Annotated[str, Field(min_length=1, max_length=80)]

JOIN = "join"
"""As a step's ``next`` inside a branch of ``parallel``: wait there for the other branches."""


class Strict(BaseModel):
    """Base of every part: no unknown keys, no coercion, immutable."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Basis(Strict):
    """Why a limit exists: a document and article for a statutory one, a sentence for an internal one."""

    text: Title
    article: str | None = None


class Due(Strict):
    """How long a step may take.

    Attributes:
        budget: amount in *unit*.
        unit: one of the five clocks, which never mix.
        since: whether the clock starts with the step or with the case.
        kind: statutory or internal; an internal limit is shown as 「内部时限,非法定」.
    """

    budget: Annotated[int, Field(gt=0, le=10_000)]
    unit: Annotated[Unit, Field(strict=False)]
    since: Literal["step_started", "case_opened"] = "step_started"
    kind: Annotated[LimitKind, Field(strict=False)]
    basis: Basis


class Rung(Strict):
    """One rung of an escalation ladder.

    Attributes:
        at: ``75%`` of the budget, ``100%``, or ``+2 working_hours`` after the due time.
        to: the role that is told.
    """

    at: Annotated[str, Field(pattern=r"^(\d{1,3}%|\+\d{1,4} [a-z_]+)$")]
    to: Identifier


class Role(Strict):
    """A part in a case, resolved to a person by the roster when it is needed."""

    title: Title
    roster: Identifier
    not_same_as: tuple[Identifier, ...] = Field(default=(), strict=False)


class FormField(Strict):
    """One question of a form.

    Attributes:
        type: ``account`` is an account of the register, chosen from a list where forms offer one.
        values: for ``enum``, identifier -> label shown to the operator.
        max_length: for ``text``, in characters.
    """

    name: Identifier
    title: Title
    type: Literal["text", "enum", "day", "url", "files", "account"]
    values: dict[Identifier, str] = {}
    required: bool = True
    help: str = ""
    max_length: Annotated[int, Field(gt=0, le=10_000)] = 2_000


class Branch(Strict):
    """Where to go when an answer has the given values; all of them must match."""

    when: dict[Identifier, str] = {}
    otherwise: bool = False
    go: Identifier


class Timed(Strict):
    """What every step that waits for a person has: an owner, a limit and a ladder."""

    id: Identifier
    title: Title
    owner: Identifier
    due: Due
    escalate: Annotated[tuple[Rung, ...], Field(strict=False, min_length=1)]
    on_expire: Identifier | None = None


class Ask(Timed):
    """Put a form to the owner and go on by the answer.

    Attributes:
        marks: what a complete answer proves, for ``close_requires``.
    """

    type: Literal["ask"]
    marks: Literal["reporters_answered"] | None = None
    form: Annotated[tuple[FormField, ...], Field(strict=False, min_length=1)]
    next: Identifier | Annotated[tuple[Branch, ...], Field(strict=False)]


class Draft(Strict):
    """Write the named letters from the case's facts; the system does it and it takes no time."""

    type: Literal["draft"]
    id: Identifier
    title: Title
    letters: Annotated[tuple[Identifier, ...], Field(strict=False, min_length=1)]
    next: Identifier


class Approve(Timed):
    """Have drafted letters reviewed and signed, each role in turn and each by another person."""

    type: Literal["approve"]
    letters: Annotated[tuple[Identifier, ...], Field(strict=False, min_length=1)]
    chain: Annotated[tuple[Identifier, ...], Field(strict=False, min_length=1)]
    on_reject: Identifier
    next: Identifier


class Send(Timed):
    """A person sends a signed letter and records the receipt; the system sends nothing outward."""

    type: Literal["send"]
    letter: Identifier
    addressee: Title
    receipt: Literal["required", "optional"]
    next: Identifier


class Recheck(Timed):
    """Look again at intervals until the matter is consistently gone.

    Attributes:
        every: the interval between looks, each put to the owner as a question.
        consistent: how many looks in a row must say gone; *unknown* counts as not gone.
    """

    type: Literal["recheck"]
    every: Due
    consistent: Annotated[int, Field(gt=0, le=20)]
    next: Identifier


class Notify(Strict):
    """Tell a role in chat and go on."""

    type: Literal["notify"]
    id: Identifier
    title: Title
    to: Identifier
    next: Identifier


class Parallel(Strict):
    """Start several branches; go on when each has come to ``next: join``."""

    type: Literal["parallel"]
    id: Identifier
    title: Title
    branches: Annotated[tuple[Identifier, ...], Field(strict=False, min_length=2)]
    next: Identifier


class End(Strict):
    """Close the case with an outcome.

    Attributes:
        requires: what must be true of the case first; otherwise the last answer is refused.
    """

    type: Literal["end"]
    id: Identifier
    title: Title
    outcome: Identifier
    requires: Annotated[
        tuple[Literal["every_reporter_answered", "evidence_sealed"], ...], Field(strict=False)
    ] = ()


Step = Annotated[
    Ask | Draft | Approve | Send | Recheck | Notify | Parallel | End, Field(discriminator="type")
]
TIMED = (Ask, Approve, Send, Recheck)


class Dedupe(Strict):
    """Which inputs make two reports the same matter; a match joins the open case.

    Attributes:
        key: all of these are equal.
        unless_different: but where both reports give one of these and they differ, it is another
            matter after all.
    """

    key: Annotated[tuple[Identifier, ...], Field(strict=False, min_length=1)]
    unless_different: Annotated[tuple[Identifier, ...], Field(strict=False)] = ()


class Playbook(Strict):
    """One playbook version; a running case keeps the digest it was opened with."""

    id: Identifier
    version: Annotated[int, Field(gt=0)]
    title: Title
    case_prefix: Annotated[str, Field(pattern=r"^[A-Z]{2,5}$")]
    basis: Annotated[tuple[Basis, ...], Field(strict=False)]
    inputs: Annotated[tuple[FormField, ...], Field(strict=False, min_length=1)]
    roles: dict[Identifier, Role]
    dedupe: Dedupe
    start: Identifier
    steps: Annotated[tuple[Step, ...], Field(strict=False, min_length=2)]
    outcomes: dict[Identifier, str]
    digest: str = ""

    def step(self, step_id: str) -> Step:
        """Return the step *step_id*; ``KeyError`` when there is none."""
        for step in self.steps:
            if step.id == step_id:
                return step
        raise KeyError(f"playbook {self.id}@{self.version} has no step {step_id}")
