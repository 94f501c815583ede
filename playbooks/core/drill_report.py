"""The evaluation of a drill (演练评估): what would have happened when, and who would have been called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from playbooks.core.calendar import WorkCalendar
from playbooks.core.case_file.clock_tables import clock_blocks
from playbooks.core.case_file.clocks import Clock, clocks_of, length_text
from playbooks.core.documents.model import Block, Column, Heading, Paragraph, Report, Table
from playbooks.core.facts import as_mapping
from playbooks.core.ledger import Event, EventType
from playbooks.core.messages import local
from playbooks.core.playbook import Playbook
from playbooks.core.working_hours import local_day


@dataclass(frozen=True)
class Refusal:
    """An answer of the script that was not taken."""

    at: datetime
    step_id: str
    by: str
    reason: str


@dataclass(frozen=True)
class Evaluation:
    """What a drill showed.

    Attributes:
        events: of every case of the drill, by case.
        refusals: answers that the system did not take.
        problems: what the system could not do by itself, such as a letter it could not draft.
    """

    title: str
    playbook: Playbook
    events: Mapping[str, Sequence[Event]]
    refusals: Sequence[Refusal]
    problems: Sequence[str]
    calendar: WorkCalendar
    started_at: datetime
    ended_at: datetime

    @property
    def clocks(self) -> list[Clock]:
        """Every deadline that ran."""
        return [clock for events in self.events.values() for clock in clocks_of(events)]


def figures(evaluation: Evaluation) -> dict[str, int]:
    """Return the drill in numbers: deadlines met, late, open; rungs; messages; nobody reachable."""
    late = met = still_open = 0
    for clock in evaluation.clocks:
        if clock.ending == "satisfied" and clock.ended_at and clock.ended_at > clock.due_at:
            late += 1
        elif clock.ending == "satisfied":
            met += 1
        elif not clock.ending:
            still_open += 1
    kinds = [event.event_type for events in evaluation.events.values() for event in events]
    return {
        "deadlines": len(evaluation.clocks),
        "met": met,
        "late": late,
        "open": still_open,
        "rungs": kinds.count(EventType.RUNG_CLAIMED),
        "expired": kinds.count(EventType.DEADLINE_EXPIRED),
        "messages": kinds.count(EventType.MESSAGE_QUEUED),
        "nobody_reachable": kinds.count(EventType.NOBODY_REACHABLE),
        "refused_answers": len(evaluation.refusals),
        "closed": kinds.count(EventType.CASE_CLOSED),
    }


def report_of(evaluation: Evaluation) -> Report:
    """Return the evaluation as a document, watermarked 演练."""
    return Report(
        title="演练评估报告",
        subtitle=f"{evaluation.playbook.title}：{evaluation.title}",
        issued_on=local_day(evaluation.ended_at),
        blocks=[block for part in _PARTS for block in part(evaluation)],
        notes=("演练在模拟时钟上运行，没有发出任何消息或函件；其中的案件、答复与证据均为虚构。",),
        watermark="演练",
    )


def _summary(evaluation: Evaluation) -> Iterator[Block]:
    told = figures(evaluation)
    yield Heading("一、结论")
    yield Paragraph(
        f"模拟时间 {local(evaluation.started_at)} 至 {local(evaluation.ended_at)}，"
        f"预案第 {evaluation.playbook.version} 版。共 {told['deadlines']} 项时限：按时 {told['met']} 项，"
        f"超时限完成 {told['late']} 项，演练结束时未完成 {told['open']} 项。"
        f"执行逐级提醒 {told['rungs']} 次，生成消息 {told['messages']} 条，"
        f"无人可联系 {told['nobody_reachable']} 次。{'案件已办结。' if told['closed'] else '案件未办结。'}"
    )
    for problem in evaluation.problems:
        yield Paragraph(f"系统未能完成：{problem}")


def _deadlines(evaluation: Evaluation) -> Iterator[Block]:
    yield Heading("二、各项时限")
    for events in evaluation.events.values():
        yield from clock_blocks(
            events, evaluation.playbook, evaluation.calendar, evaluation.ended_at
        )


def _calls(evaluation: Evaluation) -> Iterator[Block]:
    yield Heading("三、叫到了谁")
    rows = [
        [
            local(event.occurred_at),
            str(event.payload.get("deadline_title") or event.payload.get("step_title", "")),
            _kind(event),
            str(event.payload["role_title"]),
            _who(event),
        ]
        for events in evaluation.events.values()
        for event in events
        if event.event_type is EventType.MESSAGE_QUEUED
    ]
    if not rows:
        yield Paragraph("没有消息。")
        return
    columns = [
        Column("时间", weight=2.2),
        Column("事项", weight=3),
        Column("消息", weight=2.4),
        Column("角色", weight=1.6),
        Column("人员", weight=2),
    ]
    yield Table(columns, rows, caption="按时间先后（均未实际发出）")


def _refused(evaluation: Evaluation) -> Iterator[Block]:
    yield Heading("四、未被接受的办理")
    if not evaluation.refusals:
        yield Paragraph("没有。")
    for refusal in evaluation.refusals:
        yield Paragraph(
            f"{local(refusal.at)} {refusal.step_id}（{refusal.by}）：{refusal.reason}", "flush"
        )


def _kind(event: Event) -> str:
    payload = event.payload
    if payload["kind"] != "rung":
        return "通知"
    late = int(str(payload.get("lateness_minutes", 0)))
    word = "届满" if payload["is_expiry"] else "超时限" if payload["is_after"] else "将到"
    return f"第 {payload['rung_number']} 级：{word}" + (
        f"，晚 {length_text(late * 60)}" if late >= 5 else ""
    )


def _who(event: Event) -> str:
    recipient = event.payload.get("recipient")
    return str(as_mapping(recipient)["name"]) if recipient else "无人可联系"


_PARTS = (_summary, _deadlines, _calls, _refused)
