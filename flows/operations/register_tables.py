"""Make the tables that the office hands in, as .xlsx and .csv, by its own mapping of columns."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Final

import sql
from flows.settings import Settings
from playbooks.core.register.table_mapping import (
    TableMapping,
    csv_lines,
    mappings,
    read_mapping,
    sheet_of,
    table_rows,
)
from playbooks.core.workbook import Sheet, SheetColumn, write_workbook
from playbooks.core.working_hours import local_day
from sql.catalogs import CatalogBusyError, open_catalog

FOLDER: Final = "台账数据表"
WAIT_S = 10.0
OF_FIGURES = ("last_update_on", "workdays_since", "calendar_days_since", "staleness")


def table_names(settings: Settings) -> list[str]:
    """Return the tables there are."""
    return list(mappings(settings.home / "tables"))


def make_table(
    settings: Settings, name: str, now: datetime, folder: Path | None = None
) -> tuple[TableMapping, list[Path], int]:
    """Write one table as .xlsx and .csv; return its mapping, the files and how many rows.

    Args:
        settings: of this installation.
        name: of the table.
        now: of the making; in the files' names.
        folder: where to; a folder of the documents unless given.

    Raises:
        MappingError: there is no such table, or its mapping has faults.
    """
    mapping = read_mapping(name, settings.home / "tables")
    rows = _rows(settings, now)
    target = folder or settings.outbox / FOLDER
    target.mkdir(parents=True, exist_ok=True)
    stem = f"{name}-{local_day(now).isoformat()}"
    workbook, text = target / f"{stem}.xlsx", target / f"{stem}.csv"
    write_workbook(workbook, [sheet_of(mapping, rows), _told(mapping, now)], now)
    buffer = StringIO()
    csv.writer(buffer).writerows(csv_lines(mapping, rows))
    text.write_text(buffer.getvalue(), encoding="utf-8-sig", newline="")
    return mapping, [workbook, text], len(table_rows(mapping, rows))


def _rows(settings: Settings, now: datetime) -> Sequence[sql.Row]:
    """Return what the register says of each account, and how fresh it is; held figures are unknown."""
    with open_catalog(settings.ops) as connection:
        accounts = sql.rows(connection, "register/table_accounts")
    try:
        with open_catalog(settings.stats, wait_limit_s=WAIT_S) as connection:
            fresh = sql.rows(connection, "marts/account_freshness", today=local_day(now))
    except CatalogBusyError:
        fresh = []
    known = {row["account_id"]: {**row, "staleness": row["state"]} for row in fresh}
    empty: sql.Row = {}
    return [
        {**row, **{key: known.get(row["account_id"], empty).get(key) for key in OF_FIGURES}}
        for row in accounts
    ]


def _told(mapping: TableMapping, now: datetime) -> Sheet:
    notes = [
        f"{mapping.title}（{mapping.label}）：{mapping.source}",
        f"数据截至 {local_day(now)}；没有的数据写明没有，不补零",
        "手机号码已遮盖" if mapping.is_public else "含联系电话，属个人信息，不得公开",
    ]
    return Sheet("说明", [SheetColumn("说明", width=100)], [[note] for note in notes])
