"""The missing days: run by run for the workbook, gathered for reading."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, cast

from playbooks.statistics.detail_tables import NAME, PLATFORM, account_cells
from playbooks.statistics.figures import Figures
from playbooks.statistics.labels import is_offered, metric
from playbooks.statistics.summary import ALL_METRICS
from playbooks.statistics.tables import Cell, PacketColumn, PacketTable

GAP_METRICS = (  # of packet/gap.sql; a gap of all that a platform has is said in two words
    *(
        "followers_total",
        "followers_new",
        "followers_cancelled",
        "published_count",
        "reads",
        "shares",
    ),
    *("likes", "recommends", "comments", "collections", "messages_received", "plays"),
)
RUNS_IN_REPORT = 8


def gap_sheet(figures: Figures) -> PacketTable:
    """Return every run of missing days, for the workbook: with it any coverage can be reckoned up."""
    columns = (
        NAME,
        PLATFORM,
        PacketColumn("指标"),
        PacketColumn("起", "date"),
        PacketColumn("止", "date"),
        PacketColumn("天数", "count"),
        PacketColumn("其中平台已不再提供", "count"),
    )
    rows = [
        (
            *account_cells(figures, row),
            metric(str(row["metric"])).label,
            cast("date", row["begin_on"]),
            cast("date", row["end_on"]),
            cast("int", row["missing_days"]),
            cast("int", row["lost_days"]),
        )
        for row in owed_gaps(figures)
    ]
    return PacketTable("数据缺口", None, columns, rows, where="workbook")


def gap_table(figures: Figures) -> PacketTable:
    """Return the missing days for reading: one row for the metrics an account lacks on the same days."""
    columns = (
        NAME,
        PLATFORM,
        PacketColumn("未取得的指标", weight=3.0),
        PacketColumn("天数", "count", 0.6),
        PacketColumn("未取得的日期", weight=3.2),
    )
    return PacketTable("数据缺口", None, columns, list(_gap_rows(figures)), where="report")


def _gap_rows(figures: Figures) -> Iterator[Sequence[Cell]]:
    spans: dict[tuple[str, str], list[tuple[date, date]]] = {}
    lost: dict[tuple[str, tuple[date, date]], int] = {}
    for row in owed_gaps(figures):
        key = (str(row["account_id"]), str(row["metric"]))
        spans.setdefault(key, []).append((row["begin_on"], row["end_on"]))
        lost[key[0], (row["begin_on"], row["end_on"])] = row["lost_days"]
    alike: dict[tuple[str, tuple[tuple[date, date], ...]], list[str]] = {}
    for (account_id, name), runs in spans.items():
        alike.setdefault((account_id, tuple(runs)), []).append(name)
    for (account_id, runs), names in sorted(alike.items()):
        yield (
            *account_cells(figures, {"account_id": account_id}),
            _metric_names(names, figures.account_by_id[account_id].platform),
            sum((last - first).days + 1 for first, last in runs),
            _runs_text(runs) + _lost_text(sum(lost[account_id, run] for run in runs)),
        )


def owed_gaps(figures: Figures) -> list[dict[str, Any]]:
    """Return the runs of missing days of figures that the account's platform has at all."""
    return [
        row
        for row in figures.frames["gaps"].iter_rows(named=True)
        if is_offered(figures.account_by_id[str(row["account_id"])].platform, str(row["metric"]))
    ]


def _metric_names(names: Sequence[str], platform: str) -> str:
    if len(names) == sum(is_offered(platform, name) for name in GAP_METRICS):
        return "全部指标"
    return "、".join(metric(name).label for name in sorted(names, key=ALL_METRICS.index))


def _lost_text(lost_days: int) -> str:
    return f"；其中{lost_days}天平台已不再提供" if lost_days else ""


def _runs_text(runs: Sequence[tuple[date, date]]) -> str:
    shown = "、".join(
        f"{first:%m-%d}" if first == last else f"{first:%m-%d}至{last:%m-%d}"
        for first, last in runs[:RUNS_IN_REPORT]
    )
    return shown + (f"等{len(runs)}段" if len(runs) > RUNS_IN_REPORT else "")
