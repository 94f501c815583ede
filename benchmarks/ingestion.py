"""A night's statistics from archived payloads to marts, beside DuckDB reading the same bytes.

The nation is synthetic: 20,000 accounts, or as many as ``JUZHEN_BENCH_ACCOUNTS`` says; 100,000 make
3 million figures a night. Every account answers five interfaces, followers for seven days back.
Two nights are measured: the first, where everything is new, and the one after it, where six of
seven days are a repetition and one figure in fifty has been restated.
"""

from __future__ import annotations

import os
import shutil
from datetime import UTC, date, datetime, timedelta
from functools import partial
from math import inf
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import duckdb

from benchmarks import Result, best_time_s
from playbooks.statistics.build import Built, build
from sql.catalogs import Catalog, open_catalog, write

TARGET = "<= 3"
REPEATS = 3
FIRST_NIGHT = date(2026, 3, 8)

# One line for each payload, with the columns of raw_payload; $night is the day of the fetch.
PAYLOADS = """
with account as (
    select i, 'A-' || lpad(i::text, 7, '0') as account_id from range($accounts) as t (i)
),
day as (
    select d, ($night - 7 + d::integer) as ref_date, epoch(($night - 7 + d::integer)) // 86400 as n
    from range(7) as t (d)
),
account_day as (
    select *, if((i + n) % 50 = $night::date - date '2026-03-08', 1, 0) as restated
    from account cross join day
),
reply as (
    select i, account_id, 'getusersummary' as endpoint, 7 as days,
        '{"list":[' || string_agg(
            '{"ref_date":"' || ref_date || '","user_source":' || source || ',"new_user":'
            || ((i * 7 + n * 13 + source) % 50 + restated) || ',"cancel_user":' || ((i + n) % 9)
            || '}', ',') || ']}' as body
    from account_day cross join unnest([0, 1, 17, 30]) as t (source) group by i, account_id
    union all
    select i, account_id, 'getusercumulate', 7,
        '{"list":[' || string_agg(
            '{"ref_date":"' || ref_date || '","user_source":0,"cumulate_user":' || (i * 7 + n * 13)
            || '}', ',') || ']}'
    from account_day group by i, account_id
    union all
    select i, account_id, 'getbizsummary', 1,
        '{"list":[{"ref_date":"' || ref_date || '","detail":{"read_user":' || (i % 5000)
        || ',"read_user_source":[{"user_count":' || (i % 5000) || ',"scene_desc":"全部"},'
        || '{"user_count":234,"scene_desc":"公众号消息"},{"user_count":23,"scene_desc":"聊天会话"},'
        || '{"user_count":12,"scene_desc":"朋友圈"}],"share_user":3,"zaikan_user":4,"like_user":5,'
        || '"comment_count":1,"collection_user":2,"redirect_ori_page_user":0,"send_page_count":'
        || (i % 3) || '}}],"is_delay":false}'
    from account_day where d = 6
    union all
    select i, account_id, 'getarticleread', 1,
        '{"list":[{"ref_date":"' || ref_date || '","msgid":"' || (2247490000 + n) || '_1","detail":'
        || '{"read_user":' || (i % 5000) || ',"read_user_source":[{"user_count":' || (i % 5000)
        || ',"scene_desc":"全部"},{"user_count":234,"scene_desc":"公众号消息"}]}}],"is_delay":false}'
    from account_day where d = 6
    union all
    select i, account_id, 'getarticleshare', 1,
        '{"list":[{"ref_date":"' || ref_date || '","msgid":"' || (2247490000 + n)
        || '_1","detail":{"share_user":' || (i % 30) || '}}],"is_delay":false}'
    from account_day where d = 6
)
select
    sha256(account_id || body) as payload_sha256, 'wechat_api' as source, endpoint, account_id,
    $night - days as ref_begin_on, $night - 1 as ref_end_on,
    $night::timestamp + interval 30 minute as fetched_at, 'night-' || $night as run_id,
    'archive-' || $night as archive_id, body
from reply
order by i
"""


def run() -> list[Result]:
    """Return the time from archived payloads to marts beside the time to read the same bytes."""
    accounts = int(os.environ.get("JUZHEN_BENCH_ACCOUNTS", "20000"))
    with TemporaryDirectory(prefix="juzhen-bench-") as folder:
        catalog = Catalog("stats", str(Path(folder) / "stats.duckdb"))
        return [
            _measure(catalog, Path(folder), accounts, FIRST_NIGHT, "first night"),
            _measure(catalog, Path(folder), accounts, FIRST_NIGHT + timedelta(1), "next night"),
        ]


def _measure(catalog: Catalog, folder: Path, accounts: int, night: date, title: str) -> Result:
    payloads = folder / f"{night}.ndjson"
    _generate(payloads, accounts, night)
    with write(catalog) as connection:
        connection.execute(
            "insert into raw_payload by name select * from read_json(?)", [str(payloads)]
        )
    archived = folder / "archived.duckdb"
    shutil.copyfile(catalog.location, archived)
    fetched_at = datetime(night.year, night.month, night.day, 1, tzinfo=UTC)
    built = Built(0, 0, 0, 0)
    build_s, reference_s = inf, inf
    # Taken in turns, so that a busy machine slows both alike; the best of each is compared.
    for _ in range(REPEATS):
        shutil.copyfile(archived, catalog.location)
        reference_s = min(reference_s, best_time_s(partial(_read_bytes, payloads, folder), 1))
        began = perf_counter()
        with open_catalog(catalog) as connection:
            built = build(connection, fetched_at)
        build_s = min(build_s, perf_counter() - began)
        _check(catalog, built, accounts)
    size_mb = payloads.stat().st_size / 1e6
    return Result(
        f"payloads to marts, {title}: {accounts:,} accounts, {built.observation_count:,} new figures",
        build_s,
        f"read_json of the same {size_mb:.0f} MB into one table",
        reference_s,
        target=TARGET,
    )


def _generate(path: Path, accounts: int, night: date) -> None:
    with duckdb.connect() as connection:
        payloads = connection.execute(PAYLOADS, {"accounts": accounts, "night": night}).pl()
    payloads.write_ndjson(path)


def _read_bytes(payloads: Path, folder: Path) -> None:
    database = folder / "reference.duckdb"
    database.unlink(missing_ok=True)
    with duckdb.connect(str(database)) as connection:
        connection.execute("create table payload as select * from read_json(?)", [str(payloads)])


def _check(catalog: Catalog, built: Built, accounts: int) -> None:
    """Refuse to time a build that did nothing or left a night half read.

    Raises:
        RuntimeError: payloads were rejected or are still unread.
    """
    with open_catalog(catalog) as connection:
        row = connection.execute("select count(*) from pending_payload").fetchone()
    pending = row[0] if row else 0
    if built.rejected_count or pending or built.account_day_count < accounts:
        raise RuntimeError(f"the measured build is not whole: {built}, {pending} payloads unread")
