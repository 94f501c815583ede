"""The events of a case: what can happen, and what an entry of the ledger says about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class EventType(StrEnum):
    """Everything that can happen to a case, in the past tense."""

    CASE_OPENED = "case_opened"
    REPORT_JOINED = "report_joined"
    EVIDENCE_SEALED = "evidence_sealed"
    STEP_STARTED = "step_started"
    STEP_ANSWERED = "step_answered"
    ANSWER_REFUSED = "answer_refused"
    STEP_COMPLETED = "step_completed"
    STEP_ABANDONED = "step_abandoned"
    DECISION_TAKEN = "decision_taken"
    ACTION_DONE = "action_done"
    ACTION_FAILED = "action_failed"
    STEP_BLOCKED = "step_blocked"
    SUBCASE_OPENED = "subcase_opened"
    SUBCASE_CLOSED = "subcase_closed"
    DEADLINE_ARMED = "deadline_armed"
    DEADLINE_PAUSED = "deadline_paused"
    DEADLINE_RESUMED = "deadline_resumed"
    DEADLINE_EXTENDED = "deadline_extended"
    DEADLINE_SATISFIED = "deadline_satisfied"
    DEADLINE_EXPIRED = "deadline_expired"
    DEADLINE_CANCELLED = "deadline_cancelled"
    DEADLINE_REPROJECTED = "deadline_reprojected"
    RUNG_CLAIMED = "rung_claimed"
    NOBODY_REACHABLE = "nobody_reachable"
    LETTER_DRAFTED = "letter_drafted"
    REVIEWED = "reviewed"
    SIGNED = "signed"
    RETURNED = "returned"
    LETTER_DISPATCHED = "letter_dispatched"
    RECEIPT_RECORDED = "receipt_recorded"
    SENDING_UNCLEAR = "sending_unclear"
    DIRECTIVE_ISSUED = "directive_issued"
    PUBLICATION_RECORDED = "publication_recorded"
    PIN_RECORDED = "pin_recorded"
    SILENCE_FOUND = "silence_found"
    REPORTER_ANSWERED = "reporter_answered"
    HANDED_OVER = "handed_over"
    MESSAGE_QUEUED = "message_queued"
    MESSAGE_DELIVERED = "message_delivered"
    MESSAGE_UNKNOWN = "message_unknown"
    MESSAGE_FAILED = "message_failed"
    MESSAGE_REROUTED = "message_rerouted"
    ACKNOWLEDGED = "acknowledged"
    ACKNOWLEDGEMENT_REFUSED = "acknowledgement_refused"
    CASE_CLOSED = "case_closed"
    PACKET_MADE = "packet_made"
    ANALYSIS_WRITTEN = "analysis_written"
    PACKET_RECORDED = "packet_recorded"


@dataclass(frozen=True)
class NewEvent:
    """An event that is not in the ledger yet.

    Attributes:
        reference: what else the event is about (a deadline, a step, a message), for look-ups.
        payload: JSON-ready facts; never a secret.
    """

    case_id: str
    event_type: EventType
    actor: str
    payload: Mapping[str, object] = field(default_factory=dict[str, object])
    reference: str = ""


@dataclass(frozen=True)
class Event:
    """An entry of the ledger."""

    position: int
    case_id: str
    event_type: EventType
    reference: str
    actor: str
    occurred_at: datetime
    payload: Mapping[str, object]
