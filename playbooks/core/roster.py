"""Who is on duty (值班) for a role at an instant, who stands in, and which days nobody holds.

Shifts are whole calendar days in Asia/Shanghai, working or not: Article 27 wants a watch kept, and
holidays are when it matters. Nobody is a value of its own, so that a caller cannot overlook it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import duckdb

import sql
from playbooks.core.register.columns import labels
from playbooks.core.working_hours import local_day

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Duty:
    """A person on duty who can be reached.

    Attributes:
        person_id: of the register.
        name: as in the register.
        chat_user_id: user of the team chat, ``""`` when not known.
        mobile: 11 digits, ``""`` when not known.
        position: 1 for the person on duty, 2 and up for substitutes (替补).
        instead_of: who was planned, when the shift was handed over.
    """

    person_id: str
    name: str
    chat_user_id: str
    mobile: str
    position: int
    instead_of: str = ""


@dataclass(frozen=True)
class Nobody:
    """No reachable person holds *role* on the day *on*; an alarm in itself.

    Attributes:
        role: handler, reviewer, signer or duty_lead.
        on: the day in Asia/Shanghai.
        unreachable: who is on the roster but left, or cannot be reached on any channel.
    """

    role: str
    on: date
    unreachable: tuple[str, ...]


@dataclass(frozen=True)
class Gap:
    """Days from *starts_on* to *ends_on*, both included, on which nobody holds *role*."""

    role: str
    starts_on: date
    ends_on: date


def on_duty(connection: duckdb.DuckDBPyConnection, role: str, at: datetime) -> Duty | Nobody:
    """Return the first reachable person of *role* at the aware instant *at*, or ``Nobody``.

    Raises:
        KeyError: no such role.
        ValueError: *at* is naive.
    """
    day = local_day(at)
    return _first(role, day, _shifts(connection, role, day, day))


def all_on_duty(connection: duckdb.DuckDBPyConnection, at: datetime) -> dict[str, Duty | Nobody]:
    """Return role -> ``on_duty`` of every role, for the price of one query."""
    day = local_day(at)
    shifts = _all_shifts(connection, day, day)
    return {role: _first(role, day, _of_role(shifts, role)) for role in labels("role")}


def duty_line(connection: duckdb.DuckDBPyConnection, role: str, at: datetime) -> tuple[Duty, ...]:
    """Return everybody reachable of *role* at *at*, substitutes in order, each person once."""
    day = local_day(at)
    return _line(_shifts(connection, role, day, day))


def duty_lines(connection: duckdb.DuckDBPyConnection, at: datetime) -> dict[str, tuple[Duty, ...]]:
    """Return role -> ``duty_line`` of every role, for the price of one query."""
    day = local_day(at)
    shifts = _all_shifts(connection, day, day)
    return {role: _line(_of_role(shifts, role)) for role in labels("role")}


def gaps(connection: duckdb.DuckDBPyConnection, today: date, days: int) -> list[Gap]:
    """Return the days from *today* on, *days* of them, on which a role has nobody reachable.

    Args:
        connection: the ``ops`` catalog.
        today: first day, in Asia/Shanghai.
        days: calendar days to look ahead, today included; at least 1.
    """
    if days < 1:
        raise ValueError(f"looking {days} days ahead; expected at least 1")
    wanted = [today + timedelta(days=number) for number in range(days)]
    found: list[Gap] = []
    for role in labels("role"):
        shifts = _shifts(connection, role, wanted[0], wanted[-1])
        held = {day for row in shifts if _is_reachable(row) for day in _days_of(row, wanted)}
        found += _runs(role, [day for day in wanted if day not in held])
    return found


def _shifts(
    connection: duckdb.DuckDBPyConnection, role: str, first_on: date, last_on: date
) -> list[sql.Row]:
    if role not in labels("role"):
        raise KeyError(f"there is no role {role}; known are {', '.join(labels('role'))}")
    return _of_role(_all_shifts(connection, first_on, last_on), role)


def _all_shifts(
    connection: duckdb.DuckDBPyConnection, first_on: date, last_on: date
) -> list[sql.Row]:
    return sql.rows(connection, "register/shifts_between", first_on=first_on, last_on=last_on)


def _of_role(shifts: Iterable[sql.Row], role: str) -> list[sql.Row]:
    return [row for row in shifts if row["role"] == role]


def _first(role: str, day: date, shifts: Sequence[sql.Row]) -> Duty | Nobody:
    line = _line(shifts)
    if line:
        return line[0]
    return Nobody(role, day, tuple(str(row["name"] or row["person_id"]) for row in shifts))


def _line(shifts: Iterable[sql.Row]) -> tuple[Duty, ...]:
    line: dict[str, Duty] = {}
    for row in shifts:
        if _is_reachable(row):
            duty = _duty(row)
            line.setdefault(duty.person_id, duty)
    return tuple(line.values())


def _is_reachable(row: sql.Row) -> bool:
    return bool(row["is_active"]) and bool(row["is_reachable"])


def _duty(row: sql.Row) -> Duty:
    position = row["position"]
    if not isinstance(position, int):
        raise TypeError(f"position of {row['person_id']} is {position!r}, not a number")
    return Duty(
        person_id=str(row["person_id"]),
        name=str(row["name"]),
        chat_user_id=str(row["chat_user_id"] or ""),
        mobile=str(row["mobile"] or ""),
        position=position,
        instead_of=str(row["instead_of"] or ""),
    )


def _days_of(row: sql.Row, days: Iterable[date]) -> list[date]:
    starts_on, ends_on = row["starts_on"], row["ends_on"]
    if not isinstance(starts_on, date) or not isinstance(ends_on, date):
        raise TypeError(f"a shift of {row['person_id']} has no days")
    return [day for day in days if starts_on <= day <= ends_on]


def _runs(role: str, days: Sequence[date]) -> list[Gap]:
    """Join consecutive *days*, given in order."""
    runs: list[Gap] = []
    for day in days:
        if runs and runs[-1].ends_on + ONE_DAY == day:
            runs[-1] = Gap(role, runs[-1].starts_on, day)
        else:
            runs.append(Gap(role, day, day))
    return runs
