"""What became of every deadline of a case: when it ran, what moved it, whether it was met, which days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

from playbooks.core.calendar import WorkCalendar
from playbooks.core.facts import as_float, as_instant
from playbooks.core.ledger import Event, EventType
from playbooks.core.limits import Limit, LimitKind, Projection, Unit, project

ENDED = {EventType.DEADLINE_SATISFIED: "satisfied", EventType.DEADLINE_CANCELLED: "cancelled"}
MOVED = frozenset(
    {
        EventType.DEADLINE_RESUMED,
        EventType.DEADLINE_EXTENDED,
        EventType.DEADLINE_REPROJECTED,
    }
)


@dataclass
class Clock:
    """One deadline from its arming on.

    Attributes:
        running_since_at: since when the present stretch runs; it is the start until something moves it.
        left: what of the budget the present stretch has to give.
        changes: the events that stopped, moved or lengthened it.
        claimed: rung number -> (when, seconds late).
        ending: ``satisfied``, ``cancelled`` or ``""`` while it runs.
    """

    deadline_id: str
    title: str
    step_id: str
    unit: Unit
    kind: LimitKind
    basis: str
    budget: Fraction
    started_at: datetime
    running_since_at: datetime
    left: Fraction
    due_at: datetime
    is_provisional: bool
    calendar_version: str
    changes: list[Event] = field(default_factory=list[Event])
    claimed: dict[int, tuple[datetime, float]] = field(
        default_factory=dict[int, tuple[datetime, float]]
    )
    is_paused: bool = False
    expired_at: datetime | None = None
    ended_at: datetime | None = None
    ending: str = ""

    def verdict(self, now: datetime) -> str:
        """Return in Chinese how it went, as of *now*."""
        if self.ending == "cancelled":
            return "已取消（转走或办结）"
        if self.ending:
            assert self.ended_at is not None
            late = self.ended_at - self.due_at
            return (
                f"超时限 {length_text(late.total_seconds())} 完成"
                if late.total_seconds() > 0
                else "按时完成"
            )
        if self.is_paused:
            return "暂停中"
        return "已超时限，未完成" if self.due_at < now else "计时中"


def clocks_of(events: Iterable[Event]) -> list[Clock]:
    """Return the deadlines of one case in the order in which they were armed."""
    clocks: dict[str, Clock] = {}
    for event in events:
        deadline_id = str(event.payload.get("deadline_id", ""))
        if event.event_type is EventType.DEADLINE_ARMED:
            clocks[deadline_id] = _armed(event)
        elif deadline_id in clocks:
            _follow(clocks[deadline_id], event)
    return list(clocks.values())


def days_of(clock: Clock, calendar: WorkCalendar) -> Projection | None:
    """Return which days the present stretch counts and skips; ``None`` while the clock is stopped.

    The calendar may have been revised since; the caller compares ``calendar_version``.
    """
    if clock.is_paused:
        return None
    limit = Limit(clock.left, clock.unit, clock.kind, clock.basis)
    return project(limit, clock.running_since_at, calendar)


def length_text(seconds: float) -> str:
    """Return a length of time as people read it: 3天4小时, 25分钟."""
    minutes = int(seconds // 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    parts = [f"{days}天" if days else "", f"{hours}小时" if hours else ""]
    return "".join(parts) + (f"{minutes}分钟" if minutes or not any(parts) else "")


def _armed(event: Event) -> Clock:
    payload = event.payload
    started_at, budget = as_instant(payload["started_at"]), _exact(payload["budget"])
    return Clock(
        deadline_id=str(payload["deadline_id"]),
        title=str(payload["title"]),
        step_id=str(payload["step_id"]),
        unit=Unit(str(payload["unit"])),
        kind=LimitKind(str(payload["kind"])),
        basis=str(payload["basis"]),
        budget=budget,
        started_at=started_at,
        running_since_at=started_at,
        left=budget,
        due_at=as_instant(payload["due_at"]),
        is_provisional=bool(payload["is_provisional"]),
        calendar_version=str(payload["calendar_version"]),
    )


def _follow(clock: Clock, event: Event) -> None:
    payload = event.payload
    if event.event_type is EventType.RUNG_CLAIMED:
        number, lateness_s = int(str(payload["rung_number"])), as_float(payload["lateness_s"])
        clock.claimed[number] = (event.occurred_at, lateness_s)
    elif event.event_type is EventType.DEADLINE_EXPIRED:
        clock.expired_at = event.occurred_at
    elif event.event_type in ENDED:
        clock.ending, clock.ended_at = ENDED[event.event_type], event.occurred_at
    elif event.event_type is EventType.DEADLINE_PAUSED:
        clock.is_paused = True
        clock.changes.append(event)
    elif event.event_type in MOVED:
        clock.is_paused = False
        clock.changes.append(event)
        clock.budget = _exact(payload["budget"])
        clock.left = clock.budget - _exact(payload["consumed"])
        clock.running_since_at = as_instant(payload["running_since_at"])
        clock.due_at = as_instant(payload["due_at"])
        clock.is_provisional = bool(payload["is_provisional"])
        clock.calendar_version = str(payload["calendar_version"])


def _exact(amount: object) -> Fraction:
    return Fraction(as_float(amount)).limit_denominator(1_440)
