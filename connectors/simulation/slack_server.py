"""A fake Slack on loopback: the Web API and an incoming webhook, as slack_sdk speaks to them.

It stores what it takes, refuses what Slack refuses with ``ok: false`` in HTTP 200, and can lose its
answer after storing the message: the case in which a sender must not simply send again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import cast

from connectors.simulation.faults import Fault, FaultKind, FaultPlan
from connectors.simulation.loopback import LoopbackServer, Reply, Request
from connectors.simulation.slack_message import SlackMessage, refusal, view_refusal
from connectors.simulation.slack_protocol import (
    Body,
    arguments,
    content,
    history_page,
    json_reply,
    metadata_of,
    plain_reply,
    rate_limited_reply,
    shown,
)
from connectors.simulation.slack_socket import APP_TOKEN
from connectors.simulation.slack_transcript import transcript_html

TOKEN = "xoxb-simulated-not-a-secret"  # noqa: S105  # accepted by this server only
CHANNELS = {"C0DUTY": "值班", "C0CASES": "处置"}
WEBHOOK_PATH = "/services/T0YUNSHAN/B0JUZHEN/simulated"
MOST_MESSAGES = 100_000


class SlackServer(LoopbackServer):
    """Takes messages for the channels it knows; a channel is named by id or by ``#`` and name.

    Attributes:
        now: the simulated instant behind ``ts``, aware.
        faults: ``http_500``, ``truncated``, ``garbage``, ``slow``, ``empty_body``,
            ``rate_limited`` and ``dropped_after_accept``; ``faults.replace([...])`` switches.
        messages: everything stored, in order.
        whispers: what was said to one person alone: user id and text.
        socket_url: what Socket Mode connects to; empty refuses it.
    """

    def __init__(
        self,
        *,
        now: datetime,
        faults: Iterable[Fault | FaultKind] = (),
        channels: Mapping[str, str] | None = None,
        rate_clock: Callable[[], float] | None = None,
    ) -> None:
        """Prepare the workspace.

        Args:
            now: the aware instant of the first message.
            faults: what goes wrong.
            channels: channel id -> name.
            rate_clock: seconds that only grow, to hold senders to one message a second and
                channel; None sets no limit.

        Raises:
            ValueError: *now* is naive.
        """
        super().__init__()
        if now.tzinfo is None:
            raise ValueError("now has no zone; pass an aware datetime")
        self.now = now
        self.faults = FaultPlan(faults)
        self.messages: list[SlackMessage] = []
        self.whispers: list[tuple[str, str]] = []
        self.views: list[Body] = []
        self.socket_url = ""
        self._channels = dict(channels or CHANNELS)
        self._rate_clock = rate_clock
        self._last_sent_s: dict[str, float] = {}
        self._count = 0
        self._lock = Lock()

    @property
    def token(self) -> str:
        """The only bot token this workspace accepts."""
        return TOKEN

    @property
    def api_url(self) -> str:
        """What ``slack_sdk.WebClient`` takes as ``base_url``."""
        return f"{self.base_url}/api/"

    @property
    def webhook_url(self) -> str:
        """The incoming webhook of the first channel."""
        return f"{self.base_url}{WEBHOOK_PATH}"

    def write_transcript(self, path: Path, title: str) -> None:
        """Write everything stored as one HTML page in Chinese; all text is escaped."""
        names = dict(self._channels)
        path.write_text(transcript_html(tuple(self.messages), names, title), encoding="utf-8")

    def answer(self, request: Request) -> Reply:
        """Answer one request, then let the faults spoil the answer."""
        endpoint = request.path.rsplit("/", 1)[-1]
        if request.path.startswith("/services/"):
            endpoint = "webhook"
        if self.faults.strikes("rate_limited", endpoint, None):
            return rate_limited_reply()
        if endpoint == "webhook":
            reply = self._webhook(request)
        elif request.path.startswith("/api/"):
            reply = self._api(request, endpoint)
        else:
            reply = Reply(b"not found", status=404, content_type="text/plain")
        if self.faults.strikes("dropped_after_accept", endpoint, None):
            return replace(reply, is_dropped=True)
        return self.faults.spoiled(reply, endpoint, None)

    def _api(self, request: Request, endpoint: str) -> Reply:
        asked = arguments(request)
        if asked is None:
            return json_reply({"ok": False, "error": "invalid_json"})
        given = request.headers.get("authorization", f"Bearer {asked.get('token', '')}")
        if endpoint == "apps.connections.open" and self.socket_url:
            is_known = given == f"Bearer {APP_TOKEN}"
            answer: Body = {"ok": True, "url": self.socket_url}
            return json_reply(answer if is_known else {"ok": False, "error": "invalid_auth"})
        if given != f"Bearer {TOKEN}":
            has_token = given.removeprefix("Bearer").strip()
            return json_reply({"ok": False, "error": "invalid_auth" if has_token else "not_authed"})
        methods: dict[str, Callable[[Body], Body]] = {
            "auth.test": self._auth_test,
            "chat.postMessage": self._post_message,
            "chat.postEphemeral": self._whisper,
            "chat.update": self._update,
            "conversations.history": self._history,
            "views.open": self._open_view,
        }
        if endpoint not in methods:
            return json_reply({"ok": False, "error": "unknown_method"})
        if endpoint == "chat.postMessage" and self._is_too_fast(str(asked.get("channel"))):
            return rate_limited_reply()
        try:
            return json_reply(methods[endpoint](asked))
        except ValueError:
            return json_reply({"ok": False, "error": "invalid_arguments"})

    def _webhook(self, request: Request) -> Reply:
        if request.path != WEBHOOK_PATH:
            return plain_reply("no_service", 404)
        asked = arguments(request)
        if asked is None:
            return plain_reply("invalid_payload", 400)
        channel = next(iter(self._channels))
        if self._is_too_fast(channel):
            return rate_limited_reply()
        try:
            text, blocks = content(asked)
        except ValueError:
            return plain_reply("invalid_payload", 400)
        error = refusal(text, blocks)
        if error is not None:
            return plain_reply(error, 400)
        self._store(SlackMessage(channel, "", text, blocks, sent_by="webhook"))
        return plain_reply("ok", 200)

    def _auth_test(self, asked: Body) -> Body:
        ids = {"team_id": "T0YUNSHAN", "user_id": "U0JUZHEN", "bot_id": "B0JUZHEN"}
        return {"ok": True, "url": f"{self.base_url}/", "team": "云杉新区", "user": "juzhen", **ids}

    def _post_message(self, asked: Body) -> Body:
        channel = self._channel_id(asked)
        if channel is None:
            return {"ok": False, "error": "channel_not_found"}
        text, blocks = content(asked)
        error = refusal(text, blocks)
        if error is not None:
            return {"ok": False, "error": error}
        thread_ts = str(asked["thread_ts"]) if asked.get("thread_ts") else None
        stored = self._store(SlackMessage(channel, "", text, blocks, metadata_of(asked), thread_ts))
        return {
            "ok": True,
            "channel": channel,
            "ts": stored.ts,
            "message": shown(stored, with_metadata=False),
        }

    def _whisper(self, asked: Body) -> Body:
        if self._channel_id(asked) is None:
            return {"ok": False, "error": "channel_not_found"}
        self.whispers.append((str(asked.get("user")), str(asked.get("text"))))
        return {"ok": True, "message_ts": f"{int(self.now.timestamp())}.000000"}

    def _open_view(self, asked: Body) -> Body:
        view = asked.get("view")
        held = cast("Body", json.loads(view) if isinstance(view, str) else view or {})
        error = view_refusal(held)
        if not asked.get("trigger_id"):
            error = "invalid_trigger_id"
        if error:
            return {"ok": False, "error": error}
        self.views.append(held)
        return {"ok": True, "view": {**held, "id": f"V{len(self.views)}"}}

    def _update(self, asked: Body) -> Body:
        channel = str(asked.get("channel"))
        if channel not in self._channels:  # only posting takes names
            return {"ok": False, "error": "channel_not_found"}
        text, blocks = content(asked)
        error = refusal(text, blocks)
        if error is not None:
            return {"ok": False, "error": error}
        with self._lock:
            for index, message in enumerate(self.messages):
                if (message.channel, message.ts) == (channel, asked.get("ts")):
                    self.messages[index] = replace(
                        message,
                        text=text,
                        blocks=blocks,
                        metadata=metadata_of(asked) or message.metadata,
                        is_edited=True,
                    )
                    return {"ok": True, "channel": channel, "ts": message.ts, "text": text}
        return {"ok": False, "error": "message_not_found"}

    def _history(self, asked: Body) -> Body:
        if asked.get("channel") not in self._channels:
            return {"ok": False, "error": "channel_not_found"}
        with self._lock:
            stored = tuple(self.messages)
        return history_page(stored, asked)

    def _channel_id(self, asked: Body) -> str | None:
        wanted = str(asked.get("channel", ""))
        for channel_id, name in self._channels.items():
            if wanted in (channel_id, name, f"#{name}"):
                return channel_id
        # Posting to a person's id reaches the direct messages with the app.
        return wanted if wanted.startswith("U") else None

    def _is_too_fast(self, channel: str) -> bool:
        if self._rate_clock is None:
            return False
        now_s = self._rate_clock()
        with self._lock:
            last_s = self._last_sent_s.get(channel)
            if last_s is not None and now_s - last_s < 1:
                return True
            self._last_sent_s[channel] = now_s
        return False

    def _store(self, message: SlackMessage) -> SlackMessage:
        with self._lock:
            if len(self.messages) >= MOST_MESSAGES:
                raise RuntimeError(f"the fake Slack holds at most {MOST_MESSAGES} messages")
            self._count += 1
            stored = replace(message, ts=f"{int(self.now.timestamp())}.{self._count:06d}")
            self.messages.append(stored)
        return stored
