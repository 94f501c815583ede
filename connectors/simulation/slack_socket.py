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
    """

    def __init__(self) -> None:
        """Prepare; nothing listens before the block is entered."""
        self.confirmed: list[str] = []
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
                    self._changed.notify_all()
        except ConnectionClosed:
            return
        finally:
            with self._changed:
                self._connections.remove(connection)
