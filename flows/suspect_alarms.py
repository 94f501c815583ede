"""Tell the chat of suspects that wait for a person: all new ones in one message, each of them once."""

from __future__ import annotations

import hashlib
from datetime import datetime

import sql
from connectors.chat import ChatMessage
from flows.channels import open_sender
from flows.links import addresses
from flows.operations.suspect_board import SUSPECTS, TITLE, alert_lines
from flows.operations.suspect_queue import queue
from flows.settings import Settings
from flows.source_alarms import HEARD
from sql.catalogs import write


def tell_suspects(settings: Settings, now: datetime) -> int:
    """Tell what the chat has not heard of and return how many; what no channel took waits."""
    untold = [row for row in queue(settings) if row["told_at"] is None]
    if not untold:
        return 0
    numbers = ",".join(str(row["number"]) for row in untold)
    message = ChatMessage(
        channel="",
        title=f"发现疑似假冒账号 {len(untold)} 个，请审核",
        lines=alert_lines(untold),
        dedupe_key=f"suspects:{hashlib.sha256(numbers.encode()).hexdigest()[:16]}",
        severity="warning",
        link_url=addresses(settings, settings.ui_url).page(SUSPECTS) or None,
        link_label=TITLE,
    )
    delivery = open_sender(settings).alarm(message)
    if delivery is None or delivery.status not in HEARD:
        return 0
    with write(settings.ops) as connection:
        numbers = [row["number"] for row in untold]
        sql.execute(connection, "suspects/mark_told", numbers=numbers, now=now)
    return len(untold)
