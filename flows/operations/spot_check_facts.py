"""What register, figures and the list of problems say of every account, for the worksheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

import sql
from flows.settings import Settings
from playbooks.core.findings.figure_leads import BEFORE_WINDOW, follower_jumps, mass_likes
from playbooks.core.quarter import Quarter
from playbooks.core.register.findings import register_findings
from playbooks.core.working_hours import local_day
from playbooks.major_incident.content_leads import leads_of, read_items, sign_of
from playbooks.spot_check.knowledge import Facts
from sql.catalogs import open_catalog

FIGURE_LEADS = ("follower_jump", "mass_likes")


def facts_of(
    settings: Settings, accounts: Sequence[sql.Row], quarter: Quarter, now: datetime
) -> Mapping[str, Facts]:
    """Return what is known of each account.

    Args:
        settings: of this installation.
        accounts: of ``register/all_account``.
        quarter: whose leads count, as far as it has passed.
        now: of the draw; the update clocks stand as of today.

    Raises:
        CatalogBusyError: the statistics are held by the night's work.
        WordsError: the office's word list has faults.
    """
    today = local_day(now)
    end = min(today, quarter.after_on - timedelta(days=1))
    units = {str(row["account_id"]): str(row["unit_id"]) for row in accounts}
    with open_catalog(settings.ops) as connection:
        of_register = register_findings(connection, today)
        listed = sql.rows(connection, "findings/listed")
        signs = sql.rows(connection, "incidents/decided_signs")
    by_subject: dict[str, dict[str, str]] = {}
    for one in of_register:
        words = f"{one.title}：{one.detail}" if one.detail else one.title
        by_subject.setdefault(one.account_id or one.unit_id, {})[one.code] = words
    dismissed = {str(row["finding_key"]) for row in listed if row["state"] == "dismissed"}
    dismissed |= {str(row["sign_key"]) for row in signs if row["status"] == "dismissed"}
    fresh, with_figures, leads = _figures(settings, (quarter.first_on, end, today), units)
    found: dict[str, Facts] = {}
    for row in accounts:
        account_id = str(row["account_id"])
        opened = row["comments_open"]
        found[account_id] = Facts(
            freshness=fresh.get(account_id),
            register={
                **by_subject.get(str(row["unit_id"]), {}),
                **by_subject.get(account_id, {}),
            },
            leads={
                code: [words for key, words in theirs.get(account_id, []) if key not in dismissed]
                for code, theirs in leads.items()
            },
            dismissed=sum(
                key in dismissed
                for code in FIGURE_LEADS
                for key, _ in leads[code].get(account_id, [])
            ),
            comments_open=bool(opened) if opened is not None else None,
            has_figures=account_id in with_figures,
        )
    return found


Leads = Mapping[str, list[tuple[str, str]]]


def _figures(
    settings: Settings, days: tuple[date, date, date], units: Mapping[str, str]
) -> tuple[dict[str, sql.Row], set[str], dict[str, Leads]]:
    """Return freshness by account, the accounts with followers, and leads by code and account."""
    begin, end, today = days
    span: dict[str, object] = {"begin": begin - BEFORE_WINDOW, "end": end}
    items = read_items(settings.home / "content_words.yml")
    with open_catalog(settings.stats) as connection:
        fresh = sql.rows(connection, "marts/account_freshness", today=today)
        jumps = sql.rows(connection, "marts/follower_jump", **span)
        likes = sql.rows(connection, "findings/mass_likes", **span)
        posts = sql.rows(connection, "content/recent_posts", begin=begin)
        counted = sql.rows(connection, "spot_check/with_followers", begin=begin, end=end)
    leads: dict[str, dict[str, list[tuple[str, str]]]] = {
        "follower_jump": {},
        "mass_likes": {},
        "content_lead": {},
    }
    for one in (*follower_jumps(jumps, units, begin), *mass_likes(likes, units, begin)):
        leads[one.code].setdefault(one.account_id, []).append((one.key, one.detail))
    for lead in leads_of(posts, items):
        if lead.published_on[:10] <= end.isoformat():
            words = f"{lead.published_on}「{lead.title}」含「{lead.word}」（{lead.code}）"
            leads["content_lead"].setdefault(lead.account_id, []).append((sign_of(lead), words))
    return (
        {str(row["account_id"]): row for row in fresh},
        {str(row["account_id"]) for row in counted},
        dict(leads),
    )
