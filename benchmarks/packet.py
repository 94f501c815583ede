"""The packet of one district quarter in all four formats, beside Typst setting the same report alone.

The simulated district of 60 accounts, every account with figures for every day of the quarter, is
loaded straight into the tables that a packet reads. The packet of a unit is measured on its own: a
thousand of them are wanted in ten minutes, one process after the other.
"""

from __future__ import annotations

import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import polars as pl

import sql
from benchmarks import Result, best_time_s
from connectors.simulation.district import District, build_district
from connectors.simulation.model import Account
from connectors.simulation.statistics import statistics_of
from playbooks.core.documents import render_pdf
from playbooks.statistics.packet import PacketRequest, Scope, make_packet, write_packet
from playbooks.statistics.period import parse_period
from sql.catalogs import memory

ACCOUNT_COUNT = 60
CREATED_AT = datetime(2026, 11, 21, tzinfo=UTC)
TODAY = date(2026, 11, 21)
UNIT_COUNT = 5
REPEATS = 2


def run() -> list[Result]:
    """Measure one district packet and the mean of a few unit packets."""
    district = build_district(accounts=ACCOUNT_COUNT)
    with memory("stats") as connection, tempfile.TemporaryDirectory() as name:
        _fill(connection, district)
        folder = Path(name)
        whole = _request(Scope("云杉新区"))
        _make(connection, whole, folder)  # imports and font caches are paid once a process
        packet_s = best_time_s(lambda: _make(connection, whole, folder), repeats=REPEATS)
        report = make_packet(connection, whole).report
        reference_s = best_time_s(lambda: render_pdf(report, CREATED_AT), repeats=REPEATS)
        units = [unit for unit in district.units if unit.unit_kind == "department"][:UNIT_COUNT]
        requests = [_request(Scope(unit.name, unit.unit_id)) for unit in units]
        units_s = best_time_s(
            lambda: [_make(connection, each, folder) for each in requests], repeats=REPEATS
        )
    reference = "render_pdf of the same report"
    return [
        Result(
            f"packet of a quarter, {ACCOUNT_COUNT} accounts", packet_s, reference, reference_s,
            target="<= 10 s",
        ),
        Result(
            f"packet of one unit, mean of {UNIT_COUNT}", units_s / len(requests), reference,
            reference_s, target="<= 0.6 s: 1,000 in 10 min",
        ),
    ]  # fmt: skip


def _make(connection: duckdb.DuckDBPyConnection, request: PacketRequest, folder: Path) -> None:
    write_packet(make_packet(connection, request), folder)


def _request(scope: Scope) -> PacketRequest:
    period = parse_period("2026Q3")
    return PacketRequest(period, scope, "云杉新区政务服务与营商环境局", "0:", CREATED_AT, TODAY)


def _fill(connection: duckdb.DuckDBPyConnection, district: District) -> None:
    units = {unit.unit_id: unit for unit in district.units}
    register = [
        {
            "taken_on": date(2026, 9, 30),
            "account_id": account.account_id,
            "unit_id": account.unit_id,
            "unit_name": units[account.unit_id].name,
            "unit_kind": units[account.unit_id].unit_kind,
            "parent_unit_id": units[account.unit_id].parent_unit_id,
            "platform": account.platform,
            "name": account.name,
            "status": account.status,
            "opened_on": account.opened_on,
        }
        for account in district.accounts
    ]
    sql.append(connection, "account_snapshot", pl.DataFrame(register, infer_schema_length=None))
    for account in district.accounts:
        sql.append(connection, "account_day", _account_days(district, account))


def _account_days(district: District, account: Account) -> pl.DataFrame:
    statistics = statistics_of(district, account)
    days = [day for day in district.days if statistics.has(day)]
    rows: list[dict[str, object]] = []
    for day in days:
        followers = statistics.followers(day, TODAY + timedelta(days=30))
        reading = statistics.account_reading(day, TODAY + timedelta(days=30))
        if followers is None or reading is None:
            continue
        rows.append(
            {
                "account_id": account.account_id,
                "stat_date": day,
                "followers_total": float(followers.total),
                "followers_new": float(followers.new),
                "followers_cancelled": float(followers.cancelled),
                "reads": float(reading.reads),
                "shares": float(reading.shares),
                "comments": float(reading.comments),
                "published_count": float(len(statistics.published_on(day))),
            }
        )
    return pl.DataFrame(rows, infer_schema_length=None)
