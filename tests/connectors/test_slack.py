"""Sending to Slack over real HTTP: the simulated workspace, and answers it would never give."""

import logging
from datetime import UTC, datetime, timedelta

import pytest

from connectors.chat import ChatMessage
from connectors.simulation.slack_server import SlackServer
from connectors.slack import SlackApi, SlackWebhook

NOW = datetime(2026, 8, 5, 2, 0, tzinfo=UTC)
MESSAGE = ChatMessage("C0DUTY", "疑似假冒账号", ("云杉发布（假）",), "case-1/step-1")
TOKEN = "xoxb-very-secret"


@pytest.fixture
def slack(loopback):
    with SlackServer(now=NOW) as server:
        yield server


def client(slack):
    return SlackApi(slack.token, base_url=slack.api_url, timeout_s=5)


def test_a_message_arrives_with_its_key(slack):
    delivery = client(slack).deliver(MESSAGE)
    (stored,) = slack.messages
    assert (delivery.status, delivery.reference) == ("delivered", stored.ts)
    assert stored.text == "疑似假冒账号 云杉发布（假）"
    assert stored.metadata == {
        "event_type": "juzhen_message",
        "event_payload": {"dedupe_key": "case-1/step-1"},
    }


def test_a_lost_answer_is_unknown_and_found_again_by_its_key(slack):
    slack.faults.replace(["dropped_after_accept"])
    api = client(slack)
    delivery = api.deliver(MESSAGE)
    assert (delivery.status, delivery.reference) == ("unknown", None)
    assert "可能已经发出" in delivery.detail
    slack.faults.replace([])
    found = api.find_delivery("C0DUTY", "case-1/step-1", NOW - timedelta(minutes=5))
    assert (found.status, found.reference) == ("delivered", slack.messages[0].ts)
    assert len(slack.messages) == 1


def test_a_message_that_is_not_in_the_history_may_be_sent_again(slack):
    api = client(slack)
    for number in range(450):
        slack._store(slack_message(number))
    found = api.find_delivery("C0DUTY", "never-sent", NOW - timedelta(minutes=5))
    assert found.status == "failed"
    first = api.find_delivery("C0DUTY", "key-0", NOW - timedelta(minutes=5))
    assert first.reference == slack.messages[0].ts


def slack_message(number):
    from connectors.simulation.slack_message import SlackMessage

    payload = {"dedupe_key": f"key-{number}"}
    metadata = {"event_type": "juzhen_message", "event_payload": payload}
    return SlackMessage("C0DUTY", "", "x", metadata=metadata)


def test_a_message_sent_before_the_time_given_is_not_found(slack):
    api = client(slack)
    api.deliver(MESSAGE)
    assert api.find_delivery("C0DUTY", "case-1/step-1", NOW + timedelta(hours=1)).status == "failed"


def test_a_rate_limit_gives_the_seconds_and_does_not_wait(slack):
    slack.faults.replace(["rate_limited"])
    delivery = client(slack).deliver(MESSAGE)
    assert (delivery.status, delivery.retry_after_s) == ("rate_limited", 1.0)
    assert slack.messages == []


def test_refusals_tell_a_person_what_to_do(slack):
    wrong_token = SlackApi(TOKEN, base_url=slack.api_url).deliver(MESSAGE)
    assert (wrong_token.status, wrong_token.detail) == (
        "refused",
        "Slack：令牌无效，请更新 Slack 令牌（invalid_auth）",
    )
    wrong_channel = client(slack).deliver(ChatMessage("C0NONE", "题", (), "k"))
    assert (wrong_channel.status, wrong_channel.detail) == (
        "refused",
        "Slack：频道不存在，请核对频道编号（channel_not_found）",
    )
    assert client(slack).find_delivery("C0NONE", "k", NOW).status == "unknown"


@pytest.mark.parametrize("fault", ["http_500", "truncated", "garbage", "empty_body"])
def test_an_answer_that_cannot_be_read_is_unknown(slack, fault):
    slack.faults.replace([fault])
    assert client(slack).deliver(MESSAGE).status == "unknown"
    assert client(slack).find_delivery("C0DUTY", "k", NOW).status == "unknown"
    assert SlackWebhook(slack.webhook_url).deliver(MESSAGE).status in {"unknown"}


def test_a_webhook_is_delivered_only_by_its_word(slack):
    assert SlackWebhook(slack.webhook_url).deliver(MESSAGE).status == "delivered"
    assert slack.messages[0].sent_by == "webhook"
    gone = SlackWebhook(slack.webhook_url + "x").deliver(MESSAGE)
    assert (gone.status, gone.detail) == (
        "refused",
        "Slack：接收地址已停用或不存在，请重新生成（no_service）",
    )


