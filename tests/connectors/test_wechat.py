"""The WeChat connector over real HTTP on loopback: every kind of answer becomes an outcome."""

import json
import logging
from datetime import UTC, date, datetime

import pytest

from connectors.asking import SourceAccount
from connectors.declaration_file import bundled
from connectors.http import RetryPolicy, http_client
from connectors.source import Pace, fetch_account
from connectors.windows import Window

AFTERNOON = datetime(2026, 8, 5, 6, 0, tzinfo=UTC)  # 14:00 in Shanghai
MORNING = datetime(2026, 8, 5, 0, 30, tzinfo=UTC)  # 08:30 in Shanghai
WECHAT = bundled("wechat")
ACCOUNT = SourceAccount("A-1", {"appid": "wx-appid", "secret": "very-secret-value"})
WEEK = Window(date(2026, 7, 29), date(2026, 8, 4))
YESTERDAY = Window(date(2026, 8, 4), date(2026, 8, 4))


def summary(*days, **changes):
    row = {"user_source": 30, "new_user": 149, "cancel_user": 1} | changes
    return {"list": [{"ref_date": day, **row} for day in days]}


class Platform:
    """Answers tokens by itself and everything else from the list given, in order."""

    def __init__(self, loopback, answer, replies, tokens=("T-1", "T-2", "T-3")):
        self.answer, self.replies, self.tokens = answer, list(replies), list(tokens)
        self.loopback, loopback.answer = loopback, self

    def __call__(self, asked):
        if asked.path == "/cgi-bin/stable_token":
            token = self.tokens.pop(0)
            if isinstance(token, self.answer):
                return token
            body = {"access_token": token, "expires_in": 7200}
            return self.answer(token if isinstance(token, dict) else body)
        reply = self.replies.pop(0)
        return reply if isinstance(reply, self.answer) else self.answer(reply)

    def calls(self, path="/datacube"):
        return [asked for asked in self.loopback.asked if asked.path.startswith(path)]


def run(loopback, windows=None, now=AFTERNOON, waits=None, **options):
    waited = [] if waits is None else waits
    retry = RetryPolicy(waits_s=(1.0, 5.0), sleep=waited.append)
    windows = windows or {"getusersummary": [WEEK]}
    with http_client(loopback.url, timeout_s=2) as client:
        return list(
            fetch_account(client, WECHAT, ACCOUNT, windows, Pace(lambda: now, retry), **options)
        )


def only(fetches):
    assert len(fetches) == 1
    return fetches[0]


def test_rows_are_archived_exactly_as_they_came(loopback, answer):
    body = json.dumps(summary("2026-08-04"), indent=1)
    platform = Platform(loopback, answer, [answer(body)])
    fetch = only(run(loopback))
    assert fetch.payload.body == body
    assert fetch.outcome.status == "value"
    assert fetch.outcome.row_count == 1
    assert fetch.outcome.payload_sha256 == fetch.payload.payload_sha256
    assert (fetch.outcome.source, fetch.outcome.endpoint) == ("wechat_api", "getusersummary")
    call = only(platform.calls())
    assert call.json == {"begin_date": "2026-07-29", "end_date": "2026-08-04"}
    assert call.query == {"access_token": "T-1"}
    assert "juzhen" in call.headers["User-Agent"]


def test_days_without_a_row_are_named(loopback, answer):
    days = [f"2026-07-{day}" for day in (29, 30, 31)] + ["2026-08-01", "2026-08-02"]
    Platform(loopback, answer, [summary(*days)])
    fetch = only(run(loopback))
    assert fetch.outcome.message == "无数据的日期：2026-08-03、2026-08-04"


def test_an_empty_list_in_the_morning_is_not_ready_and_later_absent(loopback, answer):
    Platform(loopback, answer, [{"list": []}])
    assert only(run(loopback, now=MORNING)).outcome.status == "not_ready"
    Platform(loopback, answer, [{"list": []}])
    assert only(run(loopback, now=AFTERNOON)).outcome.status == "absent"


