"""Plan a duty roster from a declaration and write it as the sheet that ``juzhen import`` takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import sql
from flows.calendars import office_calendar
from flows.operations.shift_declaration import read_declaration
from flows.settings import Settings
from playbooks.core.cases.forms import AnswerError
from playbooks.core.register.columns import labels
from playbooks.core.register.template import RegisterSheet, sheet_rows, workbook
from playbooks.core.roster_plan import (
    PlannedShift,
    Rotation,
    checks_own_work,
    next_in_turn,
    plan_shifts,
)
from sql.catalogs import open_catalog

MOST_DAYS = 366
REMARK = "备注"  # a heading that the import passes over


@dataclass(frozen=True)
class ShiftPlan:
    """A planned roster, and the names of the people in it by their ids."""

    rotations: Mapping[str, Rotation]
    shifts: Sequence[PlannedShift]
    names: Mapping[str, str]

    @property
    def provisional_years(self) -> list[int]:
        """The years whose holidays are not published yet."""
        found = {shift.on.year for shift in self.shifts if shift.reason.is_provisional}
        return sorted(found)


def plan_duty(settings: Settings, path: Path, first_on: date, last_on: date) -> ShiftPlan:
    """Return the roster that the declaration in *path* makes of these days; nothing is written.

    Raises:
        DeclarationError: the declaration is wrong; every fault with its line.
        AnswerError: the days end before they begin, or are more than a year.
    """
    if not 1 <= (last_on - first_on).days + 1 <= MOST_DAYS:
        raise AnswerError(f"排班的起止日期不正确；一次最多排 {MOST_DAYS} 天")
    with open_catalog(settings.ops) as connection:
        people = sql.rows(connection, "register/all_person")
    known = {str(row["person_id"]): bool(row["is_active"]) for row in people}
    names = {str(row["person_id"]): str(row["name"]) for row in people}
    rotations = read_declaration(path, known)
    shifts = plan_shifts(rotations, office_calendar(settings), first_on, last_on)
    return ShiftPlan(rotations, shifts, names)


def plan_workbook(plan: ShiftPlan) -> bytes:
    """Return the plan as an .xlsx with the sheet 值班表, each row with its name and kind of day."""
    records = [
        (shift.role, shift.position, shift.person_id, shift.on, shift.on) for shift in plan.shifts
    ]
    heading, *rows = sheet_rows("roster_shift", records).rows
    remarks = [f"{plan.names[shift.person_id]}；{shift.reason.text}" for shift in plan.shifts]
    noted = [(*row, remark) for row, remark in zip(rows, remarks, strict=True)]
    return workbook([RegisterSheet("值班表", ((*heading, REMARK), *noted))])


def plan_text(plan: ShiftPlan) -> str:
    """Return who holds how much, what is doubtful, and who begins the next period."""
    return "\n".join([*_loads(plan), *_cautions(plan), *_next_period(plan)])


def plan_dict(plan: ShiftPlan) -> dict[str, object]:
    """Return the plan as ``--json`` prints it, without names."""
    return {
        "shifts": [
            {
                "role": shift.role,
                "position": shift.position,
                "person_id": shift.person_id,
                "on": shift.on.isoformat(),
                "is_workday": shift.reason.is_workday,
                "is_provisional": shift.reason.is_provisional,
            }
            for shift in plan.shifts
        ],
        "provisional_years": plan.provisional_years,
        "same_person_days": [day.isoformat() for day, _ in checks_own_work(plan.shifts)],
        "next": {
            role: {"workdays": worked, "rest_days": rested}
            for role, (worked, rested) in next_in_turn(plan.rotations, plan.shifts).items()
        },
    }


def _loads(plan: ShiftPlan) -> Iterator[str]:
    counted = Counter(
        (shift.role, shift.person_id, shift.position > 1, shift.reason.is_workday)
        for shift in plan.shifts
    )
    for role, rotation in plan.rotations.items():
        yield f"{labels('role')[role]}：每天 {rotation.people_a_day} 人"
        for person_id in dict.fromkeys(rotation.workdays + rotation.rest_days):
            main, standby = (
                [
                    counted[role, person_id, is_substitute, is_workday]
                    for is_workday in (True, False)
                ]
                for is_substitute in (False, True)
            )
            yield (
                f"  {plan.names[person_id]}（{person_id}）  主班：工作日 {main[0]}，休息日 {main[1]}"
                f"；替补：工作日 {standby[0]}，休息日 {standby[1]}"
            )


def _cautions(plan: ShiftPlan) -> Iterator[str]:
    for year in plan.provisional_years:
        yield (
            f"暂定：{year} 年放假通知未收录，休息日按双休日和法定假日推算，备注中已标「暂定」；"
            "通知发布后请重排"
        )
    same = checks_own_work(plan.shifts)
    if same:
        day, person_id = same[0]
        yield (
            f"注意：有 {len(same)} 次同一人当天在经办、审核、签发中占两岗，三审不能由一人办理；"
            f"第一次是 {day} {plan.names[person_id]}，请错开名单"
        )


def _next_period(plan: ShiftPlan) -> Iterator[str]:
    for role, (worked, rested) in next_in_turn(plan.rotations, plan.shifts).items():
        yield (
            f"下一期{labels('role')[role]}：工作日从 {plan.names[worked]}（{worked}）、"
            f"休息日从 {plan.names[rested]}（{rested}）接起，请把名单轮到此人在前"
        )
