"""A small SMTP server on loopback that takes mail into a list, with or without STARTTLS and login.

It speaks enough of RFC 5321 for smtplib and for a person with ``nc``, and can misbehave: refuse a
recipient for ever or for now, or take the text and close without a word.
"""

from __future__ import annotations

import base64
import socket
import ssl
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import EmailPolicy
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread
from types import TracebackType
from typing import Self, cast

from connectors.simulation.faults import Fault, FaultPlan

USER = "juzhen"
PASSWORD = "simulated-mail-password"  # noqa: S105  # accepted by this server only
MOST_BYTES = 1024 * 1024
IDLE_TIMEOUT_S = 20.0


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail as it was handed over: the envelope and the text."""

    sender: str
    recipient: str
    is_encrypted: bool
    message: EmailMessage


class MailServer:
    """Serves on a free port of 127.0.0.1 inside a ``with`` block.

    Attributes:
        messages: everything taken, in order.
        faults: ``busy`` (recipient refused for now), ``quota`` (for ever) and
            ``dropped_after_accept`` (the text is taken, the answer never comes).
    """

    def __init__(self, *, tls: ssl.SSLContext | None = None, asks_login: bool = False) -> None:
        """Prepare; with *tls* the server offers STARTTLS, and takes no login without it."""
        self.messages: list[Mail] = []
        self.faults = FaultPlan(())
        self.tls = tls
        self.asks_login = asks_login
        self._server: ThreadingTCPServer | None = None

    @property
    def port(self) -> int:
        """Where the server listens; ``RuntimeError`` outside the ``with`` block."""
        if self._server is None:
            raise RuntimeError("the server listens only inside its with block")
        return int(self._server.server_address[1])

    def spoil(self, *faults: Fault) -> None:
        """Forget the present faults and take these."""
        self.faults.replace(faults)

    def __enter__(self) -> Self:
        """Start listening."""
        self._server = _Listener(self)
        Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
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
            self._server.server_close()
        self._server = None


class _Listener(ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, mail: MailServer) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.mail = mail


class _Session(StreamRequestHandler):
    timeout = IDLE_TIMEOUT_S

    def setup(self) -> None:
        super().setup()
        self.mail = cast("_Listener", self.server).mail
        self.is_encrypted = self.is_known = False
        self.sender = self.recipient = ""

    def handle(self) -> None:
        self._say("220 loopback ready")
        while line := self.rfile.readline(4096):
            word, _, rest = line.decode("utf-8", "replace").strip().partition(" ")
            if word.upper() == "QUIT" or not self._obey(word.upper(), rest):
                return

    def _obey(self, word: str, rest: str) -> bool:
        """Do what *word* asks; False ends the session without another word."""
        match word:
            case "EHLO" | "HELO":
                offers = ["250-loopback"]
                offers += ["250-STARTTLS"] if self.mail.tls and not self.is_encrypted else []
                offers += ["250-AUTH PLAIN"] if self.mail.asks_login else []
                self._say("\r\n".join([*offers, "250 8BITMIME"]))
            case "STARTTLS":
                return self._encrypt()
            case "AUTH":
                self._log_in(rest)
            case "MAIL" | "RCPT":
                self._envelope(word, rest)
            case "DATA":
                return self._take()
            case "RSET" | "NOOP":
                self._say("250 ok")
            case _:
                self._say("502 unknown command")
        return True

    def finish(self) -> None:
        super().finish()
        if self.is_encrypted:
            # The server closes the socket it accepted; wrapping emptied that one into this.
            self.connection.close()

    def _encrypt(self) -> bool:
        if self.mail.tls is None:
            self._say("454 no TLS here")
            return True
        self._say("220 go ahead")
        try:
            wrapped = self.mail.tls.wrap_socket(
                cast("socket.socket", self.request), server_side=True
            )
        except (ssl.SSLError, OSError):
            return False
        self.rfile.close()
        self.connection = self.request = wrapped
        self.rfile = wrapped.makefile("rb")
        self.is_encrypted = True
        return True

    def _log_in(self, rest: str) -> None:
        given = base64.b64decode(rest.partition(" ")[2] or "AA==").split(b"\0")
        self.is_known = given[-2:] == [USER.encode(), PASSWORD.encode()]
        self._say("235 welcome" if self.is_known else "535 5.7.8 bad login")

    def _envelope(self, word: str, rest: str) -> None:
        address = rest.partition("<")[2].partition(">")[0]
        if self.mail.asks_login and not self.is_known:
            self._say("530 5.7.0 log in first")
        elif word == "MAIL":
            self.sender = address
            self._say("250 ok")
        elif self.mail.faults.strikes("busy", "rcpt", None):
            self._say("451 4.7.1 greylisted, come again")
        elif self.mail.faults.strikes("quota", "rcpt", None):
            self._say("550 5.1.1 no such mailbox")
        else:
            self.recipient = address
            self._say("250 ok")

    def _take(self) -> bool:
        self._say("354 end with a dot")
        body = bytearray()
        while (line := self.rfile.readline(65_536)) not in (b".\r\n", b""):
            body += line[1:] if line.startswith(b".") else line
            if len(body) > MOST_BYTES:
                return False
        message = message_from_bytes(bytes(body), policy=EmailPolicy())
        self.mail.messages.append(Mail(self.sender, self.recipient, self.is_encrypted, message))
        if self.mail.faults.strikes("dropped_after_accept", "data", None):
            return False
        self._say(f"250 2.0.0 queued as {len(self.mail.messages):06d}")
        return True

    def _say(self, line: str) -> None:
        self.connection.sendall(f"{line}\r\n".encode())
