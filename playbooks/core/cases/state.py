"""What a case is at an instant; ``folding`` makes it from the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

Answers = Mapping[str, object]
Payload = Mapping[str, object]


@dataclass
class OpenStep:
    """A step that has started and not finished.

    Attributes:
        visit: 1 for the first time the case comes here, 2 for the second …
        stage: how many links of an approval chain have signed.
        is_dispatched: for a send step, whether the letter has gone and only the receipt is missing.
        consistent: for a recheck step, how many looks in a row said gone.
        looks: for a recheck step, how many looks there were.
        assigned_to: the person it was handed over to; ``None`` means whoever is on duty.
        latest_message: key of the latest message that called somebody to the step.
        called: the person that message was for; ``None`` when nobody was reachable.
        acknowledged_by: who has taken note of it; nothing stops by that.
        acknowledged_message: the latest message at that moment.
        child: the case that a sub-playbook step opened.
        chain: for an approve step with tiers, the roles that sign in this case, in turn.
        blocked_by: why the system could not work on it when it last tried.
    """

    step_id: str
    visit: int
    started_at: datetime
    stage: int = 0
    is_dispatched: bool = False
    consistent: int = 0
    looks: int = 0
    assigned_to: str | None = None
    child: str | None = None
    chain: tuple[str, ...] = ()
    blocked_by: str = ""
    latest_message: str = ""
    called: str | None = None
    acknowledged_by: str | None = None
    acknowledged_message: str = ""


@dataclass
class ArmedDeadline:
    """A deadline that runs or is paused."""

    deadline_id: str
    step_id: str
    visit: int
    due_at: str
    kind: str
    is_provisional: bool
    unit: str = ""
    basis: str = ""
    is_paused: bool = False


@dataclass
class Letter:
    """A letter of the case and how far it has come; ``files`` is kind -> SHA-256.

    Attributes:
        unverified: what it states of the office's own facts that nobody has checked.
        is_confirmed: a person of the signing chain has checked those.
    """

    name: str
    number: str
    files: Mapping[str, str]
    is_signed: bool = False
    dispatched_at: datetime | None = None
    has_receipt: bool = False
    unverified: tuple[str, ...] = ()
    is_confirmed: bool = False


@dataclass
class Directive:
    """What accounts of the district were told to publish (统一部署), and what they did.

    Attributes:
        wording: by which a post is recognised in its title.
        published: account -> when, where, and how that is known.
        silence: the latest finding of who had not published when the limit had passed.
        must_pin: whether each must keep it on top (置顶); ``pinned`` are those a person saw do so.
    """

    step_id: str
    visit: int
    letter: str
    accounts: tuple[str, ...]
    wording: str
    issued_at: datetime
    published: dict[str, Payload] = field(default_factory=dict[str, "Payload"])
    silence: Payload | None = None
    must_pin: bool = False
    pinned: list[str] = field(default_factory=list[str])

    @property
    def unpinned(self) -> list[str]:
        """The accounts that have published, must pin it, and of which nobody has seen that they did."""
        published = self.published if self.must_pin else {}
        return [account for account in published if account not in self.pinned]

    @property
    def is_done(self) -> bool:
        """Whether nothing is left of what the accounts were told."""
        return not self.missing and not self.unpinned

    @property
    def missing(self) -> list[str]:
        """The accounts of which no publication is known."""
        return [account for account in self.accounts if account not in self.published]


@dataclass(frozen=True)
class Answered:
    """Who gave the latest answer of a step, and when."""

    person_id: str
    at: datetime


@dataclass
class CaseState:
    """What a case is now.

    Attributes:
        inputs: what the case was opened with.
        answers: the latest answer of each step.
        answered: who gave it, and when.
        dispatches: letter -> how often one of that name was sent.
        receipts: send step, or the step that waited for it -> when its receipt was recorded.
        parent: the case and step that opened this one, if it is a sub-playbook's.
        acted_as: role -> people who acted in it, for the separation of duties.
        joined: parallel step -> branches that have come to the join.
        reporters: reporter reference -> whether the reporter was answered.
        limits: limits of the office's own that the case was opened under, by name.
        directives: publish step -> what its latest visit told the accounts to publish.
        message_count: messages queued so far; makes the keys of repeated ones distinct.
    """

    case_id: str
    playbook_digest: str = ""
    title: str = ""
    opened_at: datetime | None = None
    opened_by: str = ""
    is_drill: bool = False
    inputs: dict[str, object] = field(default_factory=dict[str, object])
    status: str = "open"
    outcome: str = ""
    open_steps: dict[str, OpenStep] = field(default_factory=dict[str, OpenStep])
    visits: dict[str, int] = field(default_factory=dict[str, int])
    finished: dict[str, Payload] = field(default_factory=dict[str, Payload])
    answers: dict[str, Answers] = field(default_factory=dict[str, Answers])
    answered: dict[str, Answered] = field(default_factory=dict[str, "Answered"])
    dispatches: dict[str, int] = field(default_factory=dict[str, int])
    receipts: dict[str, datetime] = field(default_factory=dict[str, datetime])
    parent: str | None = None
    acted_as: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    joined: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    deadlines: dict[str, ArmedDeadline] = field(default_factory=dict[str, ArmedDeadline])
    letters: dict[str, Letter] = field(default_factory=dict[str, Letter])
    reporters: dict[str, bool] = field(default_factory=dict[str, bool])
    evidence: list[Payload] = field(default_factory=list[Payload])
    limits: dict[str, object] = field(default_factory=dict[str, object])
    directives: dict[str, Directive] = field(default_factory=dict[str, Directive])
    message_count: int = 0

    @property
    def is_open(self) -> bool:
        """Whether the case still runs."""
        return self.status == "open"
