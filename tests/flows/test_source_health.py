"""采集健康: what needs a person first, once each, and nothing that a platform says is marked up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from flows.operations.source_board import board_markdown
from flows.operations.source_health import AccountHealth, Health, SourceError, Trouble
from flows.operations.source_matters import matters_of

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
    state = health(SOUND, REFUSED)
    text = board_markdown(state, matters_of(state, {}), NOW)
    assert text.index("A0002") < text.index("A0001")
    assert "<img" not in text
    assert "13912345678" not in text
    assert "请\\|重新授权" in text
    assert "| 790/800 |" in text
    assert text.count("A0009") == 1
    assert "没有启用：快手" in text
