"""Who is on duty tonight and in the next days (值班、带班), which days nobody holds, and hand-overs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time, timedelta

from flows.operations.boards import markdown_text
from flows.operations.people import answerer
from flows.settings import Settings
from playbooks.core import roster, shift_changes
from playbooks.core.masking import masked
from playbooks.core.register.columns import labels
from playbooks.core.roster import Duty, Gap
from playbooks.core.shift_changes import ShiftHandOver
from playbooks.core.working_hours import local_day, local_instant
from sql.catalogs import open_catalog, write

AHEAD_DAYS = 14


@dataclass(frozen=True)
class DutyDay:
    """One day: role -> everybody reachable, substitutes in order; an empty one is a gap."""

    on: date
    lines: dict[str, tuple[Duty, ...]]


def read_duty(settings: Settings, now: datetime, days: int = AHEAD_DAYS) -> list[DutyDay]:
    """Return today and the days after it, *days* in all."""
    today = local_day(now)
    with open_catalog(settings.ops) as connection:
        return [
            DutyDay(
                day,
                roster.duty_lines(connection, local_instant(day, time(12))),
            )
            for day in (today + timedelta(days=number) for number in range(days))
        ]


def duty_gaps(settings: Settings, now: datetime, days: int = AHEAD_DAYS) -> list[Gap]:
    """Return the days on which a role has nobody who can be reached."""
    with open_catalog(settings.ops) as connection:
        return roster.gaps(connection, local_day(now), days)


def gap_text(gap: Gap) -> str:
    """Return a gap as a person reads it."""
    until = f" 至 {gap.ends_on}" if gap.ends_on != gap.starts_on else ""
    return f"{labels('role')[gap.role]}：{gap.starts_on}{until} 无人可联系"


def duty_markdown(found: Sequence[DutyDay], gaps: Sequence[Gap]) -> str:
    """Return tonight, the days ahead and the gaps as Markdown."""
    roles = labels("role")
    lines = [f"## 值班 {found[0].on}", ""]
    lines += [
        f"- {title}：{_people(found[0].lines[role], with_mobile=True)}"
        for role, title in roles.items()
    ]
    lines += ["", f"| 日期 | {' | '.join(roles.values())} |", "|---" * (len(roles) + 1) + "|"]
    for day in found:
        cells = " | ".join(_people(day.lines[role][:1], with_mobile=False) for role in roles)
        lines.append(f"| {day.on} | {cells} |")
    if gaps:
        lines += ["", "**有空档，请补排：**", "", *(f"- {gap_text(gap)}" for gap in gaps)]
    return "\n".join(lines)


def hand_over_shift(
    settings: Settings, wanted: ShiftHandOver, person: str, now: datetime
) -> list[str]:
    """Hand days of a shift over; returns the ids of those who give them away.

    Raises:
        AnswerError: the days, the receiver or the person who asks are not right.
    """
    with write(settings.ops) as connection:
        who = answerer(connection, person, now)
        receiver = answerer(connection, wanted.to_person_id, now)
        exact = replace(wanted, to_person_id=receiver.person_id)
        return shift_changes.hand_over(connection, exact, who.person_id, who.roles, now)


def duty_dict(found: Sequence[DutyDay], gaps: Sequence[Gap]) -> dict[str, object]:
    """Return the same as JSON-ready facts, mobile numbers masked."""
    return {
        "days": [
            {
                "on": day.on.isoformat(),
                "lines": {
                    role: [{**asdict(duty), "mobile": masked(duty.mobile)} for duty in line]
                    for role, line in day.lines.items()
                },
            }
            for day in found
        ],
        "gaps": [
            {
                "role": gap.role,
                "starts_on": gap.starts_on.isoformat(),
                "ends_on": gap.ends_on.isoformat(),
            }
            for gap in gaps
        ],
    }


def _people(line: Sequence[Duty], *, with_mobile: bool) -> str:
    if not line:
        return "**无人可联系**"
    return "、".join(
        markdown_text(duty.name)
        + (f"（替 {markdown_text(duty.instead_of)}）" if duty.instead_of else "")
        + (f" {masked(duty.mobile)}" if with_mobile and duty.mobile else "")
        for duty in line
    )
