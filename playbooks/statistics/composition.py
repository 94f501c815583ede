"""What the publications are made of: by platform as a picture, by origin as a table where it is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from playbooks.core.charts import composition_bar
from playbooks.core.documents import Figure
from playbooks.statistics.figures import Figures
from playbooks.statistics.labels import metric
from playbooks.statistics.packet_tables import platform_totals
from playbooks.statistics.pictures import Picture
from playbooks.statistics.tables import Cell, PacketColumn, PacketTable

FEWEST_PARTS: Final = 4  # fewer numbers are read faster in the table above
ORIGINS: Final = ("original_count", "reposted_count", "interpretation_count")


def composition(figures: Figures) -> Iterator[Picture | PacketTable]:
    """Yield the picture of the platforms' shares, and the table of origins if anybody told them."""
    if len(platform_totals(figures)) >= FEWEST_PARTS:
        yield _by_platform(figures)
    rows: list[Sequence[Cell]] = [
        (platform, *(totals.amounts[name] for name in ORIGINS))
        for platform, totals in platform_totals(figures)
        if any(totals.amounts[name].value is not None for name in ORIGINS)
    ]
    if rows:
        columns = (
            PacketColumn("平台", weight=1.5),
            *(PacketColumn(metric(name).heading, "amount") for name in ORIGINS),
        )
        note = "由主办单位填报；政策解读可以同时是原创或转载，三项不相加。"
        yield PacketTable("发布来源", "原创、转载与政策解读", columns, rows, note=note)


def _by_platform(figures: Figures) -> Picture:
    amounts = [
        (platform, totals.amounts["published_count"])
        for platform, totals in platform_totals(figures)
    ]
    known = [(name, amount.value) for name, amount in amounts if amount.value is not None]
    total = sum(value for _, value in known)
    rows: list[Sequence[Cell]] = [
        (name, amount, amount.value / total if amount.value is not None and total else None)
        for name, amount in amounts
    ]
    columns = (
        PacketColumn("平台"),
        PacketColumn("发布信息（条）", "amount"),
        PacketColumn("占已取得", "percent"),
    )
    table = PacketTable("发布构成", "发布构成", columns, rows)
    if not total:
        return Picture(None, table)
    missing = [name for name, amount in amounts if amount.value is None]
    caption = "发布信息的平台构成" + (
        f"（{'、'.join(missing)}未取得，不在其中）" if missing else ""
    )
    png = composition_bar("发布信息的平台构成", known, "条")
    alt = f"{figures.period.label}各平台发布信息数占合计的比例"
    return Picture(Figure(png, caption, alt), table)
