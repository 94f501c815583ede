"""Plan a duty roster (排班): who holds which position on which day, from rotations, always the same.

Workdays and rest days (weekends, holidays) turn separately, so that nobody's turn falls on every
National Day. The plan is a proposal: it becomes the roster when somebody has read and imported it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from playbooks.core.calendar import DayReason, WorkCalendar, days_between

# The roles whose holders check one another (三审): one person in two of them checks himself.
CHECKING_ROLES = ("handler", "reviewer", "signer")


@dataclass(frozen=True)
class Rotation:
    """How one role is held.

    Attributes:
        workdays: ids of the people who take turns on workdays, make-up days included.
        rest_days: the same for weekends and holidays.
        substitutes: people behind the one on duty, so that every day has ``1 + substitutes``; both
            lists are at least that long and name nobody twice.
    """

    workdays: tuple[str, ...]
    rest_days: tuple[str, ...]
    substitutes: int

    @property
    def people_a_day(self) -> int:
        """How many people hold this role each day."""
        return 1 + self.substitutes


@dataclass(frozen=True)
class PlannedShift:
    """One person, one day, one position (1 is on duty, 2 and up stand in)."""

    role: str
    position: int
    person_id: str
    reason: DayReason

    @property
    def on(self) -> date:
        """The day in Asia/Shanghai."""
        return self.reason.day


def plan_shifts(
    rotations: Mapping[str, Rotation], calendar: WorkCalendar, first_on: date, last_on: date
) -> list[PlannedShift]:
    """Return the shifts of every day from *first_on* to *last_on*, both included.

    Within one list and one kind of day, two people's turns differ by at most one: in every position
    and over all positions together (``_turn``).
    """
    reasons = [calendar.why(day) for day in days_between(first_on, last_on)]
    return [
        shift
        for role, rotation in rotations.items()
        for shift in _shifts_of(role, rotation, reasons)
    ]


def next_in_turn(
    rotations: Mapping[str, Rotation], planned: Sequence[PlannedShift]
) -> dict[str, tuple[str, str]]:
    """Return role -> who begins the following period on workdays and on rest days."""
    begins: dict[str, tuple[str, str]] = {}
    for role, rotation in rotations.items():
        days = [shift.reason for shift in planned if (shift.role, shift.position) == (role, 1)]
        worked = sum(reason.is_workday for reason in days)
        begins[role] = (
            rotation.workdays[worked % len(rotation.workdays)],
            rotation.rest_days[(len(days) - worked) % len(rotation.rest_days)],
        )
    return begins


def checks_own_work(planned: Sequence[PlannedShift]) -> list[tuple[date, str]]:
    """Return the days on which one person is on duty in two checking roles, with that person."""
    held: dict[tuple[date, str], int] = {}
    for shift in planned:
        if shift.role in CHECKING_ROLES and shift.position == 1:
            held[shift.on, shift.person_id] = held.get((shift.on, shift.person_id), 0) + 1
    return sorted(place for place, count in held.items() if count > 1)


def _shifts_of(
    role: str, rotation: Rotation, reasons: Sequence[DayReason]
) -> Iterator[PlannedShift]:
    turns = {True: 0, False: 0}
    for reason in reasons:
        people = rotation.workdays if reason.is_workday else rotation.rest_days
        chosen = _turn(people, rotation.people_a_day, turns[reason.is_workday])
        turns[reason.is_workday] += 1
        for position, person_id in enumerate(chosen, start=1):
            yield PlannedShift(role, position, person_id, reason)


def _turn(people: Sequence[str], count: int, turn: int) -> list[str]:
    """Return *count* different people for the *turn*-th day.

    Every position walks round the list one by one, so each is fair by itself. The positions start
    spread evenly, at ``floor(k * n / count)``: such marks on a circle stand in any two arcs of equal
    length in numbers that differ by at most one, so the sum over all positions is fair as well.
    """
    size = len(people)
    return [people[(turn + number * size // count) % size] for number in range(count)]
