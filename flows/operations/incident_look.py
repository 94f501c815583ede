"""Look for leads to incidents in what was taken in, and write down those that nobody was told of.

The statistics may be held by the night's work: then the detectors that need them are left out of one
look and said to be, and the next look makes up for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import cast

import duckdb

import sql
from flows.operations.content_leads import account_names, find_leads
from flows.operations.incident_leads import LONGEST_FACTS, LONGEST_TITLE, PLAYBOOK
from flows.settings import Settings
from playbooks.core.working_hours import local_day
from playbooks.major_incident.lead_rules import Rules, read_rules
from playbooks.major_incident.leads import RECENT_DAYS, Found, Seen, find, told_together
from sql.catalogs import CatalogBusyError, open_catalog, write

WAIT_S = 2.0
MOST_AT_ONCE = 200
"""Leads that one look raises; a flood of them is a fault of the rules, and the rest come with the next."""


@dataclass(frozen=True)
class Looked:
    """What one look did.

    Attributes:
        raised: leads that are new.
        renewed: leads that wait and to which something was added.
        problem: what could not be looked at; empty when everything could.
    """

    raised: int
    renewed: int
    problem: str = ""


def look(settings: Settings, now: datetime) -> Looked:
    """Look at what was taken in and raise what nobody has been told of.

    Raises:
        RulesError: the office's rules have faults.
        WordsError: the office's word list has.
    """
    rules, today = read_rules(settings.home / "lead_rules.yml"), local_day(now)
    seen, problem = _seen(settings, rules, now), ""
    try:
        seen = _with_statistics(settings, seen, rules, now)
    except CatalogBusyError:
        problem = "统计库正被夜间任务占用，本次没有看评论、内容与账号资料；下次补看"
    found = find(seen, rules, today)
    raised, renewed = _raise(settings, found, now)
    return Looked(raised, renewed, problem)


def _seen(settings: Settings, rules: Rules, now: datetime) -> Seen:
    """Return what the ops catalog knows: names, and the reports that came in."""
    today = local_day(now)
    with open_catalog(settings.ops) as connection:
        accounts = sql.rows(connection, "letters/own_accounts")
        first = today - timedelta(days=rules.reports.days + RECENT_DAYS)
        days = sql.rows(connection, "incidents/report_days", begin=first)
        begin = today - timedelta(days=rules.takeover.days - 1)
        texts = sql.rows(connection, "incidents/recent_reports", begin=begin)
    counted = {cast("date", row["day"]): int(cast("int", row["report_count"])) for row in days}
    return Seen(
        names={str(row["account_id"]): str(row["name"]) for row in accounts},
        shown_names=account_names(settings),
        verified={str(row["account_id"]) for row in accounts if row["verified_subject"]},
        reports=counted,
        first_report_on=min(counted) if counted else None,
        report_texts={str(r["report_id"]): f"{r['subject']} {r['content']}" for r in texts},
    )


def _with_statistics(settings: Settings, seen: Seen, rules: Rules, now: datetime) -> Seen:
    first = local_day(now) - timedelta(days=rules.comments.days + RECENT_DAYS)
    with open_catalog(settings.stats, wait_limit_s=WAIT_S) as connection:
        days = sql.rows(connection, "incidents/comment_days", begin=first)
        profiles = sql.rows(connection, "incidents/profiles")
    comments: dict[str, dict[date, float]] = {}
    for row in days:
        of_account = comments.setdefault(str(row["account_id"]), {})
        of_account[cast("date", row["stat_date"])] = float(cast("float", row["comments"]))
    shown = {
        str(row["account_id"]): (_text(row["name"]), _flag(row["verified"])) for row in profiles
    }
    return replace(
        seen, comments=comments, profiles=shown, content=find_leads(settings, now, wait_s=WAIT_S)
    )


def _text(value: object) -> str | None:
    return str(value) if value else None


def _flag(value: object) -> bool | None:
    return {"true": True, "false": False}.get(str(value).casefold())


def _raise(settings: Settings, found: Sequence[Found], now: datetime) -> tuple[int, int]:
    """Write down what is new, in one transaction against what is known by then."""
    raised = renewed = 0
    with write(settings.ops) as connection:
        new = _unknown(connection, found)
        busy = _in_hand(connection)
        waiting = {
            (str(row["kind"]), row["account_id"]): int(cast("int", row["number"]))
            for row in sql.rows(connection, "incidents/queue")
        }
        number = int(cast("int", sql.rows(connection, "incidents/last_number")[0]["number"]))
        for lead in new[:MOST_AT_ONCE]:
            if lead.kind == "takeover" and lead.account_id in busy:
                continue
            place = (lead.kind, lead.account_id)
            if lead.kind != "content" and place in waiting:
                _renew(connection, waiting[place], lead, now)
                renewed += 1
                continue
            number += 1
            _insert(connection, number, lead, now)
            waiting[place] = number
            raised += 1
    return raised, renewed


def _unknown(connection: duckdb.DuckDBPyConnection, found: Sequence[Found]) -> list[Found]:
    """Return the leads with at least one sign that was never seen; those keep their new signs only."""
    keys = sorted({key for lead in found for key in lead.signs})
    if not keys:
        return []
    with sql.registered(connection, seen_sign=sql.frame([{"sign_key": key} for key in keys])):
        rows = sql.rows(connection, "incidents/known_signs")
    known = {str(row["sign_key"]) for row in rows}
    fresh = [
        replace(lead, said={key: text for key, text in lead.said.items() if key not in known})
        for lead in found
    ]
    return [lead for lead in fresh if lead.said]


def _in_hand(connection: duckdb.DuckDBPyConnection) -> set[str]:
    rows = sql.rows(connection, "incidents/open_accounts", playbook_id=PLAYBOOK)
    return {str(row["account_id"]) for row in rows}


def _insert(connection: duckdb.DuckDBPyConnection, number: int, lead: Found, now: datetime) -> None:
    row = {
        "number": number,
        "kind": lead.kind,
        "account_id": lead.account_id,
        "title": lead.title[:LONGEST_TITLE],
        "told": told_together("", lead, LONGEST_FACTS),
        "status": "waiting",
        "found_at": now,
        "seen_at": now,
    }
    sql.insert(connection, "incident_lead", [row])
    _insert_signs(connection, number, lead, now)


def _renew(connection: duckdb.DuckDBPyConnection, number: int, lead: Found, now: datetime) -> None:
    (before,) = sql.rows(connection, "incidents/one", number=number)
    sql.execute(
        connection,
        "incidents/take_up",
        number=number,
        title=str(before["title"]),
        told=told_together(str(before["told"]), lead, LONGEST_FACTS),
        now=now,
    )
    _insert_signs(connection, number, lead, now)


def _insert_signs(
    connection: duckdb.DuckDBPyConnection, number: int, lead: Found, now: datetime
) -> None:
    signs = [{"sign_key": key, "number": number, "seen_at": now} for key in lead.signs]
    sql.insert(connection, "incident_sign", signs)
