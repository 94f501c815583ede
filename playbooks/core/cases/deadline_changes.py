"""Pause, resume, extend and re-project a deadline; what was consumed of its budget is kept.

A deadline is a budget on one clock. Pausing books what ran; resuming projects the rest from now.
Only the reasons that the playbook declares for it stop a clock, and a statutory one is never paused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

import duckdb

import sql
from playbooks.core.calendar import WorkCalendar
from playbooks.core.cases import armed, store
from playbooks.core.cases.forms import AnswerError
from playbooks.core.cases.turn import DUTY_LEAD, Answerer, Turn, role_of
from playbooks.core.facts import as_instant, as_int
from playbooks.core.ledger import EventType
from playbooks.core.limits import Limit, LimitKind, Projection, Unit, consume, project
from playbooks.core.playbook.model import PAUSE_REASONS as PAUSE_REASONS
from playbooks.core.playbook.model import TIMED, Due, Looking, PauseReason, Rung


@dataclass(frozen=True)
class DeadlineRow:
    """A row of table ``deadline`` as far as its clock is concerned; amounts in ``unit``.

    Attributes:
        rungs: number of each rung there is -> whether it was claimed.
    """

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
    due_at: datetime
    rungs: Mapping[int, bool]


def read_deadline(connection: duckdb.DuckDBPyConnection, deadline_id: str) -> DeadlineRow:
    """Return a running or paused deadline; ``AnswerError`` when there is none."""
    found = sql.rows(connection, "deadlines/one", deadline_id=deadline_id)
    if not found:
        raise AnswerError(f"没有正在计时的时限 {deadline_id}")
    row = found[0]
    started_at, running_since_at, due_at = (
        row["started_at"],
        row["running_since_at"],
        row["due_at"],
    )
    assert isinstance(started_at, datetime)
    assert isinstance(due_at, datetime)
    rungs = sql.rows(connection, "deadlines/rungs_of_one", deadline_id=deadline_id)
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
        due_at=due_at,
        rungs={as_int(rung["rung_number"]): rung["status"] == "claimed" for rung in rungs},
    )


def pause(current: Turn, row: DeadlineRow, reason: str) -> None:
    """Stop the clock for one of the reasons that the step's ``pause_on`` declares.

    Raises:
        AnswerError: the reason is not declared; the limit is statutory; it is paused or over.
    """
    if row.kind is LimitKind.STATUTORY:
        raise AnswerError(f"法定时限（{row.basis}）不能暂停")
    allowed = pausable_for(current, row)
    if not allowed:
        raise AnswerError("预案没有给这个时限声明可以暂停的事由（pause_on），不能暂停；可以延长")
    if reason not in allowed:
        raise AnswerError(f"暂停事由只能是：{'、'.join(PAUSE_REASONS[name] for name in allowed)}")
    if row.running_since_at is None:
        raise AnswerError("该时限已经暂停")
    if row.due_at < current.now:
        raise AnswerError("该时限已到期，不能暂停；请办理或延长")
    current.record(
        EventType.DEADLINE_PAUSED,
        {
            "deadline_id": row.deadline_id,
            "reason": reason,
            "consumed": float(_consumed(row, current.now, current.calendar)),
        },
        row.deadline_id,
    )


def reason_title(reason: object) -> str:
    """Return what pages call a reason to pause; anything else comes back as it is."""
    titles = {str(name): title for name, title in PAUSE_REASONS.items()}
    return titles.get(str(reason), str(reason))


def pausable_for(current: Turn, row: DeadlineRow) -> tuple[PauseReason, ...]:
    """Return the reasons for which the playbook lets this clock stop."""
    return _declared(current, row).pause_on


def _declared(current: Turn, row: DeadlineRow) -> Due:
    step = current.step(row.step_id)
    assert isinstance(step, TIMED)
    if not armed.is_look(row.deadline_id):
        return step.due
    assert isinstance(step, Looking)
    return step.every


def resume(current: Turn, row: DeadlineRow) -> None:
    """Let a paused clock run again with the rest of its budget."""
    if row.running_since_at is not None:
        raise AnswerError("该时限没有暂停")
    _move(current, row, EventType.DEADLINE_RESUMED, row.budget, row.consumed, current.now, {})


@dataclass(frozen=True)
class Extension:
    """What somebody asks for: how many units more, why, who asks and who allows it."""

    extra: int
    reason: str
    asked_by: Answerer
    approved_by: Answerer


def extend(current: Turn, row: DeadlineRow, asked: Extension) -> None:
    """Add units to the budget, with the approver and the reason on record.

    Raises:
        AnswerError: a statutory limit, no positive amount, no reason, or an approver who asks
            himself or whose own work the limit is.
    """
    if row.kind is LimitKind.STATUTORY:
        raise AnswerError(f"法定时限（{row.basis}）不能延长")
    if asked.extra <= 0 or not asked.reason.strip():
        raise AnswerError("延长数应为正数，并须写明理由")
    _check_approver(current, row, asked)
    since = row.running_since_at or current.now
    facts = {
        "approved_by": asked.approved_by.person_id,
        "reason": asked.reason.strip(),
        "extra": asked.extra,
    }
    _move(
        current,
        row,
        EventType.DEADLINE_EXTENDED,
        row.budget + asked.extra,
        row.consumed,
        since,
        facts,
    )


def _check_approver(current: Turn, row: DeadlineRow, asked: Extension) -> None:
    """Nobody gives more time to himself; whoever leads the duty may give it to a role he fills as well."""
    approver = asked.approved_by
    if approver.person_id == asked.asked_by.person_id:
        raise AnswerError(f"{approver.name} 是提出人，不能自己批准延长；请由他人批准")
    open_step = current.state.open_steps[row.step_id]
    declared = current.playbook.roles[role_of(current.step(row.step_id), open_step)]
    works = declared.roster in approver.roles or open_step.assigned_to == approver.person_id
    if works and DUTY_LEAD not in approver.roles:
        raise AnswerError(
            f"{approver.name} 是该步骤的办理人员（「{declared.title}」），不能批准自己的时限延长；"
            "请由带班领导或上一级批准"
        )


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


def reproject_outdated(
    connection: duckdb.DuckDBPyConnection, setting: store.Setting, limit: int = 500
) -> int:
    """Project up to *limit* running deadlines that rest on another calendar; return how many.

    Call it at every sweep: when a notice is published, due times move and the ledger says why.
    """
    version = setting.calendar.version
    found = sql.rows(connection, "deadlines/outdated", calendar_version=version, limit=limit)
    for deadline in found:
        row = read_deadline(connection, str(deadline["deadline_id"]))

        def decide(current: Turn, row: DeadlineRow = row) -> None:
            reproject(current, row)

        store.change(connection, str(deadline["case_id"]), setting, decide)
    return len(found)


def _move(  # noqa: PLR0913 - what moves a deadline
    current: Turn,
    row: DeadlineRow,
    event_type: EventType,
    budget: Fraction,
    consumed: Fraction,
    since: datetime,
    facts: Mapping[str, object],
) -> None:
    # Nothing left is no fault: a day is charged when it begins, and its end is still to come.
    try:
        roll = _declared(current, row).roll
        limit = Limit(budget - consumed, row.unit, row.kind, row.basis, roll)
    except ValueError as error:
        raise AnswerError(f"时限超出可计算的范围，不能这样调整：{error}") from error
    projection = project(limit, since, current.calendar)
    moved, again = _rungs(current, row, since, projection, consumed)
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
            "rungs": moved,
            "rungs_again": again,
            **facts,
        },
        row.deadline_id,
    )


def _rungs(
    current: Turn, row: DeadlineRow, since: datetime, projection: Projection, consumed: Fraction
) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """Return the rungs that move, and those that were claimed and whose time lies ahead again.

    The latter get a number one ladder further on, so that each number is claimed once: without
    them an extended deadline would pass its new due time in silence.
    """
    ladder = _ladder(current, row)
    moved: list[dict[str, object]] = []
    again: list[dict[str, object]] = []
    for rung in armed.rungs_of(ladder, since, projection, current.calendar, consumed):
        place = as_int(rung["rung_number"])
        numbers = [n for n in row.rungs if (n - place) % len(ladder) == 0]
        latest = max(numbers, default=place)
        if not row.rungs.get(latest, False):
            moved.append({**rung, "rung_number": latest})
        elif as_instant(rung["due_at"]) > current.now:
            again.append({**rung, "rung_number": latest + len(ladder)})
    return moved, again


def _ladder(current: Turn, row: DeadlineRow) -> Sequence[Rung]:
    step = current.step(row.step_id)
    assert isinstance(step, TIMED)
    if not armed.is_look(row.deadline_id):
        return step.escalate
    assert isinstance(step, Looking)
    return armed.look_ladder(step)


def _consumed(row: DeadlineRow, now: datetime, calendar: WorkCalendar) -> Fraction:
    assert row.running_since_at is not None
    ran = consume(row.unit, row.running_since_at, now, calendar)
    return min(row.budget, row.consumed + Fraction(ran))


def _exact(stored: object) -> Fraction:
    # A budget share is stored as a double; a minute is the finest thing it has to tell apart.
    return Fraction(float(str(stored))).limit_denominator(1_440)
