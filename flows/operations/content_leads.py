"""Leads to prohibited content in what was taken in, as the command lists them and the board shows them."""

from __future__ import annotations

from datetime import datetime, timedelta

import sql
from flows.operations.boards import shown
from flows.settings import Settings
from playbooks.core.messages import local
from playbooks.core.register.columns import labels
from playbooks.core.working_hours import local_day
from playbooks.major_incident.content_leads import Lead, leads_of, read_items, sign_of
from sql.catalogs import WAIT_LIMIT_S, open_catalog

CONTENT_LEADS, TITLE = "content-leads", "内容线索"
DAYS = 7
MOST_SHOWN = 200


def find_leads(
    settings: Settings, now: datetime, days: int = DAYS, wait_s: float = WAIT_LIMIT_S
) -> list[Lead]:
    """Return the leads among what was published on the last *days* days, today included.

    What somebody has decided about, as a lead to an incident, is left out.

    Raises:
        WordsError: the office's word list has faults.
        CatalogBusyError: the statistics are held by the night's work.
    """
    items = read_items(settings.home / "content_words.yml")
    begin = local_day(now) - timedelta(days=days - 1)
    with open_catalog(settings.stats, wait_limit_s=wait_s) as connection:
        posts = sql.rows(connection, "content/recent_posts", begin=begin)
    with open_catalog(settings.ops) as connection:
        decided = {str(row["sign_key"]) for row in sql.rows(connection, "incidents/decided_signs")}
    return [lead for lead in leads_of(posts, items) if sign_of(lead) not in decided]


def leads_markdown(settings: Settings, leads: list[Lead], now: datetime) -> str:
    """Return the board; every word on it is a lead, and the board says so."""
    names = account_names(settings)
    lines = [
        f"## {TITLE}",
        f"近 {DAYS} 天已采集内容的标题中出现第十五条词表词语的，截至 {local(now)}。"
        "**只是线索，不是认定**：请人工查看原文；属实的用「登记：重大事件处置」立案（内容事故）。"
        "系统只采集标题，正文中的内容查不到。",
        "",
    ]
    if not leads:
        return "\n".join([*lines, "没有线索。"])
    lines += ["| 日期 | 账号 | 标题 | 词语 | 对应条款 |", "|---|---|---|---|---|"]
    for lead in leads[:MOST_SHOWN]:
        account = shown(names.get(lead.account_id, lead.account_id))
        clause = f"{lead.code} {shown(lead.item)}"
        lines.append(
            f"| {lead.published_on} | {account} | {shown(lead.title)} | {shown(lead.word)} | {clause} |"
        )
    if len(leads) > MOST_SHOWN:
        lines += ["", f"另有 {len(leads) - MOST_SHOWN} 条，用 `juzhen content-leads` 查看。"]
    return "\n".join(lines)


def account_names(settings: Settings) -> dict[str, str]:
    """Return account -> its name and platform as people know it."""
    platforms = labels("platform")
    with open_catalog(settings.ops) as connection:
        rows = sql.rows(connection, "letters/own_accounts")
    return {
        str(row["account_id"]): f"{row['name']}（{platforms[str(row['platform'])]}）"
        for row in rows
    }
