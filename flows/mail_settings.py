"""The office's mail server, from ``JUZHEN_SMTP_*``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, cast, get_args

from flows.settings import SettingsError

if TYPE_CHECKING:
    from connectors.email import MailServer, Security

DEFAULT_PORTS: Final = {"starttls": 587, "tls": 465, "none": 25}


def mail_server(variables: Mapping[str, str]) -> MailServer:
    """Return how the mail server is reached; TLS unless ``JUZHEN_SMTP_SECURITY=none`` is written.

    Raises:
        SettingsError: a variable is missing or wrong; the sentence names it, never its secret.
    """
    from connectors.email import MailServer, Security

    security = variables.get("JUZHEN_SMTP_SECURITY", "starttls")
    if security not in get_args(Security):
        raise SettingsError("JUZHEN_SMTP_SECURITY 只能是 starttls、tls 或 none")
    port = variables.get("JUZHEN_SMTP_PORT", str(DEFAULT_PORTS[security]))
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65_536):
        raise SettingsError("JUZHEN_SMTP_PORT 不是端口号")
    return MailServer(
        host=variables.get("JUZHEN_SMTP_HOST", ""),
        port=int(port),
        sender=variables.get("JUZHEN_SMTP_FROM", ""),
        security=cast("Security", security),
        user=variables.get("JUZHEN_SMTP_USER", ""),
        password=variables.get("JUZHEN_SMTP_PASSWORD", ""),
        ca_file=variables.get("JUZHEN_SMTP_CA", ""),
    )


def mail_to(variables: Mapping[str, str]) -> str:
    """Return the duty mailbox for messages that no single person is to get; ``""`` when none."""
    return variables.get("JUZHEN_SMTP_TO", "")
