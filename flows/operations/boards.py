"""Boards and case pages: what is open, whose turn it is, and what comes next, as Markdown.

Text from outside is escaped for Markdown and HTML alike, because the page is shown in a browser.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import sql
from flows.operations.people import directory
from flows.settings import Settings
from playbooks.core import ledger
from playbooks.core.cases.store import CaseNotFoundError
from playbooks.core.documents.text import visible
from playbooks.core.messages import local
from playbooks.core.register.columns import labels
from sql.catalogs import open_catalog

AnswerLink = Callable[[str, str, int], str]
"""case_id, step_id, visit -> address of the form that answers the step; empty when there is none."""

EVENT_TITLES = {
    "case_opened": "立案",
    "report_joined": "并入举报",
    "evidence_sealed": "固定证据",
    "step_started": "开始步骤",
    "step_answered": "办理",
    "answer_refused": "办理被拒（已失效）",
    "step_completed": "步骤完成",
    "step_abandoned": "步骤超期转走",
    "deadline_armed": "起算时限",
    "deadline_paused": "时限暂停",
    "deadline_resumed": "时限恢复",
    "deadline_extended": "时限延长",
    "deadline_satisfied": "时限满足",
    "deadline_expired": "时限届满",
    "deadline_cancelled": "时限取消",
    "deadline_reprojected": "时限重新推算",
    "rung_claimed": "执行提醒",
    "nobody_reachable": "无人可联系",
    "letter_drafted": "起草函件",
    "reviewed": "审核",
    "signed": "签发",
    "returned": "退回",
    "letter_dispatched": "函件发出",
    "receipt_recorded": "登记回执",
    "sending_unclear": "发送情况不明",
    "reporter_answered": "答复举报人",
    "handed_over": "移交",
    "message_queued": "消息入队",
    "message_delivered": "消息送达",
    "message_unknown": "消息结果不明",
    "message_failed": "消息发送失败",
    "case_closed": "办结",
    "packet_made": "生成数据包",
}


@dataclass(frozen=True)
class BoardRow:
    """One open step, or a case that waits for nobody (``step_id`` empty)."""

    case_id: str
    title: str
    step_id: str
    visit: int
    step_title: str
    owner: str
    deadline_id: str
    due_at: datetime | None
    is_internal: bool
    is_provisional: bool
    is_paused: bool
    is_overdue: bool


def read_board(settings: Settings, now: datetime) -> list[BoardRow]:
    """Return every open step, the most pressing first."""
    with open_catalog(settings.ops) as connection:
        rows = sql.rows(connection, "cases/board", now=now)
        on_duty = directory(connection, now)
    roles = labels("role")
    board: list[BoardRow] = []
    for row in rows:
        role = str(row["owner_role"] or "")
        duty = on_duty.get(role)
        owner = str(row["assigned_to"] or (duty.name if duty else "无人在岗")) if role else ""
        due_at = row["due_at"]
        board.append(
            BoardRow(
                case_id=str(row["case_id"]),
                title=("【演练】" if row["is_drill"] else "") + str(row["title"]),
                step_id=str(row["step_id"] or ""),
                visit=int(str(row["visit"] or 0)),
                step_title=str(row["step_title"] or "系统处理中"),
                owner=f"{roles.get(role, role)} {owner}".strip(),
                deadline_id=str(row["deadline_id"] or ""),
                due_at=due_at if isinstance(due_at, datetime) else None,
                is_internal=row["kind"] == "internal",
                is_provisional=bool(row["is_provisional"]),
                is_paused=row["deadline_status"] == "paused",
                is_overdue=bool(row["is_overdue"]),
            )
        )
    return board


def board_markdown(board: Sequence[BoardRow], now: datetime, link: AnswerLink) -> str:
    """Return the board of open cases as one Markdown table."""
    cases = {row.case_id for row in board}
    overdue = sum(row.is_overdue for row in board)
    lines = [
        f"## 在办案件 {len(cases)} 件，待办步骤 {len(board)} 个，超时限 {overdue} 个",
        f"截至 {local(now)}。未注明「法定」的时限均为内部时限，非法定。",
        "",
        "| 时限 | 案件 | 事项 | 当前步骤 | 责任人 | 办理 |",
        "|---|---|---|---|---|---|",
    ]
    lines.extend(_board_line(row, link) for row in board)
    if not board:
        lines.append("| — | 没有在办案件 | | | | |")
    return "\n".join(lines)


def due_text(row: BoardRow) -> str:
    """Return the deadline of a row as an operator reads it."""
    if row.due_at is None:
        return "—"
    marks = [
        "已暂停" if row.is_paused else "已超时限" if row.is_overdue else "",
        "暂定" if row.is_provisional else "",
        "" if row.is_internal else "法定",
    ]
    return " ".join([local(row.due_at), *(mark for mark in marks if mark)])


def case_markdown(settings: Settings, case_id: str, now: datetime, link: AnswerLink) -> str:
    """Return the page of one case: open steps, then everything that happened.

    Raises:
        CaseNotFoundError: there is no such case.
    """
    board = [row for row in read_board(settings, now) if row.case_id == case_id]
    with open_catalog(settings.ops) as connection:
        events = ledger.read_case(connection, case_id)
        summary = sql.rows(connection, "cases/summary", case_id=case_id)
    if not events:
        raise CaseNotFoundError(f"没有案件 {case_id}")
    closed = summary[0]["status"] == "closed"
    lines = [
        f"## {case_id} {markdown_text(str(summary[0]['title']))}{'（已办结）' if closed else ''}",
        "",
        board_markdown(board, now, link) if board else "没有待办步骤。",
        "",
        "### 办件流水",
        "",
        "| 序号 | 时间 | 事项 | 内容 | 操作人 |",
        "|---|---|---|---|---|",
    ]
    lines.extend(
        f"| {event.position} | {local(event.occurred_at)} "
        f"| {EVENT_TITLES.get(event.event_type, event.event_type)} "
        f"| {markdown_text(_gist(event))} | {markdown_text(event.actor)} |"
        for event in events
    )
    return "\n".join(lines)


def case_events(settings: Settings, case_id: str) -> list[dict[str, object]]:
    """Return a case's ledger entries as JSON-ready facts."""
    with open_catalog(settings.ops) as connection:
        events = ledger.read_case(connection, case_id)
    return [{**asdict(event), "occurred_at": event.occurred_at.isoformat()} for event in events]