@pytest.mark.parametrize(
    ("status", "headers", "body", "expected"),
    [
        (200, {}, {"ok": True, "ts": "1.2"}, "delivered"),
        (200, {}, {"ok": False, "error": "is_archived"}, "refused"),
        (200, {}, {"ok": False, "error": "some_new_word"}, "refused"),
        (200, {}, {"ok": False, "error": "service_unavailable"}, "failed"),
        (200, {}, {"ok": False, "error": "internal_error"}, "unknown"),
        (200, {}, {"ok": False}, "unknown"),
        (200, {}, {"ok": False, "error": ["list"]}, "unknown"),
        (200, {}, {}, "unknown"),
        (200, {}, [1, 2], "unknown"),
        (200, {}, '"text"', "unknown"),
        (200, {}, b"\xff\xfe", "unknown"),
        (200, {"Content-Type": "text/html; charset=no-such"}, "x", "unknown"),
        (500, {}, {"ok": False, "error": "fatal_error"}, "unknown"),
        (502, {}, "<html>bad gateway</html>", "unknown"),
        (503, {}, "later", "failed"),
        (403, {}, "<html>proxy says no</html>", "refused"),
        (429, {"Retry-After": "17"}, "slow down", "rate_limited"),
        (429, {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, "", "rate_limited"),
        (200, {}, {"ok": False, "error": "ratelimited"}, "rate_limited"),
    ],
)
def test_every_answer_has_one_meaning(loopback, answer, status, headers, body, expected):
    loopback.answer = lambda _: answer(body, status=status, headers=headers)
    delivery = SlackApi(TOKEN, base_url=f"{loopback.url}/api/").deliver(MESSAGE)
    assert delivery.status == expected
    assert len(loopback.asked) == 1


@pytest.mark.parametrize(
    ("given", "waits_s"),
    [("17", 17.0), ("0", 1.0), ("999999", 3600.0), ("soon", 30.0), ("-5", 30.0)],
)
def test_the_wait_asked_for_is_bounded(loopback, answer, given, waits_s):
    loopback.answer = lambda _: answer("", status=429, headers={"Retry-After": given})
    for sender in (SlackApi(TOKEN, base_url=loopback.url), SlackWebhook(f"{loopback.url}/hook")):
        delivery = sender.deliver(MESSAGE)
        assert (delivery.status, delivery.retry_after_s) == ("rate_limited", waits_s)


def test_a_connection_dropped_after_sending_is_tried_once_and_unknown(loopback, answer):
    loopback.answer = lambda _: answer(is_dropped=True)
    assert SlackApi(TOKEN, base_url=loopback.url).deliver(MESSAGE).status == "unknown"
    assert SlackWebhook(f"{loopback.url}/hook").deliver(MESSAGE).status == "unknown"
    assert len(loopback.asked) == 2


def test_a_timeout_after_sending_is_unknown(loopback, answer):
    loopback.answer = lambda _: answer(is_held=True)
    assert SlackApi(TOKEN, base_url=loopback.url, timeout_s=1).deliver(MESSAGE).status == "unknown"


def test_a_refused_connection_is_certainly_not_delivered(loopback):
    closed = "http://127.0.0.1:1"
    assert SlackApi(TOKEN, base_url=closed).deliver(MESSAGE).status == "failed"
    assert SlackWebhook(f"{closed}/services/T0/B0/s3cret").deliver(MESSAGE).status == "failed"


@pytest.mark.parametrize(
    "page",
    [
        {"ok": True},
        {"ok": True, "messages": 5},
        {"ok": True, "messages": [5, None, {"metadata": 7}], "has_more": True},
        {"ok": True, "messages": [], "response_metadata": {"next_cursor": "same"}},
    ],
)
def test_a_history_that_makes_no_sense_or_never_ends_stays_unknown(loopback, answer, page):
    loopback.answer = lambda _: answer(page)
    api = SlackApi(TOKEN, base_url=loopback.url)
    assert api.find_delivery("C0DUTY", "k", NOW).status == "unknown"
    assert len(loopback.asked) <= 10


def test_no_token_or_address_reaches_details_or_logs(loopback, answer, caplog):
    caplog.set_level(logging.DEBUG)
    loopback.answer = lambda _: answer({"ok": False, "error": f"bad_{TOKEN}_here"})
    seen = repr(SlackApi(TOKEN, base_url=loopback.url).deliver(MESSAGE))
    loopback.answer = lambda _: answer("no_such_hook", status=404)
    seen += repr(SlackWebhook(f"{loopback.url}/services/T0/B0/s3cret").deliver(MESSAGE))
    seen += repr(SlackWebhook("http://127.0.0.1:1/services/T0/B0/s3cret").deliver(MESSAGE))
    assert TOKEN not in seen + caplog.text
    assert "s3cret" not in seen + caplog.text
