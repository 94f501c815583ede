"""Declared corrections of figures: who says a source is wrong, why, and until when that holds.

A correction never touches what a source said. It is a row in ``corrections.csv`` with a guard: the
figure the source gave when it was declared. Once the source says something else, the correction has
tripped: it is no longer used, and a check puts it to a person.
"""

from __future__ import annotations

import csv
import hashlib
import io
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

import duckdb
import polars as pl

import sql
from playbooks.core.documents.text import visible
from playbooks.statistics.labels import DAILY_METRICS, FOLLOWERS, metric
from sql.refusal import Refusal

COLUMNS = (
    "账号编号", "指标", "日期", "更正为", "来源现为", "理由", "提出人", "提出日期", "有效期至",
)  # fmt: skip
WITHDRAW = "撤销"
METRICS = (FOLLOWERS, *DAILY_METRICS)
MOST_ROWS = 5_000
LONGEST_TEXT = 300


class CorrectionError(Refusal, ValueError):
    """The file cannot be taken; the Chinese sentence names every fault by its line."""


@dataclass(frozen=True)
class Correction:
    """One declared correction.

    Attributes:
        value: the figure to use; None withdraws the source's figure.
        expected: what the source said when this was declared; None: it had no figure.
        expires_on: last day it is used; None for no end.
    """

    account_id: str
    metric: str
    stat_date: date
    value: float | None
    expected: float | None
    reason: str
    reported_by: str
    reported_on: date
    expires_on: date | None

    @property
    def correction_id(self) -> str:
        """The same correction has the same id, whenever it is read."""
        key = f"{self.account_id}\n{self.metric}\n{self.stat_date}"
        return hashlib.sha256(key.encode()).hexdigest()[:12]


def read_corrections(content: bytes) -> list[Correction]:
    """Return the corrections of a CSV file with the headings ``COLUMNS``, UTF-8.

    Raises:
        CorrectionError: anything that is not exactly that; every fault in one sentence.
    """
    found: dict[str, Correction] = {}
    faults: list[str] = []
    for number, cells in _lines(content):
        try:
            one = _correction(cells)
        except ValueError as error:
            faults.append(f"第 {number} 行：{error}")
            continue
        if one.correction_id in found:
            faults.append(f"第 {number} 行：同一账号、指标、日期已在前面写过；只留一行")
        found[one.correction_id] = one
    if faults:
        raise CorrectionError("更正文件有误，未采用任何一行。" + "；".join(faults[:20]))
    return list(found.values())


def _lines(content: bytes) -> list[tuple[int, list[str]]]:
    """Return the lines that are not empty with their numbers."""
    try:
        lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise CorrectionError("更正文件不是 UTF-8 的 CSV；请另存为“CSV UTF-8”后重试") from error
    if not lines or tuple(cell.strip() for cell in lines[0]) != COLUMNS:
        raise CorrectionError(f"更正文件第 1 行应为：{'，'.join(COLUMNS)}")
    if len(lines) > MOST_ROWS + 1:
        raise CorrectionError(f"更正文件超过 {MOST_ROWS} 行；请检查是否放错了文件")
    numbered = enumerate(lines[1:], start=2)
    return [(number, cells) for number, cells in numbered if any(cell.strip() for cell in cells)]


def apply(
    connection: duckdb.DuckDBPyConnection,
    corrections: list[Correction],
    file_sha256: str,
    today: date,
) -> int:
    """Make *corrections* the declared ones; return how many days they put in or out of force.

    Call it inside one transaction, before ``build.build``: the days wait in ``touched_day``.
    """
    declared = pl.DataFrame([_row(one, file_sha256) for one in corrections], schema=_SCHEMA)
    connection.execute("create or replace temporary table known_correction as from correction")
    connection.execute("delete from correction")
    # A table, because DuckDB 1.5 joins a frame that one statement reads twice with the wrong rows.
    with sql.registered(connection, declared_frame=declared):
        connection.execute(
            "create or replace temporary table declared_correction as from declared_frame"
        )
    judged = sql.execute(connection, "corrections/judge", today=today).pl()
    connection.execute("drop table temp.declared_correction")
    sql.append(connection, "correction", judged)
    changed = sql.execute(connection, "corrections/touch").fetchone()
    connection.execute("drop table temp.known_correction")
    return int(changed[0]) if changed else 0


