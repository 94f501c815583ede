"""Declare a correction and withdraw one: the file is changed, kept by its SHA-256, and used at once."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import sql
from flows.operations.files import keep_bytes
from flows.operations.marts import CORRECTIONS, apply_corrections
from flows.operations.people import answerer
from flows.settings import Settings
from playbooks.core.cases.forms import AnswerError, identifier_in
from playbooks.core.documents.text import visible
from playbooks.core.working_hours import local_day
from playbooks.statistics.correction_rows import with_row, withdrawn_row, without_row
from playbooks.statistics.corrections import METRICS, Correction, sentences
from playbooks.statistics.labels import metric
from playbooks.statistics.trace import trace_day
from sql.catalogs import open_catalog

WITHDRAWN = "corrections-withdrawn.csv"


@dataclass(frozen=True)
class WantedCorrection:
    """What a person says is right.

    Attributes:
        metric: identifier, or 「名称(标识)」.
        value: None withdraws the source's figure without putting another in its place.
        expires_on: last day it is used; None for no end.
        person: who says so; must be in the register.
    """

    account_id: str
    metric: str
    stat_date: date
    value: float | None
    reason: str
    person: str
    expires_on: date | None = None


def declare(
    settings: Settings, wanted: WantedCorrection, now: datetime, *, is_preview: bool = False
) -> str:
    """Add a correction guarded by what the source says now, use it, and return the sentence.

    Raises:
        AnswerError: nobody of that name in the register, no such account or metric.
        CorrectionError: the file cannot be taken, or the figure is corrected already.
    """
    one, who = _judged(settings, wanted, now)
    content = with_row(_content(settings.home / CORRECTIONS), one)
    said = "没有数" if one.expected is None else f"{one.expected:g}"
    becomes = "不采信来源的数" if one.value is None else f"改为 {one.value:g}"
    what = f"{one.account_id} {one.stat_date} {metric(one.metric).label}：来源{said}，{becomes}"
    if is_preview:
        return f"试运行，未写入；{what}（{who}）"
    _write(settings, CORRECTIONS, content)
    _apply(settings, now)
    return f"已声明更正 {one.correction_id}：{what}；来源改口或到期后自动停用"


def withdraw(settings: Settings, shown: str, reason: str, person: str, now: datetime) -> str:
    """Take a correction back, keep it among the withdrawn ones, and return the sentence.

    Raises:
        AnswerError: nobody of that name in the register, or no reason.
        CorrectionError: no such correction, or the file cannot be taken.
    """
    if not reason.strip():
        raise AnswerError("「撤回理由」必须填写")
    with open_catalog(settings.ops) as connection:
        who = answerer(connection, person, now)
    content, one = without_row(_content(settings.home / CORRECTIONS), identifier_in(shown))
    name = f"{who.name}（{who.person_id}）"
    gone = _content(settings.home / WITHDRAWN)
    why = visible(reason, 300)
    _write(settings, WITHDRAWN, withdrawn_row(gone, one, name, local_day(now), why))
    _write(settings, CORRECTIONS, content)
    _apply(settings, now)
    return f"已撤回更正 {one.correction_id}（{one.account_id} {one.stat_date}）；数字退回到来源所说"


def standing(settings: Settings, now: datetime) -> tuple[list[sql.Row], list[str]]:
    """Judge the declared corrections again; return their rows and a line for each."""
    rows = _apply(settings, now)
    lines = [
        f"{line}〔{row['correction_id']}〕" for line, row in zip(sentences(rows), rows, strict=True)
    ]
    applied = sum(row["status"] == "applied" for row in rows)
    total = f"共 {len(rows)} 条，采用中 {applied} 条。文件：{settings.home / CORRECTIONS}"
    return rows, [*lines, total]


def declared(settings: Settings) -> list[sql.Row]:
    """Return the corrections as they were judged last."""
    with open_catalog(settings.stats) as connection:
        return sql.rows(connection, "corrections/declared")


def _judged(settings: Settings, wanted: WantedCorrection, now: datetime) -> tuple[Correction, str]:
    account_id, name = identifier_in(wanted.account_id), identifier_in(wanted.metric)
    with open_catalog(settings.ops) as connection:
        known = {str(row["account_id"]) for row in sql.rows(connection, "register/account_facts")}
        who = answerer(connection, wanted.person, now)
    if account_id not in known:
        raise AnswerError(f"台账中没有账号 {account_id}；请核对台账号")
    if name not in METRICS:
        raise AnswerError(f"指标 {visible(name, 40)} 不能更正；可用：{'、'.join(METRICS)}")
    if wanted.stat_date >= local_day(now):
        raise AnswerError("当天的数要次日才有，请填过去的日期")
    person = f"{who.name}（{who.person_id}）"
    return Correction(
        account_id=account_id,
        metric=name,
        stat_date=wanted.stat_date,
        value=wanted.value,
        expected=_said(settings, account_id, name, wanted.stat_date),
        reason=visible(wanted.reason, 300),
        reported_by=person,
        reported_on=local_day(now),
        expires_on=wanted.expires_on,
    ), person


def _said(settings: Settings, account_id: str, name: str, day: date) -> float | None:
    """Return what the sources say now: the best word that is no correction."""
    with open_catalog(settings.stats) as connection:
        words = trace_day(connection, account_id, name, day).words
    said = [one for one in words if one["precedence"] is not None and one["source"] != "correction"]
    return float(str(said[0]["value"])) if said else None


def _apply(settings: Settings, now: datetime) -> list[sql.Row]:
    with open_catalog(settings.stats) as connection:
        apply_corrections(connection, settings, now)
        return sql.rows(connection, "corrections/declared")


def _content(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def _write(settings: Settings, name: str, content: bytes) -> None:
    """Keep what stood there and replace it whole or not at all."""
    path = settings.home / name
    before = _content(path)
    if before:
        keep_bytes(settings, before)
    partial = path.with_name(f"{name}.{os.getpid()}.part")
    partial.write_bytes(content)
    partial.replace(path)
