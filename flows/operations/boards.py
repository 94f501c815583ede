"""Boards: what is open, whose turn it is, and until when, as Markdown.

Text from outside is escaped for Markdown and HTML alike, because the page is shown in a browser.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sql
from flows.operations.people import directory
from flows.settings import Settings
from playbooks.core.documents.text import visible
from playbooks.core.messages import local
from playbooks.core.register.columns import labels
from sql.catalogs import open_catalog

AnswerLink = Callable[[str, str, int], str]
"""case_id, step_id, visit -> address of the form that answers the step; empty when there is none."""

MOST_UNSETTLED = 10
INTERNAL_NOTE = "未注明「法定」的时限均为内部时限，非法定。"


@dataclass(frozen=True)
class BoardRow:
    """One open step, or a case that waits for nobody (``step_id`` empty).

    Attributes:
        is_closed: the case has closed and is under review.
    """

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
    is_closed: bool


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
                title=str(row["title"]),
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
                is_closed=row["case_status"] == "closed",
            )
        )
    return board


def board_markdown(
    board: Sequence[BoardRow],
    now: datetime,
    link: AnswerLink,
    waiting_count: int = 0,
    unsettled: Sequence[str] = (),
) -> str:
    """Return the board of open cases as one Markdown table.

    *waiting_count* reports have no case yet; *unsettled* messages reached nobody on any channel.
    """
    cases = {row.case_id for row in board if not row.is_closed}
    overdue = sum(row.is_overdue for row in board)
    lines = [
        f"## 在办案件 {len(cases)} 件，待办步骤 {len(board)} 个，超时限 {overdue} 个",
        f"截至 {local(now)}。{INTERNAL_NOTE}",
        *(
            [f"**另有 {waiting_count} 件举报尚未指明账号**，见「待补充的举报」。"]
            * (waiting_count > 0)
        ),
        *_unsettled_lines(unsettled),
        "",
        *board_table(board, link),
    ]
    return "\n".join(lines)


def _unsettled_lines(unsettled: Sequence[str]) -> list[str]:
    if not unsettled:
        return []
    shown = [f"- {markdown_text(line)}" for line in unsettled[:MOST_UNSETTLED]]
    rest = len(unsettled) - len(shown)
    return [
        "",
        f"**有 {len(unsettled)} 条消息没有送到或结果不明，请人工告知收件人**，再运行 juzhen told 登记：",
        "",
        *shown,
        *([f"- 其余 {rest} 条见 juzhen messages"] if rest else []),
    ]


def board_table(board: Sequence[BoardRow], link: AnswerLink) -> list[str]:
    """Return the lines of the table of open steps; one line says so when there is none."""
    if not board:
        return ["没有待办步骤。"]
    return [
        "| 时限 | 案件 | 事项 | 当前步骤 | 责任人 | 办理 |",
        "|---|---|---|---|---|---|",
        *(_board_line(row, link) for row in board),
    ]


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