def test_an_empty_list_for_an_old_day_is_absent_even_in_the_morning(loopback, answer):
    Platform(loopback, answer, [{"list": []}])
    old = {"getarticleshare": [Window(date(2026, 8, 1), date(2026, 8, 1))]}
    assert only(run(loopback, old, now=MORNING)).outcome.status == "absent"


def test_delayed_figures_are_not_ready_even_when_some_rows_are_there(loopback, answer):
    row = {"ref_date": "2026-08-04", "msgid": "1_1", "detail": {"read_user": 5}}
    Platform(loopback, answer, [{"list": [row], "is_delay": True}])
    fetch = only(run(loopback, {"getarticleread": [YESTERDAY]}))
    assert fetch.outcome.status == "not_ready"
    assert fetch.payload is not None


def test_an_expired_token_is_renewed_once_and_the_call_repeated(loopback, answer):
    expired = {"errcode": 42001, "errmsg": "access_token expired"}
    platform = Platform(loopback, answer, [expired, summary("2026-08-04")])
    assert only(run(loopback)).outcome.status == "value"
    assert [call.query["access_token"] for call in platform.calls()] == ["T-1", "T-2"]
    assert [call.json["force_refresh"] for call in platform.calls("/cgi-bin")] == [False, False]


def test_a_new_token_is_forced_only_when_the_refused_one_comes_again(loopback, answer):
    invalid = {"errcode": 40001, "errmsg": "invalid credential"}
    platform = Platform(
        loopback, answer, [invalid, summary("2026-08-04")], tokens=["T-1", "T-1", "T-2"]
    )
    assert only(run(loopback)).outcome.status == "value"
    assert [call.json["force_refresh"] for call in platform.calls("/cgi-bin")] == [
        False,
        False,
        True,
    ]


def test_a_token_refused_twice_closes_the_account(loopback, answer):
    invalid = {"errcode": 40014, "errmsg": "invalid access_token"}
    platform = Platform(loopback, answer, [invalid, invalid])
    first, second = run(loopback, {"getusersummary": [WEEK], "getusercumulate": [WEEK]})
    assert (first.outcome.status, first.outcome.platform_code) == ("refused", "40014")
    assert (second.outcome.status, second.payload) == ("refused", None)
    assert second.outcome.message.startswith("未请求：")
    assert len(platform.calls()) == 2


def test_the_daily_quota_closes_the_endpoint_and_not_the_others(loopback, answer):
    exhausted = {"errcode": 45009, "errmsg": "reach max api daily quota limit"}
    Platform(
        loopback, answer, [exhausted, {"list": [{"ref_date": "2026-08-04", "cumulate_user": 9}]}]
    )
    days = [Window(date(2026, 8, day), date(2026, 8, day)) for day in (3, 4)]
    fetches = run(loopback, {"getusersummary": days, "getusercumulate": [YESTERDAY]})
    assert [fetch.outcome.status for fetch in fetches] == [
        "quota_exhausted",
        "quota_exhausted",
        "value",
    ]


def test_our_own_quota_leaves_a_reserve_for_people(loopback, answer):
    platform = Platform(loopback, answer, [summary("2026-08-04")])
    calls = {"getusersummary": 799}
    fetches = run(loopback, {"getusersummary": [YESTERDAY, YESTERDAY]}, calls_today=calls)
    assert [fetch.outcome.status for fetch in fetches] == ["value", "quota_exhausted"]
    assert len(platform.calls()) == 1
    assert calls == {"getusersummary": 799}


@pytest.mark.parametrize(
    ("code", "status", "next_status"),
    [
        (48001, "refused", "value"),
        (40164, "refused", "refused"),
        (40013, "refused", "refused"),
        (47009, "retired", "value"),
        (61501, "failed", "value"),
        (61503, "not_ready", "value"),
        (47001, "failed", "value"),
        (99999, "failed", "value"),
        ("48001", "refused", "value"),
    ],
)
def test_every_error_code_is_taken_as_declared(loopback, answer, code, status, next_status):
    cumulate = {"list": [{"ref_date": "2026-08-04", "cumulate_user": 9}]}
    Platform(loopback, answer, [{"errcode": code, "errmsg": "as recorded"}, cumulate])
    first, second = run(loopback, {"getusersummary": [YESTERDAY], "getusercumulate": [YESTERDAY]})
    assert (first.outcome.status, first.outcome.platform_code) == (status, str(code))
    assert "as recorded" in first.outcome.message
    assert "as recorded" in first.payload.body
    assert second.outcome.status == next_status


