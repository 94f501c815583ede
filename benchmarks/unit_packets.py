"""The packets of every unit as ``juzhen packet 2026Q3 --every-unit`` makes them, on all cores.

40 units of three accounts with figures for every day of the quarter and the one before, or as many as
``JUZHEN_BENCH_UNITS`` says; the target is for 1,000. The memory is the largest of any process: if it
grew with the units, the larger run would show it. The reference is rendering one of these packets.
"""

from __future__ import annotations

import os
import resource
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import Result, best_time_s
from flows.operations import packet_batch, packets
from flows.operations.packet_scope import packet_of
from flows.settings import Settings, read_settings
from playbooks.core.working_hours import OFFICE_ZONE
from playbooks.statistics.period import parse_period
from sql.catalogs import write

NOW = datetime(2026, 10, 9, 9, tzinfo=OFFICE_ZONE)
TARGET = "<= 10 min for 1,000"
ACCOUNTS_OF_UNIT = 3
PLATFORMS = ("wechat_official", "weibo", "douyin")
OFFICE = """
district: 云杉新区
issuer: 云杉新区政务服务与营商环境局
number_prefix: 云杉政营函
bureau: 云杉新区政务服务与营商环境局
public_security: 云杉公安分局
cyberspace_office: 云杉新区网信办
contact: {name: 某某, phone: 0000-7654320}
platform_companies: {weibo: 某某公司}
"""


def run() -> list[Result]:
    """Measure all units' packets, and one of them alone."""
    count = int(os.environ.get("JUZHEN_BENCH_UNITS", "40"))
    with TemporaryDirectory() as name:
        settings = read_settings({"JUZHEN_HOME": name})
        _fill(settings, count)
        period = parse_period("2026Q3")
        folder = Path(name) / "packets"
        one_s = best_time_s(
            partial(packets.make, settings, packet_of("2026Q3", "U0001"), NOW, folder), repeats=2
        )
        cpu_s = _cpu_s()
        all_s = best_time_s(
            partial(packet_batch.make_every_unit, settings, period, NOW, folder), repeats=1
        )
        cpu_s = _cpu_s() - cpu_s
    own, children = (
        resource.getrusage(who).ru_maxrss / 1024
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    name = f"packets of {count:,} units, {os.cpu_count()} cores"
    memory = f"(peak {own:.0f} MB, a worker {children:.0f} MB)"
    reference = "as many times one packet alone"
    return [
        Result(f"{name} {memory}", all_s, reference, one_s * count, target=TARGET),
        # What a machine that does nothing else needs: others' work does not count here.
        Result(
            "processor time of each", cpu_s / count, "one packet alone", one_s, target="<= 1.2 s"
        ),
    ]


def _cpu_s() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _fill(settings: Settings, count: int) -> None:
    settings.home.mkdir(parents=True, exist_ok=True)
    (settings.home / "office.yml").write_text(OFFICE, encoding="utf-8")
    units = [(f"U{n:04}", f"云杉新区第{n}单位") for n in range(1, count + 1)]
    accounts = [
        (f"A{n:04}{place}", unit_id, platform)
        for n, (unit_id, _) in enumerate(units, start=1)
        for place, platform in enumerate(PLATFORMS)
    ]
    with write(settings.ops) as connection:
        for unit_id, name in units:
            connection.execute(
                "insert into unit (unit_id, name, unit_kind, imported_at) "
                "values (?, ?, 'department', now())",
                [unit_id, name],
            )
        for account_id, unit_id, platform in accounts:
            connection.execute(
                "insert into account (account_id, unit_id, platform, name, status, opened_on, "
                "imported_at) values (?, ?, ?, ?, 'active', date '2020-01-01', now())",
                [account_id, unit_id, platform, f"号{account_id}"],
            )
    with write(settings.stats) as connection:
        connection.execute(
            "insert into account_day (account_id, stat_date, followers_total, followers_new, "
            "followers_cancelled, published_count, reads, shares, comments, messages_received) "
            "select account_id, d::date, 1000 + day_number, 3, 2, day_number % 4, 100, 5, 2, 1 "
            "from (select unnest($accounts) as account_id), "
            "(select d, date_diff('day', date '2026-03-31', d::date) as day_number "
            "from generate_series(timestamp '2026-03-31', timestamp '2026-09-30', interval 1 day) "
            "as t (d))",
            {"accounts": [account_id for account_id, *_ in accounts]},
        )
