"""WeCom, DingTalk and Feishu, over HTTP against bots that check what the real ones check."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors import chat_text, dingtalk, feishu, wecom
from connectors.chat import ChatMessage
from connectors.chat_text import CUT_MARK
from connectors.simulation.dingtalk_server import DingtalkServer
from connectors.simulation.faults import Fault
from connectors.simulation.feishu_server import FeishuServer
from connectors.simulation.wecom_server import WecomServer

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
MESSAGE = ChatMessage(
    channel="",
    title="时限将到：核实",
    lines=("案件 IMP-2026-0001  云衫新区发布", "时限 2026-11-23 13:00"),
    dedupe_key="k",
    severity="warning",
    link_url="https://juzhen.example/run?parameters=%7B%22a%22%3A(1)%7D",
    link_label="去办理",
    mobiles=("13800000001",),
)
HOSTILE = (
    "@all 全体",
    "@所有人",
    '<at user_id="all">所有人</at>',
    "<@all>",
    '<font color="warning">官方</font>',
    "[官网](https://evil.example/a)",
    "![](https://evil.example/x.png)",
    "# 标题\n> 引用 **粗** `码`",
    "\u202egnp.exe",
    "@13900000000",
)


class Clock:
    """Both clocks of a fake bot, moved by hand."""

    def __init__(self):
        self.passed_s = 0.0

    def now(self):
        return NOW + timedelta(seconds=self.passed_s)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(params=["wecom", "dingtalk", "feishu"])
def pair(request, clock):
    """A fake bot and the adapter that speaks to it."""
    kinds = {"wecom": WecomServer, "dingtalk": DingtalkServer, "feishu": FeishuServer}
    rate = {"now": clock.now, "rate_clock": lambda: clock.passed_s}
    with kinds[request.param](**rate) as server:
        adapters = {
            "wecom": lambda: wecom.WecomBot(server.webhook_url),
            "dingtalk": lambda: dingtalk.DingtalkRobot(
                server.webhook_url, server.secret, clock.now
            ),
            "feishu": lambda: feishu.FeishuBot(server.webhook_url, server.secret, clock.now),
        }
        yield server, adapters[request.param]()


def changed(**fields):
    return ChatMessage(**{name: getattr(MESSAGE, name) for name in MESSAGE.__slots__} | fields)


def test_a_message_arrives_with_link_and_person(pair):
    server, bot = pair
    assert bot.deliver(MESSAGE).status == "delivered"
    (taken,) = server.messages
    assert "时限将到：核实" in taken.title
    assert "IMP-2026-0001" in taken.text
    assert len(taken.links) == 1
    if isinstance(server, FeishuServer):  # its bots cannot call by number, and say so
        assert taken.called == ()
        assert "未能在飞书中提醒" in taken.text
    else:
        assert taken.called == ("13800000001",)


def test_a_user_id_of_the_platform_goes_before_the_number(pair):
    server, bot = pair
    assert bot.deliver(changed(mentions=("lin.xiao",) * 2)).status == "delivered"
    called = server.messages[0].called
    assert called == (() if isinstance(server, FeishuServer) else ("lin.xiao",))
    bot.deliver(changed(mentions=("ou_84aad35d",)))
    assert server.messages[1].called == ("ou_84aad35d",)


def test_names_from_outside_call_nobody_and_open_nothing(pair, clock):
    server, bot = pair
    marks = ["<", "@all", "@所有人", "\u202e", "https://evil"]
    marks += ["![", "](", "**", "`"] if isinstance(server, DingtalkServer) else []
    for text in HOSTILE:
        clock.passed_s += 1
        message = changed(
            title=text, lines=(text,), link_url=None, mentions=("all", "@all"), mobiles=("@all",)
        )
        assert bot.deliver(message).status == "delivered"
        taken = server.messages.pop()
        assert (taken.called, taken.links) == ((), ())
        assert [mark for mark in marks if mark in taken.title + taken.text] == []


def test_a_wrong_address_or_secret_is_refused_in_http_200_without_showing_it(pair, clock):
    server, _ = pair
    wrong = server.webhook_url.replace("simulated", "other-and-secret")
    bots = {
        WecomServer: lambda: wecom.WecomBot(wrong),
        DingtalkServer: lambda: dingtalk.DingtalkRobot(server.webhook_url, "SECwrong", clock.now),
        FeishuServer: lambda: feishu.FeishuBot(server.webhook_url, "wrong-one", clock.now),
    }
    delivery = bots[type(server)]().deliver(MESSAGE)
    assert delivery.status == "refused"
    # Of the three codes only WeCom's stands in no text of its platform that was at hand.
    assert ("待核实" in delivery.detail) == isinstance(server, WecomServer)
    assert all(secret not in delivery.detail for secret in ("other-and", "SECwrong", "wrong-one"))
    assert server.messages == []


def test_a_clock_two_hours_off_is_refused_and_named(clock):
    late = lambda: clock.now() - timedelta(hours=2)  # noqa: E731
    with DingtalkServer(now=clock.now) as one, FeishuServer(now=clock.now) as other:
        for bot in (
            dingtalk.DingtalkRobot(one.webhook_url, one.secret, late),
            feishu.FeishuBot(other.webhook_url, other.secret, late),
        ):
            delivery = bot.deliver(MESSAGE)
            assert (delivery.status, "时间" in delivery.detail) == ("refused", True)


def test_beyond_the_rate_the_platform_says_how_long_to_wait(pair, clock):
    server, bot = pair
    count, seconds = server.paces[-1]
    assert {bot.deliver(MESSAGE).status for _ in range(count)} == {"delivered"}
    limited = bot.deliver(MESSAGE)
    wait_s = 600.0 if isinstance(server, DingtalkServer) else 60.0
    assert (limited.status, limited.retry_after_s) == ("rate_limited", wait_s)
    clock.passed_s += max(seconds, server.blocked_s) - 0.5
    assert bot.deliver(MESSAGE).status == "rate_limited"
    clock.passed_s += max(seconds, server.blocked_s)
    assert bot.deliver(MESSAGE).status == "delivered"


def test_an_answer_lost_after_taking_is_unknown_and_no_answer_at_all_is_failed(pair):
    server, bot = pair
    for fault in ("dropped_after_accept", "truncated", "garbage", "empty_body", "http_500"):
        server.faults.replace([Fault(fault, times=1)])
        assert bot.deliver(MESSAGE).status == "unknown", fault
    server.faults.replace([Fault("rate_limited", times=1)])
    assert bot.deliver(MESSAGE).retry_after_s == 1.0
    server.__exit__(None, None, None)
    assert bot.deliver(MESSAGE).status == "failed"
    server.__enter__()


def test_bytes_are_counted_not_characters_and_the_link_is_kept(pair):
    server, bot = pair
    message = changed(lines=("行" * 9000, "又一行", "末行"))
    assert bot.deliver(message).status == "delivered"
    (taken,) = server.messages
    assert CUT_MARK in taken.text
    assert len(taken.links) == 1


def test_what_does_not_fit_is_counted(pair):
    server, bot = pair
    lines = tuple(f"第 {number} 项 {'文' * 90}" for number in range(400))
    assert bot.deliver(changed(lines=lines)).status == "delivered"
    assert "行未显示" in server.messages[0].text


def test_the_signatures_are_what_openssl_computes():
    at = datetime.fromtimestamp(1599360473, UTC)
    assert feishu.signed_fields("demo", at) == {
        "timestamp": "1599360473",
        "sign": "l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8=",
    }
    assert dingtalk.signed_query("SECdemo", at) == {
        "timestamp": "1599360473000",
        "sign": "tGWkA5eQOQNCNPDgphtxIoNLO+/gD8Lcb705KQoRzeY=",
    }


def test_no_address_is_refused_without_repeating_it():
    with pytest.raises(ValueError, match="not an http or https address") as caught:
        wecom.WecomBot("qyapi.weixin.qq.com?key=secret-key")
    assert "secret-key" not in str(caught.value)


@given(
    text=st.text(max_size=300),
    limit=st.integers(40, 400),
    measure=st.sampled_from([chat_text.utf8_bytes, chat_text.json_bytes]),
)
def test_a_cut_text_is_within_the_bytes_and_says_so(text, limit, measure):
    plain = chat_text.clean(text)
    kept = chat_text.cut(plain, limit, measure)
    assert measure(kept) <= limit
    assert kept == plain or (kept.endswith(CUT_MARK) and plain.startswith(kept[: -len(CUT_MARK)]))


@settings(max_examples=40)
@given(
    title=st.text(max_size=300),
    lines=st.lists(st.text(max_size=300) | st.just('"\\' * 3000), max_size=70),
    ids=st.lists(st.text(max_size=12), max_size=4),
    link=st.none() | st.text(max_size=40),
)
def test_every_message_is_within_the_limits(title, lines, ids, link):
    message = ChatMessage("", title, tuple(lines), "k", "critical", link, link, tuple(ids))
    content = wecom.body_of(message)["text"]["content"]
    assert 0 < len(content.encode()) <= wecom.MAX_TEXT_BYTES
    for body in (dingtalk.body_of(message), feishu.body_of(message)):
        assert len(json.dumps(body, ensure_ascii=False).encode()) < 19_800
