"""The limits of a case as its page shows them: what is left, who set it, which days count and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import duckdb

import sql
from flows.operations.addresses import Addresses, linked
from flows.operations.boards import shown
from playbooks.core.calendar import WorkCalendar
from playbooks.core.cases.deadline_changes import DeadlineRow, read_deadline, reason_title
from playbooks.core.facts import as_mappings
from playbooks.core.limits import Limit, LimitKind, Unit, explain, project, rest_after
from playbooks.core.messages import local

MOST_DAYS = 12


def clock_lines(
    connection: duckdb.DuckDBPyConnection,
    case_id: str,
    calendar: WorkCalendar,
    now: datetime,
    addresses: Addresses,
) -> list[str]:
    """Return the section on every limit of the case that runs, is paused or is overdue."""
    found = sql.rows(connection, "deadlines/counting_of_case", case_id=case_id)
    if not found:
        return []
    lines = ["### 时限", ""]
    for row in found:
        deadline = read_deadline(connection, str(row["deadline_id"]))
        lines.append(_headline(row, deadline, calendar, now))
        lines += [f"  - {line}" for line in _explained(deadline, calendar)]
        lines += [f"  - {line}" for line in _changes(case_id, row, deadline, addresses)]
    return [*lines, ""]


def _headline(
    row: Mapping[str, object], deadline: DeadlineRow, calendar: WorkCalendar, now: datetime
) -> str:
    limit = Limit(deadline.budget, deadline.unit, deadline.kind, deadline.basis)
    provisional = "（暂定：次年放假安排尚未公布）" if row["is_provisional"] else ""
    return (
        f"- **{shown(str(row['title']))}**：{_left(row, deadline, calendar, now)}，"
        f"到期 {local(deadline.due_at)}{provisional}；共 {limit.text}；依据：{shown(deadline.basis)}"
    )


def _left(
    row: Mapping[str, object], deadline: DeadlineRow, calendar: WorkCalendar, now: datetime
) -> str:
    rest = Limit(deadline.budget - deadline.consumed, deadline.unit, deadline.kind, deadline.basis)
    if deadline.running_since_at is None:
        return f"已暂停（{shown(reason_title(row['pause_reason']))}），恢复后还有 {_amount(rest)}"
    if deadline.due_at < now:
        return "**已超时限**"
    return f"还剩 {_amount(rest_after(rest, deadline.running_since_at, now, calendar))}"


def _amount(limit: Limit) -> str:
    if limit.unit in (Unit.WALL_HOURS, Unit.WORKING_HOURS):
        minutes = round(float(limit.budget) * 60)
        word = "工作时间 " if limit.unit is Unit.WORKING_HOURS else ""
        return f"{word}{minutes // 60} 小时 {minutes % 60} 分"
    if limit.budget == 0:
        return "不到一天（当日到期）"
    return limit.text.split("(")[0]


def _explained(deadline: DeadlineRow, calendar: WorkCalendar) -> list[str]:
    """Return which days count and which do not, from where the clock runs now."""
    if deadline.running_since_at is None:
        return []
    rest = Limit(deadline.budget - deadline.consumed, deadline.unit, deadline.kind, deadline.basis)
    facts = explain(project(rest, deadline.running_since_at, calendar))
    counted = [_day(day) for day in as_mappings(facts["counted"])]
    skipped = [_day(day) for day in as_mappings(facts["skipped"])]
    lines = [f"自 {local(deadline.running_since_at)} 起计"]
    lines += [f"计入：{_listed(counted)}"] if counted else []
    lines += [f"不计：{_listed(skipped)}"] if skipped else []
    return lines


def _day(day: Mapping[str, object]) -> str:
    minutes = day.get("minutes")
    amount = f" {minutes} 分钟" if minutes is not None else ""
    return f"{str(day['date'])[5:]}（{shown(str(day['reason']))}{amount}）"


def _listed(days: Sequence[str]) -> str:
    more = f" 等 {len(days)} 天" if len(days) > MOST_DAYS else ""
    return "、".join(days[:MOST_DAYS]) + more


def _changes(
    case_id: str, row: Mapping[str, object], deadline: DeadlineRow, addresses: Addresses
) -> list[str]:
    """Return the links to what may be done to this limit; a statutory one is left alone."""
    if deadline.kind is LimitKind.STATUTORY:
        return ["法定时限，不能暂停或延长"]
    given = {"case_id": case_id, "deadline": str(row["title"])}
    is_paused = deadline.running_since_at is None
    keys = ["恢复时限" if is_paused else "暂停时限", "延长时限"]
    if deadline.unit is Unit.MONTHS and not is_paused:
        keys.remove("暂停时限")
    links = [linked(key, addresses.form(key, given)) for key in keys if addresses.form(key, given)]
    return ["　".join(links)] if links else []
