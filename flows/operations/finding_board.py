"""The board 问题清单 and the words of the list: every problem with owner, deadline and state."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, cast

import sql
from flows.operations.addresses import Addresses, case_key, linked
from flows.operations.boards import shown
from flows.settings import Settings
from playbooks.core.findings.kinds import LEVELS, STATES, kinds
from playbooks.core.messages import local
from playbooks.core.register.columns import labels
from playbooks.core.working_hours import local_day
from sql.catalogs import open_catalog

FINDINGS: Final = "findings"
TITLE: Final = "问题清单"
SETTLE: Final = "处理问题"
MOST_SHOWN: Final = 300
MOST_SETTLED: Final = 40
BUREAU: Final = "值班经办"
EVENTS: Final = {
    "opened": "提出",
    "changed": "变化",
    "reopened": "重新提出",
    "ended": "不再成立",
    "confirmed": "印证",
    "accepted": "转整改",
    "fixed": "已整改",
    "dismissed": "排除",
    "assigned": "改派",
    "noticed": "发整改通知",
}


def board_page(settings: Settings, addresses: Addresses, now: datetime) -> str:
    """Return the board as Markdown."""
    with open_catalog(settings.ops) as connection:
        rows = sql.rows(connection, "findings/listed")
        settled = [row for row in rows if row["state"] not in ("open", "accepted")]
        settled.sort(key=lambda row: str(row["settled_at"] or row["ended_at"]), reverse=True)
        last = settled[:MOST_SETTLED]
        numbers = [row["number"] for row in last]
        events = sql.rows(connection, "findings/events", numbers=numbers)
    running = [row for row in rows if row["state"] in ("open", "accepted")]
    today = local_day(now)
    late = [row for row in running if cast("date", row["due_on"]) < today]
    lines = [
        f"## {TITLE}：待处理和整改中 {len(running)} 条",
        f"截至 {local(now)}。「线索」只提示去看，由人核实后才能转整改；期限均为内部时限，非法定。"
        + (f"**已逾期 {len(late)} 条。**" if late else ""),
        "",
        *_bulk(running, addresses),
    ]
    for kind in kinds().values():
        theirs = [row for row in running if row["code"] == kind.code]
        if theirs:
            head = f"### {kind.title}（{kind.article}，{LEVELS[kind.level]}）{len(theirs)} 条"
            lines += [head, "", "| 编号与期限 | 账号与单位 | 情况 |", "|---|---|---|"]
            lines += [_line(row, addresses, today) for row in theirs[:MOST_SHOWN]]
            lines += [*_more(len(theirs) - MOST_SHOWN), ""]
    return "\n".join([*lines, *_settled(last, events, len(settled))])


def subject(row: sql.Row) -> str:
    """Return what a problem is about: 「账号（平台）」, or the unit."""
    if not row["account_id"]:
        return str(row["unit_name"] or row["unit_id"])
    platform = labels("platform").get(str(row["platform"]), "")
    return f"{row['account_name'] or row['account_id']}（{platform}）"


def _about(row: sql.Row) -> str:
    return f"{row['unit_name'] or ''}  {subject(row)}" if row["account_id"] else subject(row)


def owner_of(row: sql.Row) -> str:
    """Return who has to act: the person, or whoever is on duty at the bureau."""
    return str(row["owner_name"] or BUREAU)


def as_dict(row: sql.Row) -> dict[str, object]:
    """Return what ``--json`` prints of one problem."""
    kind = kinds()[str(row["code"])]
    facts = cast("dict[str, object]", json.loads(str(row["facts"])))
    return {
        **row,
        "facts": facts,
        "title": kind.title,
        "article": kind.article,
        "level": kind.level,
        "owner": owner_of(row),
    }


def plain_line(row: sql.Row, today: date) -> str:
    """Return one problem as the command prints it."""
    late = "已逾期 " if is_late(row, today) else ""
    state = STATES[str(row["state"])]
    return (
        f"{row['number']}  {state}  {late}{row['due_on']}前  {owner_of(row)}  "
        f"{kinds()[str(row['code'])].article}  {_about(row)}  {row['detail']}"
    )


def event_line(row: sql.Row) -> str:
    """Return one thing that happened to a problem."""
    who = row["actor_name"] or ("系统" if str(row["actor"]).startswith("system:") else row["actor"])
    when = local(cast("datetime", row["happened_at"]))
    return (
        f"{when} {EVENTS.get(str(row['event']), str(row['event']))}（{who}）{row['detail'] or ''}"
    )


def is_late(row: sql.Row, today: date) -> bool:
    """Return whether somebody still has to act on a problem whose deadline has passed."""
    return row["state"] in ("open", "accepted") and cast("date", row["due_on"]) < today


def _bulk(running: Sequence[sql.Row], addresses: Addresses) -> list[str]:
    if not running or not addresses.form(SETTLE, {}):
        return []
    of_finding = [r for r in running if kinds()[str(r["code"])].level == "finding"]
    fresh = "、".join(str(r["number"]) for r in of_finding if r["case_id"] is None)
    links = [linked("处理多条", addresses.form(SETTLE, {}))]
    if fresh and len(fresh) <= 2_000:
        links.append(linked("问题全部发整改通知", addresses.form(SETTLE, {"notice": fresh})))
    return [f"{'，'.join(links)}；打开后可增删编号。", ""]


def _more(count: int) -> list[str]:
    """Return what says how many problems of a kind the board leaves out."""
    told = f"另有 {count} 条没有列出；全部见 `juzhen findings`，或先处理上面的。"
    return ["", told] if count > 0 else []


def _line(row: sql.Row, addresses: Addresses, today: date) -> str:
    due = f"{row['due_on']}{'（暂定）' if row['is_provisional'] else ''}"
    due = f"**逾期 {due}**" if is_late(row, today) else due
    state = STATES[str(row["state"])]
    case_id = str(row["case_id"] or "")
    case = f" {linked(case_id, addresses.page(case_key(case_id)))}" if case_id else ""
    number = str(row["number"])
    acts = [
        linked(title, address)
        for title, field in (
            *(("转整改", "accept"), ("发通知", "notice")),
            *(("已整改", "fixed"), ("排除", "dismiss"), ("改派", "assign")),
        )
        if (address := addresses.form(SETTLE, {field: number}))
        and not (case_id and field in ("accept", "notice"))
    ]
    unit = str(row["unit_name"] or "") if row["account_id"] else ""
    about = f"{shown(subject(row), 120)} {shown(unit, 120)}".strip()
    told = f"{shown(str(row['detail']), 600)} {' '.join(acts)}"
    first = f"{number}　{due} {state}{case}　{shown(owner_of(row), 60)}"
    return f"| {first} | {about} | {told} |"


def _settled(last: Sequence[sql.Row], events: Sequence[sql.Row], count: int) -> list[str]:
    lines = [f"### 最近了结（共 {count} 条，列最近 {len(last)} 条）", ""]
    if not last:
        return [*lines, "还没有。"]
    latest = {row["number"]: row for row in events}
    for row in last:
        told = latest.get(row["number"])
        why = shown(event_line(told), 400) if told else ""
        lines.append(
            f"- {row['number']} 号 {shown(subject(row), 120)} {kinds()[str(row['code'])].title}："
            f"{STATES[str(row['state'])]}。{why}"
        )
    return lines
