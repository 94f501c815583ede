"""A case as its events tell it. Folding is pure: the same events give the same state."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from playbooks.core.cases.state import (
    Answered,
    ArmedDeadline,
    CaseState,
    Directive,
    Letter,
    OpenStep,
    Payload,
)
from playbooks.core.facts import as_int, as_list, as_mapping
from playbooks.core.ledger import Event, EventType, NewEvent

CALLING = ("rung", "your_turn", "handed_over")
"""Kinds of messages that call somebody to a step; one of them is what is acknowledged."""


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
        must_pin=bool(payload.get("must_pin")),
    )


def _published(state: CaseState, payload: Payload, at: datetime) -> None:
    directive = state.directives[str(payload["step_id"])]
    directive.published[str(payload["account_id"])] = payload


def _pinned(state: CaseState, payload: Payload, at: datetime) -> None:
    state.directives[str(payload["step_id"])].pinned.append(str(payload["account_id"]))


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
    EventType.PIN_RECORDED: _pinned,
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
