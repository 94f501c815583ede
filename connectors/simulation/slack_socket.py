"""The Socket Mode side of the fake Slack: hands out a websocket, sends presses, counts confirmations."""

from __future__ import annotations

import json
import uuid
from threading import Condition, Event, Thread
from types import TracebackType
from typing import Self, cast

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

from connectors.simulation.slack_message import SlackMessage

APP_TOKEN = "xapp-simulated-not-a-secret"  # noqa: S105  # accepted by the fake Slack only


class SocketSide:
    """Serves websockets on a free port of 127.0.0.1 inside a ``with`` block.

    Attributes:
        confirmed: envelope ids that the listener confirmed, in order.
        answers: envelope id -> what the listener answered with the confirmation, where it did.
    """

    def __init__(self) -> None:
        """Prepare; nothing listens before the block is entered."""
        self.confirmed: list[str] = []
        self.answers: dict[str, dict[str, object]] = {}
        self._changed = Condition()
        self._connections: list[ServerConnection] = []
        self._server: Server | None = None
        self._stopping = Event()

    @property
    def url(self) -> str:
        """What ``apps.connections.open`` answers."""
        if self._server is None:
            raise RuntimeError("the server listens only inside its with block")
        return f"ws://127.0.0.1:{self._server.socket.getsockname()[1]}/link"

    def press(self, message: SlackMessage, user_id: str, envelope_id: str = "") -> str:
        """Send the press of the acknowledge button of *message*, and wait until it is confirmed.

        Raises:
            TimeoutError: nobody confirmed within ten seconds.
        """
        envelope = envelope_id or uuid.uuid4().hex
        (value,) = [
            str(cast("dict[str, object]", element)["value"])
            for block in message.blocks
            for element in cast("list[object]", block.get("elements", []))
            if cast("dict[str, object]", element).get("action_id") == "acknowledge"
        ]
        payload = {
            "type": "block_actions",
            "user": {"id": user_id},
            "container": {"channel_id": message.channel, "message_ts": message.ts},
            "actions": [{"action_id": "acknowledge", "value": value}],
        }
        self.send({"type": "interactive", "envelope_id": envelope, "payload": payload})
        return envelope

    def command(self, user_id: str, channel: str, text: str = "") -> None:
        """Send the slash command ``/juzhen``."""
        named = {"command": "/juzhen", "text": text, "trigger_id": "T1.2"}
        payload = {**named, "user_id": user_id, "channel_id": channel}
        self.send({"type": "slash_commands", "envelope_id": uuid.uuid4().hex, "payload": payload})

    def shortcut(self, user_id: str, channel: str, text: str, ts: str) -> None:
        """Send the shortcut used on a message."""
        payload = {
            "type": "message_action",
            "callback_id": "open_incident",
            "trigger_id": "T1.2",
            "user": {"id": user_id},
            "channel": {"id": channel},
            "message": {"text": text, "ts": ts},
        }
        self.send({"type": "interactive", "envelope_id": uuid.uuid4().hex, "payload": payload})

    def submit(
        self, user_id: str, view: dict[str, object], values: dict[str, str]
    ) -> dict[str, object] | None:
        """Send a form filled in with *values*, the rest as it was shown; return what was answered at once."""
        held: dict[str, dict[str, dict[str, object]]] = {}
        for block in cast("list[dict[str, object]]", view["blocks"]):
            element = cast("dict[str, object]", block.get("element") or {})
            name = str(element.get("action_id") or "")
            initial = cast("dict[str, object]", element.get("initial_option") or {})
            value = values.get(name) or initial.get("value") or element.get("initial_value")
            if name and element["type"] == "static_select":
                held[name] = {name: {"selected_option": {"value": value} if value else None}}
            elif name:
                held[name] = {name: {"value": value}}
        payload = {
            "type": "view_submission",
            "user": {"id": user_id},
            "view": {**view, "state": {"values": held}},
        }
        envelope = uuid.uuid4().hex
        self.send({"type": "interactive", "envelope_id": envelope, "payload": payload})
        return self.answers.get(envelope)

    def send(self, envelope: dict[str, object]) -> None:
        """Send one envelope to the listener, and wait until it is confirmed."""
        with self._changed:
            if not self._changed.wait_for(lambda: bool(self._connections), 10):
                raise TimeoutError("no listener is connected")
            before = len(self.confirmed)
            self._connections[-1].send(json.dumps(envelope))
            if not self._changed.wait_for(lambda: len(self.confirmed) > before, 10):
                raise TimeoutError("the envelope was not confirmed")

    def __enter__(self) -> Self:
        """Start listening."""
        self._server = serve(self._talk, "127.0.0.1", 0)
        Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.shutdown()
        self._server = None

    def _talk(self, connection: ServerConnection) -> None:
        connection.send(json.dumps({"type": "hello", "num_connections": 1}))
        with self._changed:
            self._connections.append(connection)
            self._changed.notify_all()
        try:
            for text in connection:
                confirmed = json.loads(text)
                with self._changed:
                    self.confirmed.append(str(confirmed["envelope_id"]))
                    if confirmed.get("payload"):
                        self.answers[str(confirmed["envelope_id"])] = confirmed["payload"]
                    self._changed.notify_all()
        except ConnectionClosed:
            return
        finally:
            with self._changed:
                self._connections.remove(connection)
