"""Pause, resume, extend and re-project a deadline; what was consumed of its budget is kept.

A deadline is a budget on one clock. Pausing books what ran; resuming projects the rest from now.
Only the reasons listed here stop a clock, and a statutory one is never paused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

import duckdb

import sql
from playbooks.core.calendar import WorkCalendar
from playbooks.core.cases import armed
from playbooks.core.cases.engine import Turn
from playbooks.core.cases.forms import AnswerError
from playbooks.core.ledger import EventType
from playbooks.core.limits import Limit, LimitKind, Projection, Unit, consume, project
from playbooks.core.playbook.model import TIMED, Recheck

PAUSE_REASONS: Mapping[str, str] = {
    "awaiting_reporter": "等待举报人补充材料",
    "awaiting_authority": "等待上级或其他机关答复",
    "force_majeure": "不可抗力",
}


@dataclass(frozen=True)
class DeadlineRow:
    """A row of table ``deadline`` as far as its clock is concerned; amounts in ``unit``."""

    deadline_id: str
    step_id: str
    budget: Fraction
    unit: Unit
    kind: LimitKind
    basis: str
    started_at: datetime
    running_since_at: datetime | None
    consumed: Fraction
    calendar_version: str


def read_deadline(connection: duckdb.DuckDBPyConnection, deadline_id: str) -> DeadlineRow:
    """Return a running or paused deadline; ``AnswerError`` when there is none."""
    found = sql.rows(connection, "deadlines/one", deadline_id=deadline_id)
    if not found:
        raise AnswerError(f"没有正在计时的时限 {deadline_id}")
    row = found[0]
    started_at, running_since_at = row["started_at"], row["running_since_at"]
    assert isinstance(started_at, datetime)
    return DeadlineRow(
        deadline_id=deadline_id,
        step_id=str(row["step_id"]),
        budget=_exact(row["budget"]),
        unit=Unit(str(row["unit"])),
        kind=LimitKind(str(row["kind"])),
        basis=str(row["basis"]),
        started_at=started_at,
        running_since_at=running_since_at if isinstance(running_since_at, datetime) else None,
        consumed=_exact(row["consumed"]),
        calendar_version=str(row["calendar_version"]),
    )


def pause(current: Turn, row: DeadlineRow, reason: str) -> None:
    """Stop the clock for one of ``PAUSE_REASONS``.

    Raises:
        AnswerError: the reason is not declared, the limit is statutory, or it is paused already.
    """
    if reason not in PAUSE_REASONS:
        raise AnswerError(f"暂停事由只能是:{'、'.join(PAUSE_REASONS.values())}")
    if row.kind is LimitKind.STATUTORY:
        raise AnswerError(f"法定时限({row.basis})不能暂停")
    if row.running_since_at is None:
        raise AnswerError("该时限已经暂停")
    current.record(
        EventType.DEADLINE_PAUSED,
        {
            "deadline_id": row.deadline_id,
            "reason": reason,
            "consumed": float(_consumed(row, current.now, current.calendar)),
        },
        row.deadline_id,
    )


def resume(current: Turn, row: DeadlineRow) -> None:
    """Let a paused clock run again with the rest of its budget."""
    if row.running_since_at is not None:
        raise AnswerError("该时限没有暂停")
    _move(current, row, EventType.DEADLINE_RESUMED, row.budget, row.consumed, current.now, {})


def extend(current: Turn, row: DeadlineRow, extra: int, approved_by: str, reason: str) -> None:
    """Add *extra* units to the budget, with the approver and the reason on record.

    Raises:
        AnswerError: a statutory limit, no positive amount, or no reason.
    """
    if row.kind is LimitKind.STATUTORY:
        raise AnswerError(f"法定时限({row.basis})不能延长")
    if extra <= 0 or not reason.strip():
        raise AnswerError("延长数应为正数,并须写明理由")
    since = row.running_since_at or current.now
    facts = {"approved_by": approved_by, "reason": reason.strip(), "extra": extra}
    _move(current, row, EventType.DEADLINE_EXTENDED, row.budget + extra, row.consumed, since, facts)


def reproject(current: Turn, row: DeadlineRow) -> None:
    """Project a running deadline again after the calendar changed, leaving a trace of why."""
    if row.running_since_at is None:
        return
    facts = {"from_calendar": row.calendar_version, "to_calendar": current.calendar.version}
    _move(
        current,
        row,
        EventType.DEADLINE_REPROJECTED,
        row.budget,
        row.consumed,
        row.running_since_at,
        facts,
    )


def _move(  # noqa: PLR0913 - what moves a deadline
    current: Turn,
    row: DeadlineRow,
    event_type: EventType,
    budget: Fraction,
    consumed: Fraction,
    since: datetime,
    facts: Mapping[str, object],
) -> None:
    rest = budget - consumed
    if rest <= 0:
        raise AnswerError("该时限的预算已用完,不能继续计时;请办理或延长")
    projection = project(Limit(rest, row.unit, row.kind, row.basis), since, current.calendar)
    current.record(
        event_type,
        {
            "deadline_id": row.deadline_id,
            "budget": float(budget),
            "consumed": float(consumed),
            "running_since_at": since.isoformat(),
            "due_at": projection.due_at.isoformat(),
            "is_provisional": projection.provisional,
            "calendar_version": projection.calendar_version,
            "rungs": _rungs(current, row, since, projection),
            **facts,
        },
        row.deadline_id,
    )


def _rungs(
    current: Turn, row: DeadlineRow, since: datetime, projection: Projection
) -> list[dict[str, object]]:
    step = current.playbook.step(row.step_id)
    assert isinstance(step, TIMED)
    if armed.is_look(row.deadline_id):
        assert isinstance(step, Recheck)
        return armed.rungs_of(armed.look_ladder(step), since, projection, current.calendar)
    return armed.rungs_of(step.escalate, since, projection, current.calendar)


def _consumed(row: DeadlineRow, now: datetime, calendar: WorkCalendar) -> Fraction:
    assert row.running_since_at is not None
    ran = consume(row.unit, row.running_since_at, now, calendar)
    return min(row.budget, row.consumed + Fraction(ran))


def _exact(stored: object) -> Fraction:
    # A budget share is stored as a double; a minute is the finest thing it has to tell apart.
    return Fraction(float(str(stored))).limit_denominator(1_440)
