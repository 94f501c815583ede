"""Tell the chat of problems: new ones in one message, and once each that its deadline has passed."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import cast

import sql
from connectors.chat import ChatMessage
from flows.channels import open_sender
from flows.links import addresses
from flows.operations.finding_board import FINDINGS, TITLE, owner_of, subject
from flows.operations.findings import listed
from flows.settings import Settings
from flows.source_alarms import HEARD
from playbooks.core.documents.text import visible
from playbooks.core.findings.kinds import kinds
from playbooks.core.masking import masked
from playbooks.core.working_hours import local_day
from sql.catalogs import write

MOST_LINES = 10


def tell_problems(settings: Settings, now: datetime) -> int:
    """Send at most two messages and return how many problems they told of; silent without news."""
    running = [row for row in listed(settings) if row["state"] in ("open", "accepted")]
    today = local_day(now)
    late = [
        row
        for row in running
        if row["overdue_told_at"] is None and cast("date", row["due_on"]) < today
    ]
    fresh = [row for row in running if row["told_at"] is None]
    count = _tell(settings, fresh, "新增问题和线索", now, is_overdue=False)
    return count + _tell(settings, late, "问题整改逾期", now, is_overdue=True)


def _tell(
    settings: Settings, rows: Sequence[sql.Row], what: str, now: datetime, *, is_overdue: bool
) -> int:
    if not rows:
        return 0
    numbers = [cast("int", row["number"]) for row in rows]
    mark = hashlib.sha256(f"{is_overdue}:{numbers}".encode()).hexdigest()[:16]
    message = ChatMessage(
        channel="",
        title=f"{what} {len(rows)} 条",
        lines=_lines(rows),
        dedupe_key=f"findings:{mark}",
        severity="warning",
        link_url=addresses(settings, settings.ui_url).page(FINDINGS) or None,
        link_label=TITLE,
    )
    delivery = open_sender(settings).alarm(message)
    if delivery is None or delivery.status not in HEARD:
        return 0
    with write(settings.ops) as connection:
        sql.execute(
            connection, "findings/mark_told", numbers=numbers, now=now, is_overdue=is_overdue
        )
    return len(rows)


def _lines(rows: Sequence[sql.Row]) -> tuple[str, ...]:
    counts = Counter(kinds()[str(row["code"])].title for row in rows)
    lines = [
        f"{row['number']} 号 {visible(masked(subject(row)), 60)}：{kinds()[str(row['code'])].title}，"
        f"{_day(row['due_on'])}前，{visible(masked(owner_of(row)), 40)}"
        for row in rows[:MOST_LINES]
    ]
    more = len(rows) - MOST_LINES
    summed = "；".join(f"{title} {count} 条" for title, count in counts.items())
    return (summed, *lines, f"另有 {more} 条，见看板「{TITLE}」") if more > 0 else (summed, *lines)


def _day(day: object) -> str:
    return cast("date", day).isoformat()
