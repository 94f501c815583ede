"""Writes the example files of the district; the same district gives the same bytes anywhere."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

from connectors.simulation.deterministic_xlsx import Cell, workbook_bytes
from connectors.simulation.district import District
from connectors.simulation.export_files import follower_html, follower_rows, tendency_workbook
from connectors.simulation.platform_files import platform_files
from connectors.simulation.register_tables import register_tables
from connectors.simulation.report_tables import report_rows
from connectors.simulation.statistics import statistics_of

EXPORTED_DAYS = 92  # a quarter
TENDENCY_DAYS = 30
REPORTS_WORKBOOK = "reports/12345工单.xlsx"
REPORTS_CSV = "reports/12345工单.csv"
# The two accounts the interface refuses, and one it serves, to see which source wins.
EXPORTED_ACCOUNTS = ("A0005", "A0013", "A0030", "A0038")
REGISTER_WORKBOOK = "register/云杉新区政务新媒体台账.xlsx"


def example_files(district: District) -> dict[str, bytes]:
    """Return path inside the folder -> bytes of every generated example."""
    return {
        **_register_files(district),
        **_export_files(district),
        REPORTS_WORKBOOK: workbook_bytes({"工单": report_rows(district)}),
        REPORTS_CSV: csv_text(report_rows(district)).encode("gb18030"),
    }


def write_examples(folder: Path, district: District) -> list[Path]:
    """Write every example under *folder* and return the paths, replacing what was there."""
    written: list[Path] = []
    for name, content in example_files(district).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        written.append(path)
    return written


def csv_text(rows: Sequence[Sequence[Cell]]) -> str:
    """Return rows as CSV with CRLF line ends, days as 2026-11-20 and gaps as nothing."""
    buffer = StringIO()
    writer = csv.writer(buffer)
    for row in rows:
        writer.writerow([_plain(value) for value in row])
    return buffer.getvalue()


def _register_files(district: District) -> dict[str, bytes]:
    tables = register_tables(district)
    files = {REGISTER_WORKBOOK: workbook_bytes(tables)}
    for name, rows in tables.items():
        # The byte-order mark is what makes a double click open Chinese text correctly.
        files[f"register/csv/{name}.csv"] = csv_text(rows).encode("utf-8-sig")
    return files


def _export_files(district: District) -> dict[str, bytes]:
    return _wechat_files(district) | platform_files(district, EXPORTED_DAYS)


def _wechat_files(district: District) -> dict[str, bytes]:
    last = district.last_day
    quarter = last - timedelta(days=EXPORTED_DAYS - 1)
    month = last - timedelta(days=TENDENCY_DAYS - 1)
    files: dict[str, bytes] = {}
    for account_id in EXPORTED_ACCOUNTS:
        figures = statistics_of(district, district.account(account_id))
        folder = f"exports/{account_id}_{figures.account.name}"
        followers = csv_text(follower_rows(figures, quarter, last))
        files[f"{folder}/用户分析_用户增长.xls"] = follower_html(figures, quarter, last)
        files[f"{folder}/用户分析_用户增长.csv"] = followers.encode("gb18030")
        name = f"tendency_{month:%Y%m%d}_{last:%Y%m%d}.xls"
        files[f"{folder}/{name}"] = tendency_workbook(figures, month, last)
    return files


def _plain(value: Cell) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return value
