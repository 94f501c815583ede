"""Rules between duty shifts (值班): one person per role and position a day, no day left open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from playbooks.core.register.columns import labels
from playbooks.core.register.entries import Book, Entry
from playbooks.core.register.problems import Problem

ONE_DAY = timedelta(days=1)


class Shift(NamedTuple):
    """A shift whose days, role and position are all known; both days are included."""

    starts_on: date
    ends_on: date
    role: str
    position: int
    entry: Entry


def roster_problems(book: Book) -> list[Problem]:
    """Return shifts that end before they start, overlap, or leave days of a role open."""
    shifts, unclear_roles, problems = _shifts(book)
    for role in {shift.role: None for shift in shifts}:
        own = sorted((shift for shift in shifts if shift.role == role), key=lambda shift: shift[:2])
        for position in {shift.position: None for shift in own}:
            problems += _overlaps([shift for shift in own if shift.position == position])
        # With a day missing or a role unread, an open day may be a consequence, not a fault.
        if role not in unclear_roles and None not in unclear_roles:
            problems += _open_days(own)
    return problems


def _shifts(book: Book) -> tuple[list[Shift], set[str | None], list[Problem]]:
    shifts: list[Shift] = []
    unclear: set[str | None] = set()
    problems: list[Problem] = []
    for entry in book.tables["roster_shift"]:
        role, position = entry.text("role"), entry.values.get("position")
        starts_on, ends_on = entry.day("starts_on"), entry.day("ends_on")
        if starts_on is None or ends_on is None or role is None or not isinstance(position, int):
            unclear.add(role)
        elif ends_on < starts_on:
            unclear.add(role)
            if entry.layout:
                problems.append(entry.problem("ends_before_starts", "ends_on", starts_on=starts_on))
        else:
            shifts.append(Shift(starts_on, ends_on, role, position, entry))
    return shifts, unclear, problems


def _overlaps(shifts: Sequence[Shift]) -> Iterator[Problem]:
    """Yield a problem for each shift that begins before an earlier one of its position ends."""
    latest: Shift | None = None
    blamed: set[int] = set()
    for shift in shifts:
        if latest and shift.starts_on <= latest.ends_on:
            later, earlier = (shift, latest) if shift.entry.layout else (latest, shift)
            if later.entry.layout and later.entry.row not in blamed:
                blamed.add(later.entry.row)
                yield later.entry.problem(
                    "roster_overlap",
                    "starts_on",
                    other=earlier.entry.text("person_id"),
                    starts_on=earlier.starts_on,
                    ends_on=earlier.ends_on,
                )
        if latest is None or shift.ends_on > latest.ends_on:
            latest = shift


def _open_days(shifts: Sequence[Shift]) -> Iterator[Problem]:
    """Yield a warning for each run of days between shifts on which no position is filled."""
    covered_until = shifts[0].ends_on
    for shift in shifts[1:]:
        first_open = covered_until + ONE_DAY
        if shift.starts_on > first_open and shift.entry.layout:
            yield shift.entry.problem(
                "roster_gap",
                "starts_on",
                role=labels("role")[shift.role],
                starts_on=first_open,
                ends_on=shift.starts_on - ONE_DAY,
            )
        covered_until = max(covered_until, shift.ends_on)
