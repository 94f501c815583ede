"""Messages to a Feishu group (飞书) through a custom bot, signed.

The rich-text form keeps text, link and mention in separate elements: a name such as
``<at user_id="all">`` stays text there, in the plain form it would call everybody.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable
from datetime import datetime
from typing import Final

from connectors import chat_text
from connectors.chat import ChatMessage, Delivery, Pace
from connectors.chat_bot import BotAddress, Platform, judged

PACE: Final = (Pace(100, 60.0), Pace(5, 1.0))
MAX_TEXT_BYTES: Final = (
    14_000  # the whole body may have 20 KB; every line brings an element of its own
)
MAX_LINES: Final = 60
PLATFORM: Final = Platform("飞书", "feishu.yml", ("code", "StatusCode"), "msg")

Element = dict[str, object]

_USER_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_MARKS = "<>"


class FeishuBot:
    """One group's bot."""

    def __init__(
        self,
        webhook_url: str,
        secret: str,
        clock: Callable[[], datetime],
        *,
        timeout_s: float = 10.0,
        proxy_url: str | None = None,
    ) -> None:
        """Prepare; nothing is sent.

        Args:
            webhook_url: its last part is the secret.
            secret: of the signature check (签名校验); empty when the bot has none.
            clock: the real time, aware; the bot takes an hour's difference.
            timeout_s: for connecting, and for each read and write.
            proxy_url: HTTP proxy.

        Raises:
            ValueError: *webhook_url* is no address.
        """
        self._address = BotAddress(webhook_url, timeout_s=timeout_s, proxy_url=proxy_url)
        self._secret, self._clock = secret, clock

    def deliver(self, message: ChatMessage) -> Delivery:
        """Post *message* once; the bot's own group takes it, whatever the message names."""
        signed = signed_fields(self._secret, self._clock()) if self._secret else {}
        reply = self._address.post({**signed, **body_of(message)})
        return judged(PLATFORM, reply, (*self._address.secrets, self._secret))


def signed_fields(secret: str, now: datetime) -> dict[str, str]:
    """Return ``timestamp`` in seconds, as text, and ``sign``; the key is time and secret, the text empty."""
    stamp = str(int(now.timestamp()))
    digest = hmac.new(f"{stamp}\n{secret}".encode(), b"", hashlib.sha256).digest()
    return {"timestamp": stamp, "sign": base64.b64encode(digest).decode("ascii")}


def body_of(message: ChatMessage) -> dict[str, object]:
    """Return the request body without signature; link and people called are kept whole."""
    lines = chat_text.lines_of(message, _MARKS)
    if len(lines) > MAX_LINES:
        dropped = len(lines) - MAX_LINES
        lines = [*lines[:MAX_LINES], f"{chat_text.CUT_MARK}其余 {dropped} 行未显示"]
    text = chat_text.packed(lines, [], MAX_TEXT_BYTES, chat_text.json_bytes)
    paragraphs: list[list[Element]] = [[_text(line)] for line in text.split("\n") if line]
    users = chat_text.called(message.mentions, _USER_ID)
    if message.mobiles and not users:
        paragraphs.append([_text("未能在飞书中提醒本人：台账没有其飞书账号")])
    if message.link_url:
        paragraphs.append([_link(message)])
    if users:
        paragraphs.append([{"tag": "at", "user_id": user} for user in users])
    post = {"title": chat_text.title_of(message, _MARKS), "content": paragraphs}
    return {"msg_type": "post", "content": {"post": {"zh_cn": post}}}


def _text(text: str) -> Element:
    return {"tag": "text", "text": text}


def _link(message: ChatMessage) -> Element:
    if not chat_text.is_link_usable(message.link_url):
        return _text("链接格式不合法，未附上")
    label = chat_text.cut(chat_text.inert(message.link_label or "打开", _MARKS), 60)
    return {"tag": "a", "text": label, "href": message.link_url}
