"""How every source and account stands: last success, lag, missing days, quota left, errors by code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

import duckdb

import sql
from connectors.declaration import Declaration
from flows.operations.planning import SourceFacts, all_sources, read_facts
from flows.settings import Settings, SettingsError
from playbooks.core.working_hours import local_day
from playbooks.statistics.labels import source_label
from playbooks.statistics.lost_days import LostDays
from sql.catalogs import open_catalog

MOST_LOST = 100
AccountKey = tuple[str, str]
"""Source and account id."""


@dataclass(frozen=True)
class SourceError:
    """How often a code came in the last seven days, and what the declaration says of it."""

    code: str
    attempt_count: int
    last_at: datetime
    sentence: str


@dataclass(frozen=True)
class Trouble:
    """What an endpoint was last told when it was refused or found retired, not answered since."""

    endpoint: str
    status: str
    sentence: str


@dataclass(frozen=True)
class AccountHealth:
    """One account of one source.

    Attributes:
        source_title: as declared.
        name: of the account, as the register has it; empty when the register no longer does.
        is_asked: whether a night asks it: it has credentials.
        lag_days: days between yesterday and the last day with a value; None without any.
        missing_days: of the last 30.
        quota_left: calls that its scarcest endpoint has left today, of ``quota_limit``; None where
            no quota is declared.
        quota_nights: on how many of the last three days a quota ran out.
    """

    source: str
    source_title: str
    account_id: str
    name: str
    is_asked: bool
    first_attempt_at: datetime | None
    last_value_at: datetime | None
    last_value_on: date | None
    lag_days: int | None
    missing_days: int
    quota_left: int | None
    quota_limit: int | None
    quota_nights: int
    troubles: tuple[Trouble, ...]
    errors: tuple[SourceError, ...]


@dataclass(frozen=True)
class Health:
    """All of it as of one instant.

    Attributes:
        unconfigured: source title -> accounts without credentials, of the sources that are on.
        off: titles of the sources that nobody configured.
        faults: sentences about what cannot be asked at all.
        lost: what platforms no longer give, the latest noticed first.
        is_readable: false when the credentials could not be read: who is asked is not known then.
    """

    today: date
    accounts: tuple[AccountHealth, ...]
    unconfigured: Mapping[str, tuple[str, ...]]
    off: tuple[str, ...]
    faults: tuple[str, ...]
    is_readable: bool
    lost: tuple[LostDays, ...] = ()


def read_health(settings: Settings, now: datetime) -> Health:
    """Return how every source stands as of *now*; a faulty credentials file is one of the faults."""
    declarations = {one.source: one for one in all_sources(settings)}
    facts: Sequence[SourceFacts] = ()
    is_readable = True
    try:
        facts, faults = read_facts(settings, now)
    except SettingsError as error:
        faults, is_readable = (str(error),), False
    with open_catalog(settings.stats) as connection:
        accounts = _accounts(connection, declarations, facts, now)
        lost = sql.rows(connection, "ingest/lost_days", limit=MOST_LOST)
    return Health(
        today=local_day(now),
        accounts=tuple(accounts),
        unconfigured={
            one.declaration.title: one.unconfigured
            for one in facts
            if one.is_on and one.unconfigured
        },
        off=tuple(one.declaration.title for one in facts if not one.is_on),
        faults=faults,
        is_readable=is_readable,
        lost=tuple(_lost(row) for row in lost),
    )


def _accounts(
    connection: duckdb.DuckDBPyConnection,
    declarations: Mapping[str, Declaration],
    facts: Iterable[SourceFacts],
    now: datetime,
) -> list[AccountHealth]:
    today = local_day(now)
    endpoints = _by_account(sql.rows(connection, "marts/endpoint_health", now=now, today=today))
    errors = _by_account(sql.rows(connection, "marts/source_error", now=now))
    missing = {
        _key(row): int(str(row["missing_days"]))
        for row in sql.rows(connection, "marts/missing_day", today=today)
    }
    names = {
        str(row["account_id"]): str(row["name"])
        for row in sql.rows(connection, "ingest/account_names", today=today)
    }
    asked = {(one.declaration.source, a.account_id): one for one in facts for a in one.accounts}
    return [
        _account(
            _Known(key, declarations.get(key[0]), asked.get(key), today),
            names.get(key[1], ""),
            missing.get(key, 0),
            endpoints.get(key, ()),
            errors.get(key, ()),
        )
        for key in sorted({*endpoints, *asked})
    ]


@dataclass(frozen=True)
class _Known:
    """What is known of an account before the outcomes are read."""

    key: AccountKey
    declaration: Declaration | None
    facts: SourceFacts | None
    today: date


def _account(
    known: _Known,
    name: str,
    missing_days: int,
    endpoints: Sequence[sql.Row],
    errors: Sequence[sql.Row],
) -> AccountHealth:
    source, account_id = known.key
    left, limit = _quota(known)
    last_on = _latest(endpoints, "last_value_on")
    lag = None if last_on is None else max(0, (known.today - cast("date", last_on)).days - 1)
    first = [cast("datetime", row["first_attempt_at"]) for row in endpoints]
    return AccountHealth(
        source=source,
        source_title=known.declaration.title if known.declaration else source_label(source),
        account_id=account_id,
        name=name,
        is_asked=known.facts is not None,
        first_attempt_at=min(first, default=None),
        last_value_at=cast("datetime | None", _latest(endpoints, "last_value_at")),
        last_value_on=cast("date | None", last_on),
        lag_days=lag,
        missing_days=missing_days,
        quota_left=left,
        quota_limit=limit,
        quota_nights=max((int(str(row["quota_nights"])) for row in endpoints), default=0),
        troubles=tuple(_trouble(row, known.declaration) for row in endpoints if row["trouble"]),
        errors=tuple(_error(row, known.declaration) for row in errors),
    )


def _quota(known: _Known) -> tuple[int | None, int | None]:
    """Return what the scarcest endpoint has left today, and of how much."""
    if known.facts is None:
        return None, None
    found = [
        (max(0, one.call_limit - known.facts.called.get((known.key[1], name), 0)), one.call_limit)
        for name, one in known.facts.declaration.endpoints.items()
        if one.asked_by_default and one.call_limit is not None
    ]
    return min(found, default=(None, None))


def _trouble(row: sql.Row, declaration: Declaration | None) -> Trouble:
    code = str(row["trouble_code"] or "")
    words = _sentence(code, str(row["trouble_message"] or ""), declaration)
    return Trouble(str(row["endpoint"]), str(row["trouble"]), words or code)


def _error(row: sql.Row, declaration: Declaration | None) -> SourceError:
    code = str(row["code"])
    return SourceError(
        code=code,
        attempt_count=int(str(row["attempt_count"])),
        last_at=cast("datetime", row["last_at"]),
        sentence=_sentence(code, str(row["message"] or ""), declaration),
    )


def _sentence(code: str, message: str, declaration: Declaration | None) -> str:
    """Return what the declaration says of *code*; what the run noted where it says nothing."""
    declared = declaration.error(code) if declaration else None
    return declared.meaning if declared else message.removeprefix("未请求：")


def _lost(row: sql.Row) -> LostDays:
    source, account_id = _key(row)
    days = cast("date", row["begin_on"]), cast("date", row["end_on"])
    return LostDays(source, str(row["endpoint"]), account_id, *days)


def _latest(rows: Iterable[sql.Row], column: str) -> object:
    found = [cast("datetime", row[column]) for row in rows if row[column] is not None]
    return max(found, default=None)


def _key(row: sql.Row) -> AccountKey:
    return str(row["source"]), str(row["account_id"])


def _by_account(rows: Iterable[sql.Row]) -> dict[AccountKey, list[sql.Row]]:
    found: dict[AccountKey, list[sql.Row]] = {}
    for row in rows:
        found.setdefault(_key(row), []).append(row)
    return found
