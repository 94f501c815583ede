"""Presses on buttons and filled-in forms in Slack, through Socket Mode: an outgoing connection, no open port.

Slack wants each envelope confirmed within three seconds, so it is confirmed first and worked on
afterwards, and takes it for lost and sends it again otherwise: an envelope already seen is dropped.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final, Protocol, cast

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from connectors.slack import BASE_URL, quiet_logger
from connectors.slack_answer import as_object, text_of
from connectors.slack_message import ACKNOWLEDGE, escape
from connectors.slack_modal import (
    Asked,
    Modal,
    Submitted,
    asked_of,
    faults_of,
    submitted_of,
    view_of,
)

MOST_REMEMBERED: Final = 10_000
MAX_KEY: Final = 2000

_USER_ID = re.compile(r"[UW][A-Z0-9]{2,20}")
_CHANNEL_ID = re.compile(r"[CDG][A-Z0-9]{2,20}")
_STAMP = re.compile(r"[0-9]{1,12}\.[0-9]{1,8}")


@dataclass(frozen=True, slots=True)
class Press:
    """One press of a button: whose, on which message, with what the button carried."""

    user_id: str
    channel: str
    ts: str
    dedupe_key: str


@dataclass(frozen=True, slots=True)
class Response:
    """What the one who pressed is told; everybody in the channel when ``is_public``."""

    text: str
    is_public: bool


class Intake(Protocol):
    """What is done with the forms that people ask for and fill in."""

    def ask(self, asked: Asked) -> Modal:
        """Return the form, or a notice that says why this person gets none."""
        ...

    def faults(self, submitted: Submitted) -> Mapping[str, str]:
        """Return field -> what to correct; must be quick, because the form waits for it."""
        ...

    def take(self, submitted: Submitted) -> Response:
        """Act on what was filled in and return what to say."""
        ...


class SlackListener:
    """Receives presses until closed; reconnects by itself."""

    def __init__(
        self,
        app_token: str,
        bot_token: str,
        on_press: Callable[[Press], Response],
        *,
        intake: Intake | None = None,
        base_url: str = BASE_URL,
        timeout_s: int = 10,
    ) -> None:
        """Prepare; nothing is connected.

        Args:
            app_token: app-level token with ``connections:write``.
            bot_token: with ``chat:write``, for the responses.
            on_press: called for each press, from several threads.
            intake: called for each form, from several threads; without one there are no forms.
            base_url: of the Web API; a loopback address in tests.
            timeout_s: for each call.
        """
        self._on_press = on_press
        self._intake = intake
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._lock = Lock()
        logger = quiet_logger()
        self._web = WebClient(
            token=bot_token, base_url=base_url, timeout=timeout_s, retry_handlers=[], logger=logger
        )
        self._socket = SocketModeClient(
            app_token, logger=logger, web_client=self._web, concurrency=4
        )
        self._socket.socket_mode_request_listeners.append(self._received)

    @property
    def is_connected(self) -> bool:
        """Whether the connection stands now."""
        return self._socket.is_connected()

    def connect(self) -> str | None:
        """Connect; return Slack's word when it refuses, so that a person can correct the token."""
        try:
            self._socket.connect()
        except SlackApiError as error:
            data = cast("object", cast("Any", error.response).data)
            return text_of(as_object(data), "error") or "unknown_error"
        except (SlackClientError, OSError, ValueError) as error:
            return type(error).__name__
        return None

    def close(self) -> None:
        """Disconnect and stop every thread."""
        self._socket.close()

    def _received(self, client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        payload = cast("object", cast("Any", request).payload)
        submitted = submitted_of(request.type, payload) if self._intake else None
        faults = self._intake.faults(submitted) if self._intake and submitted else None
        answer = faults_of(faults) if faults else None
        client.send_socket_mode_response(SocketModeResponse(request.envelope_id, answer))
        if faults or self._is_repeated(request.envelope_id):
            return
        press = press_of(request.type, payload)
        if press is not None:
            self._tell(press, self._on_press(press))
        elif self._intake and submitted:
            self._say(submitted, self._intake.take(submitted))
        elif self._intake and (asked := asked_of(request.type, payload)):
            self._open(asked, self._intake.ask(asked))

    def _open(self, asked: Asked, modal: Modal) -> None:
        """Show a form; one that comes too late is asked for again by the person who waits for it."""
        view = view_of(modal, asked.channel)
        try:
            self._web.views_open(trigger_id=asked.trigger_id, view=view)  # pyright: ignore[reportUnknownMemberType]
        except (SlackClientError, OSError, ValueError):
            quiet_logger().warning("could not show %s a form", asked.user_id)

    def _say(self, submitted: Submitted, response: Response) -> None:
        """Say what came of a form where it was asked for; to the person alone where that cannot be."""
        places = [submitted.channel] if response.is_public else []
        for place in (*places, submitted.user_id):
            try:
                self._web.chat_postMessage(  # pyright: ignore[reportUnknownMemberType]
                    channel=place, text=escape(response.text), mrkdwn=False
                )
            except (SlackClientError, OSError, ValueError):
                continue  # the app may not be in that channel; the ledger has it anyway
            return
        quiet_logger().warning("could not tell %s what came of a form", submitted.user_id)

    def _is_repeated(self, envelope_id: str) -> bool:
        with self._lock:
            if envelope_id in self._seen:
                return True
            self._seen[envelope_id] = None
            while len(self._seen) > MOST_REMEMBERED:
                self._seen.popitem(last=False)
        return False

    def _tell(self, press: Press, response: Response) -> None:
        """Say in the message's thread, or to the one alone, what came of it; the ledger has it anyway."""
        text = escape(response.text)
        try:
            if response.is_public:
                self._web.chat_postMessage(  # pyright: ignore[reportUnknownMemberType]
                    channel=press.channel, thread_ts=press.ts, text=text, mrkdwn=False
                )
            else:
                self._web.chat_postEphemeral(  # pyright: ignore[reportUnknownMemberType]
                    channel=press.channel, user=press.user_id, text=text
                )
        except (SlackClientError, OSError, ValueError):
            quiet_logger().warning("could not tell %s what came of a press", press.user_id)


def press_of(kind: str, payload: object) -> Press | None:
    """Return the press of our button in an envelope; None for anything else or malformed."""
    body = as_object(payload)
    if kind != "interactive" or body.get("type") != "block_actions":
        return None
    listed = body.get("actions")
    actions = cast("list[object]", listed) if isinstance(listed, list) else []
    action = as_object(actions[0] if actions else None)
    container = as_object(body.get("container"))
    press = Press(
        user_id=text_of(as_object(body.get("user")), "id") or "",
        channel=text_of(container, "channel_id") or "",
        ts=text_of(container, "message_ts") or "",
        dedupe_key=text_of(action, "value") or "",
    )
    is_sound = (
        action.get("action_id") == ACKNOWLEDGE
        and _USER_ID.fullmatch(press.user_id)
        and _CHANNEL_ID.fullmatch(press.channel)
        and _STAMP.fullmatch(press.ts)
        and 0 < len(press.dedupe_key) <= MAX_KEY
    )
    return press if is_sound else None
