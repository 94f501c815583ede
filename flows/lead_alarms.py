"""Tell the chat of leads to incidents that wait for a person: all new ones in one message, each once."""

from __future__ import annotations

import hashlib
from datetime import datetime

import sql
from connectors.chat import ChatMessage
from flows.channels import open_sender
from flows.links import addresses
from flows.operations.incident_lead_board import LEADS, TITLE, lead_lines
from flows.operations.incident_leads import queue
from flows.settings import Settings
from flows.source_alarms import HEARD
from sql.catalogs import write


def tell_leads(settings: Settings, now: datetime) -> int:
    """Tell what the chat has not heard of and return how many; what no channel took waits."""
    untold = [row for row in queue(settings) if row["told_at"] is None]
    if not untold:
        return 0
    news = ",".join(f"{row['number']}@{row['seen_at']}" for row in untold)
    message = ChatMessage(
        channel="",
        title=f"事件线索 {len(untold)} 条，请核实（只是线索）",
        lines=lead_lines(untold),
        dedupe_key=f"leads:{hashlib.sha256(news.encode()).hexdigest()[:16]}",
        severity="warning",
        link_url=addresses(settings, settings.ui_url).page(LEADS) or None,
        link_label=TITLE,
    )
    delivery = open_sender(settings).alarm(message)
    if delivery is None or delivery.status not in HEARD:
        return 0
    with write(settings.ops) as connection:
        numbers = [row["number"] for row in untold]
        sql.execute(connection, "incidents/mark_told", numbers=numbers, now=now)
    return len(untold)
