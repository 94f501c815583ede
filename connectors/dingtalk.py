"""Messages to a DingTalk group (钉钉) through a custom robot, signed.

Markdown, because only it shows a named link; every character that could start markup, an image or a
mention is made inert first. The signature is HMAC-SHA256 over milliseconds and secret, and goes into
the query encoded once: encoded twice the robot answers 310000.
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

PACE: Final = (Pace(20, 60.0),)
MAX_TEXT_BYTES: Final = 18_000  # the whole body may have 20,000
PLATFORM: Final = Platform("钉钉", "dingtalk.yml", ("errcode",), "errmsg")

_USER_ID = re.compile(r"[A-Za-z0-9_$][A-Za-z0-9_.$:-]{0,63}")
_MARKS = "\\`*_{}[]()#+!|~<>&@=^"
_LINE_START = re.compile(r"^(?:-|\d+\.)")


class DingtalkRobot:
    """One group's robot."""

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
            webhook_url: with its ``access_token``; a secret.
            secret: of the robot's signature (加签); empty when it checks keywords or addresses.
            clock: the real time, aware; the robot takes an hour's difference.
            timeout_s: for connecting, and for each read and write.
            proxy_url: HTTP proxy.

        Raises:
            ValueError: *webhook_url* is no address.
        """
        self._address = BotAddress(webhook_url, timeout_s=timeout_s, proxy_url=proxy_url)
        self._secret, self._clock = secret, clock

    def deliver(self, message: ChatMessage) -> Delivery:
        """Post *message* once; the robot's own group takes it, whatever the message names."""
        query = signed_query(self._secret, self._clock()) if self._secret else {}
        reply = self._address.post(body_of(message), query)
        return judged(PLATFORM, reply, (*self._address.secrets, self._secret))


def signed_query(secret: str, now: datetime) -> dict[str, str]:
    """Return ``timestamp`` in milliseconds and ``sign``, not yet encoded for a URL."""
    stamp = str(round(now.timestamp() * 1000))
    digest = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
    return {"timestamp": stamp, "sign": base64.b64encode(digest).decode("ascii")}


def body_of(message: ChatMessage) -> dict[str, object]:
    """Return the request body; link and people called are kept whole."""
    users = chat_text.called(message.mentions, _USER_ID)
    mobiles = [] if users else chat_text.mobiles_of(message)
    title = chat_text.title_of(message, _MARKS)
    lines = [f"#### {title}", *(_line(line) for line in chat_text.lines_of(message, _MARKS))]
    # DingTalk calls only whom the text names as well.
    called = " ".join(f"@{one}" for one in (*users, *mobiles))
    tail = [*_link(message), *filter(None, [called])]
    text = chat_text.packed(lines, tail, MAX_TEXT_BYTES, chat_text.json_bytes, "\n\n")
    return {
        "msgtype": "markdown",
        "markdown": {"title": chat_text.cut(title, 90), "text": text},
        "at": {"atMobiles": mobiles, "atUserIds": users, "isAtAll": False},
    }


def _line(text: str) -> str:
    return f"\u3000{text}" if _LINE_START.match(text) else text


def _link(message: ChatMessage) -> list[str]:
    if not message.link_url:
        return []
    if not chat_text.is_link_usable(message.link_url):
        return ["链接格式不合法，未附上"]
    label = chat_text.cut(chat_text.inert(message.link_label or "打开", _MARKS), 60)
    address = message.link_url.replace("(", "%28").replace(")", "%29")
    return [f"[{label}]({address})"]