@pytest.mark.parametrize("code", [-1, 45011])
def test_a_busy_platform_is_asked_again_after_each_wait(loopback, answer, code):
    busy = {"errcode": code, "errmsg": "busy"}
    waits = []
    Platform(loopback, answer, [busy, busy, summary("2026-08-04")])
    assert only(run(loopback, waits=waits)).outcome.status == "value"
    assert waits == [1.0, 5.0]


def test_a_server_error_is_tried_again_and_then_recorded(loopback, answer):
    Platform(loopback, answer, [answer("boom", status=500)] * 3)
    fetch = only(run(loopback))
    assert (fetch.outcome.status, fetch.outcome.http_status) == ("failed", 500)
    assert fetch.outcome.message == "/datacube/getusersummary：服务器返回 HTTP 500"
    assert fetch.payload.body == "boom"


def test_a_dropped_connection_leaves_an_outcome_without_payload(loopback, answer):
    Platform(loopback, answer, [answer(is_dropped=True)] * 3)
    fetch = only(run(loopback))
    assert (fetch.outcome.status, fetch.payload) == ("failed", None)
    assert "连接失败" in fetch.outcome.message


def test_a_platform_that_is_down_is_not_asked_for_every_window(loopback, answer):
    platform = Platform(loopback, answer, [answer(is_dropped=True)] * 9)
    fetches = run(loopback, {"getusersummary": [YESTERDAY] * 5})
    assert [fetch.outcome.status for fetch in fetches] == ["failed"] * 5
    assert len(platform.calls()) == 9
    assert fetches[4].outcome.message.startswith("未请求：平台连续 3 次无法访问")


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "应答为空"),
        (b"<html>gateway</html>", "应答不是 JSON"),
        (b"\xff\xfe\x00garbage", "应答不是 UTF-8"),
        (b"[1, 2]", "不是对象"),
        (b'{"list": NaN}', "应答不是 JSON"),
        (b"[" * 100_000, "应答不是 JSON"),
        (b"{}", "缺少列表 list"),
        (b'{"list": {}}', "缺少列表 list"),
        (b'{"list": [7]}', "第 1 行不是对象"),
        (b'{"errcode": [1]}', "errcode 不是数字"),
        (b'{"list": [{"ref_date": "2026-08-04"}]}', "缺少 user_source、new_user、cancel_user"),
        (json.dumps(summary("2026-01-01")).encode(), "不在所问日期内"),
        (json.dumps(summary("no day")).encode(), "不在所问日期内"),
        (json.dumps(summary("2026-08-04", new_user="many")).encode(), "new_user 不是数字：'many'"),
        (json.dumps(summary("2026-08-04", new_user=True)).encode(), "new_user 不是数字"),
    ],
)
def test_what_cannot_be_understood_fails_with_a_sentence_and_is_archived(
    loopback, answer, body, sentence
):
    Platform(loopback, answer, [answer(body)])
    fetch = only(run(loopback))
    assert fetch.outcome.status == "failed"
    assert sentence in fetch.outcome.message
    assert (fetch.payload is not None) == bool(body)


def test_a_byte_order_mark_and_numbers_as_text_are_still_values(loopback, answer):
    body = "\ufeff" + json.dumps(summary("2026-08-04", new_user="149"))
    Platform(loopback, answer, [answer(body)])
    fetch = only(run(loopback, {"getusersummary": [YESTERDAY]}))
    assert fetch.outcome.status == "value"
    assert fetch.outcome.message == "new_user 的数字以文本给出"
    assert json.loads(fetch.payload.body)["list"][0]["new_user"] == "149"


