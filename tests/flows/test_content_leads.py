"""Leads from ingested titles, by command and on the board; a hostile title stays text."""

from datetime import UTC, datetime

import sql
from flows.operations.content_leads import find_leads, leads_markdown
from sql.catalogs import write

AT = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
HOSTILE = "限时抢购|<script>[x](y)"


def publish(desk, *titles):
    rows = [
        {
            "account_id": "A0001",
            "content_id": f"c{number}",
            "title": title,
            "published_on": AT.date(),
            "published_at": AT,
            "url": None,
            "content_kind": "post",
            "source": "weibo_api",
            "endpoint": "list",
            "fetched_at": AT,
        }
        for number, title in enumerate(titles)
    ]
    with write(desk.settings.stats) as stats:
        sql.insert(stats, "content_item", rows)


def test_a_lead_is_listed_with_its_account_and_item(desk):
    assert desk.ask("content-leads").code == 0
    publish(desk, "便民提醒", HOSTILE)
    ran = desk.ask("content-leads")
    (lead,) = ran.json["leads"]
    assert ran.code == 1
    assert (lead["code"], lead["word"], lead["account_id"]) == ("15-11", "限时抢购", "A0001")
    assert desk.ask("content-leads", "--days", "1").json["leads"] == []


def test_the_board_calls_them_leads_and_escapes_the_title(desk):
    publish(desk, HOSTILE)
    board = leads_markdown(desk.settings, find_leads(desk.settings, desk.now), desk.now)
    assert "只是线索，不是认定" in board
    assert "15-11 商业广告或链接商业广告页面" in board
    assert "<script>" not in board
    assert "[x](y)" not in board


def test_a_faulty_list_is_named(desk):
    (desk.home / "content_words.yml").write_text('"15-99": {words: [甲乙]}', encoding="utf-8")
    assert "15-99 不是第十五条的项" in desk.ask("content-leads").json["error"]
