"""Everything a packet needs from the statistics catalog, read in one go so that the file is free again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import cast

import duckdb
import polars as pl

import sql
from playbooks.statistics.labels import DAILY_METRICS, order_of
from playbooks.statistics.numbers import as_float
from playbooks.statistics.period import Period
from playbooks.statistics.scope import Scope, no_account

FRAME_NAMES = (
    "accounts", "previous", "year_before", "totals", "previous_totals", "year_before_totals",
    "units", "previous_units", "year_before_units",
    "daily", "items", "messages", "gaps", "restated", "sources", "jumps", "silence", "offline",
)  # fmt: skip
_MARTS = {
    "accounts": ("units", "totals"),
    "previous": ("previous_units", "previous_totals"),
    "year_before": ("year_before_units", "year_before_totals"),
}
"""Frame of accounts -> the frames of the marts that it adds up to, by unit and platform and in all."""


@dataclass(frozen=True)
class AccountFigures:
    """One account in one period; a figure that was not obtained is None.

    Attributes:
        totals: sums of the period by metric.
        days: days on which the metric was obtained.
        expected_days: days the account was open; 0 for one that is not operating.
        is_connected: some source was ever asked for it, or it ever had a figure.
    """

    account_id: str
    unit_id: str
    unit_name: str
    unit_kind: str | None
    platform: str
    name: str
    status: str
    opened_on: date | None
    taken_on: date
    is_operating: bool
    is_connected: bool
    expected_days: int
    totals: Mapping[str, float | None]
    days: Mapping[str, int]
    opening_followers: float | None
    closing_followers: float | None
    followers_growth: float | None


@dataclass(frozen=True)
class Figures:
    """The frames of one packet; ``accounts``, ``previous`` and ``year_before`` share one grain.

    Beside each of the three stand its sums, ``units`` and ``totals`` and so on: rows of
    ``marts/unit_period`` and ``marts/district_period``.

    Attributes:
        through_on: last day counted; before the period's end while it runs.
        frames: name (one of FRAME_NAMES) -> rows.
    """

    period: Period
    scope: Scope
    through_on: date
    today: date
    frames: Mapping[str, pl.DataFrame]

    @property
    def day_count(self) -> int:
        """Days counted."""
        return (self.through_on - self.period.begin_on).days + 1

    @cached_property
    def accounts(self) -> tuple[AccountFigures, ...]:
        """Every account of the scope, closed ones included."""
        return _accounts(self.frames["accounts"])

    @cached_property
    def operating(self) -> tuple[AccountFigures, ...]:
        """The accounts that are meant to publish."""
        return tuple(account for account in self.accounts if account.is_operating)

    @cached_property
    def previous(self) -> tuple[AccountFigures, ...]:
        """The same scope in the period before."""
        return _accounts(self.frames["previous"])

    @cached_property
    def year_before(self) -> tuple[AccountFigures, ...]:
        """The same scope in the same period a year before."""
        return _accounts(self.frames["year_before"])

    @cached_property
    def account_by_id(self) -> Mapping[str, AccountFigures]:
        """Accounts by id."""
        return {account.account_id: account for account in self.accounts}

    def digest(self) -> str:
        """Return the SHA-256 of every frame, so that two packets of the same figures say so."""
        sha256 = hashlib.sha256()
        for name in FRAME_NAMES:
            sha256.update(f"{name}\n{self.frames[name].write_csv()}\n".encode())
        return sha256.hexdigest()


def read_figures(
    connection: duckdb.DuckDBPyConnection, period: Period, scope: Scope, today: date
) -> Figures:
    """Return what the packet of *period* needs; nothing is read from the catalog afterwards.

    Args:
        connection: the open stats catalog.
        period: month, quarter, half year or year.
        scope: district or unit.
        today: in Asia/Shanghai; its own day has no figures yet.

    Raises:
        PeriodError: no day of the period is over.
        ScopeError: the register copy knows no account of *scope*.
    """
    begin_on, through_on = period.begin_on, period.through_on(today)
    day_count = (through_on - begin_on).days + 1
    is_whole = through_on == period.end_on
    frames: dict[str, pl.DataFrame] = {}
    spans = {
        "accounts": (begin_on, through_on),
        "previous": _compared(period.previous, day_count, is_whole=is_whole),
        "year_before": _compared(period.year_before, day_count, is_whole=is_whole),
    }
    for name, (begin, end) in spans.items():
        frames[name] = sql.query(
            connection,
            "marts/account_period",
            begin=begin,
            end=end,
            unit_id=scope.unit_id,
            account_id=scope.account_id,
        )
        frames |= _sums(connection, name, frames[name])
    if frames["accounts"].is_empty():
        raise no_account(scope)
    frames |= _details(connection, frames["accounts"], begin_on, through_on)
    return Figures(period, scope, through_on, today, frames)


def narrowed(whole: Figures, scope: Scope) -> Figures:
    """Return what ``read_figures`` would give for a unit, from the figures of the whole district.

    A thousand units are read in one go this way; reading them one by one plans a thousand queries.

    Raises:
        ScopeError: the register copy knows no account of *scope*.
    """
    frames: dict[str, pl.DataFrame] = {}
    with duckdb.connect() as connection:
        for name in _MARTS:
            frames[name] = _within(whole.frames[name], scope)
            frames |= _sums(connection, name, frames[name])
    if frames["accounts"].is_empty():
        raise no_account(scope)
    mine = frames["accounts"].select("account_id")
    for name in FRAME_NAMES:
        if name not in frames:
            frames[name] = whole.frames[name].join(
                mine, on="account_id", how="semi", maintain_order="left"
            )
    return Figures(whole.period, scope, whole.through_on, whole.today, frames)


def _within(accounts: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """Return the rows of *scope*, the units below a unit with it, as the mart would choose them."""
    if scope.account_id:
        return accounts.filter(pl.col("account_id") == scope.account_id)
    units, below = {scope.unit_id}, {scope.unit_id}
    parents = accounts.select("unit_id", "parent_unit_id").unique()
    while below:
        found = parents.filter(pl.col("parent_unit_id").is_in(list(below)))["unit_id"].to_list()
        below = set(found) - units
        units |= below
    return accounts.filter(pl.col("unit_id").is_in(list(units)))


def _sums(
    connection: duckdb.DuckDBPyConnection, name: str, accounts: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    """Return the marts that the rows of the frame *name* add up to, by their frames' names."""
    with sql.registered(connection, account_period=accounts):
        units = sql.query(connection, "marts/unit_period")
    with sql.registered(connection, unit_period=units):
        totals = sql.query(connection, "marts/district_period")
    return dict(zip(_MARTS[name], (units, totals), strict=True))


