"""A fake DingTalk robot: signed by milliseconds, 20 messages a minute or ten minutes of silence."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from typing import ClassVar

from connectors.simulation.chat_bot_server import Body, BotServer, Taken, at, texts
from connectors.simulation.loopback import Request

ACCESS_TOKEN = "simulated-dingtalk-token"  # noqa: S105  # accepted by this server only
SECRET = "SECsimulated0dingtalk"  # noqa: S105
PATH = "/robot/send"
MOST_BODY_BYTES = 20_000
HOUR_MS = 3_600_000


class DingtalkServer(BotServer):
    """Takes ``text`` and ``markdown`` with a signature."""

    success: ClassVar[Body] = {"errcode": 0, "errmsg": "ok"}
    too_fast: ClassVar[Body] = {
        "errcode": 130101,
        "errmsg": "send too fast, exceed 20 times per minute",
    }
    paces = ((20, 60.0),)
    blocked_s = 600.0

    @property
    def webhook_url(self) -> str:
        """The robot's address with its token."""
        return f"{self.base_url}{PATH}?access_token={ACCESS_TOKEN}"

    @property
    def secret(self) -> str:
        """Of the signature."""
        return SECRET

    def refusal(self, request: Request, body: Body) -> Body | None:
        """Refuse another token, a wrong or old signature, another type, or too many bytes."""
        if request.path != PATH or request.query.get("access_token") != ACCESS_TOKEN:
            return {"errcode": 300001, "errmsg": "token is not exist"}
        stamp = request.query.get("timestamp", "")
        now_ms = self.now().timestamp() * 1000
        if not stamp.isdigit() or abs(int(stamp) - now_ms) > HOUR_MS:
            return {"errcode": 310000, "errmsg": "invalid timestamp"}
        digest = hmac.digest(SECRET.encode(), f"{stamp}\n{SECRET}".encode(), hashlib.sha256)
        if request.query.get("sign") != base64.b64encode(digest).decode():
            return {"errcode": 310000, "errmsg": "sign not match"}
        if len(request.body) > MOST_BODY_BYTES:
            return {"errcode": 40035, "errmsg": "message too long"}
        if not at(body, "markdown", "text") and not at(body, "text", "content"):
            return {"errcode": 400105, "errmsg": "unsupported message type"}
        return None

    def taken(self, body: Body) -> Taken:
        """Return what the group sees; DingTalk calls whom both the list and the text name."""
        text = str(at(body, "markdown", "text") or at(body, "text", "content"))
        listed = (*texts(at(body, "at", "atUserIds")), *texts(at(body, "at", "atMobiles")))
        called = [one for one in listed if f"@{one}" in text]
        called += ["all"] if at(body, "at", "isAtAll") is True else []
        links = tuple(re.findall(r"https?://[^\s)]+", text))
        return Taken(str(at(body, "markdown", "title") or ""), text, tuple(called), links)
