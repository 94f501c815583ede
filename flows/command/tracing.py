"""Subcommands trace, checks, corrections: where a figure comes from, and whether it is right."""

from __future__ import annotations

import argparse
import re
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

import sql
from flows import clock
from flows.command.arguments import Subparsers, add_command
from flows.command.output import CommandError, Output
from flows.command.watching import parse_day
from flows.settings import read_settings

if TYPE_CHECKING:
    import duckdb

    from playbooks.statistics.trace import DayTrace

DAYS_SHOWN = 40


def add(subparsers: Subparsers) -> None:
    """Add the subcommands."""
    parser = add_command(subparsers, "trace", "追溯一个数字：从数据包、看板到原始报文", trace)
    parser.add_argument("metric", help="指标，如 reads、followers_total")
    parser.add_argument("when", help="日期 2026-07-01，或统计期 2026Q3、2026-07")
    parser.add_argument("--account", default="", metavar="台账号", help="一个账号；查日期时必填")
    parser.add_argument("--unit", default="", help="一个单位（含下属单位）；默认全区")
    add_command(
        subparsers, "corrections", "声明的更正（corrections.csv）：检查、采用、列出", corrections
    )
    parser = add_command(subparsers, "checks", "逐项质量检查：结果与含义", checks)
    parser.add_argument("--rows", type=int, default=3, help="每项列出几行，默认 3")


def checks(given: argparse.Namespace, output: Output) -> int:
    """Run every check and print those that found rows; non-zero when one must not exist."""
    from playbooks.statistics.build import run_checks
    from playbooks.statistics.check_texts import check_sentence, check_sentences
    from sql.catalogs import open_catalog

    with open_catalog(read_settings().stats) as connection:
        found = run_checks(connection, clock.today())
    for one in found:
        mark = "不应出现" if one.is_failure else "请核对"
        output.say(f"[{mark}] {one.rows.height} 行  {check_sentence(one.name)}（{one.name}）")
        for row in one.rows.head(max(0, given.rows)).iter_rows(named=True):
            output.say(f"    {_plain('  '.join(f'{name}={value}' for name, value in row.items()))}")
    failures = sum(one.is_failure for one in found)
    output.say(
        f"共 {len(check_sentences())} 项检查：不应出现 {failures} 项，请核对 {len(found) - failures} 项。"
    )
    output.result(
        {
            "checks": [
                {"name": one.name, "is_failure": one.is_failure, "rows": one.rows.to_dicts()}
                for one in found
            ]
        }
    )
    return 1 if failures else 0


def corrections(given: argparse.Namespace, output: Output) -> int:
    """Judge the declared corrections again and print how each of them stands."""
    from flows.operations.marts import apply_corrections
    from playbooks.statistics.corrections import sentences
    from sql.catalogs import open_catalog

    settings, now = read_settings(), clock.now()
    with open_catalog(settings.stats) as connection:
        apply_corrections(connection, settings, now)
        rows = sql.rows(connection, "corrections/declared")
    for line in sentences(rows):
        output.say(line)
    standing = sum(row["status"] == "applied" for row in rows)
    output.say(
        f"共 {len(rows)} 条，采用中 {standing} 条。文件：{settings.home / 'corrections.csv'}"
    )
    output.result({"corrections": rows})
    return 0


def trace(given: argparse.Namespace, output: Output) -> int:
    """Follow one day's figure to its payloads, or a period's figure to its days."""
    from sql.catalogs import open_catalog

    with open_catalog(read_settings().stats) as connection:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", given.when, re.ASCII):
            if not given.account:
                raise CommandError("查某一天的数须用 --account 写明台账号")
            from playbooks.statistics.trace import trace_day

            found = trace_day(connection, given.account, given.metric, parse_day(given.when))
            _say_day(found, output)
            output.result(asdict(found))
            return 0
        return _period(given, output, connection)


def _period(
    given: argparse.Namespace, output: Output, connection: duckdb.DuckDBPyConnection
) -> int:
    from playbooks.statistics.figures import Scope, read_figures
    from playbooks.statistics.numbers import number
    from playbooks.statistics.period import parse_period
    from playbooks.statistics.trace import trace_period

    period, today = parse_period(given.when), clock.today()
    figures = read_figures(connection, period, Scope("所选范围", given.unit or None), today)
    accounts = [each.account_id for each in figures.operating]
    if given.account:
        accounts = [name for name in accounts if name == given.account]
        if not accounts:
            raise CommandError(f"范围内没有运营中的账号 {given.account}")
    found = trace_period(connection, accounts, given.metric, period, today)
    output.say(
        f"{period.label} {given.metric}：{number(found.value)}，由 {len(accounts)} 个账号的 "
        f"{len(found.days)} 个日数组成（{found.begin_on} 至 {found.end_on}）"
    )
    for row in found.days[:DAYS_SHOWN]:
        versions = int(str(row["version_count"]))
        restated = f"  有 {versions} 个版本" if versions > 1 else ""
        output.say(
            f"  {row['account_id']} {row['stat_date']}  {number(float(str(row['value'])))}  "
            f"{row['source'] or '内容清单计数'}  {str(row['payload_sha256'] or '')[:12]}{restated}"
        )
    if len(found.days) > DAYS_SHOWN:
        output.say(f"  另有 {len(found.days) - DAYS_SHOWN} 个日数，加 --json 全部列出")
    output.say("再追一天：juzhen trace 指标 日期 --account 台账号")
    output.result(asdict(found))
    return 0


def _say_day(found: DayTrace, output: Output) -> None:
    from playbooks.statistics.labels import source_label
    from playbooks.statistics.numbers import number
    from playbooks.statistics.trace import STATES

    output.say(
        f"{found.account_id} {found.stat_date} {found.metric}：{number(found.value)}"
        f"（{STATES[found.state]}）。{found.why}。"
    )
    used = next((word for word in found.words if word["precedence"] is not None), None)
    for word in found.words:
        mark = "采用" if word is used else "备查" if word["precedence"] is not None else "不采信"
        value, source = number(float(str(word["value"]))), source_label(str(word["source"]))
        output.say(f"[{mark}] {value}  {source}")
        _say_chain(word, output)
    for item in found.items:
        output.say(f"  {item['content_id']} {_plain(item['title'])}  {item['payload_sha256']}")
    for attempt in found.attempts:
        output.say(
            f"  问过 {attempt['source']} {attempt['endpoint']}：{attempt['status']} "
            f"× {attempt['attempt_count']}，最近 {_at(attempt['last_asked_at'])} "
            f"{_plain(attempt['message'])}"
        )


def _say_chain(word: sql.Row, output: Output) -> None:
    output.say(f"    取得 {_at(word['fetched_at'])}  运行 {word['run_id'] or '—'}")
    output.say(f"    报文 SHA-256 {word['payload_sha256']}（{word['payload_bytes'] or 0} 字节）")
    output.say(f"    接口 {word['endpoint'] or '—'}  请求结果 {word['status'] or '—'}")
    if word["import_id"]:
        output.say(f"    导入 {word['import_id']}  原文件 {_plain(word['file_name'])}")
        output.say(f"    原文件 SHA-256 {word['file_sha256']}")
    if word["excerpt"]:
        output.say(f"    原文 …{_plain(word['excerpt'])}…")


def _at(instant: object) -> str:
    from playbooks.core.messages import local

    return local(instant) if isinstance(instant, datetime) else "—"


def _plain(text: object) -> str:
    from playbooks.core.documents.text import visible

    return visible(str(text or ""), 300).replace("\n", " ")
