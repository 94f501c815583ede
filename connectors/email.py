"""Messages by e-mail through the office's own server: TLS unless told otherwise, never sent twice blindly.

A mail has no way to be looked up: when the server's answer to the text is lost, the outcome stays
*unknown*. The Message-ID is made of the dedupe key, so that a mailbox that got it twice shows it once.
"""

from __future__ import annotations

import hashlib
import re
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime
from typing import Final, Literal

from connectors import chat_text
from connectors.chat import ChatMessage, Delivery
from connectors.http import redact

Security = Literal["starttls", "tls", "none"]
MAX_LINE: Final = 2000
MAX_LINES: Final = 500

_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True)
class MailServer:
    """How the office's mail server is reached.

    Attributes:
        security: ``starttls`` (usual port 587), ``tls`` from the first byte (465), or ``none``,
            which sends password and text for everyone on the way to read.
        ca_file: certificates to trust instead of the system's; empty for those.
        user: empty when the server asks for no login.
    """

    host: str
    port: int
    sender: str
    security: Security = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: str = ""
    timeout_s: float = 20.0


class Mailer:
    """Sends to the address that the message names as its channel."""

    def __init__(self, server: MailServer, clock: Callable[[], datetime]) -> None:
        """Prepare; nothing is sent.

        Raises:
            ValueError: the sender is no plain address.
        """
        if not is_address(server.sender):
            raise ValueError(f"the sender {server.sender!r} is no plain mail address")
        self._server, self._clock = server, clock

    def deliver(self, message: ChatMessage) -> Delivery:
        """Send *message* once to one address."""
        if not is_address(message.channel):
            return Delivery("refused", detail="收件人没有可用的电子邮箱")
        mail = mail_of(message, self._server.sender, self._clock())
        try:
            client = self._connected()
        except (smtplib.SMTPException, OSError, ValueError) as error:
            return self._judged(error)
        try:
            return self._sent(client, mail, message.channel)
        finally:
            client.close()  # saying goodbye could only lose time: the server has answered or not

    def _connected(self) -> smtplib.SMTP:
        """Connect, switch to TLS and log in; nothing of the message has left by then."""
        server = self._server
        if server.security == "tls":
            client: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=server.timeout_s, context=self._context()
            )
        else:
            client = smtplib.SMTP(server.host, server.port, timeout=server.timeout_s)
        try:
            if server.security == "starttls":
                client.starttls(context=self._context())
            if server.user:
                client.login(server.user, server.password)
        except (smtplib.SMTPException, OSError, ValueError):
            client.close()
            raise
        return client

    def _context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self._server.ca_file or None)

    def _sent(self, client: smtplib.SMTP, mail: EmailMessage, address: str) -> Delivery:
        try:
            for code, word in (client.mail(self._server.sender), client.rcpt(address)):
                if code not in (250, 251):
                    return _by_code(code, word)
        except (smtplib.SMTPException, OSError) as error:
            return self._judged(error)
        try:
            code, word = client.data(mail.as_bytes())
        except smtplib.SMTPDataError as error:
            return _by_code(error.smtp_code, error.smtp_error)
        except (smtplib.SMTPException, OSError) as error:
            name = type(error).__name__
            return Delivery("unknown", detail=f"邮件正文发出后没有收到应答（{name}），可能已经送达")
        if code != 250:
            return _by_code(code, word)
        return Delivery("delivered", reference=_shown(word))

    def _judged(self, error: Exception) -> Delivery:
        """Return what an error before the text means: it certainly was not sent."""
        secrets = (self._server.password, self._server.user)
        if isinstance(error, smtplib.SMTPAuthenticationError):
            return Delivery("refused", detail="邮件服务器不接受用户名或口令，请核对邮件设置")
        if isinstance(error, smtplib.SMTPNotSupportedError):
            detail = "邮件服务器不支持加密或登录，请核对 JUZHEN_SMTP_SECURITY 与端口"
            return Delivery("refused", detail=detail)
        if isinstance(error, ssl.SSLCertVerificationError):
            detail = (
                f"邮件服务器的证书不可信（{error.verify_message}），请核对服务器名或 JUZHEN_SMTP_CA"
            )
            return Delivery("refused", detail=detail)
        if isinstance(error, smtplib.SMTPResponseException):
            return _by_code(error.smtp_code, error.smtp_error)
        detail = redact(f"连不上邮件服务器（{type(error).__name__}：{error}）", secrets)
        return Delivery("failed", detail=detail[:200])


def is_address(text: str) -> bool:
    """Whether *text* is one plain ASCII mail address and nothing else: no name, no second line."""
    return bool(_ADDRESS.fullmatch(text)) and ".." not in text


def mail_of(message: ChatMessage, sender: str, now: datetime) -> EmailMessage:
    """Return *message* as plain text; no text from outside comes near a header but the subject."""
    mail = EmailMessage(policy=WIRE)
    mail["From"] = Address("矩阵", addr_spec=sender)
    mail["To"] = Address(addr_spec=message.channel)
    mail["Subject"] = chat_text.title_of(message, "")
    mail["Date"] = format_datetime(now)
    digest = hashlib.sha256(f"{message.dedupe_key} {message.channel}".encode()).hexdigest()
    mail["Message-ID"] = f"<{digest[:40]}@{sender.rsplit('@', 1)[1]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content("\n".join(_paragraphs(message)) + "\n", cte="base64")
    return mail


def _paragraphs(message: ChatMessage) -> list[str]:
    lines = [chat_text.cut(line, MAX_LINE) for line in chat_text.lines_of(message, "")]
    if len(lines) > MAX_LINES:
        rest = len(lines) - MAX_LINES
        lines = [*lines[:MAX_LINES], f"{chat_text.CUT_MARK}其余 {rest} 行未显示"]
    if message.link_url:
        is_usable = chat_text.is_link_usable(message.link_url)
        label = chat_text.inert(message.link_label or "打开", "")
        lines += ["", f"{label}：{message.link_url}" if is_usable else "链接格式不合法，未附上"]
    return [*lines, "", "本邮件由系统自动发出，请勿回复。"]


def _by_code(code: int, word: bytes | str) -> Delivery:
    shown = _shown(word)
    if 400 <= code < 500:
        return Delivery("failed", detail=f"邮件服务器暂不接收（{code} {shown}）")
    return Delivery("refused", detail=f"邮件服务器拒收（{code} {shown}）")


def _shown(word: bytes | str) -> str:
    text = word.decode("utf-8", "replace") if isinstance(word, bytes) else word
    return chat_text.clean(redact(text))[:120]
