"""The files of a spot check: how it was drawn, and the worksheets to fill in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import sql
from flows.office import read_office
from flows.operations.actions import Made
from flows.settings import Settings
from playbooks.core.quarter import Quarter
from playbooks.core.register.columns import labels
from playbooks.core.workbook import Sheet, SheetColumn, write_workbook
from playbooks.core.working_hours import local_day
from playbooks.spot_check.indicators import Indicators
from playbooks.spot_check.worksheet import NAME, Line, document, lines_of, sheet
from sql.catalogs import open_catalog

FRAME = (
    *(SheetColumn("账号编号", width=10), SheetColumn("账号名称", width=24)),
    *(SheetColumn("平台", width=11), SheetColumn("主办单位", width=32)),
    *(SheetColumn("抽取排序值", width=68), SheetColumn("是否检查", width=9)),
    SheetColumn("上季复查", width=9, missing=""),
)


def sheets_made(
    settings: Settings, case_id: str, quarter: Quarter, indicators: Indicators, now: datetime
) -> Sequence[Made]:
    """Return how the accounts were drawn and the worksheets as they stand now."""
    with open_catalog(settings.ops) as connection:
        (check,) = sql.rows(connection, "spot_check/one", case_id=case_id)
        accounts = sql.rows(connection, "spot_check/accounts", case_id=case_id)
    lines = read_lines(settings, case_id, indicators)
    frame = sorted(accounts, key=lambda row: str(row["draw_key"]))
    told = {
        "case_id": case_id,
        "period": quarter.text,
        "method": "按 SHA-256(种子:账号编号) 由小到大取前若干个；上季度有问题的账号另行复查",
        "seed": check["seed"],
        "scope": check["scope"],
        "frame": [row["account_id"] for row in frame],
        "drawn": [row["account_id"] for row in frame if row["is_drawn"]],
        "rechecked": [row["account_id"] for row in frame if row["is_recheck"]],
        "indicators": {"version": indicators.version, "label": indicators.label},
    }
    text = json.dumps(told, ensure_ascii=False, indent=1)
    return [
        Made("抽样说明.json", text.encode("utf-8")),
        workbook(lines, [Sheet("抽样框", FRAME, [_frame(row) for row in frame])], now),
        pages(settings, lines, quarter, indicators, now),
    ]


def read_lines(settings: Settings, case_id: str, indicators: Indicators) -> list[Line]:
    """Return the lines of the worksheet as they stand now."""
    with open_catalog(settings.ops) as connection:
        accounts = sql.rows(connection, "spot_check/accounts", case_id=case_id)
        items = sql.rows(connection, "spot_check/items", case_id=case_id)
    return lines_of(accounts, items, indicators.by_code, labels("platform"))


def workbook(lines: Sequence[Line], more: Sequence[Sheet], now: datetime) -> Made:
    """Return the worksheet as a workbook that can be filled in and imported."""
    with TemporaryDirectory(prefix="juzhen-sheet-") as folder:
        path = Path(folder) / f"{NAME}.xlsx"
        write_workbook(path, [sheet(lines), *more], now)
        return Made(path.name, path.read_bytes())


def pages(
    settings: Settings,
    lines: Sequence[Line],
    quarter: Quarter,
    indicators: Indicators,
    now: datetime,
) -> Made:
    """Return the worksheet as a document, a page for each account."""
    from playbooks.core.documents import render_docx

    issuer = read_office(settings).issuer
    report = document(lines, quarter.words, issuer, local_day(now), f"（{indicators.label}）")
    return Made(f"{NAME}.docx", render_docx(report, now))


def _frame(row: sql.Row) -> list[str | None]:
    return [
        *(str(row[key]) for key in ("account_id", "name")),
        labels("platform").get(str(row["platform"]), str(row["platform"])),
        str(row["unit_name"]),
        str(row["draw_key"]),
        "是" if row["is_drawn"] else "否",
        "是" if row["is_recheck"] else None,
    ]
