"""The night's summary in Chinese: what came in, what did not and why, who has been silent too long."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import polars as pl

import sql
from flows.operations.boards import markdown_text
from flows.operations.planning import all_sources
from flows.operations.statistics import Night
from flows.settings import Settings
from playbooks.core.messages import local
from playbooks.statistics.check_texts import check_sentence
from sql.catalogs import open_catalog

STATUS_TITLES = {
    "value": "取得数据",
    "absent": "确无数据",
    "not_ready": "平台尚未算出",
    "quota_exhausted": "当日配额用完",
    "refused": "平台拒绝（凭据、权限或白名单）",
    "retired": "接口已停用",
    "failed": "失败",
}
MOST_MESSAGES = 20
MOST_NAMED = 5


def summary_markdown(settings: Settings, night: Night, now: datetime) -> str:
    """Return the summary of one night as Markdown."""
    with open_catalog(settings.stats) as connection:
        fresh = sql.query(connection, "marts/account_freshness", today=night.today)
    asked = sum(night.outcomes.values())
    lines = [
        f"## 夜间采集 {night.today.isoformat()}({local(now)})",
        "",
        f"采集账号 {night.account_count} 个，请求 {asked} 次，"
        f"新增观测 {night.built.observation_count} 条，新增内容 {night.built.content_count} 条，"
        f"未能识别 {night.built.rejected_count} 条。",
        "",
        *_source_lines(settings, night),
        "| 结果 | 次数 |",
        "|---|---:|",
        *(
            f"| {STATUS_TITLES[status]} | {count} |"
            for status, count in sorted(night.outcomes.items())
        ),
        "",
        *_stale_lines(fresh),
        *_message_lines(night),
        *_gap_lines(night),
    ]
    return "\n".join(lines)


def _source_lines(settings: Settings, night: Night) -> list[str]:
    titles = {one.source: one.title for one in all_sources(settings)}
    asked = [
        f"{markdown_text(titles.get(source, source), 60)} {count} 个账号"
        for source, count in night.sources.items()
    ]
    return [f"数据源：{'；'.join(asked) or '没有已配置的数据源'}。", ""]


def _stale_lines(fresh: pl.DataFrame) -> list[str]:
    biting = fresh.filter(pl.col("local_overdue") | pl.col("national_failed"))
    near = fresh.filter(
        pl.col("approaching") & ~pl.col("local_overdue") & ~pl.col("national_failed")
    )
    unknown = fresh.filter(pl.col("calendar_days_since").is_null()).height
    lines = [
        "### 更新情况（第三十一条与国家口径）",
        "",
        f"运营中 {fresh.height} 个账号：超过 7 个工作日未更新 {fresh['local_overdue'].sum()} 个，"
        f"满 14 个自然日未更新 {fresh['national_failed'].sum()} 个，临近 {near.height} 个；"
        f"没有发布数据、无法判断 {unknown} 个。",
        "",
    ]
    if biting.is_empty():
        return lines
    lines += [
        "| 账号 | 单位 | 最近更新 | 工作日 | 自然日 | 先触及 |",
        "|---|---|---|---:|---:|---|",
    ]
    rules = {"local_7_workdays": "新区 7 个工作日", "national_2_weeks": "国家 2 周"}
    for row in biting.iter_rows(named=True):
        last = row["last_update_on"] or "期内未见更新"
        provisional = "（暂定）" if row["is_provisional"] else ""
        lines.append(
            f"| {markdown_text(row['name'], 40)} | {markdown_text(row['unit_name'], 40)} | {last} "
            f"| {row['workdays_since']}{provisional} | {row['calendar_days_since']} "
            f"| {rules.get(row['first_rule'], '—')} {row['first_bites_on'] or ''} |"
        )
    return [*lines, ""]


def _message_lines(night: Night) -> list[str]:
    """Say each thing once, with the accounts it was said about."""
    if not night.messages:
        return []
    accounts: dict[str, list[str]] = {}
    counts: Counter[str] = Counter()
    for told, count in night.messages.items():
        account_id, _, text = told.partition(" ")
        accounts.setdefault(text, []).append(account_id)
        counts[text] += count
    lines = ["### 需要处理", ""]
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    for text, count in ranked[:MOST_MESSAGES]:
        about = sorted(set(accounts[text]))
        more = f" 等 {len(about)} 个账号" if len(about) > MOST_NAMED else ""
        named = f"{'、'.join(about[:MOST_NAMED])}{more}"
        lines.append(f"- {markdown_text(f'{named} {text}')}(× {count})")
    if len(ranked) > MOST_MESSAGES:
        lines.append(f"- 另有 {len(ranked) - MOST_MESSAGES} 类，`juzhen health` 可查")
    return [*lines, ""]


def _gap_lines(night: Night) -> list[str]:
    lines = ["### 缺口与检查", ""]
    lines += [f"- 自建接口未采集：{markdown_text(fault)}" for fault in night.faults]
    if night.unconfigured:
        lines.append(
            f"- 未配置凭据的账号 {len(night.unconfigured)} 个：{'、'.join(night.unconfigured[:10])}"
        )
    lines += [f"- 已无法补取：{markdown_text(span)}" for span in night.lost[:MOST_MESSAGES]]
    lines += [
        f"- {'不应出现' if name.startswith('fail_') else '请核对'}（{count} 行）：{check_sentence(name)}"
        for name, count in sorted(night.findings.items())
    ]
    return lines if len(lines) > 2 else [*lines, "无。"]
