"""Arming deadlines: a limit of the playbook becomes due times for the step and for every rung.

A rung at a percentage lies where that share of the working time between start and due time has
passed, for the clocks that stop at night; for wall hours, calendar days and months it is a share of
the time itself. A step whose deadline cannot be computed does not start: the error passes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from playbooks.core.calendar import WorkCalendar
from playbooks.core.cases.forms import AnswerError
from playbooks.core.cases.state import OpenStep
from playbooks.core.facts import as_int, as_mapping
from playbooks.core.ledger import EventType
from playbooks.core.limits import Limit, LimitKind, Projection, Unit, consume, project
from playbooks.core.playbook.model import (
    INPUT,
    RECEIPT,
    Basis,
    Due,
    Looking,
    Rung,
    Timed,
    WaitReceipt,
)
from playbooks.core.working_hours import MIDNIGHT, local_instant

if TYPE_CHECKING:
    from playbooks.core.cases.turn import Turn

NOTHING = Fraction(0)
WORKING_CLOCKS = frozenset({Unit.WORKING_HOURS, Unit.WORKING_DAYS})


def arm(current: Turn, step: Timed, open_step: OpenStep) -> None:
    """Arm the deadline of a step that has just started, and for a recheck its first look."""
    deadline_id = f"{current.state.case_id}/{step.id}/{open_step.visit}"
    due = due_of(current, step.due)
    since = started_at(due, current)
    _record(current, step, open_step, deadline_id, step.title, due, since, step.escalate)
    if isinstance(step, Looking):
        arm_next_look(current, step, open_step)


def due_of(current: Turn, due: Due) -> Due:
    """Return a limit as it counts in this case: the office's own, or somebody's usual time."""
    if due.setting:
        own = as_mapping(current.state.limits[due.setting])
        noted = str(own["verified_on"])
        verified_on = date.fromisoformat(noted) if noted else None
        changes = {
            "budget": Fraction(as_int(own["minutes"]), 60),
            "basis": Basis(text=str(own["basis"])[:80], verified_on=verified_on),
        }
        return due.model_copy(update=changes)
    who = str(current.state.inputs.get(due.usual, "")) if due.usual else ""
    usual = current.usual_times.get(who)
    if usual is None:
        return due
    basis = Basis(text=usual.basis[:80])
    return due.model_copy(update={"budget": usual.budget, "unit": usual.unit, "basis": basis})


def started_at(due: Due, current: Turn) -> datetime:
    """Return when a clock that is armed now began to run.

    Raises:
        AnswerError: what it starts with is not there; the linter lets no such way through.
    """
    state = current.state
    if due.since == "step_started":
        return current.now
    if due.since == "case_opened":
        assert state.opened_at is not None
        return state.opened_at
    place, name = due.since.split(".")
    if place == RECEIPT:
        step = current.playbook.step(name)
        # A wait that was passed at once has no receipt of its own: it came with the letter.
        sources = (name, step.of) if isinstance(step, WaitReceipt) else (name,)
        found = [state.receipts[source] for source in sources if source in state.receipts]
        if found:
            return found[0]
    given = state.inputs if place == INPUT else state.answers.get(place, {})
    if name not in given:
        raise AnswerError(f"时限的起算依据 {due.since} 还没有登记，不能开始计时")
    return instant_of(str(given[name]))


def instant_of(text: str) -> datetime:
    """Return the instant of an answer; a day begins at its midnight in Asia/Shanghai."""
    if len(text) == len("2026-01-05"):
        return local_instant(date.fromisoformat(text), MIDNIGHT)
    return datetime.fromisoformat(text)


def arm_next_look(current: Turn, step: Looking, open_step: OpenStep) -> None:
    """Close the look that was due and arm the next one."""
    for deadline_id, deadline in list(current.state.deadlines.items()):
        if deadline.step_id == step.id and is_look(deadline_id):
            current.record(EventType.DEADLINE_SATISFIED, {"deadline_id": deadline_id}, deadline_id)
    number = open_step.looks + 1
    deadline_id = f"{current.state.case_id}/{step.id}/{open_step.visit}/look-{number}"
    title = f"{step.title}(第{number}次)"
    due = step.interval(number)
    _record(current, step, open_step, deadline_id, title, due, current.now, look_ladder(step))


def look_ladder(step: Looking) -> tuple[Rung, ...]:
    """Return the ladder of one look: the owner is told when it is time to look again."""
    return (Rung(at="100%", to=step.owner),)


def is_look(deadline_id: str) -> bool:
    """Tell whether a deadline is one look of a recheck step, not the step's own."""
    return deadline_id.rsplit("/", 1)[-1].startswith("look-")


