"""The published items: all of them for the workbook, the furthest reaching of each platform for reading."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final, cast

from playbooks.statistics.detail_tables import NAME, PLATFORM, account_cells
from playbooks.statistics.figures import Figures
from playbooks.statistics.labels import metric, order_of, register_label
from playbooks.statistics.numbers import as_float
from playbooks.statistics.tables import Cell, PacketColumn, PacketTable

ITEM_METRICS: Final = ("reads", "plays", "shares", "likes", "recommends", "comments", "collections")
MEASURES: Final = ("reads", "plays", "likes")  # what a platform is compared by: the first it has
SHOWN_OF_PLATFORM: Final = 3
Row = dict[str, object]


def item_sheet(figures: Figures) -> PacketTable:
    """Return every item with its figures since publication, for the workbook."""
    columns = (
        NAME,
        PLATFORM,
        PacketColumn("发布日期", "date"),
        PacketColumn("标题", weight=4.0),
        PacketColumn("内容编号"),
        *(PacketColumn(metric(name).heading, "count") for name in ITEM_METRICS),
        PacketColumn("数据截至", "date"),
    )
    rows: list[Sequence[Cell]] = [
        (
            *account_cells(figures, row),
            cast("date", row["published_on"]),
            cast("str | None", row["title"]),
            str(row["content_id"]),
            *(as_float(row[name]) for name in ITEM_METRICS),
            cast("date | None", row["figures_on"]),
        )
        for row in figures.frames["items"].iter_rows(named=True)
    ]
    return PacketTable("内容明细", None, columns, rows, where="workbook")


def far_reaching_table(figures: Figures) -> PacketTable:
    """Return the items with the largest figure of each platform; platforms are never mixed."""
    columns = (
        PacketColumn("平台", weight=1.5),
        PacketColumn("标题", weight=3.2),
        PacketColumn("账号", weight=1.6),
        PacketColumn("发布日期", "date", 1.3),
        PacketColumn("依据", weight=0.7),
        PacketColumn("数量", "count", 0.9),
    )
    caption = f"各平台传播较广的内容（每个平台前{SHOWN_OF_PLATFORM}条，平台之间不作比较）"
    return PacketTable("传播较广的内容", caption, columns, list(_far_reaching(figures)))


def _far_reaching(figures: Figures) -> Iterator[Sequence[Cell]]:
    of_platform: dict[str, list[Row]] = {}
    for row in figures.frames["items"].iter_rows(named=True):
        account = figures.account_by_id[str(row["account_id"])]
        of_platform.setdefault(account.platform, []).append(row)
    for platform in order_of("platform"):
        rows = of_platform.get(platform, [])
        measure = next((m for m in MEASURES if any(row[m] is not None for row in rows)), "")
        for row in _largest(rows, measure) if measure else ():
            account = figures.account_by_id[str(row["account_id"])]
            yield (
                register_label("platform", platform),
                cast("str | None", row["title"]) or "（未取得标题）",
                account.name,
                cast("date", row["published_on"]),
                metric(measure).label,
                as_float(row[measure]),
            )


def _largest(rows: Sequence[Row], measure: str) -> list[Row]:
    known = [row for row in rows if row[measure] is not None]
    known.sort(key=lambda row: (-(as_float(row[measure]) or 0), str(row["content_id"])))
    return known[:SHOWN_OF_PLATFORM]
