"""Handing a shift over (换班): the plan stays as imported, the change is a row of its own with a reason."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import duckdb

import sql
from playbooks.core.cases.forms import AnswerError
from playbooks.core.register.columns import labels

MOST_DAYS: Final = 92
DUTY_LEAD: Final = "duty_lead"


@dataclass(frozen=True)
class ShiftHandOver:
    """Which days of which shift go to whom.

    Attributes:
        role: handler, reviewer, signer or duty_lead.
        position: 1 for the person on duty, 2 and up for substitutes.
        starts_on: first day, in Asia/Shanghai.
        ends_on: last day, included.
    """

    role: str
    position: int
    starts_on: date
    ends_on: date
    to_person_id: str
    reason: str


def hand_over(
    connection: duckdb.DuckDBPyConnection,
    wanted: ShiftHandOver,
    by_person_id: str,
    roles: frozenset[str],
    now: datetime,
) -> list[str]:
    """Record the hand-over and return who gives days away, each once.

    Args:
        connection: the ops catalog, inside a transaction.
        wanted: the days and the receiver.
        by_person_id: who asks for it: one who gives days away, or leads the duty.
        roles: the roster roles that person holds now.
        now: of the change.

    Raises:
        AnswerError: the days, the receiver or the person who asks are not right; nothing was written.
    """
    holders = _holders(connection, wanted)
    if DUTY_LEAD not in roles and any(person != by_person_id for person in holders.values()):
        raise AnswerError("换班须由当班人本人或当日带班领导登记")
    receiver = sql.rows(connection, "register/contact_of", person_id=wanted.to_person_id)
    if not receiver or not receiver[0]["is_active"]:
        raise AnswerError(f"台账中没有在岗人员 {wanted.to_person_id}")
    if not any(receiver[0][name] for name in receiver[0] if name not in ("name", "is_active")):
        raise AnswerError(f"{receiver[0]['name']} 没有任何联系方式，接班后收不到提醒；请先补齐")
    if not wanted.reason.strip():
        raise AnswerError("请写明换班理由")
    rows = [
        {
            "change_id": uuid.uuid4().hex,
            "role": wanted.role,
            "position": wanted.position,
            "starts_on": day,
            "ends_on": day,
            "from_person_id": person_id,
            "to_person_id": wanted.to_person_id,
            "reason": wanted.reason.strip(),
            "actor": f"person:{by_person_id}",
            "changed_at": now,
        }
        for day, person_id in holders.items()
    ]
    sql.insert(connection, "shift_change", rows)
    return list(dict.fromkeys(holders.values()))


def _holders(connection: duckdb.DuckDBPyConnection, wanted: ShiftHandOver) -> dict[date, str]:
    """Return who holds each of the days now."""
    if wanted.role not in labels("role"):
        raise AnswerError(f"没有角色 {wanted.role}；现有：{'、'.join(labels('role'))}")
    count = (wanted.ends_on - wanted.starts_on).days + 1
    if not 1 <= count <= MOST_DAYS:
        raise AnswerError(f"换班的起止日期不正确；一次最多 {MOST_DAYS} 天")
    found = sql.rows(
        connection,
        "register/shifts_between",
        first_on=wanted.starts_on,
        last_on=wanted.ends_on,
    )
    holders = {
        row["starts_on"]: str(row["person_id"])
        for row in found
        if row["role"] == wanted.role and row["position"] == wanted.position
    }
    days = [wanted.starts_on + timedelta(days=number) for number in range(count)]
    missing = [day for day in days if day not in holders]
    if missing:
        raise AnswerError(f"{missing[0]} 没有排这一班，无从移交；请先导入值班表")
    if set(holders.values()) == {wanted.to_person_id}:
        raise AnswerError("这些天本来就由该同志值班")
    return {day: holders[day] for day in days}
