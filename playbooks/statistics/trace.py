"""Follow a figure back: from a packet, mart or board to the words it rests on and the bytes of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

import duckdb
import polars as pl

import sql
from playbooks.statistics.labels import FOLLOWERS, GROWTH
from playbooks.statistics.numbers import as_float
from playbooks.statistics.period import Period
from playbooks.statistics.summary import ALL_METRICS
from sql.refusal import Refusal

TRACEABLE = ALL_METRICS
DAY_METRICS = tuple(name for name in ALL_METRICS if name != GROWTH)

STATES = {
    "value": "有数",
    "not_ready": "平台尚未算出",
    "absent": "确无数据",
    "failed": "没有取得",
    "never_asked": "没有采集过",
}


class TraceError(Refusal, ValueError):
    """A figure that cannot be followed; the Chinese sentence says why and what can be."""


@dataclass(frozen=True)
class DayTrace:
    """One account's figure of one day.

    Attributes:
        value: as the marts have it; None is missing.
        state: a key of ``STATES``: a value, not ready, absent, failed or never asked for.
        words: everything ever said, the used one first; rows of ``sql/trace/told.sql``.
        items: the published items that were counted; only where no source says the number itself.
        attempts: what asking about the day brought, by source, endpoint and result.
    """

    account_id: str
    metric: str
    stat_date: date
    value: float | None
    state: str
    why: str
    words: list[sql.Row]
    items: list[sql.Row]
    attempts: list[sql.Row]


@dataclass(frozen=True)
class PeriodTrace:
    """A figure of a packet: the days of each account that it is made of."""

    metric: str
    begin_on: date
    end_on: date
    value: float | None
    days: list[sql.Row]


def trace_day(
    connection: duckdb.DuckDBPyConnection, account_id: str, metric: str, day: date
) -> DayTrace:
    """Return everything known about one account's *metric* on *day*.

    Raises:
        TraceError: a metric that no account has day by day.
    """
    _require(metric, DAY_METRICS)
    asked = {"account_id": account_id, "stat_date": day}
    words = sql.rows(connection, "trace/told", **asked, metric=metric)
    attempts = sql.rows(connection, "trace/attempts", **asked)
    believed = [word for word in words if word["precedence"] is not None]
    items: list[sql.Row] = []
    if metric == "published_count" and not believed:
        items = sql.rows(connection, "trace/items", **asked)
    value = _in_mart(connection, account_id, metric, day)
    state = _state(value, attempts)
    return DayTrace(
        *(account_id, metric, day, value, state, _why(words, believed, items)),
        *(words, items, attempts),
    )


def trace_period(
    connection: duckdb.DuckDBPyConnection,
    accounts: list[str],
    metric: str,
    period: Period,
    today: date,
) -> PeriodTrace:
    """Return the days that a packet's figure of *accounts* is made of.

    Raises:
        TraceError: a metric that packets do not have.
        PeriodError: no day of the period is over.
    """
    _require(metric, (*DAY_METRICS, GROWTH))
    begin_on, end_on = period.begin_on, period.through_on(today)
    name = FOLLOWERS if metric == GROWTH else metric
    if name == FOLLOWERS:
        eve = begin_on - timedelta(days=1)
        wanted = [eve, end_on] if metric == GROWTH else [end_on]
    else:
        wanted = []
    with sql.registered(connection, packet_account=pl.DataFrame({"account_id": accounts})):
        days = sql.rows(
            *(connection, "trace/days"),
            metric=name,
            begin=min([begin_on, *wanted]),
            end=end_on,
        )
    if wanted:
        days = [row for row in days if row["stat_date"] in wanted]
    return PeriodTrace(metric, begin_on, end_on, _total(days, metric, begin_on), days)


def _total(days: list[sql.Row], metric: str, begin_on: date) -> float | None:
    """Return the sum as the packet forms it: growth of accounts whose both ends are known."""
    if metric != GROWTH:
        return sum(cast("float", row["value"]) for row in days) if days else None
    ends: dict[str, dict[bool, float]] = {}
    for row in days:
        is_opening = cast("date", row["stat_date"]) < begin_on
        ends.setdefault(str(row["account_id"]), {})[is_opening] = cast("float", row["value"])
    grown = [both[False] - both[True] for both in ends.values() if len(both) == len((True, False))]
    return sum(grown) if grown else None


def _in_mart(
    connection: duckdb.DuckDBPyConnection, account_id: str, metric: str, day: date
) -> float | None:
    with sql.registered(connection, packet_account=pl.DataFrame({"account_id": [account_id]})):
        found = sql.rows(connection, "trace/days", metric=metric, begin=day, end=day)
    return as_float(found[0]["value"]) if found else None


def _state(value: float | None, attempts: list[sql.Row]) -> str:
    if value is not None:
        return "value"
    if not attempts:
        return "never_asked"
    latest = str(attempts[0]["status"])
    if latest == "value":
        return "absent"  # an answer without this figure
    return latest if latest in STATES else "failed"


def _why(words: list[sql.Row], believed: list[sql.Row], items: list[sql.Row]) -> str:
    if not believed:
        if items:
            return "没有来源直接给出条数：按内容清单逐条计数，各清单重叠时取最长的一份"
        return (
            "有过数但不再采信（导入已撤销，或更正声明为撤销）" if words else "没有任何来源给出此数"
        )
    used = believed[0]
    if used["source"] == "correction":
        return "采用人工声明的更正；来源变化或到期后自动停用"
    if len(believed) == 1:
        return "只有这一个数"
    if {word["source"] for word in believed} == {used["source"]}:
        return "同一来源有几个数：采用最后一次取得的"
    return "几个来源都有数：接口优先于导出，导出优先于截图，截图优先于人工；同一来源取最后一次"


def _require(metric: str, known: tuple[str, ...]) -> None:
    if metric not in known:
        raise TraceError(f"没有指标 {metric}；可追溯的有：{'、'.join(dict.fromkeys(known))}")
