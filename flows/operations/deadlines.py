"""Pause, resume and extend a limit: one short transaction each, the ledger first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flows.operations.cases import CaseChanged
from flows.operations.people import answerer, case_setting
from flows.settings import Settings
from playbooks.core.cases import deadline_changes, store
from playbooks.core.cases.deadline_changes import PAUSE_REASONS, DeadlineRow, Extension
from playbooks.core.cases.turn import Turn
from sql.catalogs import write

Decide = Callable[[Turn, DeadlineRow], None]


def pause(
    settings: Settings, deadline_id: str, reason: str, person: str, now: datetime
) -> CaseChanged:
    """Stop a clock; *reason* is one of ``PAUSE_REASONS`` or its Chinese label.

    Raises:
        AnswerError: no such deadline or person, or it cannot be paused for that.
    """
    declared = next((name for name, label in PAUSE_REASONS.items() if label == reason), reason)

    def decide(current: Turn, row: DeadlineRow) -> None:
        deadline_changes.pause(current, row, declared)

    return _change(settings, deadline_id, decide, person, now)


def resume(settings: Settings, deadline_id: str, person: str, now: datetime) -> CaseChanged:
    """Let a paused clock run again with the rest of its budget.

    Raises:
        AnswerError: no such deadline or person, or it is not paused.
    """
    return _change(settings, deadline_id, deadline_changes.resume, person, now)


def extend(  # noqa: PLR0913 - what, how much, who allowed it, why, who records it
    settings: Settings,
    deadline_id: str,
    extra: int,
    approved_by: str,
    reason: str,
    person: str,
    now: datetime,
) -> CaseChanged:
    """Add *extra* units to a limit, which *approved_by* allowed.

    Raises:
        AnswerError: no such deadline, person or approver, the approver may not allow it, or it cannot
            be extended.
    """
    case_id = _case_of(deadline_id)
    with write(settings.ops) as connection:
        who = answerer(connection, person, now)
        approver = answerer(connection, approved_by, now)
        setting = case_setting(settings, connection, now, f"person:{who.person_id}")
        row = deadline_changes.read_deadline(connection, deadline_id)

        def decide(current: Turn) -> None:
            deadline_changes.extend(current, row, Extension(extra, reason, who, approver))

        store.change(connection, case_id, setting, decide)
    return CaseChanged(case_id)


def _change(
    settings: Settings, deadline_id: str, decide: Decide, person: str, now: datetime
) -> CaseChanged:
    case_id = _case_of(deadline_id)
    with write(settings.ops) as connection:
        who = answerer(connection, person, now)
        setting = case_setting(settings, connection, now, f"person:{who.person_id}")
        row = deadline_changes.read_deadline(connection, deadline_id)
        store.change(connection, case_id, setting, lambda current: decide(current, row))
    return CaseChanged(case_id)


def _case_of(deadline_id: str) -> str:
    return deadline_id.split("/", 1)[0]
