"""Messages to a WeCom group (企业微信) through its group bot.

Plain text, not markdown: members who read in WeChat's plug-in see no markdown, only text can call a
person by mobile number, and text has no markup that a name from outside could start.
"""

from __future__ import annotations

import re
from typing import Final

from connectors import chat_text
from connectors.chat import ChatMessage, Delivery, Pace
from connectors.chat_bot import BotAddress, Platform, judged

PACE: Final = (Pace(20, 60.0),)
MAX_TEXT_BYTES: Final = 2048
PLATFORM: Final = Platform("企业微信", "wecom.yml", ("errcode",), "errmsg")

_USER_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}")
_MARKS = "<>"  # text has no markup; this is for readers who show it as something else


class WecomBot:
    """One group's bot; whoever has its address can post, so the address is the secret."""

    def __init__(
        self, webhook_url: str, *, timeout_s: float = 10.0, proxy_url: str | None = None
    ) -> None:
        """Prepare; nothing is sent. ``ValueError`` for what is no address."""
        self._address = BotAddress(webhook_url, timeout_s=timeout_s, proxy_url=proxy_url)

    def deliver(self, message: ChatMessage) -> Delivery:
        """Post *message* once; the bot's own group takes it, whatever the message names."""
        return judged(PLATFORM, self._address.post(body_of(message)), self._address.secrets)


def body_of(message: ChatMessage) -> dict[str, object]:
    """Return the request body: at most 2048 bytes of text, link and people called kept whole."""
    users = chat_text.called(message.mentions, _USER_ID)
    mobiles = [] if users else chat_text.mobiles_of(message)
    lines = [chat_text.title_of(message, _MARKS), *chat_text.lines_of(message, _MARKS)]
    text = chat_text.packed(lines, _link(message), MAX_TEXT_BYTES, chat_text.utf8_bytes)
    return {
        "msgtype": "text",
        "text": {"content": text, "mentioned_list": users, "mentioned_mobile_list": mobiles},
    }


def _link(message: ChatMessage) -> list[str]:
    if not message.link_url:
        return []
    if not chat_text.is_link_usable(message.link_url, MAX_TEXT_BYTES // 2):
        return ["链接格式不合法，未附上"]
    label = chat_text.cut(chat_text.inert(message.link_label or "打开", _MARKS), 60)
    return [f"{label}：{message.link_url}"]
