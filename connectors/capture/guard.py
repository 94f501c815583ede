"""A forward proxy on loopback through which a capturing browser must go, and nothing else.

It speaks what browsers speak to a proxy: ``CONNECT host:port`` for encrypted pages and absolute
addresses for plain ones. Each connection is checked by ``Reach`` and made to the checked address, so a
redirect, a resource of the page or a name that changes its address meets the same refusal.
"""

from __future__ import annotations

import selectors
import socket
import socketserver
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, cast
from urllib.parse import urlsplit

from connectors.addresses import Reach, RefusedAddressError
from connectors.capture.browse import REFUSED_HEADER

CHUNK_BYTES: Final = 64 * 1024
LONGEST_HEAD_BYTES: Final = 64 * 1024
CONNECT_TIMEOUT_S: Final = 10.0
IDLE_TIMEOUT_S: Final = 20.0
# Hosts that Chromium calls for itself, whatever its arguments say: no part of any page, so refused in silence.
BROWSERS_OWN: Final = (
    "update.googleapis.com",
    "safebrowsing.googleapis.com",
    "optimizationguide-pa.googleapis.com",
    "content-autofill.googleapis.com",
    "clients2.google.com",
    "clients4.google.com",
    "accounts.google.com",
    "android.clients.google.com",
    "mtalk.google.com",
    "redirector.gvt1.com",
    "www.google.com",
)


@dataclass(frozen=True)
class Bounds:
    """How much one capture may take.

    Attributes:
        bytes_in: from all servers together.
        seconds: from the first connection on.
    """

    bytes_in: int = 60 * 1024 * 1024
    seconds: float = 60.0


@dataclass
class Passage:
    """What went through, for the capture's log.

    Attributes:
        reached: host -> the address it was connected to, first one kept.
        refused: sentences on what was not let through, in order.
        stopped: why everything was cut off; empty when nothing was.
    """

    reached: dict[str, str] = field(default_factory=dict[str, str])
    refused: list[str] = field(default_factory=list[str])
    stopped: str = ""
    bytes_in: int = 0


class Guard:
    """The proxy as a context: ``with Guard(reach, bounds) as guard: guard.address``."""

    def __init__(
        self, reach: Reach, bounds: Bounds, clock_s: Callable[[], float] = time.monotonic
    ) -> None:
        """Keep what limits it; *clock_s* only grows."""
        self.reach, self.bounds, self.clock_s = reach, bounds, clock_s
        self.passage = Passage()
        self._lock = threading.Lock()
        self._began_s = clock_s()
        guard = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                guard._serve(cast("socket.socket", self.request))

        self._server = _Server(("127.0.0.1", 0), Handler)

    @property
    def address(self) -> str:
        """What a browser takes as its proxy."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Guard:
        """Start serving."""
        self._began_s = self.clock_s()
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop serving; open connections end with their browser."""
        self._server.shutdown()
        self._server.server_close()

    def _serve(self, client: socket.socket) -> None:
        client.settimeout(IDLE_TIMEOUT_S)
        head = _read_head(client)
        if head is None:
            return
        try:
            host, port, first = _target(head)
            if host in BROWSERS_OWN:
                return
            with self._connected(host, port) as server:
                if first is None:
                    client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                else:
                    server.sendall(first)
                self._relay(client, server)
        except (RefusedAddressError, ValueError) as error:
            with self._lock:
                self.passage.refused.append(str(error))
            _answer_refusal(client, str(error))
        except OSError:
            return  # one side is gone; the browser says what that means for the page

    def _connected(self, host: str, port: int) -> socket.socket:
        if self.passage.stopped:
            raise RefusedAddressError(self.passage.stopped)
        address = self.reach.resolve(host, port)
        with self._lock:
            self.passage.reached.setdefault(host, address)
        return socket.create_connection((address, port), CONNECT_TIMEOUT_S)

    def _relay(self, client: socket.socket, server: socket.socket) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(client, selectors.EVENT_READ, server)
            selector.register(server, selectors.EVENT_READ, client)
            while events := selector.select(min(IDLE_TIMEOUT_S, self.bounds.seconds)):
                for key, _ in events:
                    chunk = cast("socket.socket", key.fileobj).recv(CHUNK_BYTES)
                    if not chunk or not self._may_pass(chunk, is_inbound=key.fileobj is server):
                        return
                    cast("socket.socket", key.data).sendall(chunk)

    def _may_pass(self, chunk: bytes, *, is_inbound: bool) -> bool:
        with self._lock:
            self.passage.bytes_in += len(chunk) if is_inbound else 0
            if self.passage.bytes_in > self.bounds.bytes_in:
                limit_mb = self.bounds.bytes_in / 1024 / 1024
                self.passage.stopped = f"页面超过 {limit_mb:.3g} MB，已停止接收"
            elif self.clock_s() - self._began_s > self.bounds.seconds:
                self.passage.stopped = f"页面超过 {self.bounds.seconds:g} 秒没有结束，已停止接收"
            return not self.passage.stopped


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


def _read_head(client: socket.socket) -> bytes | None:
    head = b""
    try:
        while b"\r\n\r\n" not in head:
            chunk = client.recv(CHUNK_BYTES)
            if not chunk or len(head) > LONGEST_HEAD_BYTES:
                return None
            head += chunk
    except OSError:
        return None
    return head


def _target(head: bytes) -> tuple[str, int, bytes | None]:
    """Return host, port and what to send first: None for a tunnel, else the request without proxy words.

    Raises:
        ValueError: nothing that a browser says to a proxy.
    """
    lines, _, body = head.partition(b"\r\n\r\n")
    request, *headers = lines.split(b"\r\n")
    try:
        method, where, version = request.decode("ascii").split(" ")
        parts = urlsplit(f"//{where}" if method == "CONNECT" else where)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise ValueError("浏览器的请求读不懂，已拒绝") from error
    if not host or (method != "CONNECT" and parts.scheme != "http"):
        raise ValueError("浏览器的请求读不懂，已拒绝")
    if method == "CONNECT":
        return host, port or 443, None
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    # One request a connection: the next one may be for another host and must be checked anew.
    kept = [h for h in headers if not h.lower().startswith((b"proxy-", b"connection:"))]
    first = [f"{method} {path} {version}".encode("ascii"), *kept, b"Connection: close"]
    return host, port or 80, b"\r\n".join(first) + b"\r\n\r\n" + body


def _answer_refusal(client: socket.socket, sentence: str) -> None:
    body = sentence.encode("utf-8")
    head = (
        "HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\n{REFUSED_HEADER}: 1\r\nConnection: close\r\n\r\n"
    )
    try:
        client.sendall(head.encode("ascii") + body)
    except OSError:
        return
