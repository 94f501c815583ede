"""Every board at once, read in one short opening of the catalog."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

import duckdb

import sql
from flows.operations.activity_board import ACTIVITY, MESSAGES, activity_page, messages_page
from flows.operations.addresses import HOME, Addresses, linked, person_key
from flows.operations.board_pages import (
    BY_PERSON,
    DRILLS,
    OPEN_CASES,
    OVERDUE,
    THIS_WEEK,
    Page,
    case_boards,
)
from flows.operations.boards import BoardRow, board_rows
from flows.operations.duty_board import DUTY, duty_page
from flows.operations.finding_board import FINDINGS
from flows.operations.finding_board import TITLE as FINDINGS_TITLE
from flows.operations.front_page import front_page
from flows.operations.health import read_heartbeat
from flows.operations.letter_register import NUMBERS, numbers_page
from flows.operations.people import directory, office_limits
from flows.operations.shipped import parsed, shipped
from flows.operations.suspect_board import SUSPECTS, TITLE
from flows.settings import Settings
from playbooks.core.working_hours import local_day
from sql.catalogs import open_catalog

BOARDS: Mapping[str, str] = {
    HOME: "首页",
    OPEN_CASES: "在办案件",
    OVERDUE: "超时限",
    THIS_WEEK: "本周到期",
    BY_PERSON: "按责任人",
    DUTY: "今夜值班",
    MESSAGES: "待处理消息",
    ACTIVITY: "近期办理",
    NUMBERS: "发文登记",
    DRILLS: "演练案件",
}
"""The boards that are always there, in the order in which the front page lists them."""

MOST_OWN_PAGES = 100


def all_boards(
    settings: Settings, now: datetime, addresses: Addresses, drawn: Collection[str] = ()
) -> list[Page]:
    """Return every board as of *now*, the front page first.

    Args:
        settings: of this installation.
        now: of the drawing.
        addresses: of forms and pages.
        drawn: keys of pages that exist; a person's page that exists is drawn again, even empty.
    """
    with open_catalog(settings.ops) as connection:
        rows = board_rows(connection, now)
        people = _with_own_page(connection, rows, now, drawn)
        pages = [
            *case_boards(rows, people, now, addresses),
            duty_page(connection, now),
            messages_page(connection, now, addresses),
            activity_page(connection, now, addresses),
            numbers_page(connection, now, addresses),
        ]
        notices = [*_unready(settings), *_notices(connection, addresses, now)]
    heartbeat = read_heartbeat(settings.home, now)
    order = list(BOARDS)
    listed = sorted(
        (page for page in pages if page.key in BOARDS), key=lambda p: order.index(p.key)
    )
    own = [page for page in pages if page.key not in BOARDS]
    return [front_page(rows, listed, heartbeat, notices, now, addresses), *listed, *own]


def _unready(settings: Settings) -> list[str]:
    """Say before the bad hour which playbooks could not open a case, and what is missing."""
    known = office_limits(settings)
    notices: list[str] = []
    for name, path in shipped().items():
        playbook = parsed(path.read_text(encoding="utf-8"), name)
        missing = [limit for limit in playbook.office_limits if limit not in known]
        if missing:
            notices.append(
                f"**预案「{playbook.title}」还不能立案**：office.yml 的 limits 没有填写 {'、'.join(missing)}。"
            )
    return notices


def _notices(
    connection: duckdb.DuckDBPyConnection, addresses: Addresses, now: datetime
) -> list[str]:
    """Return what else waits: lost messages, reports without account, suspects, late problems."""
    lost_count = len(sql.rows(connection, "outbox/unsettled"))
    waiting_count = len(sql.rows(connection, "reports/waiting"))
    lost = linked("待处理消息", addresses.page(MESSAGES))
    suspect_count = len(sql.rows(connection, "suspects/queue"))
    (late,) = sql.rows(connection, "findings/late_count", today=local_day(now))
    listed = linked(FINDINGS_TITLE, addresses.page(FINDINGS))
    waiting = linked("待补充的举报", addresses.page("waiting-reports"))
    suspects = linked(TITLE, addresses.page(SUSPECTS))
    notices = [f"**有 {lost_count} 条消息没有送到或结果不明**，见{lost}。"] if lost_count else []
    notices += [f"**{waiting_count} 件举报尚未指明账号**，见{waiting}。"] if waiting_count else []
    notices += [f"**{suspect_count} 个疑似账号待审核**，见{suspects}。"] if suspect_count else []
    lead_count = len(sql.rows(connection, "incidents/queue"))
    leads = linked("事件线索", addresses.page("incident-leads"))
    notices += [f"**{lead_count} 条事件线索待核实**，见{leads}。"] if lead_count else []
    late_count = late["late_count"]
    notices += [f"**{late_count} 条问题整改逾期**，见{listed}。"] if late_count else []
    return notices


def _with_own_page(
    connection: duckdb.DuckDBPyConnection,
    rows: list[BoardRow],
    now: datetime,
    drawn: Collection[str],
) -> dict[str, str]:
    """Return who gets a page: whoever has something to do, is on duty, or had a page before."""
    busy = {row.owner_id for row in rows if row.owner_id and not row.is_drill}
    busy |= {duty.person_id for duty in directory(connection, now).values() if duty}
    people = sql.rows(connection, "cases/active_people")
    chosen = {
        str(person["person_id"]): str(person["name"])
        for person in people
        if person["person_id"] in busy or person_key(str(person["person_id"])) in drawn
    }
    return dict(list(chosen.items())[:MOST_OWN_PAGES])