def limit_of(due: Due) -> Limit:
    """Return the limit that a playbook's ``due`` declares."""
    basis = due.basis.text + (due.basis.article or "")
    if due.kind is LimitKind.STATUTORY and due.basis.verified_on is None:
        basis += "（条文待核实）"
    return Limit(due.budget, due.unit, due.kind, basis, due.roll)


def rungs_of(
    ladder: Sequence[Rung],
    start: datetime,
    projection: Projection,
    calendar: WorkCalendar,
    consumed: Fraction = NOTHING,
) -> list[dict[str, object]]:
    """Return the ladder with due instants, ``is_expiry`` true for the one at 100%.

    *consumed* is what of the budget had run before *start*, in the unit of the projection.
    """
    rungs: list[dict[str, object]] = []
    for number, rung in enumerate(ladder, start=1):
        rungs.append(
            {
                "rung_number": number,
                "due_at": rung_due_at(rung.at, start, projection, calendar, consumed).isoformat(),
                "target_role": rung.to,
                "is_expiry": rung.at == "100%",
            }
        )
    return rungs


def rung_due_at(
    at: str,
    start: datetime,
    projection: Projection,
    calendar: WorkCalendar,
    consumed: Fraction = NOTHING,
) -> datetime:
    """Return when the rung written as *at* (``75%``, ``+2 working_hours``) is due.

    A share is one of the whole budget; a rung whose share had run before *start* is due at *start*.
    """
    due_at = projection.due_at
    if at.startswith("+"):
        amount, unit = at[1:].split(" ")
        limit = Limit(int(amount), Unit(unit), LimitKind.INTERNAL, "escalation ladder")
        return project(limit, due_at, calendar).due_at
    if at == "100%":
        return due_at
    ahead = Fraction(int(at[:-1]), 100) * (consumed + projection.budget) - consumed
    if ahead <= 0:
        return start
    share = ahead / projection.budget
    if projection.unit not in WORKING_CLOCKS:
        return start + (due_at - start) * float(share)
    working_hours = consume(Unit.WORKING_HOURS, start, due_at, calendar) * share
    limit = Limit(working_hours, Unit.WORKING_HOURS, LimitKind.INTERNAL, "escalation ladder")
    return project(limit, start, calendar).due_at if working_hours else due_at


def _record(  # noqa: PLR0913 - one deadline has this many sides
    current: Turn,
    step: Timed,
    open_step: OpenStep,
    deadline_id: str,
    title: str,
    due: Due,
    since: datetime,
    ladder: tuple[Rung, ...],
) -> None:
    # Frozen models have a hash, which the type checker cannot see.
    projection, rungs = _planned(due, ladder, since, current.calendar)  # pyright: ignore[reportArgumentType]
    current.record(
        EventType.DEADLINE_ARMED,
        {
            "deadline_id": deadline_id,
            "step_id": step.id,
            "visit": open_step.visit,
            "title": title,
            "budget": float(due.budget),
            "unit": str(due.unit),
            "kind": str(due.kind),
            "basis": projection.limit.basis,
            "started_at": since.isoformat(),
            "due_at": projection.due_at.isoformat(),
            "is_provisional": projection.provisional,
            "calendar_version": projection.calendar_version,
            "rungs": [dict(rung) for rung in rungs],
        },
        deadline_id,
    )


@lru_cache(maxsize=64)
def _planned(
    due: Due, ladder: tuple[Rung, ...], since: datetime, calendar: WorkCalendar
) -> tuple[Projection, list[dict[str, object]]]:
    # A sweep that expires a thousand cases starts a thousand steps in one instant, all alike.
    projection = project(limit_of(due), since, calendar)
    return projection, rungs_of(ladder, since, projection, calendar)
