"""今夜值班: who is on duty today and tomorrow for each role, and which days nobody holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import duckdb

from flows.operations.board_pages import Page
from flows.operations.boards import shown
from playbooks.core import roster
from playbooks.core.messages import local
from playbooks.core.register.columns import labels
from playbooks.core.roster import Duty, Gap
from playbooks.core.working_hours import local_day

DUTY = "duty"
DAYS_AHEAD = 14


def duty_page(connection: duckdb.DuckDBPyConnection, now: datetime) -> Page:
    """Return the board of who is on duty; mobile numbers are masked, the register has them whole."""
    lines = ["## 今夜值班", f"截至 {local(now)}。班次按自然日，零点换班。", ""]
    today = roster.duty_lines(connection, now)
    tomorrow = roster.duty_lines(connection, now + timedelta(days=1))
    for role, title in labels("role").items():
        lines += [
            f"### {title}",
            "",
            f"- 今天：{_people(today[role])}",
            f"- 明天：{_people(tomorrow[role])}",
            "",
        ]
    gaps = roster.gaps(connection, local_day(now), DAYS_AHEAD)
    lines += [f"### 今后 {DAYS_AHEAD} 天无人在岗的日子", "", *_gap_lines(gaps)]
    return Page(DUTY, "今夜值班", "\n".join(lines))


def _people(line: Sequence[Duty]) -> str:
    if not line:
        return "**无人在岗**"
    return "；".join(_person(duty) for duty in line)


def _person(duty: Duty) -> str:
    place = "" if duty.position == 1 else "（替补）"
    reach = [shown(duty.mobile)] if duty.mobile else []
    reach += ["工作群"] if duty.chat_user_id else []
    return f"{shown(duty.name)}{place} {'、'.join(reach)}"


def _gap_lines(gaps: Sequence[Gap]) -> list[str]:
    if not gaps:
        return ["没有，各岗位每天都有人。"]
    roles = labels("role")
    return [
        f"- **{roles[gap.role]}**：{gap.starts_on}"
        + ("" if gap.starts_on == gap.ends_on else f" 至 {gap.ends_on}")
        + "；请补充值班表并导入"
        for gap in gaps
    ]
