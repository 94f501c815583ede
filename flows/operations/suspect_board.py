"""The board of suspects (疑似账号): what waits for review, what the last scan saw, what was dismissed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, cast

import sql
from flows.operations.addresses import Addresses, linked
from flows.operations.boards import shown
from flows.settings import Settings
from playbooks.core.documents.text import visible
from playbooks.core.messages import local
from playbooks.core.register.columns import labels
from sql.catalogs import open_catalog

SUSPECTS: Final = "suspects"
TITLE: Final = "疑似账号"
REVIEW: Final = "审核疑似账号"
MOST_DISMISSED: Final = 50
MOST_TOLD: Final = 10


def suspect_page(settings: Settings, addresses: Addresses) -> str:
    """Return the board as Markdown."""
    with open_catalog(settings.ops) as connection:
        waiting = sql.rows(connection, "suspects/queue")
        held = sql.rows(connection, "suspects/held")
        dismissed = sql.rows(connection, "suspects/dismissed")
        last = sql.rows(connection, "suspects/last_scan")
    lines = [f"## 待审核的疑似账号 {len(waiting)} 个", "", _last_scan(last), ""]
    if held:
        lines += [f"另有 {len(held)} 个相似度较低的排在后面，以后各晚依次提出。", ""]
    lines += _waiting(waiting, addresses) if waiting else ["没有待审核的疑似账号。"]
    lines += ["", f"## 已排除并记住的 {len(dismissed)} 个", ""]
    lines += _dismissed(dismissed) if dismissed else ["还没有排除过。"]
    return "\n".join(lines)


def alert_lines(waiting: Sequence[sql.Row]) -> tuple[str, ...]:
    """Return one plain sentence for each suspect, as the chat gets them."""
    lines = [
        f"{row['number']} 号：{_platform(row['platform'])}「{visible(str(row['display_name']), 60)}」"
        f"疑似仿冒「{visible(_official(row), 60)}」，{visible(str(row['reasons']), 120)}"
        + (f"（{visible(str(row['note']), 120)}）" if row["note"] else "")
        for row in waiting[:MOST_TOLD]
    ]
    more = len(waiting) - MOST_TOLD
    return (*lines, f"另有 {more} 个，见看板「{TITLE}」") if more > 0 else tuple(lines)


def scan_sentence(counts: Mapping[str, object]) -> str:
    """Return what one scan saw, in one sentence."""
    return (
        f"读取 {counts['file_count']} 个文件、{counts['candidate_count']} 个账号："
        f"本单位账号 {counts['own_count']} 个，疑似 {counts['alert_count']} 个"
        f"（已在办 {counts['in_case_count']} 个，此前已排除 {counts['dismissed_count']} 个），"
        f"本次提出 {counts['raised_count']} 个，留待以后 {counts['held_count']} 个"
    )


def _last_scan(rows: Sequence[sql.Row]) -> str:
    if not rows:
        return "还没有巡查过。把检索结果放进数据目录的 candidates 文件夹，每晚自动比对。"
    scan = rows[0]
    bad = f"；**{scan['problem_count']} 处没有读成**，见运行记录" if scan["problem_count"] else ""
    return (
        f"最近一次巡查 {local(cast('datetime', scan['started_at']))}：{scan_sentence(scan)}{bad}。"
    )


def _waiting(rows: Sequence[sql.Row], addresses: Addresses) -> list[str]:
    every = "、".join(str(row["number"]) for row in rows)
    several = [
        linked("全部受理", addresses.form(REVIEW, {"accept": every})),
        linked("全部排除", addresses.form(REVIEW, {"dismiss": every})),
    ]
    is_linked = bool(addresses.form(REVIEW, {}))
    head = [f"一次审核多个：{'，'.join(several)}；打开后可增删编号。", ""] if is_linked else []
    return [
        *head,
        "| 编号 | 账号 | 疑似仿冒 | 其他资料 | 操作 |",
        "|---|---|---|---|---|",
        *(_line(row, addresses) for row in rows),
    ]


def _line(row: sql.Row, addresses: Addresses) -> str:
    number = str(row["number"])
    others = [
        f"{title}：{row[key]}"
        for title, key in (
            *(("说明", "note"), ("账号编号", "platform_account_id"), ("认证", "certified_subject")),
            *(("简介", "bio"), ("网址（勿点开）", "url"), ("见于", "place")),
        )
        if row[key]
    ]
    acts = [
        linked(title, address)
        for title, key in (("受理", "accept"), ("排除", "dismiss"))
        if (address := addresses.form(REVIEW, {key: number}))
    ]
    account = f"{shown(str(row['display_name']), 120)}（{shown(_platform(row['platform']))}）"
    likeness = (
        f"{shown(_official(row), 120)}，相似度 {row['score']:.2f}：{shown(str(row['reasons']))}"
    )
    seen = f"首次发现 {local(cast('datetime', row['first_seen_at']))}"
    cells = (number, account, likeness, shown("；".join([*others, seen]), 400), " ".join(acts))
    return "| " + " | ".join(cells) + " |"


def _dismissed(rows: Sequence[sql.Row]) -> list[str]:
    more = len(rows) - MOST_DISMISSED
    return [
        "| 编号 | 账号 | 理由 | 何人何时 | 最近见到 |",
        "|---|---|---|---|---|",
        *(_dismissed_line(row) for row in rows[:MOST_DISMISSED]),
        *([f"\n另有 {more} 个，见 juzhen suspects --dismissed --json。"] if more > 0 else []),
    ]


def _dismissed_line(row: sql.Row) -> str:
    name, reason, person = (
        shown(str(row[key] or ""), 120) for key in ("display_name", "reason", "decided_by")
    )
    decided, seen = (local(cast("datetime", row[key])) for key in ("decided_at", "last_seen_at"))
    account = f"{name}（{shown(_platform(row['platform']))}）"
    return f"| {row['number']} | {account} | {reason} | {person} {decided} | {seen} |"


def _platform(platform: object) -> str:
    return labels("platform").get(str(platform), str(platform))


def _official(row: sql.Row) -> str:
    return str(row["official_name"] or row["official_account_id"])
