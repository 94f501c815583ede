"""An incident on the desk: who stays silent is seen in ingested posts, and the page says it at a glance."""

from datetime import UTC, datetime, timedelta

import pytest

import sql
from flows.operations import silence, war_room
from flows.operations.addresses import Addresses
from flows.operations.all_boards import all_boards
from flows.operations.system_steps import carry_on
from sql.catalogs import write
from tests.major_incident.test_incident import (
    EVE,
    VERIFIED,
    answer,
    opened,
    published,
    to_statement,
)

ACCOUNTS = [f"A{n:04d}" for n in range(1, 9)]
DISPATCHED = EVE
LATE = EVE + timedelta(hours=3)


@pytest.fixture
def dispatched(desk):
    """A case whose statement eight accounts of the sample register must publish."""
    with write(desk.settings.ops) as ops:
        case_id = opened(ops)
        to_statement(ops, case_id, "major")
        published(ops, case_id)
        scope = {"accounts": ACCOUNTS, "wording": "情况通报", "pin": "pin"}
        answer(ops, case_id, "scope", scope, "handler")
    return case_id


def ingest(desk):
    """A0001 and A0002 comply, A0003 publishes something else, A0008 has no data, the others nothing."""
    at = DISPATCHED + timedelta(minutes=30)
    posts = {"A0001": "关于情况通报的说明", "A0002": "【转发】情况通报", "A0003": "美食节开幕"}
    items = [
        {
            "account_id": account,
            "content_id": f"c-{account}",
            "title": title,
            "published_on": (at + timedelta(hours=8)).date(),
            "published_at": at,
            "url": f"https://example.invalid/{account}",
            "content_kind": "post",
            "source": "weibo_api",
            "endpoint": "list",
            "fetched_at": at,
        }
        for account, title in posts.items()
    ]
    outcomes = [
        {
            "outcome_id": f"o-{account}",
            "source": "weibo_api",
            "endpoint": "list",
            "account_id": account,
            "asked_at": LATE - timedelta(minutes=10),
            "finished_at": LATE - timedelta(minutes=10),
            "status": "value" if account != "A0008" else "failed",
        }
        for account in ACCOUNTS
    ]
    with write(desk.settings.stats) as stats:
        sql.insert(stats, "content_item", items)
        sql.insert(stats, "fetch_outcome", outcomes)


def told(desk):
    return desk.rows(
        "select recipient, body from outbox where dedupe_key like 'silent:%' order by dedupe_key"
    )


def test_the_silent_are_named_their_leaders_told_once_and_the_unknown_left_alone(desk, dispatched):
    ingest(desk)
    carry_on(desk.settings, LATE)  # records what was published
    carry_on(desk.settings, LATE)  # and then who was not
    messages = told(desk)
    carry_on(desk.settings, LATE + timedelta(hours=1))
    assert told(desk) == messages
    everything = "".join(body for _, body in messages)
    assert everything.count("未见发布\n") + everything.count("：未见发布") >= 4
    assert "只发布了其他内容" in everything
    asked = desk.ask("silence").json["dispatches"]
    assert asked == [
        {
            "case_id": dispatched,
            "step_id": "dispatch",
            "published": ["A0001", "A0002"],
            "silent": ["A0004", "A0005", "A0006", "A0007"],
            "other": ["A0003"],
            "unknown": ["A0008"],
            "unpinned": ["A0001", "A0002"],
        }
    ]
    finding = desk.one("select payload from case_event where event_type = 'silence_found'")
    assert '"unknown":["A0008"]' in str(finding).replace(" ", "")


def test_while_the_statistics_are_held_nobody_is_called_silent(desk, dispatched, monkeypatch):
    ingest(desk)
    monkeypatch.setattr(silence, "WAIT_S", 0.0)

    def busy(catalog, **_):
        raise silence.CatalogBusyError("held by the night")

    real = silence.open_catalog
    monkeypatch.setattr(
        silence,
        "open_catalog",
        lambda catalog, **rest: busy(catalog) if catalog.name == "stats" else real(catalog, **rest),
    )
    carry_on(desk.settings, LATE)
    assert told(desk) == []
    assert desk.ask("silence").json["dispatches"][0]["unknown"] == ACCOUNTS