_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "correction_id": pl.String,
    "account_id": pl.String,
    "metric": pl.String,
    "semantics": pl.String,
    "stat_date": pl.Date,
    "action": pl.String,
    "value": pl.Float64,
    "expected": pl.Float64,
    "reason": pl.String,
    "reported_by": pl.String,
    "reported_on": pl.Date,
    "expires_on": pl.Date,
    "file_sha256": pl.String,
    "declared_at": pl.Datetime("us"),
}


def _row(one: Correction, file_sha256: str) -> Mapping[str, object]:
    return {
        "correction_id": one.correction_id,
        "account_id": one.account_id,
        "metric": one.metric,
        "semantics": "end_of_day_snapshot" if one.metric == FOLLOWERS else "daily_total",
        "stat_date": one.stat_date,
        "action": "withdraw" if one.value is None else "value",
        "value": one.value,
        "expected": one.expected,
        "reason": one.reason,
        "reported_by": one.reported_by,
        "reported_on": one.reported_on,
        "expires_on": one.expires_on,
        "file_sha256": file_sha256,
        # Not the moment of reading: the same file read again must change nothing.
        "declared_at": datetime.combine(one.reported_on, time.min),
    }


def _correction(cells: list[str]) -> Correction:
    if len(cells) != len(COLUMNS):
        raise ValueError(f"应有 {len(COLUMNS)} 栏，实有 {len(cells)} 栏")
    given: dict[str, str] = dict(zip(COLUMNS, (cell.strip() for cell in cells), strict=True))
    for name in ("账号编号", "理由", "提出人"):
        if not given[name] or len(given[name]) > LONGEST_TEXT:
            raise ValueError(f"「{name}」必填，不超过 {LONGEST_TEXT} 字")
    one = Correction(
        account_id=visible(given["账号编号"]),
        metric=_metric(given["指标"]),
        stat_date=_day(given, "日期"),
        value=None if given["更正为"] == WITHDRAW else _count(given, "更正为"),
        expected=_count(given, "来源现为") if given["来源现为"] else None,
        reason=visible(given["理由"]),
        reported_by=visible(given["提出人"]),
        reported_on=_day(given, "提出日期"),
        expires_on=_day(given, "有效期至") if given["有效期至"] else None,
    )
    if one.value == one.expected:
        raise ValueError("「更正为」与「来源现为」相同，无须更正")
    if one.reported_on <= one.stat_date:
        raise ValueError("「提出日期」应晚于「日期」：当天的数要次日才有")
    return one


def _metric(text: str) -> str:
    for name in METRICS:
        if text in (name, metric(name).label):
            return name
    raise ValueError(f"没有指标「{visible(text, 40)}」；可用：{'、'.join(METRICS)}")


def _day(given: Mapping[str, str], name: str) -> date:
    try:
        return date.fromisoformat(given[name])
    except ValueError:
        raise ValueError(f"「{name}」应写成 2026-07-01") from None


def _count(given: Mapping[str, str], name: str) -> float:
    try:
        value = float(given[name])
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or value < 0:
        raise ValueError(
            f"「{name}」应是不小于零的数" + (f"或「{WITHDRAW}」" if name == "更正为" else "")
        )
    return value


def sentences(rows: list[sql.Row]) -> Iterator[str]:
    """Yield one Chinese line for each declared correction as it stands; rows of the table."""
    states = {
        "applied": "采用中",
        "tripped": "已停用：来源的数变了",
        "waiting": "未采用：来源还没有数",
        "expired": "已到期",
    }
    for row in rows:
        target = "撤销" if row["action"] == "withdraw" else f"{row['value']:g}"
        yield (
            f"{row['account_id']} {row['stat_date']} {metric(str(row['metric'])).label}："
            f"更正为 {target}（来源 {row['source_value']}）{states[str(row['status'])]}；"
            f"{row['reason']}（{row['reported_by']}，{row['reported_on']}）"
        )
