"""A case as its events tell it. Folding is pure: the same events give the same state."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from playbooks.core.facts import as_int, as_list, as_mapping
from playbooks.core.ledger import Event, EventType, NewEvent

CALLING = ("rung", "your_turn", "handed_over")
"""Kinds of messages that call somebody to a step; one of them is what is acknowledged."""

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
    """

    step_id: str
    visit: int
    letter: str
    accounts: tuple[str, ...]
    wording: str
    issued_at: datetime
    published: dict[str, Payload] = field(default_factory=dict[str, "Payload"])
    silence: Payload | None = None

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


def fold(case_id: str, events: Iterable[Event]) -> CaseState:
    """Return the state of *case_id* after *events*."""
    state = CaseState(case_id)
    for event in events:
        apply(state, event, event.occurred_at)
    return state


def apply(state: CaseState, event: Event | NewEvent, occurred_at: datetime) -> None:
    """Move *state* on by one event; an event type without an effect on state changes nothing."""
    handler = _HANDLERS.get(event.event_type)
    if handler:
        handler(state, event.payload, occurred_at)


def _opened(state: CaseState, payload: Payload, at: datetime) -> None:
    state.playbook_digest = str(payload["playbook_digest"])
    state.title = str(payload["title"])
    state.opened_at = at
    state.opened_by = str(payload["opened_by"])
    state.is_drill = bool(payload["is_drill"])
    state.inputs = as_mapping(payload["inputs"])
    parent = payload.get("parent")
    state.parent = str(parent) if parent else None
    state.limits = as_mapping(payload.get("limits", {}))


def _joined(state: CaseState, payload: Payload, at: datetime) -> None:
    # A lead from the office's own inspection has no reporter who is owed an answer.
    if payload["report_id"]:
        state.reporters.setdefault(str(payload["report_id"]), False)


def _reporter_answered(state: CaseState, payload: Payload, at: datetime) -> None:
    state.reporters[str(payload["report_id"])] = True


def _evidence(state: CaseState, payload: Payload, at: datetime) -> None:
    state.evidence.append({**payload, "sealed_at": at})


def _started(state: CaseState, payload: Payload, at: datetime) -> None:
    step_id, visit = str(payload["step_id"]), as_int(payload["visit"])
    state.visits[step_id] = visit
    # A parallel step that is visited again waits for every branch again.
    state.joined.pop(step_id, None)
    chain = tuple(str(role) for role in as_list(payload.get("chain", ())))
    state.open_steps[step_id] = OpenStep(step_id, visit, at, chain=chain)


def _answered(state: CaseState, payload: Payload, at: datetime) -> None:
    step_id = str(payload["step_id"])
    state.answers[step_id] = as_mapping(payload["answers"])
    state.acted_as.setdefault(str(payload["role"]), set()).add(str(payload["answered_by"]))
    state.answered[step_id] = Answered(str(payload["answered_by"]), at)
    step = state.open_steps[step_id]
    if "look" in payload:
        step.looks += 1
        step.consistent = step.consistent + 1 if payload["look"] == "gone" else 0


def _finished(state: CaseState, payload: Payload, at: datetime) -> None:
    step_id = str(payload["step_id"])
    state.open_steps.pop(step_id, None)
    state.finished[step_id] = payload
    parallel = payload.get("joins")
    if parallel:
        state.joined.setdefault(str(parallel), []).append(step_id)


def _stage_passed(state: CaseState, payload: Payload, at: datetime) -> None:
    step = state.open_steps[str(payload["step_id"])]
    step.stage += 1
    # A hand-over covers one turn: who was given the review is not thereby given the signature.
    step.assigned_to = None
    step.acknowledged_by = None
    if payload.get("confirmed"):
        for name in as_list(payload["letters"]):
            state.letters[str(name)].is_confirmed = True


def _signed(state: CaseState, payload: Payload, at: datetime) -> None:
    _stage_passed(state, payload, at)
    for name in as_list(payload["letters"]):
        state.letters[str(name)].is_signed = True


def _drafted(state: CaseState, payload: Payload, at: datetime) -> None:
    name = str(payload["letter"])
    files = {kind: str(digest) for kind, digest in as_mapping(payload["files"]).items()}
    unverified = tuple(str(what) for what in as_list(payload.get("unverified", ())))
    state.letters[name] = Letter(name, str(payload["number"]), files, unverified=unverified)


def _dispatched(state: CaseState, payload: Payload, at: datetime) -> None:
    state.open_steps[str(payload["step_id"])].is_dispatched = True
    name = str(payload["letter"])
    state.letters[name].dispatched_at = at
    state.dispatches[name] = state.dispatches.get(name, 0) + 1


def _receipt(state: CaseState, payload: Payload, at: datetime) -> None:
    state.receipts[str(payload["step_id"])] = at
    if "of" in payload:
        state.receipts[str(payload["of"])] = at
    letter = state.letters.get(str(payload["letter"]))
    if letter:
        letter.has_receipt = True


def _blocked(state: CaseState, payload: Payload, at: datetime) -> None:
    state.open_steps[str(payload["step_id"])].blocked_by = str(payload["reason"])


