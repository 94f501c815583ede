"""The clocks of a case as blocks of its file: a table, and for each the days counted and skipped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from playbooks.core.calendar import WorkCalendar
from playbooks.core.case_file.clocks import Clock, clocks_of, days_of, length_text
from playbooks.core.cases.telling import EVENT_TITLES
from playbooks.core.documents.model import Block, Column, Paragraph, Table
from playbooks.core.ledger import Event
from playbooks.core.limits import Limit, LimitKind, Projection, Unit
from playbooks.core.messages import local
from playbooks.core.personal_data import without_personal_data
from playbooks.core.playbook import Playbook
from playbooks.core.playbook.model import PAUSE_REASONS

PAUSES: Mapping[str, str] = {str(name): text for name, text in PAUSE_REASONS.items()}
NAMED_DAYS = 12
"""Skipped days that are named one by one; a longer list is counted."""


def clock_blocks(
    events: Sequence[Event], playbook: Playbook, calendar: WorkCalendar, now: datetime
) -> Iterator[Block]:
    """Yield the table of all deadlines and a paragraph that explains each."""
    clocks = clocks_of(events)
    if not clocks:
        yield Paragraph("没有时限。")
        return
    rows = [_row(clock, now) for clock in clocks]
    columns = [
        Column("事项", weight=2.6),
        Column("时限", weight=2.8),
        Column("起算", weight=2.2),
        Column("到期", weight=2.2),
        Column("结果", weight=2.2),
    ]
    yield Table(columns, rows, caption="各项时限")
    for number, clock in enumerate(clocks, start=1):
        sentences = [*_days(clock, calendar), *_changes(clock), *_rungs(clock)]
        text = without_personal_data("；".join(sentences))
        yield Paragraph(f"{number}. {clock.title}：{text}。", "note")


def _row(clock: Clock, now: datetime) -> list[str | None]:
    limit = Limit(clock.budget, clock.unit, clock.kind, clock.basis)
    provisional = "（暂定）" if clock.is_provisional else ""
    return [
        clock.title,
        limit.text,
        local(clock.started_at),
        local(clock.due_at) + provisional,
        clock.verdict(now),
    ]


def _days(clock: Clock, calendar: WorkCalendar) -> Iterator[str]:
    kind = "法定依据" if clock.kind is LimitKind.STATUTORY else "内部依据"
    yield f"{kind}：{clock.basis}"
    projection = days_of(clock, calendar)
    if projection is None:
        return
    if projection.calendar_version != clock.calendar_version:
        yield "推算时的工作日历已有修订，逐日说明以修订前为准，不再列出"
        return
    yield _counted(projection)
    skipped = projection.skipped
    if skipped and len(skipped) <= NAMED_DAYS:
        named = "、".join(f"{day.day:%m-%d}（{day.text}）" for day in skipped)
        yield f"不计 {len(skipped)} 天：{named}"
    elif skipped:
        yield f"不计 {len(skipped)} 天（{skipped[0].day:%m-%d} 至 {skipped[-1].day:%m-%d} 之间的休息日）"
    yield from projection.notes


def _counted(projection: Projection) -> str:
    days = projection.counted
    if not days:
        return "当日到期"
    span = (
        f"{days[0].day:%m-%d}" if len(days) == 1 else f"{days[0].day:%m-%d} 至 {days[-1].day:%m-%d}"
    )
    if projection.unit in (Unit.WALL_HOURS, Unit.WORKING_HOURS):
        return f"计入 {span} 的{'办公' if projection.unit is Unit.WORKING_HOURS else ''}时间"
    return f"计入 {len(days)} 天：{span}"


def _changes(clock: Clock) -> Iterator[str]:
    for event in clock.changes:
        payload = event.payload
        reason = str(payload.get("reason", ""))
        told = f"：{PAUSES.get(reason, reason)}" if reason else ""
        until = f"，改为 {local(str(payload['due_at']))}" if payload.get("due_at") else ""
        yield f"{local(event.occurred_at)} {EVENT_TITLES[event.event_type]}{told}{until}"


def _rungs(clock: Clock) -> Iterator[str]:
    for number, (at, lateness_s) in sorted(clock.claimed.items()):
        late = f"，晚 {length_text(lateness_s)}" if lateness_s >= 300 else ""
        yield f"{local(at)} 第 {number} 级提醒{late}"
