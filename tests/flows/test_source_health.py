"""采集健康: what needs a person first, once each, and nothing that a platform says is marked up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from flows.operations.matter_log import mark_told, record
from flows.operations.source_board import board_markdown
from flows.operations.source_health import AccountHealth, Health, SourceError, Trouble
from flows.operations.source_matters import Matter, matters_of
from flows.source_alarms import tell_matters

NOW = datetime(2026, 11, 12, 1, tzinfo=UTC)
SOUND = AccountHealth(
    source="weibo_api",
    source_title="微博",
    account_id="A0001",
    name="云衫发布",
    is_asked=True,
    first_attempt_at=datetime(2026, 11, 1, 1, tzinfo=UTC),
    last_value_at=datetime(2026, 11, 12, 0, tzinfo=UTC),
    last_value_on=date(2026, 11, 11),
    lag_days=0,
    missing_days=0,
    quota_left=790,
    quota_limit=800,
    quota_nights=0,
    troubles=(),
    errors=(),
)
REFUSED = replace(
    SOUND,
    account_id="A0002",
    lag_days=3,
    missing_days=3,
    troubles=(
        Trouble("users/show", "refused", "授权已过期 <img src=x> 13912345678"),
        Trouble("statuses", "refused", "授权已过期"),
        Trouble("old", "retired", "接口已下线"),
    ),
    errors=(SourceError("21327", 4, NOW, "授权已过期；请|重新授权"),),
)


def health(*accounts: AccountHealth, **changed) -> Health:
    whole = Health(date(2026, 11, 12), accounts, {"抖音": ("A0009",)}, ("快手",), (), True)
    return replace(whole, **changed)


def test_each_matter_stands_once_and_first_what_concerns_most():
    spent = replace(SOUND, account_id="A0003", quota_nights=3)
    gone = replace(REFUSED, account_id="A0004", is_asked=False)
    found = matters_of(
        health(SOUND, REFUSED, spent, gone, faults=("自建接口有误",)),
        {"fail_negative_count": 2, "warn_follower_jump": 1},
    )
    assert [(one.account_id, one.kind.partition(":")[0]) for one in found] == [
        ("", "fault"),
        ("", "fail_negative_count"),
        ("A0002", "refused"),
        ("", "retired"),
        ("A0003", "quota"),
    ]


def test_a_source_is_silent_only_when_none_of_its_accounts_brought_anything_for_two_days():
    old = replace(SOUND, last_value_at=datetime(2026, 11, 10, 0, tzinfo=UTC))
    never = replace(SOUND, account_id="A0002", last_value_at=None, last_value_on=None)
    assert matters_of(health(old, SOUND), {}) == []
    (silent,) = matters_of(health(old, never), {})
    assert (silent.source, silent.kind) == ("weibo_api", "silent")
    assert "2 天没有取得" in silent.sentence
    yesterday = replace(SOUND, last_value_at=datetime(2026, 11, 11, 0, tzinfo=UTC))
    assert matters_of(health(yesterday, never), {}) == []


def test_the_board_is_masked_escaped_and_in_order():
    behind = replace(SOUND, account_id="A0003", lag_days=1, quota_left=700)
    state = health(SOUND, behind, REFUSED)
    text = board_markdown(state, matters_of(state, {}), NOW)
    assert "3 个账号，正常 1 个，最近成功 2026-11-12 08:00" in text
    assert text.index("    - A0002") < text.index("    - A0003")
    assert "A0001" not in text
    assert "<img" not in text
    assert "13912345678" not in text
    assert "请\\|重新授权" in text
    assert "今日剩余配额最少 700/800（A0003）" in text
    assert text.count("A0009") == 1
    assert "没有启用：快手" in text


def told(desk, *matters, minutes, is_whole=True):
    moment = NOW + timedelta(minutes=minutes)
    opened, healed = record(desk.settings, matters, moment, is_whole=is_whole)
    for news in (opened, healed):
        if news.matter_ids:
            mark_told(desk.settings, news, moment)
    return list(opened.sentences), list(healed.sentences)


def test_a_matter_is_told_once_for_each_opening_and_once_that_it_healed(empty_desk):
    def refused(words):
        return Matter("weibo_api", "A0002", "refused", words)

    other = Matter("", "", "fail_future_day", "未来的日期")
    assert told(empty_desk, refused("拒绝 13912345678"), minutes=0) == (["拒绝 139****5678"], [])
    assert told(empty_desk, refused("换一句话"), minutes=1) == ([], [])
    assert told(empty_desk, other, minutes=2, is_whole=False) == (["未来的日期"], [])
    assert told(empty_desk, other, minutes=3) == ([], ["拒绝 139****5678"])
    assert told(empty_desk, other, refused("又拒绝"), minutes=4) == (["又拒绝"], [])


def test_what_nobody_heard_is_said_again_and_what_healed_unheard_is_not(empty_desk):
    matter = Matter("weibo_api", "A0002", "refused", "拒绝")
    for minutes in (0, 1):
        opened, healed = record(
            empty_desk.settings, [matter], NOW + timedelta(minutes=minutes), is_whole=True
        )
        assert (opened.sentences, healed.sentences) == (("拒绝",), ())
    assert told(empty_desk, minutes=2) == ([], [])


def test_the_chat_hears_of_a_refusal_by_command(desk, slack):
    state = health(REFUSED)
    assert tell_matters(desk.settings, state, matters_of(state, {}), NOW) == 2
    assert tell_matters(desk.settings, state, matters_of(state, {}), NOW) == 0
    assert tell_matters(desk.settings, state, [], NOW + timedelta(days=1)) == 2
    assert len(slack.messages) == 2
