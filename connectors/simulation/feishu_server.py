"""A fake Feishu bot: signed by seconds in the body, 20 KB, 100 messages a minute and 5 a second."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from typing import ClassVar, cast

from connectors.simulation.chat_bot_server import Body, BotServer, Taken, at
from connectors.simulation.loopback import Request

SECRET = "simulated-feishu-secret"  # noqa: S105  # accepted by this server only
PATH = "/open-apis/bot/v2/hook/simulated-feishu-hook"
MOST_BODY_BYTES = 20 * 1024
HOUR_S = 3600


class FeishuServer(BotServer):
    """Takes ``text`` and ``post`` with a signature."""

    success: ClassVar[Body] = {"code": 0, "msg": "success", "data": {}, "StatusCode": 0}
    too_fast: ClassVar[Body] = {"code": 11232, "msg": "frequency limited"}
    paces = ((100, 60.0), (5, 1.0))

    @property
    def webhook_url(self) -> str:
        """The bot's address."""
        return f"{self.base_url}{PATH}"

    @property
    def secret(self) -> str:
        """Of the signature."""
        return SECRET

    def refusal(self, request: Request, body: Body) -> Body | None:
        """Refuse another address, a wrong or old signature, or a body it cannot take."""
        if request.path != PATH:
            return {"code": 19001, "msg": "param invalid: incoming webhook access token invalid"}
        stamp = str(body.get("timestamp", ""))
        is_near = stamp.isdigit() and abs(int(stamp) - self.now().timestamp()) <= HOUR_S
        digest = hmac.digest(f"{stamp}\n{SECRET}".encode(), b"", hashlib.sha256)
        if not is_near or body.get("sign") != base64.b64encode(digest).decode():
            return {"code": 19021, "msg": "sign match fail or timestamp is not within one hour"}
        if len(request.body) > MOST_BODY_BYTES or not (self._post(body) or self._text(body)):
            return {"code": 9499, "msg": "Bad Request"}
        return None

    def taken(self, body: Body) -> Taken:
        """Return what the group sees; in the plain form a mark in the text calls."""
        text = self._text(body)
        if text:
            return Taken("", text, tuple(re.findall(r'<at user_id="([^"]*)"', text)))
        title = str(at(self._post(body), "title") or "")
        elements = [
            one
            for line in cast("list[list[dict[str, str]]]", at(self._post(body), "content") or [])
            for one in line
        ]
        return Taken(
            title,
            "\n".join(one["text"] for one in elements if one["tag"] == "text"),
            tuple(one["user_id"] for one in elements if one["tag"] == "at"),
            tuple(one["href"] for one in elements if one["tag"] == "a"),
        )

    @staticmethod
    def _post(body: Body) -> object:
        return at(body, "content", "post", "zh_cn")

    @staticmethod
    def _text(body: Body) -> str:
        return str(at(body, "content", "text") or "")
