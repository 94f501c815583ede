"""Tell the chat what about the sources needs a person: once a matter, and once that it healed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from connectors.chat import ChatMessage, Severity
from flows.channels import open_sender
from flows.operations.matter_log import News, mark_told, record
from flows.operations.source_health import Health
from flows.operations.source_matters import Matter
from flows.settings import Settings

HEARD = ("delivered", "unknown")
"""What may have arrived is not repeated blindly: the board and the next opening still say it."""


def tell_matters(
    settings: Settings, health: Health, matters: Sequence[Matter], now: datetime
) -> int:
    """Send at most two messages, what opened and what healed; return how many matters were told.

    What no channel took is told at the next look. Silent when there is nothing new.
    """
    opened, healed = record(settings, matters, now, is_whole=health.is_readable)
    count = _tell(settings, opened, ("采集有事项需要处理", "warning"), now)
    return count + _tell(settings, healed, ("采集事项已恢复", "info"), now)


def _tell(settings: Settings, news: News, said: tuple[str, Severity], now: datetime) -> int:
    if not news.matter_ids:
        return 0
    title, severity = said
    message = ChatMessage(
        channel="",
        title=title,
        lines=news.lines,
        dedupe_key=f"source:{severity}:{news.dedupe_key}",
        severity=severity,
    )
    delivery = open_sender(settings).alarm(message)
    if delivery is None or delivery.status not in HEARD:
        return 0
    mark_told(settings, news, now)
    return len(news.matter_ids)