def markdown_text(text: str, limit: int = 300) -> str:
    """Return text from outside so that neither Markdown nor HTML makes anything of it."""
    plain = visible(text, limit).replace("\n", " ")
    plain = plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*_{}\[\]()#+!|~])", r"\\\1", plain)


def _board_line(row: BoardRow, link: AnswerLink) -> str:
    address = link(row.case_id, row.step_id, row.visit) if row.step_id else ""
    action = f"[办理]({address})" if address else ""
    due = f"**{due_text(row)}**" if row.is_overdue else due_text(row)
    return (
        f"| {due} | {row.case_id} | {markdown_text(row.title)} "
        f"| {markdown_text(row.step_title)} | {markdown_text(row.owner)} | {action} |"
    )


def _gist(event: ledger.Event) -> str:
    payload = event.payload
    parts: list[str] = []
    for name in ("title", "step_title", "deadline_title", "letter", "number", "reason", "opinion"):
        if payload.get(name):
            parts.append(str(payload[name]))
    for name in ("answered_by_name", "receipt", "file_name", "sha256", "outcome_title"):
        if payload.get(name):
            parts.append(str(payload[name])[:64])
    if payload.get("due_at"):
        parts.append(f"至 {local(str(payload['due_at']))}")
    return " ".join(parts)
