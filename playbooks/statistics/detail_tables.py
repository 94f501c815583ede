"""The tables about single days of accounts: silence, leads, restated values; and the sources."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import cast

import polars as pl

from playbooks.statistics.compliance import Silence
from playbooks.statistics.figures import Figures
from playbooks.statistics.labels import (
    metric,
    register_label,
    source_label,
)
from playbooks.statistics.numbers import as_float
from playbooks.statistics.tables import Cell, PacketColumn, PacketTable

NAME = PacketColumn("账号", weight=1.8)
PLATFORM = PacketColumn("平台", weight=1.4)


def silence_table(silences: Sequence[Silence], name: str, caption: str) -> PacketTable:
    """Return stretches without an update and how their days were counted."""
    columns = (
        PacketColumn("账号", weight=1.4),
        PacketColumn("主办单位", weight=1.5),
        PacketColumn("未更新时段", weight=1.5, where="report"),
        PacketColumn("最后更新", "date", where="workbook"),
        PacketColumn("计至", "date", where="workbook"),
        PacketColumn("自然日", "count", 0.7),
        PacketColumn("工作日", "count", 0.7),
        PacketColumn("扣除的休息日", weight=1.5),
        PacketColumn("缺数日", "count", 0.7),
        PacketColumn("触及规则", weight=1.1),
        PacketColumn("现状", weight=0.9),
    )
    return PacketTable(name, caption, columns, [_silence_row(each) for each in silences])


def _silence_row(silence: Silence) -> Sequence[Cell]:
    rules = [
        *(["第三十一条"] if silence.is_local_overdue else []),
        *(["国家2周"] if silence.is_national_failed else []),
    ]
    return (
        f"{silence.account.name}（{register_label('platform', silence.account.platform)}）",
        silence.account.unit_name,
        f"{silence.from_on}至{silence.until_on}"
        + ("" if silence.is_update else "（此前无更新记录）"),
        silence.from_on,
        silence.until_on,
        silence.rule.calendar_days,
        silence.rule.workdays,
        silence.skipped_text,
        silence.unknown_days,
        "、".join(rules) + ("（暂定）" if silence.rule.is_provisional else ""),
        "未恢复" if silence.is_open else "已恢复",
    )


def offline_table(figures: Figures) -> PacketTable:
    """Return the offline activities that sponsors entered; unknown people stay unknown."""
    rows: list[Sequence[Cell]] = [
        (
            cast("date", row["stat_date"]),
            figures.account_by_id[str(row["account_id"])].unit_name,
            str(row["title"]),
            as_float(row["participants"]),
        )
        for row in figures.frames["offline"].iter_rows(named=True)
    ]
    columns = (
        PacketColumn("日期", "date", 0.9),
        PacketColumn("主办单位", weight=1.6),
        PacketColumn("活动名称", weight=2.4),
        PacketColumn("参与人数", "count", 0.8),
    )
    return PacketTable("线下活动", "线下活动明细（主办单位填报）", columns, rows)


def jump_table(figures: Figures) -> PacketTable:
    """Return days on which followers changed unlike the account's own past: leads, no verdicts."""
    rows: list[Sequence[Cell]] = []
    for row in figures.frames["jumps"].iter_rows(named=True):
        rows.append(
            (
                *account_cells(figures, row),
                cast("date", row["stat_date"]),
                as_float(row["followers_change"]),
                as_float(row["usual_change"]),
                "是" if row["is_restated"] else "否",
                "线索，需人工核实",
            )
        )
    columns = (
        NAME,
        PLATFORM,
        PacketColumn("日期", "date", 1.2),
        PacketColumn("当日净增（人）", "count"),
        PacketColumn("常态（人/日）", "count"),
        PacketColumn("平台曾更正", weight=0.9),
        PacketColumn("性质", weight=1.9),
    )
    return PacketTable("粉丝异动线索", "粉丝增减线索（需人工核实）", columns, rows)


def source_table(figures: Figures) -> PacketTable:
    """Return where the figures came from and when last."""
    columns = (
        PacketColumn("来源", weight=1.5),
        PacketColumn("账号（个）", "count"),
        PacketColumn("数据（条）", "count"),
        PacketColumn("最早取得", "instant", 1.3),
        PacketColumn("最近取得", "instant", 1.3),
    )
    rows = [
        (
            source_label(str(row["source"])),
            cast("int", row["account_count"]),
            cast("int", row["value_count"]),
            cast("datetime", row["first_fetched_at"]),
            cast("datetime", row["last_fetched_at"]),
        )
        for row in _by_source(figures).iter_rows(named=True)
    ]
    return PacketTable("数据来源", "数据来源", columns, rows)


def _by_source(figures: Figures) -> pl.DataFrame:
    return (
        figures.frames["sources"]
        .group_by("source")
        .agg(
            pl.len().alias("account_count"),
            pl.col("value_count").sum(),
            pl.col("first_fetched_at").min(),
            pl.col("last_fetched_at").max(),
        )
        .sort("source")
    )


def restated_table(figures: Figures) -> PacketTable:
    """Return the figures told in several versions, and which one this packet uses."""
    columns = (
        NAME,
        PLATFORM,
        PacketColumn("日期", "date", 1.2),
        PacketColumn("指标"),
        PacketColumn("首次取得", "count", 0.9),
        PacketColumn("本报告采用", "count", 0.9),
        PacketColumn("采用数来源", weight=1.4),
        PacketColumn("采用数取得时间", "instant", 1.3),
    )
    rows = [
        (
            *account_cells(figures, row),
            cast("date", row["stat_date"]),
            metric(str(row["metric"])).label.replace("期末", ""),
            as_float(row["first_value"]),
            as_float(row["used_value"]),
            source_label(str(row["used_source"])),
            cast("datetime", row["used_fetched_at"]),
        )
        for row in figures.frames["restated"].iter_rows(named=True)
    ]
    return PacketTable("数据更正", None, columns, rows)


def account_cells(figures: Figures, row: dict[str, object]) -> tuple[str, str]:
    account = figures.account_by_id[str(row["account_id"])]
    return account.name, register_label("platform", account.platform)
