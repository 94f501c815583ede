"""The fake Slack, spoken to by slack_sdk itself."""

from datetime import UTC, datetime

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from connectors.simulation.faults import Fault
from connectors.simulation.slack_server import SlackServer

NOW = datetime(2026, 11, 21, 1, 5, tzinfo=UTC)
SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "*假冒账号* 待核实"}}


@pytest.fixture
def server():
    with SlackServer(now=NOW) as running:
        yield running


def client(server, token=None):
    return WebClient(token=token or server.token, base_url=server.api_url, retry_handlers=[])


def error_of(call, **arguments):
    with pytest.raises(SlackApiError) as caught:
        call(**arguments)
    return caught.value.response["error"]


def test_a_message_is_stored_and_found_again_by_its_metadata(server):
    slack = client(server)
    assert slack.auth_test()["user"] == "juzhen"
    metadata = {"event_type": "juzhen_outbox", "event_payload": {"dedupe_key": "k-1"}}
    sent = slack.chat_postMessage(channel="#值班", text="提醒", blocks=[SECTION], metadata=metadata)
    assert (sent["channel"], sent["ts"]) == ("C0DUTY", "1795223100.000001")
    plain = slack.conversations_history(channel="C0DUTY")["messages"][0]
    full = slack.conversations_history(channel="C0DUTY", include_all_metadata=True)["messages"][0]
    assert "metadata" not in plain
    assert full["metadata"]["event_payload"] == {"dedupe_key": "k-1"}
    assert full["blocks"] == [SECTION]


def test_a_form_body_is_taken_like_a_json_body(server):
    slack = client(server)
    data = {"channel": "C0CASES", "text": "甲", "blocks": '[{"type": "divider"}]'}
    assert slack.api_call("chat.postMessage", data=data)["ok"] is True
    assert (server.messages[0].text, server.messages[0].blocks) == ("甲", ({"type": "divider"},))


def test_history_is_newest_first_and_comes_in_pages(server):
    slack = client(server)
    for text in ("一", "二", "三"):
        slack.chat_postMessage(channel="C0DUTY", text=text)
    first = slack.conversations_history(channel="C0DUTY", limit=2)
    cursor = first["response_metadata"]["next_cursor"]
    rest = slack.conversations_history(channel="C0DUTY", limit=2, cursor=cursor)
    assert [message["text"] for message in first["messages"]] == ["三", "二"]
    assert [message["text"] for message in rest["messages"]] == ["一"]
    assert (first["has_more"], rest["has_more"]) == (True, False)


def test_history_is_bounded_in_time_and_takes_ids_only(server):
    slack = client(server)
    ts = [slack.chat_postMessage(channel="#值班", text=text)["ts"] for text in ("一", "二", "三")]

    def texts(**arguments):
        found = slack.conversations_history(channel="C0DUTY", **arguments)["messages"]
        return [message["text"] for message in found]

    assert texts(oldest=ts[0], latest=ts[2]) == ["二"]
    assert texts(oldest=ts[0], latest=ts[2], inclusive=True) == ["三", "二", "一"]
    assert error_of(slack.conversations_history, channel="#值班") == "channel_not_found"


def test_a_message_can_be_changed(server):
    slack = client(server)
    ts = slack.chat_postMessage(channel="C0DUTY", text="未办")["ts"]
    slack.chat_update(channel="C0DUTY", ts=ts, text="已办")
    assert [(message.text, message.is_edited) for message in server.messages] == [("已办", True)]
    assert error_of(slack.chat_update, channel="C0DUTY", ts="1.1", text="x") == "message_not_found"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"channel": "C0NONE", "text": "x"}, "channel_not_found"),
        ({"channel": "C0DUTY", "text": ""}, "no_text"),
        ({"channel": "C0DUTY", "text": "长" * 40_001}, "msg_too_long"),
        ({"channel": "C0DUTY", "blocks": [{"type": "divider"}] * 51}, "invalid_blocks"),
        ({"channel": "C0DUTY", "blocks": [{"type": "unheard_of"}]}, "invalid_blocks"),
        (
            {
                "channel": "C0DUTY",
                "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "长" * 3_001}}],
            },
            "invalid_blocks",
        ),
        (
            {
                "channel": "C0DUTY",
                "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "长" * 3_000}}]
                * 5,
            },
            "msg_blocks_too_long",
        ),
        ({"channel": "C0DUTY", "text": "x", "metadata": {"event_type": "x"}}, "invalid_arguments"),
    ],
)
@pytest.mark.filterwarnings("ignore:The top-level `text` argument")
def test_what_slack_refuses_is_refused(server, arguments, error):
    assert error_of(client(server).chat_postMessage, **arguments) == error
    assert server.messages == []


