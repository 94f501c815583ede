"""Declarations read strictly, an office's own interface kept within bounds, and the door for persons."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.addresses import RefusedAddressError
from connectors.asking import Question, SourceAccount
from connectors.declaration_file import bundled
from connectors.door import archive_text
from connectors.http import Reply, Request
from connectors.office_source import parse_office_source, reach_of
from connectors.rows import read_instant
from connectors.signatures import signed
from connectors.signatures.bilibili import bilibili_signature
from connectors.sources import NAMES, bundled_sources
from connectors.windows import Window, plan_days
from connectors.yaml_lines import DeclarationError
from tests.support.office_source import TEXT

DAY = Window(date(2026, 8, 4), date(2026, 8, 4))


def line(needle: str, text: str = TEXT) -> int:
    return next(number for number, one in enumerate(text.splitlines(), 1) if needle in one)


def test_the_documented_sample_is_a_whole_declaration():
    source = parse_office_source(TEXT, "own_app.yml")
    assert source.accounts == {"A0041": {"app": "yunshan"}}
    assert source.declaration.endpoints["daily"].ready_hour == 6


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("publisher:", "publischer:", "publischer: 没有这一项"),
        ("most_pages: 5", "most_pages: 5000", "endpoints.daily.paging.most_pages"),
        ("from: $begin_on", "from: $start", "没有变量 $start"),
        ("secret: env:YUNSHAN_APP_KEY", "secret: hunter2hunter2", "不得直接写密钥"),
        ("source: yunshan_app_api", "source: 云杉", "source: 格式不对"),
        ("base_url: http://127.0.0.1:8080", "base_url: http://u:p@127.0.0.1/x", "应为 http(s)"),
        ("    day_key: date", '    day_key: a"b', "路径只能是"),
        ("asks: days", "asks: list", "自建接口只取账号级数字"),
        ("reach_days: 90", "reach_days: 9000", "请调小 reach_days"),
        ("active_users, unit", "new_users, unit", "new_users 已在 daily 中声明"),
        ("    path: /stats/daily", "    path: //evil.example/x", "path 应以单个 / 开头"),
    ],
)
def test_every_fault_is_named_with_its_line_and_never_with_a_secret(old, new, fault):
    text = TEXT.replace(old, new, 1)
    with pytest.raises(DeclarationError) as caught:
        parse_office_source(text, "own_app.yml")
    assert fault in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert all(one.startswith("own_app.yml:") for one in str(caught.value).splitlines())


def test_the_line_is_that_of_the_wrong_entry():
    text = TEXT.replace("publisher:", "publischer:", 1)
    with pytest.raises(
        DeclarationError, match=rf"own_app\.yml:{line('publischer', text)}: publischer"
    ):
        parse_office_source(text, "own_app.yml")


@pytest.mark.parametrize(
    "text",
    ["", "[1]", "a: [", "a: &x 1\nb: *x", "a: 1\na: 2", "a: 2026-02-30", "[" * 5000, "x" * 300_000],
)
def test_what_is_no_declaration_is_refused_with_a_sentence(text):
    with pytest.raises(DeclarationError, match=r"^f\.yml"):
        parse_office_source(text, "f.yml")


@pytest.mark.parametrize(
    ("addresses", "private_hosts", "refused"),
    [
        (["203.0.114.5"], (), []),
        (["10.1.2.3"], (), ["10.1.2.3"]),
        (["127.0.0.1"], (), ["127.0.0.1"]),
        (["169.254.169.254"], (), ["169.254.169.254"]),
        (["::1", "64:ff9b::10.0.0.1"], (), ["::1", "64:ff9b::10.0.0.1"]),
        (["203.0.114.5", "192.168.0.9"], (), ["192.168.0.9"]),
        (["10.1.2.3"], ("app.example",), []),
        (["10.1.2.3"], ("other.example",), ["10.1.2.3"]),
    ],
)
def test_a_private_address_is_reached_only_where_its_host_is_named(
    addresses, private_hosts, refused
):
    source = replace(parse_office_source(TEXT, "own_app.yml"), private_hosts=private_hosts)
    reach = reach_of(source, lambda *_: addresses)
    if not refused:
        assert reach.resolve("app.example", 9443) == addresses[0]
        return
    with pytest.raises(RefusedAddressError) as caught:
        reach.resolve("app.example", 9443)
    assert str(caught.value) == f"app.example 指向内部地址 {'、'.join(refused)}"


def test_every_bundled_source_tells_its_terms_and_keeps_within_its_quota():
    assert len(bundled_sources()) == len(NAMES)
    for source in bundled_sources().values():
        assert source.legal
        assert source.unverified
        for endpoint in source.endpoints.values():
            assert endpoint.paging is None or endpoint.paging.most_pages <= 20


def test_error_codes_are_taken_by_the_longest_declared_prefix():
    weibo = bundled("weibo")
    assert weibo.error("21335").next_step == "stop_endpoint"
    assert weibo.error("21399").next_step == "stop_account"
    assert weibo.error("20999").next_step == "go_on"
    assert weibo.error("30001") is None


@pytest.mark.parametrize(
    ("last", "window", "lost"),
    [
        (date(2026, 8, 3), ("2026-07-29", "2026-08-04"), None),
        (date(2026, 7, 27), ("2026-07-21", "2026-08-04"), None),
        (date(2026, 6, 30), ("2026-07-06", "2026-08-04"), ("2026-07-01", "2026-07-05")),
        (None, ("2026-07-06", "2026-08-04"), None),
    ],
)
def test_douyin_is_asked_for_the_shortest_length_that_heals(last, window, lost):
    fans = bundled("douyin").endpoints["data/external/user/fans"]
    plan = plan_days(fans, last, datetime(2026, 8, 5, 3, 0, tzinfo=UTC))
    assert [(str(one.begin_on), str(one.end_on)) for one in plan.windows] == [window]
    assert (plan.lost and (str(plan.lost.begin_on), str(plan.lost.end_on))) == lost


def test_the_dates_of_weibo_are_read_without_a_locale():
    assert read_instant("Wed Jan 24 11:19:36 +0800 2018", "weibo") == datetime(
        2018, 1, 24, 3, 19, 36, tzinfo=UTC
    )


@given(
    st.text() | st.integers() | st.none(), st.sampled_from(["weibo", "iso", "unix_s", "unix_ms"])
)
def test_any_time_at_all_is_an_instant_or_nothing(value, time_format):
    instant = read_instant(value, time_format)
    assert instant is None or instant.tzinfo is not None


def test_comments_leave_their_counts_at_the_door_and_nothing_else():
    endpoint = bundled("wechat").endpoints["comment/list"]
    body = {
        "errcode": 0,
        "comment": [{"openid": "o-secret", "content": "某人的话"}],
        "total": 0,
        "comment_cnt": 182,
    }
    question = Question(DAY, item_ids=("2247_2",))
    text = archive_text(endpoint, question, Reply(200, json.dumps(body).encode()), ())
    assert json.loads(text) == {
        "item_ids": ["2247_2"],
        "reply": {"errcode": 0, "total": 0, "comment_cnt": 182},
    }
    assert archive_text(endpoint, question, Reply(200, b"o-secret <html>"), ()) is None
    assert question.variables()["item_head"] == "2247"
    assert question.variables()["item_index"] == 1


def test_the_signature_covers_the_sorted_headers():
    headers = {"x-bili-b": "2", "x-bili-a": "1"}
    # HMAC-SHA256 of "x-bili-a:1\nx-bili-b:2" under "key", from another implementation (openssl).
    expected = "596344d4ba90b3e39d0d6296bc4ae63e13b13eadee7ef7b97fa3ce58b3241703"
    assert bilibili_signature(headers, "key") == expected
    account = SourceAccount("A", {"client_id": "c", "client_secret": "s", "access_token": "t"})
    now = datetime(2026, 8, 5, tzinfo=UTC)
    asked = signed(bundled("bilibili"), Request("GET", "/x"), account, now)
    given_headers = {k: v for k, v in asked.headers.items() if k.startswith("x-bili-")}
    assert asked.headers["Authorization"] == bilibili_signature(given_headers, "s")


@pytest.mark.parametrize(
    ("missed", "length", "lost"),
    [(1, 7, None), (4, 15, None), (12, 30, None), (40, 30, ("2026-07-10", "2026-07-19"))],
)
def test_douyin_is_asked_for_the_shortest_window_that_heals_what_was_missed(missed, length, lost):
    endpoint = bundled("douyin").endpoints["data/external/user/item"]
    now = datetime(2026, 8, 19, 3, 0, tzinfo=UTC)  # eleven in Shanghai: yesterday is ready
    plan = plan_days(endpoint, date(2026, 8, 18) - timedelta(days=missed), now)
    (window,) = plan.windows
    assert (window.end_on, (window.end_on - window.begin_on).days + 1) == (
        date(2026, 8, 18),
        length,
    )
    assert (plan.lost and (str(plan.lost.begin_on), str(plan.lost.end_on))) == lost