def _decided(state: CaseState, payload: Payload, at: datetime) -> None:
    if "value" in payload:
        state.answers[str(payload["step_id"])] = {"value": payload["value"]}


def _directive(state: CaseState, payload: Payload, at: datetime) -> None:
    step_id = str(payload["step_id"])
    state.directives[step_id] = Directive(
        step_id,
        as_int(payload["visit"]),
        str(payload["letter"]),
        tuple(str(account) for account in as_list(payload["accounts"])),
        str(payload["wording"]),
        at,
    )


def _published(state: CaseState, payload: Payload, at: datetime) -> None:
    directive = state.directives[str(payload["step_id"])]
    directive.published[str(payload["account_id"])] = payload


def _silent(state: CaseState, payload: Payload, at: datetime) -> None:
    state.directives[str(payload["step_id"])].silence = payload


def _child_opened(state: CaseState, payload: Payload, at: datetime) -> None:
    state.open_steps[str(payload["step_id"])].child = str(payload["child"])


def _child_closed(state: CaseState, payload: Payload, at: datetime) -> None:
    state.answers[str(payload["step_id"])] = {"outcome": payload["outcome"]}


def _armed(state: CaseState, payload: Payload, at: datetime) -> None:
    deadline_id = str(payload["deadline_id"])
    state.deadlines[deadline_id] = ArmedDeadline(
        deadline_id,
        str(payload["step_id"]),
        as_int(payload["visit"]),
        str(payload["due_at"]),
        str(payload["kind"]),
        bool(payload["is_provisional"]),
        str(payload["unit"]),
        str(payload["basis"]),
    )


def _disarmed(state: CaseState, payload: Payload, at: datetime) -> None:
    state.deadlines.pop(str(payload["deadline_id"]), None)


def _paused(state: CaseState, payload: Payload, at: datetime) -> None:
    state.deadlines[str(payload["deadline_id"])].is_paused = True


def _moved(state: CaseState, payload: Payload, at: datetime) -> None:
    deadline = state.deadlines[str(payload["deadline_id"])]
    deadline.is_paused = False
    deadline.due_at = str(payload["due_at"])
    deadline.is_provisional = bool(payload["is_provisional"])


def _told(state: CaseState, payload: Payload, at: datetime) -> None:
    state.message_count += 1
    step = state.open_steps.get(str(payload.get("step_id")))
    if step and payload["kind"] in CALLING and payload.get("visit") == step.visit:
        step.latest_message = str(payload["dedupe_key"])
        recipient = payload.get("recipient")
        step.called = str(as_mapping(recipient)["person_id"]) if recipient else None


def _acknowledged(state: CaseState, payload: Payload, at: datetime) -> None:
    step = state.open_steps[str(payload["step_id"])]
    step.acknowledged_by = str(payload["acknowledged_by"])
    step.acknowledged_message = step.latest_message


def _handed_over(state: CaseState, payload: Payload, at: datetime) -> None:
    step = state.open_steps[str(payload["step_id"])]
    step.assigned_to = str(payload["to_person_id"])
    step.acknowledged_by = None


def _closed(state: CaseState, payload: Payload, at: datetime) -> None:
    state.status = "closed"
    state.outcome = str(payload["outcome"])
    state.open_steps.clear()


_HANDLERS: dict[EventType, Callable[[CaseState, Payload, datetime], None]] = {
    EventType.CASE_OPENED: _opened,
    EventType.REPORT_JOINED: _joined,
    EventType.REPORTER_ANSWERED: _reporter_answered,
    EventType.EVIDENCE_SEALED: _evidence,
    EventType.STEP_STARTED: _started,
    EventType.STEP_ANSWERED: _answered,
    EventType.STEP_COMPLETED: _finished,
    EventType.STEP_ABANDONED: _finished,
    EventType.REVIEWED: _stage_passed,
    EventType.SIGNED: _signed,
    EventType.LETTER_DRAFTED: _drafted,
    EventType.LETTER_DISPATCHED: _dispatched,
    EventType.RECEIPT_RECORDED: _receipt,
    EventType.STEP_BLOCKED: _blocked,
    EventType.DECISION_TAKEN: _decided,
    EventType.DIRECTIVE_ISSUED: _directive,
    EventType.PUBLICATION_RECORDED: _published,
    EventType.SILENCE_FOUND: _silent,
    EventType.SUBCASE_OPENED: _child_opened,
    EventType.SUBCASE_CLOSED: _child_closed,
    EventType.DEADLINE_ARMED: _armed,
    EventType.DEADLINE_SATISFIED: _disarmed,
    EventType.DEADLINE_CANCELLED: _disarmed,
    EventType.DEADLINE_PAUSED: _paused,
    EventType.DEADLINE_RESUMED: _moved,
    EventType.DEADLINE_EXTENDED: _moved,
    EventType.DEADLINE_REPROJECTED: _moved,
    EventType.MESSAGE_QUEUED: _told,
    EventType.HANDED_OVER: _handed_over,
    EventType.ACKNOWLEDGED: _acknowledged,
    EventType.CASE_CLOSED: _closed,
}
