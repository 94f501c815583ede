"""近期办理 and 待处理消息: who did what lately, and which messages wait for a person."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

import duckdb

import sql
from flows.operations.addresses import Addresses, case_key, linked
from flows.operations.board_pages import Page
from flows.operations.boards import shown
from playbooks.core.cases.deadline_changes import reason_title
from playbooks.core.cases.telling import EVENT_TITLES
from playbooks.core.messages import local

ACTIVITY, MESSAGES = "activity", "messages"
LOOK_BACK = timedelta(days=7)
MOST_ACTS = 200
SETTLED_BY_PERSON = {"told": "已另行告知收件人", "resent": "重新发送消息"}
STATUS_TITLES = {"unknown": "结果不明", "failed": "发送失败"}


def activity_page(
    connection: duckdb.DuckDBPyConnection, now: datetime, addresses: Addresses
) -> Page:
    """Return who did what in the last seven days, as the ledger has it."""
    since = now - LOOK_BACK
    rows = sql.rows(connection, "cases/recent_acts", since_at=since, limit=MOST_ACTS)
    lines = [
        "## 近期办理：最近七天谁办了什么",
        f"截至 {local(now)}。操作人是填报人自报的姓名，系统不能证明是本人。",
        "",
    ]
    if not rows:
        return Page(ACTIVITY, "近期办理", "\n".join([*lines, "最近七天没有办理记录。"]))
    lines += [_act_line(row, addresses) for row in rows]
    return Page(ACTIVITY, "近期办理", "\n".join(lines))


def messages_page(
    connection: duckdb.DuckDBPyConnection, now: datetime, addresses: Addresses
) -> Page:
    """Return the messages that nobody knows to have arrived, each with the form that settles it."""
    rows = sql.rows(connection, "outbox/unsettled")
    lines = [
        f"## 待处理消息：{len(rows)} 条",
        f"截至 {local(now)}。系统不会自行重发：请先核实对方是否收到，再选择「已告知」或「重新发送」。",
        "",
    ]
    if not rows:
        return Page(MESSAGES, "待处理消息", "\n".join([*lines, "没有待处理的消息。"]))
    lines += [_message_line(row, addresses) for row in rows]
    return Page(MESSAGES, "待处理消息", "\n".join(lines))


def _act_line(row: sql.Row, addresses: Addresses) -> str:
    case_id = str(row["case_id"])
    payload: Mapping[str, object] = json.loads(str(row["payload"]))
    settled = SETTLED_BY_PERSON.get(str(payload.get("status")))
    what = settled or EVENT_TITLES.get(str(row["event_type"]), str(row["event_type"]))
    step = (
        row["step_title"] or payload.get("file_name") or reason_title(payload.get("reason") or "")
    )
    who = str(row["person_name"] or row["person_id"])
    case = linked(case_id, addresses.page(case_key(case_id)))
    occurred_at = row["occurred_at"]
    assert isinstance(occurred_at, datetime)
    about = f"{what}：{step}" if step else what
    return (
        f"- {local(occurred_at)} **{shown(who)}** {shown(about, 120)}；"
        f"{case} {shown(str(row['title']), 80)}"
    )


def _message_line(row: sql.Row, addresses: Addresses) -> str:
    case_id, key = str(row["case_id"]), str(row["dedupe_key"])
    recipient: Mapping[str, object] = json.loads(str(row["recipient"])) or {}
    finished_at = row["finished_at"]
    assert isinstance(finished_at, datetime)
    form = addresses.form("消息处置", {"message": key})
    case = linked(case_id, addresses.page(case_key(case_id)))
    status = STATUS_TITLES[str(row["status"])]
    why = f"{status}：{row['detail']}" if row["detail"] else status
    name = str(recipient.get("name") or "无人在岗")
    return (
        f"- {local(finished_at)} 「{shown(str(row['title']), 80)}」，收件人 {shown(name)}，"
        f"{shown(why, 120)}；{case} {linked('**处置**', form) if form else shown(key)}"
    )
