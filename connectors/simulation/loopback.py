"""An HTTP server on 127.0.0.1 for the fake platforms: real sockets, bounded in size and in time.

A subclass says what it answers; this module carries the bytes, and can spoil them the way networks
do: cut off half-way, closed without a word, late.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from types import TracebackType
from typing import Self, cast
from urllib.parse import parse_qsl, urlsplit

MOST_BODY_BYTES = 1024 * 1024
IDLE_TIMEOUT_S = 20.0


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it arrived; header names are lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply; ``sent_bytes`` below the body's length cuts the connection after that many.

    ``is_dropped`` closes the connection without a single byte; ``delay_s`` waits before answering.
    """

    body: bytes
    status: int = 200
    content_type: str = "application/json; encoding=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    sent_bytes: int | None = None
    is_dropped: bool = False
    delay_s: float = 0.0


class LoopbackServer(ABC):
    """Serves on a free port of 127.0.0.1 inside a ``with`` block, one thread a connection."""

    def __init__(self) -> None:
        """Prepare; nothing listens before the block is entered."""
        self._stopping = Event()
        self._http: _Listener | None = None
        self._thread: Thread | None = None

    @property
    def base_url(self) -> str:
        """Where the server listens, without a trailing slash.

        Raises:
            RuntimeError: outside the ``with`` block.
        """
        if self._http is None:
            raise RuntimeError("the server listens only inside its with block")
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    @abstractmethod
    def answer(self, request: Request) -> Reply:
        """Return the reply to *request*; called from several threads at once."""

    def __enter__(self) -> Self:
        """Start listening."""
        self._stopping.clear()
        self._http = _Listener(self, self._stopping)
        self._thread = Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop listening; connections still open end by themselves."""
        self._stopping.set()
        if self._http is not None and self._thread is not None:
            self._http.shutdown()
            self._http.server_close()
            self._thread.join(timeout=5)
        self._http = None


class _Listener(ThreadingHTTPServer):
    """The socket; its threads never keep the process alive."""

    daemon_threads = True

    def __init__(self, loopback: LoopbackServer, stopping: Event) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.loopback = loopback
        self.stopping = stopping


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = IDLE_TIMEOUT_S
    wbufsize = 65_536  # headers and body in one packet, or delayed acknowledgement costs 40 ms
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: URLs carry tokens, and the servers keep their own log."""

    def _serve(self) -> None:
        length_text = self.headers.get("Content-Length") or "0"
        if not length_text.isdecimal() or int(length_text) > MOST_BODY_BYTES:
            self.close_connection = True
            self.send_error(413)
            return
        address = urlsplit(self.path)
        request = Request(
            method=self.command,
            path=address.path,
            query=dict(parse_qsl(address.query)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(int(length_text)),
        )
        self._send(cast("_Listener", self.server).loopback.answer(request))

    def _send(self, reply: Reply) -> None:
        cast("_Listener", self.server).stopping.wait(reply.delay_s)
        if reply.is_dropped:
            self.close_connection = True
            return
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(reply.body)))
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body[: reply.sent_bytes])
        if reply.sent_bytes is not None:
            self.close_connection = True
