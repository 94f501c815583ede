"""The packet of one district quarter in all four formats, beside drawing one bare line with Matplotlib.

The simulated district of 60 accounts, every account with figures for every day of the quarter, is
loaded straight into the tables that a packet reads. Each packet is made once: Typst remembers the
pages it has set in a process, and a second run would measure that memory. A unit's packet has its own
line, because a thousand of them are wanted in ten minutes on two cores.
"""

from __future__ import annotations

import tempfile
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import duckdb
import polars as pl

import sql
from benchmarks import Result, best_time_s
from connectors.simulation.district import District, build_district
from connectors.simulation.model import Account
from connectors.simulation.statistics import statistics_of
from playbooks.statistics.packet import PacketRequest, Scope, make_packet, write_packet
from playbooks.statistics.period import parse_period
from sql.catalogs import memory

ACCOUNT_COUNT = 60
CREATED_AT = datetime(2026, 11, 21, tzinfo=UTC)
TODAY = date(2026, 11, 21)
DPI = 200


def run() -> list[Result]:
    """Measure one district packet and the mean of a few unit packets."""
    district = build_district(accounts=ACCOUNT_COUNT)
    units = [unit for unit in district.units if unit.unit_kind == "department"]
    with memory("stats") as connection, tempfile.TemporaryDirectory() as name:
        _fill(connection, district)
        folder = Path(name)
        first, *rest = (_request(Scope(unit.name, unit.unit_id)) for unit in units)
        _make(connection, first, folder)  # imports and fonts are paid once a process
        packet_s = best_time_s(
            lambda: _make(connection, _request(Scope("云杉新区")), folder), repeats=1
        )
        units_s = best_time_s(lambda: [_make(connection, each, folder) for each in rest], repeats=1)
    reference, reference_s = "one bare Matplotlib line as PNG", best_time_s(_bare_line)
    name, target = f"packet of a quarter, {ACCOUNT_COUNT} accounts", "<= 10 s"
    unit_name, unit_target = f"packet of one unit, mean of {len(rest)}", "<= 1.2 s a core"
    return [
        Result(name, packet_s, reference, reference_s, target=target),
        Result(unit_name, units_s / len(rest), reference, reference_s, target=unit_target),
    ]


def _bare_line() -> None:
    from matplotlib.figure import Figure

    figure = Figure(dpi=DPI)
    figure.add_subplot().plot(range(92))  # pyright: ignore[reportUnknownMemberType]
    figure.savefig(BytesIO(), format="png")  # pyright: ignore[reportUnknownMemberType]


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
