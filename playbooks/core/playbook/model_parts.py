"""The small parts of a playbook: limits, ladders, roles, questions, branches, sources of facts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from playbooks.core.limits import LimitKind, Roll, Unit

Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Title = Annotated[str, Field(min_length=1, max_length=80)]
Source = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$", max_length=121)]
"""Where a fact comes from: ``input.<field>`` of the intake, ``<step>.<field>`` of an answer."""

PauseReason = Literal["awaiting_reporter", "awaiting_authority", "force_majeure"]
PAUSE_REASONS: Mapping[PauseReason, str] = {
    "awaiting_reporter": "等待举报人补充材料",
    "awaiting_authority": "等待上级或其他机关答复",
    "force_majeure": "不可抗力",
}
INPUT, RECEIPT = "input", "receipt"
JOIN = "join"
"""As a step's ``next`` inside a branch of ``parallel``: wait there for the other branches."""
DONE = "done"
"""As the ``next`` of what stands beside a closed case: nothing follows."""


class Strict(BaseModel):
    """Base of every part: no unknown keys, no coercion, immutable."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Basis(Strict):
    """Why a limit exists: a document and article for a statutory one, a sentence for an internal one.

    Attributes:
        verified_on: the day somebody compared it with the original; a statutory limit without one
            is shown as 待核实.
    """

    text: Title
    article: str | None = None
    verified_on: date | None = None


class Due(Strict):
    """How long a step may take.

    Attributes:
        budget: amount in *unit*.
        unit: one of the five clocks, which never mix.
        since: where the clock starts: ``step_started``, ``case_opened``, ``receipt.<send step>`` (when
            its receipt was recorded), or a field of type day or instant, as a ``Source``.
        kind: statutory or internal; an internal limit is shown as 「内部时限,非法定」.
        roll: what happens to calendar days and months that end on a rest day.
        pause_on: the only reasons for which the clock may be stopped; none, unless declared.
        usual: an enum of the intake whose value names somebody outside; where the office knows how
            long those usually take, that replaces budget, unit and basis of this internal limit.
        setting: a limit that the office's own superiors set and no law here knows: an entry under
            ``limits`` of office.yml. Its minutes and basis replace those written here, *budget* is the
            most it may be, and no case of the playbook opens before it is set.
    """

    budget: Annotated[int, Field(gt=0, le=10_000)]
    unit: Annotated[Unit, Field(strict=False)]
    since: Literal["step_started", "case_opened"] | Source = "step_started"
    kind: Annotated[LimitKind, Field(strict=False)]
    roll: Annotated[Roll, Field(strict=False)] = Roll.NONE
    pause_on: Annotated[tuple[PauseReason, ...], Field(strict=False)] = ()
    basis: Basis
    usual: Identifier | None = None
    setting: Identifier | None = None


class Rung(Strict):
    """One rung of an escalation ladder.

    Attributes:
        at: ``75%`` of the budget, ``100%``, or ``+2 working_hours`` after the due time.
        to: the role that is told.
    """

    at: Annotated[str, Field(pattern=r"^(\d{1,3}%|\+\d{1,4} [a-z_]+)$")]
    to: Identifier


Ladder = Annotated[tuple[Rung, ...], Field(strict=False, min_length=1)]


class Role(Strict):
    """A part in a case, resolved to a person by the roster when it is needed."""

    title: Title
    roster: Identifier
    not_same_as: Annotated[tuple[Identifier, ...], Field(strict=False)] = ()


class FormField(Strict):
    """One question of a form.

    Attributes:
        type: ``account`` is an account of the register, chosen from a list where forms offer one;
            ``accounts`` is several of them: their numbers, or 「全部」; ``number`` is a whole number
            from nought; ``instant`` is a day with its time; ``quarter`` is kept as 2026Q3.
        at_least, at_most: for ``number``, both included.
        values: for ``enum``, identifier -> label shown to the operator.
        max_length: for ``text``, in characters.
        required_when: answers of other enums of the same form that make an optional one required.
        suggested_by: the ``decide`` step whose value this enum takes when it is left empty; whoever
            answers otherwise says why in the field ``override_reason``, and the ledger keeps both.
    """

    name: Identifier
    title: Title
    type: Literal[
        "text", "enum", "day", "instant", "number", "quarter", "url", "files", "account", "accounts"
    ]
    values: dict[Identifier, str] = {}
    required: bool = True
    help: str = ""
    max_length: Annotated[int, Field(gt=0, le=10_000)] = 2_000
    at_least: Annotated[int, Field(ge=0)] = 0
    at_most: Annotated[int, Field(ge=1, lt=10**15)] = 10**15 - 1
    required_when: dict[Identifier, str] = {}
    suggested_by: Identifier | None = None


class Branch(Strict):
    """Where to go when an answer has the given values; all of them must match."""

    when: dict[Identifier, str] = {}
    otherwise: bool = False
    go: Identifier


class Range(Strict):
    """A condition on a number: from *at_least* on, and under *below*."""

    at_least: Annotated[int, Field(ge=0)] | None = None
    below: Annotated[int, Field(gt=0)] | None = None


Condition = str | Annotated[tuple[str, ...], Field(strict=False, min_length=1)] | Range
"""One value of an enum, any of several, or a range of a number."""


class DecisionRow(Strict):
    """One row of a decision table: all conditions hold -> *go*, and *because* says why.

    A fact that was never given meets no condition.

    Attributes:
        gives: the value that the table gives when this row is taken; see ``Decide``.
    """

    when: dict[Source, Condition] = {}
    otherwise: bool = False
    go: Identifier
    because: Title
    gives: Identifier | None = None


class Tier(Strict):
    """A chain of signatures for the cases to which *when* applies; all conditions must hold."""

    when: Annotated[dict[Source, Condition], Field(min_length=1)]
    chain: Annotated[tuple[Identifier, ...], Field(strict=False, min_length=1)]