def _compared(period: Period, day_count: int, *, is_whole: bool) -> tuple[date, date]:
    """While the period runs, compare with as many days of the other one."""
    if is_whole:
        return period.begin_on, period.end_on
    return period.first_days(day_count)


def _details(
    connection: duckdb.DuckDBPyConnection, accounts: pl.DataFrame, begin: date, end: date
) -> dict[str, pl.DataFrame]:
    """Read what is about single accounts; unconnected ones are told once, not as gaps."""
    operating = accounts.filter("is_operating").select("account_id", "opened_on", "is_connected")
    connected = operating.filter("is_connected").drop("is_connected")
    frames: dict[str, pl.DataFrame] = {}
    with sql.registered(connection, packet_account=connected):
        for name, query in {
            "daily": "packet/daily",
            "items": "marts/content_item",
            "gaps": "packet/gap",
            "restated": "packet/restated",
            "sources": "packet/source",
            "silence": "packet/silence",
        }.items():
            frames[name] = sql.query(connection, query, begin=begin, end=end)
    with sql.registered(connection, packet_account=operating.select("account_id")):
        # Entered by hand, so also where no source is connected.
        frames["offline"] = sql.query(connection, "packet/offline_activity", begin=begin, end=end)
        frames["messages"] = sql.query(connection, "packet/message", begin=begin, end=end)
    jumps = sql.query(connection, "marts/follower_jump", begin=begin, end=end)
    frames["jumps"] = jumps.join(connected, on="account_id", how="semi").sort(
        "stat_date", "account_id"
    )
    return frames


def weeks_of(begin_on: date, through_on: date) -> list[tuple[date, date]]:
    """Return the weeks (Monday to Sunday) of the period, cut at its ends."""
    weeks: list[tuple[date, date]] = []
    first = begin_on
    while first <= through_on:
        last = min(first + timedelta(days=6 - first.weekday()), through_on)
        weeks.append((first, last))
        first = last + timedelta(days=1)
    return weeks


def _accounts(frame: pl.DataFrame) -> tuple[AccountFigures, ...]:
    """Return the accounts unit by unit, platforms in the register's order."""
    order = {platform: place for place, platform in enumerate(order_of("platform"))}
    accounts = [_account(row) for row in frame.iter_rows(named=True)]
    accounts.sort(key=lambda a: (a.unit_id, order.get(a.platform, len(order)), a.account_id))
    return tuple(accounts)


def _account(row: dict[str, object]) -> AccountFigures:
    return AccountFigures(
        account_id=str(row["account_id"]),
        unit_id=str(row["unit_id"]),
        unit_name=str(row["unit_name"]),
        unit_kind=cast("str | None", row["unit_kind"]),
        platform=str(row["platform"]),
        name=str(row["name"]),
        status=str(row["status"]),
        opened_on=cast("date | None", row["opened_on"]),
        taken_on=cast("date", row["taken_on"]),
        is_operating=bool(row["is_operating"]),
        is_connected=bool(row["is_connected"]),
        expected_days=int(cast("int", row["expected_days"])),
        totals={name: as_float(row[name]) for name in DAILY_METRICS},
        days={name: int(cast("int", row[f"{name}_days"] or 0)) for name in DAILY_METRICS},
        opening_followers=as_float(row["opening_followers"]),
        closing_followers=as_float(row["closing_followers"]),
        followers_growth=as_float(row["followers_growth"]),
    )
