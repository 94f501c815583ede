"""What a followed figure looks like in Chinese lines, for the command and the form alike."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

import duckdb

import sql
from flows.operations.night_summary import STATUS_TITLES
from flows.settings import Settings
from playbooks.core.cases.forms import AnswerError, identifier_in
from playbooks.core.documents.text import visible
from playbooks.core.messages import local
from playbooks.statistics.figures import read_figures
from playbooks.statistics.labels import metric, source_label
from playbooks.statistics.numbers import number
from playbooks.statistics.period import Period, parse_period
from playbooks.statistics.scope import Scope
from playbooks.statistics.trace import (
    STATES,
    DayTrace,
    PeriodTrace,
    trace_day,
    trace_period,
)
from sql.catalogs import open_catalog

DAYS_SHOWN = 40


@dataclass(frozen=True)
class Traced:
    """A figure followed back, and the lines that say it."""

    found: DayTrace | PeriodTrace
    lines: list[str]


@dataclass(frozen=True)
class WantedTrace:
    """Which figure: of a day (2026-07-01) for one account, or of a period (2026Q3) and a scope."""

    metric: str
    when: str
    account_id: str = ""
    unit_id: str = ""


def trace(settings: Settings, wanted: WantedTrace, today: date) -> Traced:
    """Follow one day's figure to its payloads, or a period's figure to its days.

    Raises:
        AnswerError: a day without an account, or an account outside the scope.
        TraceError, PeriodError, ScopeError: what cannot be followed.
    """
    name = identifier_in(wanted.metric)
    account_id = identifier_in(wanted.account_id) if wanted.account_id else ""
    with open_catalog(settings.stats) as connection:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", wanted.when, re.ASCII):
            if not account_id:
                raise AnswerError("查某一天的数须写明台账号")
            day = trace_day(connection, account_id, name, _as_day(wanted.when))
            return Traced(day, list(_day_lines(day)))
        period = parse_period(wanted.when)
        accounts = _accounts(connection, period, account_id, wanted.unit_id, today)
        whole = trace_period(connection, accounts, name, period, today)
        return Traced(whole, list(_period_lines(whole, period, len(accounts))))


def _as_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise AnswerError(f"{text} 不是日期；应如 2026-07-01") from error


def _accounts(
    connection: duckdb.DuckDBPyConnection,
    period: Period,
    account_id: str,
    unit_id: str,
    today: date,
) -> list[str]:
    figures = read_figures(connection, period, Scope("所选范围", unit_id or None), today)
    accounts = [each.account_id for each in figures.operating]
    if account_id and account_id not in accounts:
        raise AnswerError(f"范围内没有运营中的账号 {account_id}")
    return [account_id] if account_id else accounts


def _period_lines(found: PeriodTrace, period: Period, account_count: int) -> Iterator[str]:
    yield (
        f"{period.label} {_named(found.metric)}：{number(found.value)}，由 {account_count} 个账号的 "
        f"{len(found.days)} 个日数组成（{found.begin_on} 至 {found.end_on}）"
    )
    for row in found.days[:DAYS_SHOWN]:
        versions = int(str(row["version_count"]))
        restated = f"  有 {versions} 个版本" if versions > 1 else ""
        yield (
            f"  {row['account_id']} {row['stat_date']}  {number(float(str(row['value'])))}  "
            f"{row['source'] or '内容清单计数'}  {str(row['payload_sha256'] or '')[:12]}{restated}"
        )
    if len(found.days) > DAYS_SHOWN:
        yield f"  另有 {len(found.days) - DAYS_SHOWN} 个日数，juzhen trace 加 --json 全部列出"
    yield "再追一天：juzhen trace 指标 日期 --account 台账号，或在表单「追溯数字」中填写日期与台账号"


def _day_lines(found: DayTrace) -> Iterator[str]:
    yield (
        f"{found.account_id} {found.stat_date} {_named(found.metric)}：{number(found.value)}"
        f"（{STATES[found.state]}）。{found.why}。"
    )
    used = next((word for word in found.words if word["precedence"] is not None), None)
    for word in found.words:
        mark = "采用" if word is used else "备查" if word["precedence"] is not None else "不采信"
        value, source = number(float(str(word["value"]))), source_label(str(word["source"]))
        yield f"[{mark}] {value}  {source}"
        yield from _chain_lines(word)
    for item in found.items:
        yield f"  {item['content_id']} {_plain(item['title'])}  {item['payload_sha256']}"
    for attempt in found.attempts:
        yield (
            f"  问过 {attempt['source']} {attempt['endpoint']}：{_status(attempt['status'])} "
            f"× {attempt['attempt_count']}，最近 {_at(attempt['last_asked_at'])} "
            f"{_plain(attempt['message'])}"
        )


def _chain_lines(word: sql.Row) -> Iterator[str]:
    yield f"    取得 {_at(word['fetched_at'])}  运行 {word['run_id'] or '—'}"
    yield f"    报文 SHA-256 {word['payload_sha256']}（{word['payload_bytes'] or 0} 字节）"
    yield f"    接口 {word['endpoint'] or '—'}  请求结果 {_status(word['status'])}"
    if word["import_id"]:
        yield f"    导入 {word['import_id']}  原文件 {_plain(word['file_name'])}"
        yield f"    原文件 SHA-256 {word['file_sha256']}"
    if word["excerpt"]:
        yield f"    原文 …{_plain(word['excerpt'])}…"


def _named(name: str) -> str:
    return f"{metric(name).label}（{name}）"


def _status(status: object) -> str:
    return STATUS_TITLES.get(str(status), str(status or "—"))


def _at(instant: object) -> str:
    return local(instant) if isinstance(instant, datetime) else "—"


def _plain(text: object) -> str:
    return visible(str(text or ""), 300).replace("\n", " ")
