"""A lead is put before a person once: a case is opened from it in one act, or it is dismissed and forgotten."""

from datetime import UTC, timedelta

import pytest

import sql
from flows.operations import incident_look
from flows.operations.addresses import Addresses
from flows.operations.incident_lead_board import lead_page
from sql.catalogs import CatalogBusyError, write
from tests.flows.test_content_leads import publish

POST = "限时抢购|<script>[x](y)"


def ingest(desk, days):
    """Write comments of A0001, the last day first, up to yesterday."""
    last = desk.now.date() - timedelta(days=1)
    rows = [
        {"account_id": "A0001", "stat_date": last - timedelta(days=n), "comments": count}
        for n, count in enumerate(days)
    ]
    with write(desk.settings.stats) as stats:
        sql.insert(stats, "account_day", rows)


def write_report(desk, content):
    """Write a report of the hotline that came in now."""
    row = {
        **{"report_id": "hotline:1", "source": "hotline", "number": "1", "subject": "举报"},
        **{"content": content, "arrived_by": "file", "channel": "hotline", "suggestion": "unclear"},
        **{"status": "waiting", "place": "第 2 行", "file_sha256": "f" * 64},
        **{"imported_at": desk.now.astimezone(UTC), "imported_by": "测试"},
    }
    with write(desk.settings.ops) as ops:
        sql.insert(ops, "report", [row])


def looked(desk):
    ran = desk.ask("incident-leads", "--look")
    return ran.json["looked"], [(row["number"], row["kind"]) for row in ran.json["leads"]]


def open_lead(desk, number, *more):
    return desk.ask("open-lead", number, "--by", desk.people["handler"], *more)


@pytest.fixture
def raised(desk):
    """A jump in comments and a prohibited post wait for a person."""
    ingest(desk, [480, *[12] * 14])
    publish(desk, POST)
    told, waiting = looked(desk)
    assert (told["raised"], told["problem"]) == (2, "")
    assert waiting == [(2, "content"), (1, "comments")]
    return desk


def test_a_case_is_opened_from_a_lead_in_one_act_and_only_once(raised):
    opened = open_lead(raised, 1)
    assert opened.json["case_id"] == "MAJ-2026-0001"
    inputs = raised.one(
        "select payload from case_event where case_id = 'MAJ-2026-0001' and event_type = 'case_opened'"
    )
    assert '"kind":"public_opinion"' in str(inputs).replace(" ", "")
    assert "收到评论 480 条，此前 28 天的中位数为 12 条" in str(inputs)
    assert '"known_at":"2026-11-23T09:00+08:00"' in str(inputs).replace(": ", ":")
    again = open_lead(raised, 1)
    assert (again.code, "1 号线索已立案 MAJ-2026-0001" in again.json["error"]) == (1, True)
    assert looked(raised)[1] == [(2, "content")]


def test_a_person_says_otherwise_and_what_is_refused_leaves_the_lead_waiting(raised):
    refused = open_lead(raised, 2, "--kind", "地震")
    assert (refused.code, "「事件类型」只能是" in refused.json["error"]) == (1, True)
    future = open_lead(raised, 2, "--known-at", "2026-11-24T09:00")
    assert future.code == 1
    given = ("--kind", "网络安全事件", "--title", "页面被挂广告", "--known-at", "2026-11-23T08:30")
    case_id = open_lead(raised, 2, *given).json["case_id"]
    assert "页面被挂广告" in raised.run("case", case_id).out
    assert raised.one("select count(*) from incident_lead where status = 'accepted'") == 1


def test_what_was_dismissed_is_never_put_to_anybody_again(raised):
    by = ("--by", raised.people["handler"])
    assert raised.ask("dismiss-leads", "1-2", "--reason", " ", *by).code == 1
    assert raised.ask("dismiss-leads", "1、9", "--reason", "转发", *by).code == 1  # all or none
    assert raised.ask("dismiss-leads", "1-2", "--reason", "活动宣传", *by).json["dismissed"] == [
        1,
        2,
    ]
    told, waiting = looked(raised)
    assert (told["raised"], told["renewed"], waiting) == (0, 0, [])
    assert raised.ask("content-leads").json["leads"] == []
    board = lead_page(raised.settings, Addresses(), raised.now)
    assert "排除：活动宣传" in board
    publish_more = "另一篇 扫码购买"
    publish(raised, POST, publish_more)
    assert looked(raised)[1] == [(3, "content")]


def test_a_second_day_joins_the_lead_that_still_waits(raised):
    raised.later(days=1)
    ingest(raised, [900])
    told, waiting = looked(raised)
    assert (told["raised"], told["renewed"]) == (0, 1)
    assert waiting[0] == (1, "comments")
    assert "收到评论 900 条" in raised.one("select told from incident_lead where number = 1")


def test_the_chat_is_told_once_and_again_when_something_is_added(raised, slack):
    assert raised.ask("incident-leads", "--tell").json["told"] == 2
    assert raised.ask("incident-leads", "--tell").json["told"] == 0
    (message,) = slack.messages
    assert "只是线索" in str(message)
    assert "<!channel>" not in str(message)
    raised.later(days=1)
    ingest(raised, [900])
    assert raised.ask("incident-leads", "--look", "--tell").json["told"] == 1


def test_a_hostile_title_stays_text_and_the_board_says_that_it_is_a_lead(raised):
    board = lead_page(raised.settings, Addresses(), raised.now)
    assert "**只是线索，不是认定**" in board
    assert "<script>" not in board
    assert "[x](y)" not in board


def test_while_the_night_works_reports_are_looked_at_all_the_same(desk, monkeypatch):
    def busy(*_, **__):
        raise CatalogBusyError("held by the night")

    # Its name is on other platforms too, and a report by the name alone would mean them all.
    desk.rows("update account set name = '云杉独一号' where account_id = 'A0001'")
    write_report(desk, "云杉独一号被盗，正在发诈骗链接")
    monkeypatch.setattr(incident_look, "_with_statistics", busy)
    told, waiting = looked(desk)
    assert (told["raised"], waiting) == (1, [(1, "takeover")])
    assert desk.one("select account_id from incident_lead") == "A0001"
    assert "统计库正被夜间任务占用" in told["problem"]


def test_no_case_opens_from_a_lead_before_the_office_has_set_its_limits(raised):
    office = raised.home / "office.yml"
    text = office.read_text(encoding="utf-8").replace("emergency_report_call", "other_limit")
    office.write_text(text, encoding="utf-8")
    assert "emergency_report_call" in open_lead(raised, 1).json["error"]
    assert looked(raised)[1] == [(2, "content"), (1, "comments")]
