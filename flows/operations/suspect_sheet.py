"""The suspects as a workbook, for whoever looks them up by hand: every cell a text, nothing evaluated."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import sql
from flows.operations.suspect_queue import dismissed, queue
from flows.settings import Settings
from playbooks.core.documents.text import visible
from playbooks.core.messages import local
from playbooks.core.register.columns import labels
from playbooks.core.workbook import Sheet, SheetColumn, Value, write_workbook

QUEUE_COLUMNS = (
    *(SheetColumn("编号", "integer", 8), SheetColumn("平台"), SheetColumn("账号名称", width=28)),
    *(SheetColumn("账号编号", width=20), SheetColumn("疑似仿冒", width=24)),
    *(SheetColumn("相似度", "decimal", 9), SheetColumn("理由", width=50)),
    *(SheetColumn("说明", width=30), SheetColumn("认证主体", width=24)),
    *(SheetColumn("简介", width=40), SheetColumn("网址（勿点开）", width=30)),
    *(SheetColumn("见于", width=28), SheetColumn("首次发现", width=18)),
)
DISMISSED_COLUMNS = (
    *(SheetColumn("编号", "integer", 8), SheetColumn("平台"), SheetColumn("账号名称", width=28)),
    *(SheetColumn("理由", width=40), SheetColumn("何人"), SheetColumn("何时", width=18)),
)


def write_suspects(settings: Settings, path: Path, now: datetime) -> int:
    """Write what waits and what was dismissed to *path*; return how many wait."""
    waiting = queue(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    sheets = (
        Sheet("待审核", QUEUE_COLUMNS, [_waiting(row) for row in waiting]),
        Sheet("已排除", DISMISSED_COLUMNS, [_dismissed(row) for row in dismissed(settings)]),
    )
    write_workbook(path, sheets, now)
    return len(waiting)


def _waiting(row: sql.Row) -> list[Value]:
    return [
        int(str(row["number"])),
        _platform(row),
        _text(row["display_name"]),
        _text(row["platform_account_id"]),
        _text(row["official_name"]),
        float(str(row["score"])),
        *(_text(row[key]) for key in ("reasons", "note", "certified_subject", "bio", "url")),
        _text(row["place"]),
        local(str(row["first_seen_at"])),
    ]


def _dismissed(row: sql.Row) -> list[Value]:
    texts = (_text(row[key]) for key in ("display_name", "reason", "decided_by"))
    return [int(str(row["number"])), _platform(row), *texts, local(str(row["decided_at"]))]


def _platform(row: sql.Row) -> str:
    return labels("platform").get(str(row["platform"]), str(row["platform"]))


def _text(value: object) -> str | None:
    return visible(str(value)) if value else None
