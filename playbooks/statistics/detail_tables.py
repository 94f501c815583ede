"""The tables about single accounts: silence, leads, annexes of figures, gaps and restated values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import cast

from playbooks.statistics.compliance import Silence
from playbooks.statistics.figures import AccountFigures, Figures
from playbooks.statistics.labels import (
    metric,
    register_label,
    source_label,
)
from playbooks.statistics.numbers import Share, as_float
from playbooks.statistics.packet_tables import account_amount
from playbooks.statistics.summary import ALL_METRICS
from playbooks.statistics.tables import Cell, PacketColumn, PacketTable

GAP_METRIC_COUNT = 11  # metrics of packet/gap.sql; a gap of all of them is said in two words
RUNS_IN_REPORT = 8

_NAME = PacketColumn("账号", weight=1.6)
_PLATFORM = PacketColumn("平台", weight=0.9)


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
    note = "未更新时段自最后一次更新之日（不计）起，计至恢复更新的前一日或最后有数之日的次日。"
    return PacketTable(name, caption, columns, [_silence_row(each) for each in silences], note)


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


def jump_table(figures: Figures) -> PacketTable:
    """Return days on which followers changed unlike the account's own past: leads, no verdicts."""
    rows: list[Sequence[Cell]] = []
    for row in figures.frames["jumps"].iter_rows(named=True):
        rows.append(
            (
                *_account_cells(figures, row),
                cast("date", row["stat_date"]),
                as_float(row["followers_change"]),
                as_float(row["usual_change"]),
                "是" if row["is_restated"] else "否",
                "线索，需人工核实",
            )
        )
    columns = (
        _NAME,
        _PLATFORM,
        PacketColumn("日期", "date"),
        PacketColumn("当日净增（人）", "count"),
        PacketColumn("常态（人/日）", "count"),
        PacketColumn("平台曾更正", weight=0.8),
        PacketColumn("性质", weight=1.3),
    )
    note = "常态为该账号此前28日净增的中位数。"
    return PacketTable("粉丝异动线索", "粉丝增减线索（需人工核实）", columns, rows, note)


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
        for row in figures.frames["sources"].iter_rows(named=True)
    ]
    return PacketTable("数据来源", "数据来源", columns, rows)


def annex_publishing(figures: Figures) -> PacketTable:
    """Return the first annex: publications and audience of every account, closed ones too."""
    columns = (
        _NAME,
        PacketColumn("主办单位", weight=1.6),
        _PLATFORM,
        PacketColumn("状态", weight=0.7),
        PacketColumn("发布（条）", "amount", 0.8),
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
    columns = (_NAME, _PLATFORM, *(PacketColumn(metric(n).heading, "amount") for n in names))
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


def gap_sheet(figures: Figures) -> PacketTable:
    """Return every run of missing days, for the workbook: with it any coverage can be reckoned up."""
    columns = (
        _NAME,
        _PLATFORM,
        PacketColumn("指标"),
        PacketColumn("起", "date"),
        PacketColumn("止", "date"),
        PacketColumn("天数", "count"),
    )
    rows = [
        (
            *_account_cells(figures, row),
            metric(str(row["metric"])).label,
            cast("date", row["begin_on"]),
            cast("date", row["end_on"]),
            cast("int", row["missing_days"]),
        )
        for row in figures.frames["gaps"].iter_rows(named=True)
    ]
    return PacketTable("数据缺口", None, columns, rows, where="workbook")


def gap_table(figures: Figures) -> PacketTable:
    """Return the missing days for reading: one row for the metrics an account lacks on the same days."""
    columns = (
        _NAME,
        _PLATFORM,
        PacketColumn("未取得的指标", weight=2.0),
        PacketColumn("天数", "count", 0.6),
        PacketColumn("未取得的日期", weight=3.0),
    )
    return PacketTable("数据缺口", None, columns, list(_gap_rows(figures)), where="report")


def _gap_rows(figures: Figures) -> Iterator[Sequence[Cell]]:
    spans: dict[tuple[str, str], list[tuple[date, date]]] = {}
    for row in figures.frames["gaps"].iter_rows(named=True):
        key = (str(row["account_id"]), str(row["metric"]))
        spans.setdefault(key, []).append((row["begin_on"], row["end_on"]))
    alike: dict[tuple[str, tuple[tuple[date, date], ...]], list[str]] = {}
    for (account_id, name), runs in spans.items():
        alike.setdefault((account_id, tuple(runs)), []).append(name)
    for (account_id, runs), names in sorted(alike.items()):
        yield (
            *_account_cells(figures, {"account_id": account_id}),
            _metric_names(names),
            sum((last - first).days + 1 for first, last in runs),
            _runs_text(runs),
        )


def _metric_names(names: Sequence[str]) -> str:
    if len(names) == GAP_METRIC_COUNT:
        return "全部指标"
    return "、".join(metric(name).label for name in sorted(names, key=ALL_METRICS.index))


def _runs_text(runs: Sequence[tuple[date, date]]) -> str:
    shown = "、".join(
        f"{first:%m-%d}" if first == last else f"{first:%m-%d}至{last:%m-%d}"
        for first, last in runs[:RUNS_IN_REPORT]
    )
    return shown + (f"等{len(runs)}段" if len(runs) > RUNS_IN_REPORT else "")


def restated_table(figures: Figures) -> PacketTable:
    """Return the figures told in several versions, and which one this packet uses."""
    columns = (
        _NAME,
        _PLATFORM,
        PacketColumn("日期", "date"),
        PacketColumn("指标"),
        PacketColumn("首次取得", "count", 0.9),
        PacketColumn("本报告采用", "count", 0.9),
        PacketColumn("采用数来源", weight=1.4),
        PacketColumn("采用数取得时间", "instant", 1.3),
    )
    rows = [
        (
            *_account_cells(figures, row),
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


def _account_cells(figures: Figures, row: dict[str, object]) -> tuple[str, str]:
    account = figures.account_by_id[str(row["account_id"])]
    return account.name, register_label("platform", account.platform)


def _remark(account: AccountFigures, figures: Figures) -> str:
    if account.opened_on is None or account.opened_on < figures.period.begin_on:
        return ""
    return f"（{account.opened_on:%m-%d}开设）"