def test_a_reply_without_end_is_cut_off(loopback, answer):
    Platform(loopback, answer, [answer(b" " * (17 * 1024 * 1024))])
    fetch = only(run(loopback))
    assert fetch.outcome.status == "failed"
    assert "超过" in fetch.outcome.message


def test_a_redirect_is_not_followed(loopback, answer):
    Platform(loopback, answer, [answer(status=302, headers={"Location": loopback.url + "/trap"})])
    assert only(run(loopback)).outcome.message.endswith("HTTP 302")
    assert "/trap" not in [asked.path for asked in loopback.asked]


def test_without_a_token_nothing_is_asked_and_every_window_says_why(loopback, answer):
    refused = answer({"errcode": 40164, "errmsg": "invalid ip 203.0.113.7, not in whitelist"})
    platform = Platform(loopback, answer, [], tokens=[refused])
    fetches = run(loopback, {"getusersummary": [WEEK], "getusercumulate": [WEEK]})
    assert [fetch.outcome.status for fetch in fetches] == ["refused", "refused"]
    assert "203.0.113.7" in fetches[0].outcome.message
    assert platform.calls() == []


@pytest.mark.parametrize("body", [b"", b"{}", b'{"access_token": 5}', b"nonsense"])
def test_an_unreadable_token_reply_is_a_failure(loopback, answer, body):
    Platform(loopback, answer, [], tokens=[answer(body)])
    assert only(run(loopback)).outcome.status == "failed"


def item(number, update_time):
    return {"article_id": f"art-{number}", "content": {"news_item": []}, "update_time": update_time}


def test_the_content_list_is_read_page_by_page_until_it_ends(loopback, answer):
    pages = [
        {"total_count": 21, "item_count": 20, "item": [item(n, 1785800000) for n in range(20)]},
        {"total_count": 21, "item_count": 1, "item": [item(20, 1785700000)]},
    ]
    platform = Platform(loopback, answer, pages)
    fetches = run(loopback, {"freepublish/batchget": [Window(date(2026, 7, 7), date(2026, 8, 5))]})
    assert [fetch.outcome.row_count for fetch in fetches] == [20, 1]
    assert [call.json["offset"] for call in platform.calls("/cgi-bin/freepublish")] == [0, 20]


def test_the_content_list_stops_at_a_page_older_than_the_window(loopback, answer):
    old = {"total_count": 500, "item": [item(n, "1700000000") for n in range(20)]}
    Platform(loopback, answer, [old])
    only(run(loopback, {"freepublish/batchget": [Window(date(2026, 7, 7), date(2026, 8, 5))]}))


def test_a_content_list_that_never_ends_stops_at_the_page_ceiling(loopback, answer):
    page = {"total_count": 10**9, "item": [item(1, 1785800000)]}
    Platform(loopback, answer, [page] * 30)
    fetches = run(loopback, {"freepublish/batchget": [Window(date(2026, 7, 7), date(2026, 8, 5))]})
    assert [fetch.outcome.status for fetch in fetches] == ["value"] * 20 + ["failed"]
    assert "已到 20 页上限" in fetches[-1].outcome.message


def test_no_secret_reaches_outcomes_payloads_or_logs(loopback, answer, caplog):
    caplog.set_level(logging.DEBUG)
    echo = {"errcode": 99998, "errmsg": "token SEKRIT-TOKEN of very-secret-value is odd"}
    Platform(loopback, answer, [echo], tokens=["SEKRIT-TOKEN"])
    fetch = only(run(loopback))
    seen = f"{fetch!r} {ACCOUNT!r} {caplog.text}"
    assert "SEKRIT-TOKEN" not in seen
    assert "very-secret-value" not in seen
    assert "HTTP Request" in caplog.text


def test_a_window_for_an_unknown_endpoint_is_a_mistake_of_the_caller(loopback):
    with pytest.raises(KeyError, match="getarticletotal"):
        run(loopback, {"getarticletotal": [WEEK]})
