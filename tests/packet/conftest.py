"""A catalog small enough to reckon in the head: five accounts, July 2026 and the June before it."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import duckdb
import pytest

import sql
from playbooks.core import charts
from playbooks.statistics.packet import (
    CaseFigure,
    PacketFiles,
    PacketRequest,
    Scope,
    make_packet,
    write_packet,
)
from playbooks.statistics.period import parse_period
from sql.catalogs import memory

ONE_PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)
CREATED_AT = datetime(2026, 8, 5, 1, 30, tzinfo=UTC)
TODAY = date(2026, 8, 5)
FETCHED_AT = datetime(2026, 8, 1, 1, tzinfo=UTC)

ACCOUNTS = (
    # account, unit, platform, status, opened on
    ("A-1", "U-1", "wechat_official", "active", date(2020, 1, 1)),
    ("A-2", "U-2", "wechat_official", "active", date(2026, 7, 11)),
    ("A-3", "U-2", "weibo", "active", None),
    ("A-4", "U-2", "weibo", "shut_down", None),
    ("A-5", "U-1", "wechat_official", "active", date(2021, 1, 1)),
)
UNITS = {"U-1": ("云杉新区教育局", "department"), "U-2": ("松溪镇人民政府", "township")}


@pytest.fixture
def small(stats: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    return fill(stats)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> PacketFiles:
    """The files of the small catalog's packet, written once for all tests that only read them."""
    with memory("stats") as connection:
        packet = make_packet(fill(connection), request())
    return write_packet(packet, tmp_path_factory.mktemp("packet"))


@pytest.fixture
def plain_charts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spare drawing: what a chart looks like is for the tests of charts, and takes most of a packet."""
    monkeypatch.setattr(charts, "png_of", lambda _: ONE_PIXEL)


@pytest.fixture
def request_of() -> Callable[..., PacketRequest]:
    return request


def request(period: str = "2026-07", **changes: object) -> PacketRequest:
    fields: dict[str, object] = {
        "period": parse_period(period),
        "scope": Scope("云杉新区"),
        "office_name": "云杉新区政务服务与营商环境局",
        "ledger_head": "12:abc",
        "created_at": CREATED_AT,
        "today": TODAY,
        "case_statistics": [CaseFigure("期内新立案", 3), CaseFigure("期内办结", None)],
    }
    return PacketRequest(**(fields | changes))


def fill(stats: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    for account_id, unit_id, platform, status, opened_on in ACCOUNTS:
        add_account(stats, account_id, unit_id, platform, status=status, opened_on=opened_on)
    june, july = date(2026, 6, 1), date(2026, 7, 1)
    for n in range(30):
        _day(
            stats, "A-1", june + timedelta(n), reads=80, published_count=1, followers_total=971 + n
        )
    for n in range(31):
        is_silent = 3 <= n < 20
        _day(
            stats,
            "A-1",
            july + timedelta(n),
            followers_total=1010 + 10 * n,
            followers_new=12,
            followers_cancelled=2,
            reads=100,
            comments=1,
            messages_received=2,
            published_count=0 if is_silent else 1,
        )
    for n in (n for n in range(10, 31) if n != 14):
        _day(
            stats,
            "A-2",
            july + timedelta(n),
            followers_total=300 + 10 * (n - 10),
            reads=50,
            published_count=2,
        )
    _outcome(stats, "A-5")
    _observation(stats, "A-1", 90, FETCHED_AT - timedelta(days=2))
    _observation(stats, "A-1", 100, FETCHED_AT)
    return stats


def add_account(
    connection: duckdb.DuckDBPyConnection,
    account_id: str,
    unit_id: str,
    platform: str,
    *,
    name: str | None = None,
    status: str = "active",
    opened_on: date | None = None,
    unit_name: str | None = None,
) -> None:
    known_name, unit_kind = UNITS[unit_id]
    sql.insert(
        connection,
        "account_snapshot",
        [
            {
                "taken_on": date(2026, 7, 31),
                "account_id": account_id,
                "unit_id": unit_id,
                "unit_name": unit_name or known_name,
                "unit_kind": unit_kind,
                "platform": platform,
                "name": name or f"号{account_id}",
                "status": status,
                "opened_on": opened_on,
            }
        ],
    )


def _day(
    connection: duckdb.DuckDBPyConnection, account_id: str, day: date, **figures: float
) -> None:
    row: dict[str, object] = {"account_id": account_id, "stat_date": day, **figures}
    sql.insert(connection, "account_day", [row])


def _outcome(connection: duckdb.DuckDBPyConnection, account_id: str) -> None:
    sql.insert(
        connection,
        "fetch_outcome",
        [
            {
                "outcome_id": "o-1",
                "source": "wechat_api",
                "endpoint": "getbizsummary",
                "account_id": account_id,
                "asked_at": FETCHED_AT,
                "finished_at": FETCHED_AT,
                "status": "refused",
            }
        ],
    )


def _observation(
    connection: duckdb.DuckDBPyConnection, account_id: str, value: float, fetched_at: datetime
) -> None:
    sql.insert(
        connection,
        "observation",
        [
            {
                "account_id": account_id,
                "content_id": "",
                "metric": "reads",
                "semantics": "daily_total",
                "stat_date": date(2026, 7, 30),
                "fetched_at": fetched_at,
                "value": value,
                "source": "wechat_api",
                "payload_sha256": "0" * 64,
            }
        ],
    )
