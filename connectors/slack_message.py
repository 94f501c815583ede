"""A chat message as Slack blocks: escaped, without markup from outside, within Slack's limits.

Every text is attacker's text. It goes into ``plain_text`` objects, with ``& < >`` escaped all the
same, control and direction characters removed, and the words that call a whole channel broken up.
Limits: https://docs.slack.dev/reference/block-kit/blocks and, for the total, slackapi/bolt-js#2509.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from connectors import chat_text
from connectors.chat import ChatMessage
from connectors.chat_text import CUT_MARK, SEVERITY_MARKS, clean

MAX_HEADER = 150
MAX_SECTION = 3000
MAX_BODY = 11_000  # of about 13,200 for all blocks together
MAX_BUTTON = 75
MAX_LINK = 3000
MAX_VALUE = 2000
ACKNOWLEDGE = "acknowledge"
MAX_FALLBACK = 3000

Block = dict[str, object]

_USER_ID = re.compile(r"[UW][A-Z0-9]{2,20}")


def escape(text: str) -> str:
    """Return cleaned text with the three characters escaped that Slack gives a meaning."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def fitted(text: str, limit: int) -> str:
    """Return *text* cleaned and escaped in at most *limit* UTF-16 units, visibly cut if longer."""
    kept = clean(text)
    if _length(escape(kept)) <= limit:
        return escape(kept)
    kept = kept[: limit - len(CUT_MARK)]
    while _length(escape(kept)) > limit - len(CUT_MARK):
        kept = kept[: -1 - len(kept) // 50]
    return escape(kept) + CUT_MARK


def blocks_of(message: ChatMessage) -> list[Block]:
    """Return header, body, mentions and link of *message* as blocks Slack accepts."""
    mark = SEVERITY_MARKS[message.severity]
    title = fitted(f"{mark}{message.title}", MAX_HEADER) or "（无标题）"
    header: Block = {"type": "header", "text": _plain(title)}
    blocks = [header, *(_section(_plain(part)) for part in _body_parts(message))]
    mentions = _mention_text(message)
    if mentions:
        # The only markup: ids of a known form, written by us.
        blocks.append(_section({"type": "mrkdwn", "text": mentions, "verbatim": True}))
    buttons = [*_link_button(message), *_acknowledge_button(message)]
    if buttons:
        blocks.append({"type": "actions", "elements": buttons})
    return blocks


def _link_button(message: ChatMessage) -> list[Block]:
    if not is_link_usable(message.link_url):
        return []
    label = fitted(message.link_label or "", MAX_BUTTON) or "打开"
    text = _plain(label)
    return [{"type": "button", "text": text, "url": message.link_url, "action_id": "open_link"}]


def _acknowledge_button(message: ChatMessage) -> list[Block]:
    if not message.is_acknowledgeable or len(message.dedupe_key) > MAX_VALUE:
        return []
    value = message.dedupe_key
    return [{"type": "button", "text": _plain("知悉"), "action_id": ACKNOWLEDGE, "value": value}]


def fallback_text(message: ChatMessage) -> str:
    """Return the text for notifications and readers without blocks."""
    mark = SEVERITY_MARKS[message.severity]
    return fitted("　".join([f"{mark}{message.title}", *message.lines]), MAX_FALLBACK)


def is_link_usable(url: str | None) -> bool:
    """Return whether *url* is an http or https address Slack takes for a button."""
    return chat_text.is_link_usable(url, MAX_LINK)


def _body_parts(message: ChatMessage) -> Iterator[str]:
    """Yield section texts: lines packed up to a section's limit, up to the limit of the body."""
    part, total = "", 0
    lines = [*message.lines, *_remarks(message)]
    for number, line in enumerate(lines):
        text = fitted(line, MAX_SECTION)
        total += _length(text) + 1
        if total > MAX_BODY:
            yield from filter(None, [part])
            yield f"{CUT_MARK}其余 {len(lines) - number} 行未显示"
            return
        joined = f"{part}\n{text}" if part else text
        if _length(joined) > MAX_SECTION:
            yield part
            joined = text
        part = joined
    yield from filter(None, [part])


def _remarks(message: ChatMessage) -> Iterator[str]:
    """Yield what could not be done for this message, so that nobody believes it was."""
    unknown = [mention for mention in message.mentions if not _USER_ID.fullmatch(mention)]
    if unknown:
        yield f"未能在 Slack 中提醒：{'、'.join(unknown)}"
    if message.link_url and not is_link_usable(message.link_url):
        yield "链接格式不合法，未附上"


def _mention_text(message: ChatMessage) -> str:
    known = [one for one in message.mentions if _USER_ID.fullmatch(one)]
    return " ".join(f"<@{one}>" for one in known[:50])


def _section(text: Block) -> Block:
    return {"type": "section", "text": text}


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text, "emoji": False}


def _length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
