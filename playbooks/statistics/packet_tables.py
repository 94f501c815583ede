"""The tables of the packet's sections, and the sheets behind the charts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from playbooks.statistics.figures import AccountFigures, Figures
from playbooks.statistics.labels import (
    FOLLOWERS,
    GROWTH,
    is_offered,
    metric,
    order_of,
    register_label,
)
from playbooks.statistics.numbers import Amount, optional_sum
from playbooks.statistics.summary import (
    ALL_METRICS,
    Totals,
    change,
    grouped,
    scope_totals,
    totals_by,
)
from playbooks.statistics.tables import Cell, PacketColumn, PacketTable


@dataclass(frozen=True)
class CaseFigure:
    """One line of the case statistics, for example 期内新立案 3 件; None prints as 未取得."""

    label: str
    count: int | None
    unit: str = "件"


def main_tables(figures: Figures, totals: Totals) -> list[PacketTable]:
    """Return the main figures: beside the period before, beside the year before, and one sheet of all.

    A year before of which nothing is known is said in a sentence (texts/00_year_before.j2), not in
    a table of blanks; the sheet has its columns all the same.
    """
    previous = scope_totals(figures, of="previous_")
    year_before = scope_totals(figures, of="year_before_")
    rows: list[Sequence[Cell]] = []
    for name in ALL_METRICS:
        can_compare = name != GROWTH and totals.amounts[name].is_offered
        rows.append(
            (
                metric(name).heading,
                totals.amounts[name],
                previous.amounts[name],
                change(name, figures.accounts, figures.previous) if can_compare else None,
                year_before.amounts[name],
                change(name, figures.accounts, figures.year_before) if can_compare else None,
            )
        )
    columns = (
        PacketColumn("指标", weight=1.6),
        PacketColumn("本期", "amount", 1.3, coverage_weight=1.2),
        PacketColumn("上期", "amount", 1.3, coverage_weight=1.2),
        PacketColumn("环比", "change", 1.5),
        PacketColumn("上年同期", "amount", 1.3, coverage_weight=1.2),
        PacketColumn("同比", "change", 1.5),
    )
    tables = [PacketTable("主要指标", None, columns, rows, where="workbook")]
    tables.append(_part("主要指标及环比", columns, rows, (0, 1, 2, 3)))
    if has_figures(year_before):
        tables.append(_part("主要指标同比", columns, rows, (0, 1, 4, 5)))
    return tables


def has_figures(totals: Totals) -> bool:
    """Tell whether anything at all is known."""
    return any(amount.value is not None for amount in totals.amounts.values())


def _part(
    caption: str,
    columns: Sequence[PacketColumn],
    rows: Sequence[Sequence[Cell]],
    places: Sequence[int],
) -> PacketTable:
    return PacketTable(
        "主要指标",
        caption,
        [columns[place] for place in places],
        [[row[place] for place in places] for row in rows],
        where="report",
    )


def register_table(figures: Figures) -> PacketTable:
    """Return how many accounts every platform has, and how many have a source."""
    rows: list[Sequence[Cell]] = []
    for platform, accounts in _by_platform(figures.accounts):
        operating = [account for account in accounts if account.is_operating]
        connected = sum(account.is_connected for account in operating)
        state = "已接入" if connected == len(operating) else f"{connected}个已接入"
        rows.append(
            (
                platform,
                len(accounts),
                len(operating),
                connected,
                "—" if not operating else state if connected else "未接入",
            )
        )
    columns = (
        PacketColumn("平台"),
        PacketColumn("台账账号（个）", "count"),
        PacketColumn("运营中（个）", "count"),
        PacketColumn("已接入（个）", "count"),
        PacketColumn("数据来源"),
    )
    return PacketTable("账号总览", "分平台账号情况", columns, rows)


def unit_kind_table(figures: Figures) -> PacketTable:
    """Return how many units of every kind keep accounts."""
    groups = grouped(figures.accounts, lambda account: account.unit_kind)
    order = {kind: place for place, kind in enumerate(order_of("unit_kind"))}
    rows: list[Sequence[Cell]] = [
        (
            register_label("unit_kind", kind),
            len({account.unit_id for account in groups[kind]}),
            len(groups[kind]),
            sum(account.is_operating for account in groups[kind]),
        )
        for kind in sorted(groups, key=lambda kind: (order.get(kind or "", 99), kind or ""))
    ]
    columns = (
        PacketColumn("单位类别"),
        PacketColumn("单位（个）", "count"),
        PacketColumn("台账账号（个）", "count"),
        PacketColumn("运营中（个）", "count"),
    )
    return PacketTable("单位类别", "分单位类别账号情况", columns, rows)


def platform_table(
    figures: Figures, sheet: str, caption: str, metrics: Sequence[str], *, with_growth: bool = False
) -> PacketTable:
    """Return *metrics* of every platform that has operating accounts, each with its coverage."""
    rows: list[Sequence[Cell]] = []
    for platform, totals in platform_totals(figures):
        growth: list[Cell] = [totals.growth.ratio, totals.growth.base] if with_growth else []
        rows.append(
            (
                platform,
                totals.account_count,
                *(totals.amounts[name] for name in metrics),
                *growth,
            )
        )
    columns = [
        PacketColumn("平台", weight=1.5),
        PacketColumn("运营中（个）", "count", 0.8),
        # Wide enough for a count of nine digits, beside at most three coverages.
        *(
            PacketColumn(metric(name).heading, "amount", 1.5, coverage_weight=1.2)
            for name in metrics
        ),
    ]
    if with_growth:
        columns += [
            PacketColumn("增长率", "percent", 0.8),
            PacketColumn("增长率基数（人）", "count"),
        ]
    return PacketTable(sheet, caption, columns, rows)


def unit_table(figures: Figures) -> PacketTable:
    """Return the main figures of every unit that keeps an operating account."""
    rows: list[Sequence[Cell]] = []
    totals_of_unit = totals_by(figures, "unit")
    for unit_id, accounts in grouped(figures.operating, lambda account: account.unit_id).items():
        totals = totals_of_unit[unit_id or ""]
        names = ("published_count", FOLLOWERS, GROWTH, "reads")
        rows.append(
            (
                accounts[0].unit_name,
                totals.account_count,
                *(totals.amounts[name] for name in names),
            )
        )
    columns = (
        PacketColumn("主办单位", weight=2.4),
        PacketColumn("账号（个）", "count", 0.7),
        PacketColumn("发布信息（条）", "amount"),
        PacketColumn("期末粉丝（人）", "amount", coverage_weight=0.7),
        PacketColumn("粉丝净增（人）", "amount", coverage_weight=0.7),
        PacketColumn("阅读（人次）", "amount", 1.2),
    )
    return PacketTable("分单位", None, columns, rows)


def case_table(cases: Sequence[CaseFigure]) -> PacketTable:
    """Return the case statistics as they were given."""
    columns = (
        PacketColumn("项目", weight=3.0),
        PacketColumn("数量", "count"),
        PacketColumn("单位"),
    )
    rows = [(case.label, case.count, case.unit) for case in cases]
    return PacketTable("假冒处置", "假冒政务新媒体处置情况", columns, rows)


def account_amount(account: AccountFigures, name: str) -> Amount:
    """Return one figure of one account with its coverage."""
    unit = metric(name).unit
    if name in (FOLLOWERS, GROWTH):
        value = account.closing_followers if name == FOLLOWERS else account.followers_growth
        return Amount(value, int(value is not None), int(account.is_operating), unit, "个账号")
    offered = is_offered(account.platform, name)
    owed = account.expected_days if offered else 0
    value = optional_sum([account.totals[name]])
    return Amount(value, account.days[name], owed, unit, is_offered=offered)


def platform_totals(figures: Figures) -> list[tuple[str, Totals]]:
    """Return the totals of each platform by its label, in the register's order."""
    found = totals_by(figures, "platform")
    return [(register_label("platform", name), found[name]) for name in _ordered(found)]


def _by_platform(
    accounts: Sequence[AccountFigures],
) -> list[tuple[str, list[AccountFigures]]]:
    """Return accounts by platform label in the register's order, unknown platforms last."""
    groups = cast(
        "dict[str, list[AccountFigures]]", grouped(accounts, lambda account: account.platform)
    )
    return [(register_label("platform", name), groups[name]) for name in _ordered(groups)]


def _ordered(names: Iterable[str]) -> list[str]:
    order = {platform: place for place, platform in enumerate(order_of("platform"))}
    return sorted(names, key=lambda name: (order.get(name, len(order)), name))
