"""The tables of figures account by account: two annexes, and the sheets of the workbook."""

from __future__ import annotations

from playbooks.statistics.detail_tables import NAME, PLATFORM
from playbooks.statistics.figures import AccountFigures, Figures
from playbooks.statistics.labels import (
    metric,
    register_label,
)
from playbooks.statistics.numbers import Share
from playbooks.statistics.packet_tables import account_amount
from playbooks.statistics.summary import ALL_METRICS
from playbooks.statistics.tables import PacketColumn, PacketTable


def annex_publishing(figures: Figures) -> PacketTable:
    """Return the first annex: publications and audience of every account, closed ones too."""
    columns = (
        NAME,
        PacketColumn("主办单位", weight=1.6),
        PLATFORM,
        PacketColumn("状态", weight=0.7),
        PacketColumn("发布（条）", "amount", 0.8, coverage_weight=0.9),
        PacketColumn("期末粉丝（人）", "count"),
        PacketColumn("净增（人）", "count", 0.9),
        PacketColumn("增长率", "percent", 0.8),
    )
    rows = [
        (
            account.name,
            account.unit_name,
            register_label("platform", account.platform),
            register_label("status", account.status) + _remark(account, figures),
            account_amount(account, "published_count") if account.is_operating else None,
            account.closing_followers,
            account.followers_growth,
            Share(account.followers_growth, account.opening_followers, 1).ratio,
        )
        for account in figures.accounts
    ]
    return PacketTable("逐账号", None, columns, rows, where="report")


def annex_interaction(figures: Figures) -> PacketTable:
    """Return the second annex: reach and interaction of every operating account."""
    names = ("reads", "shares", "comments", "messages_received")
    columns = (
        NAME,
        PLATFORM,
        *(PacketColumn(metric(n).heading, "amount", coverage_weight=0.85) for n in names),
    )
    rows = [
        (
            account.name,
            register_label("platform", account.platform),
            *(account_amount(account, name) for name in names),
        )
        for account in figures.operating
    ]
    return PacketTable("逐账号", None, columns, rows, where="report")


def account_sheet(figures: Figures) -> PacketTable:
    """Return every figure of every account, for the workbook only."""
    columns = (
        PacketColumn("账号编号"),
        PacketColumn("账号"),
        PacketColumn("主办单位"),
        PacketColumn("平台"),
        PacketColumn("状态"),
        PacketColumn("开设日期", "date"),
        PacketColumn("是否接入"),
        PacketColumn("期初粉丝（人）", "count"),
        *(PacketColumn(metric(name).heading, "amount") for name in ALL_METRICS),
    )
    rows = [
        (
            account.account_id,
            account.name,
            account.unit_name,
            register_label("platform", account.platform),
            register_label("status", account.status),
            account.opened_on,
            "已接入" if account.is_connected else "未接入",
            account.opening_followers,
            *(account_amount(account, name) for name in ALL_METRICS),
        )
        for account in figures.accounts
    ]
    return PacketTable("逐账号", None, columns, rows, where="workbook")


def unconnected_table(figures: Figures) -> PacketTable:
    """Return the operating accounts without any source, for the workbook."""
    columns = (
        PacketColumn("账号编号"),
        PacketColumn("账号"),
        PacketColumn("主办单位"),
        PacketColumn("平台"),
    )
    rows = [
        (
            account.account_id,
            account.name,
            account.unit_name,
            register_label("platform", account.platform),
        )
        for account in figures.operating
        if not account.is_connected
    ]
    return PacketTable("未接入账号", None, columns, rows, where="workbook")


def _remark(account: AccountFigures, figures: Figures) -> str:
    if account.opened_on is None or account.opened_on < figures.period.begin_on:
        return ""
    return f"（{account.opened_on:%m-%d}开设）"
