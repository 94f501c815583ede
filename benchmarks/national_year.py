"""A nation's year of account-days aggregated to the period's marts, beside a plain aggregation of the same rows.

The nation is synthetic: 20,000 accounts of 5,000 units, or as many as ``JUZHEN_BENCH_ACCOUNTS`` says; at
100,000 a year is 36.5 million account-days. One day in twelve is missing, and one figure in nine of
the rest. The marts are the packet's own: account-period, unit-period, district-period. The reference
sums the same columns by unit, without coverage, register, openings or followers at both ends.
"""

from __future__ import annotations

import os
import resource
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

import sql
from benchmarks import Result, best_time_s
from playbooks.statistics.labels import DAILY_METRICS
from sql.catalogs import Catalog, write

BEGIN, END = date(2025, 1, 1), date(2025, 12, 31)
TARGET = "<= 60 s at 100,000"
ACCOUNTS_OF_UNIT = 4
PLATFORMS = "['wechat_official', 'weibo', 'douyin', 'kuaishou']"
REGISTER = f"""
insert into account_snapshot by name
select date '2025-12-31' as taken_on, 'A-' || lpad(i::text, 7, '0') as account_id,
    'U-' || lpad((i // {ACCOUNTS_OF_UNIT})::text, 6, '0') as unit_id, '单位' || i // 4 as unit_name,
    'department' as unit_kind, {PLATFORMS}[1 + i % {ACCOUNTS_OF_UNIT}] as platform,
    '号' || i as name, if(i % 50 = 0, 'shut_down', 'active') as status,
    date '2020-01-01' + (i % 2100)::integer as opened_on
from range($accounts) as t (i)
"""  # every piece is a constant of this file
FIGURE = "if((i + n * {step}) % 9 = 0, null, (i * {step} + n) % {size})::double as {name}"


def run() -> list[Result]:
    """Measure the three marts over the year, once warm, and the plain sums beside them."""
    accounts = int(os.environ.get("JUZHEN_BENCH_ACCOUNTS", "20000"))
    with TemporaryDirectory() as name:
        catalog = Catalog("stats", str(Path(name) / "stats.duckdb"))
        with write(catalog) as connection:
            _fill(connection, accounts)
        with write(catalog) as connection:
            connection.execute("set memory_limit = '8GB'")
            marts_s = best_time_s(partial(_marts, connection), repeats=2)
            plain_s = best_time_s(partial(_plain, connection), repeats=2)
    size = f"{accounts:,} accounts x 365 days"
    peak_gb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    return [
        Result(
            f"year to unit-period marts, {size} (peak {peak_gb:.1f} GB)",
            marts_s,
            "plain sums by unit of the same rows",
            plain_s,
            target=TARGET,
        )
    ]


def _marts(connection: duckdb.DuckDBPyConnection) -> None:
    scope = {"begin": BEGIN, "end": END, "unit_id": None, "account_id": None}
    connection.execute(
        f"create or replace temporary table account_period as {sql.read('marts/account_period')}",
        scope,
    )
    for mart in ("unit_period", "district_period"):
        connection.execute(
            f"create or replace temporary table {mart} as {sql.read(f'marts/{mart}')}"
        )


def _plain(connection: duckdb.DuckDBPyConnection) -> None:
    sums = ", ".join(f"sum({name})" for name in (*DAILY_METRICS, "followers_total"))
    connection.execute(
        f"create or replace temporary table plain as select unit_id, {sums} "
        "from account_day join account_snapshot using (account_id) group by unit_id"
    )


def _fill(connection: duckdb.DuckDBPyConnection, accounts: int) -> None:
    connection.execute(REGISTER, {"accounts": accounts})
    figures = ", ".join(
        FIGURE.format(step=step, size=50 * step, name=name)
        for step, name in enumerate((*DAILY_METRICS, "followers_total"), start=1)
    )
    connection.execute(
        "insert into account_day by name "
        "select 'A-' || lpad(i::text, 7, '0') as account_id, "
        f"date '2024-12-31' + n::integer as stat_date, {figures} "
        "from range($accounts) as a (i) cross join range(366) as d (n) where (i + n) % 12 <> 0",
        {"accounts": accounts},
    )