def test_the_page_says_at_a_glance_what_is_next_and_who_is_silent(desk, dispatched):
    ingest(desk)
    carry_on(desk.settings, LATE)
    desk.set_now(LATE.astimezone(UTC))
    ran = desk.ask("incident", dispatched)
    room = ran.json
    assert room["grade"] == "重大敏感"
    assert room["since"] == "获知于 2026-09-30 23:45，已过 3小时5分钟"
    assert room["decision"].startswith("电话报告上级值班室：")
    clocks = {row["title"]: row["left"] for row in room["clocks"]}
    assert clocks["24 小时内举行新闻发布会"] == "还剩 20小时55分钟"
    assert clocks["统一部署并监看发布"] == "已超 1小时"
    assert "5 小时内发布权威信息" not in clocks  # published: that clock has stopped
    assert room["silence"][0] == "应发布 8 个，已发布 2 个"
    assert room["silence"][1].startswith("未见发布 4 个：")
    assert [one["what"].split()[0] for one in room["last"]] == [
        *["登记账号已发布「统一部署并监看发布」"] * 2,
        "统一部署发布「统一部署并监看发布」",
    ]
    page = (desk.settings.outbox / dispatched / "事件总览.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "href" not in page
    assert "src=" not in page
    (drawn,) = war_room.incident_pages(desk.settings, LATE, Addresses())
    assert drawn.key == f"incident-{dispatched.lower()}"
    assert "**下一步　电话报告上级值班室" in drawn.text


def test_the_consultation_lists_whom_to_call_or_says_that_nobody_filled_it_in(desk):
    with write(desk.settings.ops) as ops:
        case_id = opened(ops, "public_opinion")
        answer(ops, case_id, "verify", VERIFIED, "handler")
        why = {"grade": "important", "override_reason": "演示"}
        answer(ops, case_id, "confirm_grade", why, "reviewer")
    assert "云杉新区网信办 应急处置科值班室" in desk.run("case", case_id).out
    office = desk.home / "office.yml"
    text = office.read_text(encoding="utf-8")
    start, end = text.index("consultation:"), text.index("platform_companies:")
    office.write_text(text[:start] + text[end:], encoding="utf-8")
    assert "consultation 未填写" in desk.run("case", case_id).out


def test_a_hostile_name_stays_text_on_the_page(desk):
    name = "<script>alert(1)</script>[x](y)|13812345678"
    with write(desk.settings.ops) as ops:
        case_id = opened(ops, title=name)
    room = war_room.war_room(desk.settings, case_id, datetime(2026, 10, 1, tzinfo=UTC))
    page = war_room.lay_out(desk.settings, room).read_text(encoding="utf-8")
    assert "<script" not in page
    assert "13812345678" not in page + war_room.markdown_of(room, Addresses())
    assert "[x](y)" not in war_room.markdown_of(room, Addresses())


def test_the_front_page_says_before_the_bad_hour_that_a_limit_is_missing(desk):
    def front():
        return all_boards(desk.settings, desk.now, Addresses())[0].text

    assert "还不能立案" not in front()
    office = desk.home / "office.yml"
    text = office.read_text(encoding="utf-8").replace("emergency_report_call", "other_limit")
    office.write_text(text, encoding="utf-8")
    said = "预案「重大事件处置」还不能立案**：office.yml 的 limits 没有填写 emergency_report_call。"
    assert said in front()


def test_a_case_does_not_open_from_the_command_before_the_limits_are_set(desk):
    office = desk.home / "office.yml"
    text = office.read_text(encoding="utf-8")
    given = [
        *("open", "--playbook", "major_incident", "--by", desk.people["handler"]),
        *("--set", "kind=emergency", "--set", "title=强降雨", "--set", "facts=积水"),
        *("--set", "known_at=2026-11-23T08:50", "--set", "known_from=duty"),
    ]
    office.write_text(text.replace("emergency_report_call", "other_limit"), encoding="utf-8")
    refused = desk.ask(*given)
    assert refused.code == 1
    assert "「电话报告上级值班室」的时限（emergency_report_call）" in refused.json["error"]
    office.write_text(text, encoding="utf-8")
    assert desk.ask(*given).json["case_id"] == "MAJ-2026-0001"


def test_each_fact_of_a_drafted_document_can_be_gone_back_to(desk):
    with write(desk.settings.ops) as ops:
        case_id = opened(ops)
        called = {"reported": "called", "reported_to": "值班室", "reported_at": EVE.isoformat()}
        answer(ops, case_id, "report_call", called, "duty_lead")
    assert carry_on(desk.settings, EVE)
    (letter,) = desk.ask("letter-sources", case_id).json["letters"]
    assert letter["letter"] == "first_report"
    assert letter["facts"]["事件名称"] == "流水第 1 条"
    assert letter["facts"]["发文单位"] == "office.yml"
    position = int(letter["facts"]["拟写内容"].split()[1])
    said = desk.one(
        "select payload from case_event where case_id = ? and position = ?", case_id, position
    )
    assert '"reported_to":"值班室"' in str(said).replace(" ", "")


def test_the_roster_of_the_holiday_is_called_its_hand_overs_included(desk):
    """Opened on the eve at 23:50; what is due in the holiday night calls who is on duty then."""
    desk.set_now(EVE)
    with write(desk.settings.ops) as ops:
        case_id = opened(ops)
        # The sample was imported in November; a roster that comes later would undo the hand-over.
        ops.execute("update roster_shift set imported_at = timestamp '2026-01-01'")
    ((holder,),) = desk.rows(
        "select min(person_id) from roster_shift where role = 'duty_lead'"
        " and position = 1 and date '2026-10-01' between starts_on and ends_on"
    )
    given = ("--from", "2026-10-01", "--until", "2026-10-07", "--to", "P0018", "--reason", "国庆")
    assert holder != "P0018"
    assert desk.ask("hand-shift", "duty_lead", *given, "--by", holder).code == 0
    desk.later(hours=3)
    assert desk.ask("sweep").json["claimed"] > 0
    called = desk.rows(
        "select json_extract_string(recipient, '$.person_id'), body from outbox"
        " where case_id = ? and dedupe_key like 'rung:%' and body like '%带班领导%'",
        case_id,
    )
    assert {person for person, _ in called} == {"P0018"}
    assert all("今日国庆节放假，按值班表通知在岗人员" in body for _, body in called)
