"""Any JSON at all, as the body of any endpoint, is judged and never raises."""

import json
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from connectors.chat import Delivery
from connectors.declaration_file import bundled
from connectors.http import Reply
from connectors.outcome import FetchOutcome
from connectors.reading import Verdict, body_text, judge, read_token
from connectors.windows import Window

WECHAT = bundled("wechat")
NOW = datetime(2026, 8, 5, 6, 0, tzinfo=UTC)
DAY = Window(date(2026, 8, 4), date(2026, 8, 4))
KEYS = [
    "errcode",
    "errmsg",
    "list",
    "item",
    "is_delay",
    "ref_date",
    "detail",
    "detail_list",
    "read_user",
    "msgid",
    "total_count",
    "update_time",
    "new_user",
    "access_token",
]
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["2026-08-04", "40001", "-1", "全部"])
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6)
    ),
    max_leaves=12,
)


@given(name=st.sampled_from(sorted(WECHAT.endpoints)), value=VALUES)
def test_every_json_value_gets_a_verdict(name, value):
    reply = Reply(200, json.dumps(value).encode())
    verdict = judge(WECHAT, WECHAT.endpoints[name], DAY, reply, NOW)
    assert isinstance(verdict, Verdict)
    assert verdict.status in {"value", "absent"} or verdict.message
    token, verdict = read_token(WECHAT, reply)
    assert bool(token) == (verdict.status == "value")


@given(st.binary(max_size=80))
def test_every_byte_string_gets_a_verdict_and_an_archivable_text(body):
    assert judge(WECHAT, WECHAT.endpoints["getbizsummary"], DAY, Reply(200, body), NOW).status
    body_text(body).encode("utf-8")


def test_a_bottomless_value_is_refused_without_being_shown():
    for depth in range(900, 1000, 7):
        nested = "[" * depth + "]" * depth
        body = f'{{"errcode": {nested}, "errmsg": {nested}}}'.encode()
        verdict = judge(WECHAT, WECHAT.endpoints["getbizsummary"], DAY, Reply(200, body), NOW)
        assert verdict.status == "failed"
        assert len(verdict.message) < 200


HALF = b"\\ud800"  # one half of a pair, as JSON may write it and no UTF-8 can


@given(name=st.sampled_from(sorted(WECHAT.endpoints)), code=st.sampled_from([40001, 45009, 999999]))
def test_half_a_character_in_the_platforms_words_can_still_be_kept(name, code):
    reply = Reply(200, b'{"errcode":%d,"errmsg":"%s\\u0000"}' % (code, HALF))
    message = judge(WECHAT, WECHAT.endpoints[name], DAY, reply, NOW).message
    outcome = FetchOutcome(
        "s", name, "A1", DAY.begin_on, DAY.end_on, NOW, NOW, "failed", message=message
    )
    assert "\ufffd" in outcome.message or "?" in outcome.message
    assert "\0" not in outcome.message
    outcome.message.encode("utf-8")


def test_a_token_that_no_address_can_hold_is_a_verdict():
    for token in (HALF, b"\\u0000", b"\\u4e91"):
        got, verdict = read_token(WECHAT, Reply(200, b'{"access_token":"%s"}' % token))
        assert (got, verdict.status) == ({}, "failed")


def test_half_a_character_from_a_chat_can_still_be_kept():
    delivery = Delivery("refused", "\ud800", "Slack\udfff")
    (delivery.reference + delivery.detail).encode("utf-8")
