"""A fake WeCom group bot: key in the address, 2048 bytes of text, 20 messages a minute."""

from __future__ import annotations

import re
from typing import ClassVar

from connectors.simulation.chat_bot_server import Body, BotServer, Taken, at, texts
from connectors.simulation.loopback import Request

KEY = "simulated-wecom-key"
PATH = "/cgi-bin/webhook/send"
MOST_TEXT_BYTES = 2048
MOST_MARKDOWN_BYTES = 4096


class WecomServer(BotServer):
    """Takes ``text`` and ``markdown``."""

    success: ClassVar[Body] = {"errcode": 0, "errmsg": "ok"}
    too_fast: ClassVar[Body] = {"errcode": 45009, "errmsg": "api freq out of limit"}
    paces = ((20, 60.0),)

    @property
    def webhook_url(self) -> str:
        """The bot's address with its key."""
        return f"{self.base_url}{PATH}?key={KEY}"

    def refusal(self, request: Request, body: Body) -> Body | None:
        """Refuse another key, another type, nothing, or too many bytes."""
        if request.path != PATH or request.query.get("key") != KEY:
            return {"errcode": 93000, "errmsg": "invalid webhook url"}
        limits = {"text": MOST_TEXT_BYTES, "markdown": MOST_MARKDOWN_BYTES}
        kind = str(body.get("msgtype"))
        if kind not in limits:
            return {"errcode": 40008, "errmsg": "invalid message type"}
        content = at(body, kind, "content")
        if not isinstance(content, str) or not content:
            return {"errcode": 44004, "errmsg": "empty content"}
        if len(content.encode()) > limits[kind]:
            return {"errcode": 40058, "errmsg": f"{kind}.content exceed max length {limits[kind]}"}
        return None

    def taken(self, body: Body) -> Taken:
        """Return what the group sees; in text only the lists call, in markdown the marks do."""
        kind = str(body["msgtype"])
        content = str(at(body, kind, "content"))
        listed = texts(at(body, kind, "mentioned_list"))
        mobiles = texts(at(body, kind, "mentioned_mobile_list"))
        marked = tuple(re.findall(r"<@([^<>]+)>", content)) if kind == "markdown" else ()
        links = tuple(re.findall(r"https?://\S+", content))
        title, _, rest = content.partition("\n")
        return Taken(title, rest, (*listed, *mobiles, *marked), links)
