"""Whatever reaches a fake platform, it answers; a crash there would look like a platform's fault."""

import json
from datetime import UTC, datetime
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.simulation.district import build_district
from connectors.simulation.loopback import Request
from connectors.simulation.slack_server import WEBHOOK_PATH, SlackServer
from connectors.simulation.slack_transcript import transcript_html
from connectors.simulation.wechat_server import WechatServer

NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=20)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
blocks = st.lists(
    st.dictionaries(
        st.sampled_from(["type", "text", "fields", "elements"]),
        values | st.sampled_from(["section", "header", "context", "actions", "divider"]),
    ),
    max_size=3,
)


def slack_bodies():
    known = {"channel": st.just("C0DUTY"), "token": st.just("xoxb-simulated-not-a-secret")}
    names = ("text", "metadata", "limit", "cursor", "oldest", "ts", "payload")
    return st.fixed_dictionaries(
        known, optional=dict.fromkeys(names, values) | {"blocks": blocks | values}
    )


@cache
def wechat():
    return WechatServer(build_district(), now=NOW)


@cache
def token():
    known = wechat().credentials("A0005")
    asked = {"grant_type": "client_credential", "appid": known.appid, "secret": known.secret}
    request = Request("POST", "/cgi-bin/stable_token", {}, {}, json.dumps(asked).encode())
    return json.loads(wechat().answer(request).body)["access_token"]


@settings(deadline=None)
@given(
    st.sampled_from(["chat.postMessage", "chat.update", "conversations.history"]), slack_bodies()
)
def test_slack_answers_any_json(method, asked):
    server = SlackServer(now=NOW)
    headers = {"content-type": "application/json"}
    reply = server.answer(
        Request("POST", f"/api/{method}", {}, headers, json.dumps(asked).encode())
    )
    assert isinstance(json.loads(reply.body)["ok"], bool)
    transcript_html(server.messages, {}, "x")


@settings(deadline=None)
@given(st.binary(max_size=200), st.sampled_from(["application/json", "", "text/plain"]))
def test_slack_webhook_answers_any_bytes(body, content_type):
    request = Request("POST", WEBHOOK_PATH, {}, {"content-type": content_type}, body)
    assert SlackServer(now=NOW).answer(request).status in {200, 400}


@settings(deadline=None)
@given(
    st.sampled_from(
        [
            "/datacube/getusersummary",
            "/datacube/getarticletotaldetail",
            "/cgi-bin/freepublish/batchget",
            "/cgi-bin/openapi/quota/get",
            "/cgi-bin/stable_token",
            "/cgi-bin/token",
            "/",
        ]
    ),
    st.sampled_from(["GET", "POST"]),
    st.dictionaries(
        st.sampled_from(["begin_date", "end_date", "offset", "count", "cgi_path", "appid"]),
        values | st.just("2026-11-20"),
    )
    | values,
)
def test_wechat_answers_any_json(path, method, asked):
    request = Request(method, path, {"access_token": token()}, {}, json.dumps(asked).encode())
    body = json.loads(wechat().answer(request).body)
    assert "errcode" in body or "list" in body or "item" in body


@settings(deadline=None)
@given(st.binary(max_size=100), st.text(max_size=30))
def test_wechat_answers_any_bytes_and_token(body, text):
    request = Request("POST", "/datacube/getusersummary", {"access_token": text}, {}, body)
    assert json.loads(wechat().answer(request).body)["errcode"] in {40001, 41001, 47001}


def test_nesting_without_end_is_refused():
    deep = b"[" * 500_000
    headers = {"content-type": "application/json"}
    slack = SlackServer(now=NOW).answer(Request("POST", "/api/auth.test", {}, headers, deep))
    assert json.loads(slack.body) == {"ok": False, "error": "invalid_json"}
    wechat_reply = wechat().answer(Request("POST", "/cgi-bin/stable_token", {}, {}, deep))
    assert json.loads(wechat_reply.body)["errcode"] == 47001
