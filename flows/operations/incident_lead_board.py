"""The board of leads to incidents (事件线索): what waits for a person, and what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, cast

import sql
from flows.operations.addresses import Addresses, case_key, linked
from flows.operations.boards import shown
from flows.operations.incident_leads import decided, queue
from flows.settings import Settings
from playbooks.core.documents.text import visible
from playbooks.core.masking import masked
from playbooks.core.messages import local
from playbooks.major_incident.leads import KINDS

LEADS: Final = "incident-leads"
TITLE: Final = "事件线索"
FORM: Final = "处理事件线索"
OPEN, DISMISS = "立案", "排除"
MOST_TOLD: Final = 10


def lead_page(settings: Settings, addresses: Addresses, now: datetime, problem: str = "") -> str:
    """Return the board as Markdown; every line of it is a lead, and the board says so."""
    waiting, done = queue(settings), decided(settings)
    lines = [
        f"## 待处理的事件线索 {len(waiting)} 条",
        "",
        f"截至 {local(now)}。**只是线索，不是认定**：请人工核实，属实的立案，不是的排除并写明理由；处理过的不再提示。",
        *(["", f"**{problem}。**"] if problem else []),
        "",
        *(_waiting(waiting, addresses) if waiting else ["没有待处理的线索。"]),
        "",
        f"## 最近处理的 {len(done)} 条",
        "",
        *(_decided(done, addresses) if done else ["还没有处理过。"]),
    ]
    return "\n".join(lines)


def lead_lines(waiting: Sequence[sql.Row]) -> tuple[str, ...]:
    """Return one plain sentence for each lead, as the chat gets them."""
    lines = [
        f"{row['number']} 号（{KINDS[str(row['kind'])]}）：{visible(masked(str(row['told'])), 160)}"
        for row in waiting[:MOST_TOLD]
    ]
    more = len(waiting) - MOST_TOLD
    return (*lines, f"另有 {more} 条，见看板「{TITLE}」") if more > 0 else tuple(lines)


def _waiting(rows: Sequence[sql.Row], addresses: Addresses) -> list[str]:
    return [
        "| 编号 | 类型 | 线索 | 首次发现 | 操作 |",
        "|---|---|---|---|---|",
        *(_line(row, addresses) for row in rows),
    ]


def _line(row: sql.Row, addresses: Addresses) -> str:
    number = str(row["number"])
    acts = [
        linked(title, address)
        for title in (OPEN, DISMISS)
        if (address := addresses.form(FORM, {"number": number, "decision": title}))
    ]
    found_at = local(cast("datetime", row["found_at"]))
    told = shown(masked(str(row["told"])), 600)
    return f"| {number} | {KINDS[str(row['kind'])]} | {told} | {found_at} | {' '.join(acts)} |"


def _decided(rows: Sequence[sql.Row], addresses: Addresses) -> list[str]:
    return [
        "| 编号 | 线索 | 结果 | 何人何时 |",
        "|---|---|---|---|",
        *(_decided_line(row, addresses) for row in rows),
    ]


def _decided_line(row: sql.Row, addresses: Addresses) -> str:
    case_id = str(row["case_id"] or "")
    became = (
        f"立案 {linked(case_id, addresses.page(case_key(case_id)))}"
        if case_id
        else f"排除：{shown(str(row['reason'] or ''), 120)}"
    )
    who = f"{shown(str(row['decided_by'] or ''), 40)} {local(cast('datetime', row['decided_at']))}"
    return f"| {row['number']} | {shown(masked(str(row['title'])), 120)} | {became} | {who} |"
