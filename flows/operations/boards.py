"""Open steps as boards show them: what is open, whose turn it is, and until when, as Markdown.

Text from outside is masked, and escaped for Markdown and HTML alike, because the page is shown in a
browser to whoever is at the desk.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb

import sql
from flows.operations.addresses import Addresses, case_key, linked
from flows.operations.people import directory
from flows.settings import Settings
from playbooks.core.documents.text import visible
from playbooks.core.masking import masked
from playbooks.core.messages import acknowledged_text, local
from playbooks.core.register.columns import labels
from sql.catalogs import open_catalog

INTERNAL_NOTE = "未注明「法定」的时限均为内部时限，非法定。"
TIGHT = re.compile(r"([\\`*_{}\[\]()#+!|~])")


@dataclass(frozen=True)
class BoardRow:
    """One open step, or a case that waits for nobody (``step_id`` empty).

    Attributes:
        is_closed: the case has closed and is under review.
        owner_id: the person whose turn it is; empty when nobody is on duty.
        deadline_title: of the limit that counts, as the forms name it.
        awaits_receipt: whether the letter of the step has gone and only its receipt is missing.
    """

    case_id: str
    title: str
    is_drill: bool
    step_id: str
    visit: int
    step_title: str
    owner: str
    owner_id: str
    deadline_id: str
    deadline_title: str
    due_at: datetime | None
    is_internal: bool
    is_provisional: bool
    is_paused: bool
    is_overdue: bool
    is_closed: bool
    awaits_receipt: bool


def read_board(settings: Settings, now: datetime) -> list[BoardRow]:
    """Return every open step, the most pressing first."""
    with open_catalog(settings.ops) as connection:
        return board_rows(connection, now)


def board_rows(connection: duckdb.DuckDBPyConnection, now: datetime) -> list[BoardRow]:
    """Return every open step of an open catalog, the most pressing first."""
    on_duty = directory(connection, now)
    roles = labels("role")
    board: list[BoardRow] = []
    for row in sql.rows(connection, "cases/board", now=now):
        role = str(row["owner_role"] or "")
        duty = on_duty.get(role)
        owner = str(row["assigned_to"] or (duty.name if duty else "无人在岗")) if role else ""
        owner_id = str(row["owner_person_id"] or (duty.person_id if duty else "")) if role else ""
        noted = acknowledged_text(row["acknowledged_by"], row["acknowledged_at"])
        due_at = row["due_at"]
        board.append(
            BoardRow(
                case_id=str(row["case_id"]),
                title=str(row["title"]),
                is_drill=bool(row["is_drill"]),
                step_id=str(row["step_id"] or ""),
                visit=int(str(row["visit"] or 0)),
                step_title=str(row["step_title"] or "系统处理中"),
                owner=" ".join(filter(None, (roles.get(role, role), owner, noted))),
                owner_id=owner_id,
                deadline_id=str(row["deadline_id"] or ""),
                deadline_title=str(row["deadline_title"] or ""),
                due_at=due_at if isinstance(due_at, datetime) else None,
                is_internal=row["kind"] == "internal",
                is_provisional=bool(row["is_provisional"]),
                is_paused=row["deadline_status"] == "paused",
                is_overdue=bool(row["is_overdue"]),
                is_closed=row["case_status"] == "closed",
                awaits_receipt=bool(row["awaits_receipt"]),
            )
        )
    return board


def board_table(board: Sequence[BoardRow], addresses: Addresses) -> list[str]:
    """Return the lines of the table of open steps; one line says so when there is none."""
    if not board:
        return ["没有待办步骤。"]
    return [
        "| 时限 | 案件 | 当前步骤与责任人 |",  # few columns: the page is narrow, and wraps any of them
        "|---|---|---|",
        *(_board_line(row, addresses) for row in board),
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


ADDRESS = re.compile(r"\b(?:https?|ftp)://|\bwww\.", re.IGNORECASE)
"""What pages would make a link of by themselves: an impostor's address must be read, not clicked."""


def unlinked(text: str) -> str:
    """Return *text* with its addresses written so that no page makes a link of one."""
    return ADDRESS.sub(lambda found: found[0].replace(":", "：").replace(".", "．"), text)


def markdown_text(text: str, limit: int = 300) -> str:
    """Return text from outside so that neither Markdown nor HTML makes anything of it."""
    plain = visible(text, limit).replace("\n", " ")
    plain = unlinked(plain)
    plain = plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return TIGHT.sub(r"\\\1", plain)


def shown(text: str, limit: int = 300) -> str:
    """Return text from outside as pages show it: personal numbers masked, nothing marked up."""
    return markdown_text(masked(text), limit)


def action_of(row: BoardRow, addresses: Addresses) -> str:
    """Return the link to the form that this step waits for; empty when there is none."""
    if not row.step_id:
        return ""
    link, word = addresses.answer, "办理"
    if row.awaits_receipt:
        link, word = addresses.receipt, "登记回执"
    address = link(row.case_id, row.step_id, row.visit)
    return linked(word, address) if address else ""


def step_text(row: BoardRow, addresses: Addresses) -> str:
    """Return a step, whose turn it is, and the link to its form."""
    owner = f"（{shown(row.owner)}）" if row.owner else ""
    return f"{shown(row.step_title)}{owner} {action_of(row, addresses)}".strip()


def _board_line(row: BoardRow, addresses: Addresses) -> str:
    due = f"**{due_text(row)}**" if row.is_overdue else due_text(row)
    case = linked(row.case_id, addresses.page(case_key(row.case_id)))
    return f"| {due} | {case} {shown(row.title)} | {step_text(row, addresses)} |"
