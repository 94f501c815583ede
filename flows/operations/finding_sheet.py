"""The list of problems as a workbook: every cell a text, a day or a number, nothing evaluated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import cast

import sql
from flows.operations.finding_board import owner_of, subject
from playbooks.core.findings.kinds import LEVELS, STATES, kinds
from playbooks.core.messages import local
from playbooks.core.workbook import Sheet, SheetColumn, Value, write_workbook

COLUMNS = (
    *(SheetColumn("编号", "integer", 8), SheetColumn("状态", width=9)),
    *(SheetColumn("性质", width=8), SheetColumn("依据", width=16), SheetColumn("类别", width=22)),
    *(SheetColumn("主办单位", width=30, missing=""), SheetColumn("账号", width=26)),
    *(SheetColumn("情况", width=70), SheetColumn("责任人", width=12)),
    *(SheetColumn("整改期限", "date", 12), SheetColumn("期限依据", width=24)),
    *(SheetColumn("整改件", width=16, missing=""), SheetColumn("提出时间", width=17)),
    SheetColumn("了结时间", width=17, missing=""),
)


def write_findings(rows: Sequence[sql.Row], path: Path, now: datetime) -> None:
    """Write the whole list, running and settled, to the .xlsx file *path*."""
    path.parent.mkdir(parents=True, exist_ok=True)
    running = [row for row in rows if row["state"] in ("open", "accepted")]
    settled = [row for row in rows if row["state"] not in ("open", "accepted")]
    sheets = (
        Sheet("待处理和整改中", COLUMNS, [_values(row) for row in running]),
        Sheet("已了结", COLUMNS, [_values(row) for row in settled]),
    )
    write_workbook(path, sheets, now)


def _values(row: sql.Row) -> list[Value]:
    kind = kinds()[str(row["code"])]
    settled = row["settled_at"] or row["ended_at"]
    return [
        cast("int", row["number"]),
        STATES[str(row["state"])],
        *(LEVELS[kind.level], kind.article, kind.title),
        str(row["unit_name"]) if row["unit_name"] else None,
        *(subject(row), str(row["detail"]), owner_of(row)),
        cast("date", row["due_on"]),
        str(row["due_basis"]),
        str(row["case_id"]) if row["case_id"] else None,
        local(cast("datetime", row["opened_at"])),
        local(cast("datetime", settled)) if settled else None,
    ]