def test_wrong_token_and_unknown_method(server):
    stranger = client(server, token="xoxb-other")
    assert error_of(stranger.chat_postMessage, channel="C0DUTY", text="x") == "invalid_auth"
    assert error_of(client(server).users_list) == "unknown_method"


def test_the_webhook_answers_with_a_word(server):
    good = WebhookClient(server.webhook_url, retry_handlers=[])
    bad = WebhookClient(server.webhook_url + "x", retry_handlers=[])
    answers = [good.send(text="提醒", blocks=[SECTION]), good.send(text=""), bad.send(text="x")]
    assert [(answer.status_code, answer.body) for answer in answers] == [
        (200, "ok"),
        (400, "no_text"),
        (404, "no_service"),
    ]
    assert [(one.channel, one.sent_by) for one in server.messages] == [("C0DUTY", "webhook")]


def test_an_answer_lost_after_the_message_was_stored(server):
    server.faults.replace([Fault("dropped_after_accept", endpoint="chat.postMessage", times=1)])
    with pytest.raises(ConnectionError):
        client(server).chat_postMessage(channel="C0DUTY", text="只此一次")
    assert [message.text for message in server.messages] == ["只此一次"]


def test_rate_limited_and_broken_answers_store_nothing_or_say_so(server):
    slack = client(server)
    server.faults.replace([Fault("rate_limited", times=1)])
    with pytest.raises(SlackApiError) as caught:
        slack.chat_postMessage(channel="C0DUTY", text="x")
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "1"
    assert server.messages == []
    server.faults.replace([Fault("http_500", times=1)])
    with pytest.raises(SlackApiError) as caught:
        slack.chat_postMessage(channel="C0DUTY", text="x")
    assert caught.value.response.status_code == 500


def test_one_message_a_second_and_channel():
    clock = iter([10.0, 10.5, 10.6, 11.0])
    with SlackServer(now=NOW, rate_clock=lambda: next(clock)) as server:
        slack = client(server)
        slack.chat_postMessage(channel="C0DUTY", text="一")
        assert error_of(slack.chat_postMessage, channel="C0DUTY", text="二") == "ratelimited"
        slack.chat_postMessage(channel="C0CASES", text="三")
        slack.chat_postMessage(channel="C0DUTY", text="四")
        assert [message.text for message in server.messages] == ["一", "三", "四"]


def test_the_transcript_escapes_everything_and_frames_what_got_through(server, tmp_path):
    slack = client(server)
    slack.chat_postMessage(channel="C0DUTY", text="名称:&lt;!channel&gt; <script>alert(1)</script>")
    slack.chat_postMessage(channel="C0DUTY", text="<!channel> <https://example.invalid/x|打开>")
    path = tmp_path / "chat.html"
    server.write_transcript(path, "值班消息 & 记录")
    page = path.read_text(encoding="utf-8")
    assert "<h1>值班消息 &amp; 记录</h1>" in page
    assert "<p>名称:&lt;!channel&gt; <mark>script</mark>alert(1)<mark>/script</mark></p>" in page
    assert "<p><mark>!channel</mark> <mark>打开 (https://example.invalid/x)</mark></p>" in page
    assert "2026-11-21 09:05:00 · #值班" in page
    assert "<script" not in page
