"""A message as blocks: hostile text stays text, and nothing exceeds Slack's limits."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.chat import ChatMessage
from connectors.simulation.slack_message import refusal
from connectors.slack_message import CUT_MARK, blocks_of, fallback_text

PLAIN = ChatMessage("C0DUTY", "疑似假冒账号", ("云杉发布（假）", "请核实"), "case-1/step-1")


def shown(message):
    return json.dumps([blocks_of(message), fallback_text(message)], ensure_ascii=False)


def test_a_plain_message_is_a_header_and_one_section():
    assert blocks_of(PLAIN) == [
        {"type": "header", "text": {"type": "plain_text", "text": "疑似假冒账号", "emoji": False}},
        {
            "type": "section",
            "text": {"type": "plain_text", "text": "云杉发布（假）\n请核实", "emoji": False},
        },
    ]
    assert fallback_text(PLAIN) == "疑似假冒账号 云杉发布（假） 请核实"


def test_mentions_and_link_are_ours_and_well_formed():
    message = replace(
        PLAIN,
        mentions=("U012AB3CD",),
        link_url="https://juzhen.example/x?a=1&b=2",
        link_label="办理",
    )
    assert blocks_of(message)[2:] == [
        {"type": "section", "text": {"type": "mrkdwn", "text": "<@U012AB3CD>", "verbatim": True}},
        {
            "type": "actions",
            "elements": [
                {
                    "type": "button",
                    "text": {"type": "plain_text", "text": "办理", "emoji": False},
                    "url": "https://juzhen.example/x?a=1&b=2",
                    "action_id": "open_link",
                }
            ],
        },
    ]


@pytest.mark.parametrize(
    ("attack", "never"),
    [
        ("<!channel> 紧急", "<!channel>"),
        ("<https://evil.example|官网>", "<https"),
        ("@here 请看", "@here"),
        ("@ channel", "@ channel"),
        ("@\u200bEVERYONE", "@EVERYONE"),
        ("a\u202egnp.exe", "\u202e"),
        ("a\u2066b\u200fc", "\u2066"),
        ("bell\x07null\x00", "\\u0007"),
        ("half\ud800pair", "\\ud800"),
        ("line\u2028break", "\u2028"),
    ],
)
def test_text_from_outside_cannot_call_format_or_hide(attack, never):
    for message in (replace(PLAIN, title=attack), replace(PLAIN, lines=(attack,))):
        assert never not in shown(message)
    assert "<" not in shown(replace(PLAIN, title=attack, lines=(attack,)))


def test_a_mention_of_unknown_form_is_told_and_never_sent():
    message = replace(PLAIN, mentions=("!channel", "13800000000"))
    assert "<" not in shown(message)
    assert "未能在 Slack 中提醒：!channel、13800000000" in shown(message)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "https://", "http://[", "x" * 4000, "https://a\u202eb"]
)
def test_an_unusable_link_is_left_out_and_told(url):
    message = replace(PLAIN, link_url=url)
    assert [block["type"] for block in blocks_of(message)] == ["header", "section"]
    assert "链接格式不合法，未附上" in shown(message)


def test_what_is_too_long_is_cut_where_one_can_see_it():
    message = replace(PLAIN, title="标" * 500, lines=("行" * 5000,))
    header, section = blocks_of(message)
    assert header["text"]["text"].endswith(CUT_MARK)
    assert len(header["text"]["text"]) == 150
    assert section["text"]["text"].endswith(CUT_MARK)
    assert len(section["text"]["text"]) == 3000


def test_a_very_long_list_says_how_much_is_missing():
    message = replace(PLAIN, lines=tuple(f"第 {number} 项 {'文' * 100}" for number in range(1000)))
    last = blocks_of(message)[-1]["text"]["text"]
    assert last == f"{CUT_MARK}其余 899 行未显示"


def test_severity_is_a_word_before_the_title():
    assert fallback_text(replace(PLAIN, severity="critical")).startswith("【紧急】疑似假冒账号")


@given(
    title=st.text(max_size=400),
    lines=st.lists(st.text(max_size=300) | st.just("&<>" * 1500), max_size=80),
    mentions=st.lists(st.text(max_size=12), max_size=5),
    link=st.none() | st.text(max_size=40),
)
def test_slack_takes_every_message(title, lines, mentions, link):
    message = ChatMessage(
        "C0DUTY", title, tuple(lines), "k", "warning", link, link, tuple(mentions)
    )
    blocks = blocks_of(message)
    assert refusal(fallback_text(message), blocks) is None
    json.dumps(blocks, ensure_ascii=False).encode("utf-8")
