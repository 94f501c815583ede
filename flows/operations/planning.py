"""Which sources there are, which accounts each can ask, and what one night has to ask of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

import duckdb

import sql
from connectors.addresses import Reach
from connectors.asking import SourceAccount
from connectors.declaration import Declaration, Endpoint
from connectors.office_source import reach_of
from connectors.sources import bundled_sources
from connectors.windows import DayPlan, Window, plan_days, split_days
from flows.operations.credentials import Accounts, read_credentials
from flows.operations.fetching import Plan
from flows.operations.office_sources import reachable_accounts, read_office_sources
from flows.settings import Settings, SettingsError
from playbooks.core.working_hours import local_day, local_instant
from playbooks.statistics.lost_days import LostDays
from sql.catalogs import open_catalog

Counts = dict[str, int]
REMEMBERED_DAYS = 400


@dataclass(frozen=True)
class SourceFacts:
    """One source at the beginning of a run.

    Attributes:
        accounts: accounts of the register that have credentials.
        unconfigured: accounts of its platform without.
        ready_on: account and endpoint to the last day before the first gap.
        called: account and endpoint to the calls spent today.
        reach: which addresses it may be reached at; None for a bundled one, whose address is ours.
    """

    declaration: Declaration
    accounts: tuple[SourceAccount, ...]
    unconfigured: tuple[str, ...]
    ready_on: Mapping[tuple[str, str], date]
    called: Mapping[tuple[str, str], int]
    reach: Reach | None = None

    @property
    def is_on(self) -> bool:
        """Whether anybody configured it, or is expected to."""
        return bool(self.accounts) or self.declaration.is_expected


def all_sources(settings: Settings) -> list[Declaration]:
    """Return every source of this installation, in the order a night asks them."""
    return [*bundled_sources().values(), *read_office_sources(settings).declarations]


def read_facts(settings: Settings, now: datetime) -> tuple[list[SourceFacts], tuple[str, ...]]:
    """Return what is known about every source before anything is asked, and what is wrong with some.

    Raises:
        SettingsError: the credentials file is faulty.
    """
    credentials = read_credentials(settings, bundled_sources().values())
    office = read_office_sources(settings)
    faults = list(office.faults)
    for source in office.sources:
        try:
            credentials[source.declaration.source] = reachable_accounts(settings, source)
        except SettingsError as error:
            faults.append(str(error))
    declarations = [*bundled_sources().values(), *office.declarations]
    reaches = {one.declaration.source: reach_of(one) for one in office.sources}
    with open_catalog(settings.stats) as connection:
        facts = [
            replace(
                _facts(connection, one, credentials.get(one.source, {}), now),
                reach=reaches.get(one.source),
            )
            for one in declarations
        ]
    return facts, tuple(faults)


def _facts(
    connection: duckdb.DuckDBPyConnection, declaration: Declaration, given: Accounts, now: datetime
) -> SourceFacts:
    today = local_day(now)
    day_start = local_instant(today, datetime.min.time())
    # Even after a year's silence the night must know where it stopped, or days are lost unsaid.
    reach_days = max(one.reach_days for one in declaration.endpoints.values())
    farthest = timedelta(days=max(reach_days, REMEMBERED_DAYS))
    source, platform = declaration.source, declaration.platform
    registered = sql.rows(connection, "ingest/accounts_to_fetch", today=today, platform=platform)
    ready = sql.rows(connection, "ingest/last_ready", source=source, since=today - farthest)
    calls = sql.rows(connection, "ingest/calls_today", source=source, since=day_start)
    wanted = [str(row["account_id"]) for row in registered]
    return SourceFacts(
        declaration,
        tuple(given[one] for one in wanted if one in given),
        tuple(one for one in wanted if one not in given),
        {_key(row): _as_day(row["last_ready_on"]) for row in ready},
        {_key(row): int(str(row["call_count"])) for row in calls},
    )


def _key(row: Mapping[str, object]) -> tuple[str, str]:
    return str(row["account_id"]), str(row["endpoint"])


def _as_day(value: object) -> date:
    assert isinstance(value, date)
    return value


def plan_night(facts: Iterable[SourceFacts], now: datetime, night_on: date | None) -> list[Plan]:
    """Return what to ask of every account.

    Args:
        facts: of every source.
        now: the instant of the run.
        night_on: ask for what the night of this past day would have asked for; None is tonight.
    """
    return [_night(one, account, now, night_on) for one in facts for account in one.accounts]


def _night(
    facts: SourceFacts, account: SourceAccount, now: datetime, night_on: date | None
) -> Plan:
    windows: dict[str, Sequence[Window]] = {}
    lost: list[LostDays] = []
    for name, endpoint in facts.declaration.endpoints.items():
        if not endpoint.asked_by_default:
            continue
        last_on = facts.ready_on.get((account.account_id, name))
        planned = (
            plan_days(endpoint, last_on, now)
            if night_on is None
            else _plan_past_night(endpoint, night_on, now)
        )
        if planned.windows:
            windows[name] = planned.windows
        if planned.lost:
            span = (planned.lost.begin_on, planned.lost.end_on)
            lost.append(LostDays(facts.declaration.source, name, account.account_id, *span))
    return Plan(facts.declaration, account, windows, _calls(facts, account, windows), tuple(lost))


def _plan_past_night(endpoint: Endpoint, night_on: date, now: datetime) -> DayPlan:
    """Return what the night of a past day asked for, as far as it can be asked for now."""
    if endpoint.asks in ("now", "items"):
        # What answers for this moment cannot be asked about another one.
        return DayPlan((), Window(night_on, night_on))
    before = night_on - timedelta(days=1 if endpoint.is_live else 2)
    end_of_day = local_instant(night_on, time(23, 59))
    # The last so many days are always counted from today.
    return plan_days(endpoint, before, now if endpoint.asks == "recent_days" else end_of_day)


def plan_backfill(
    facts: Iterable[SourceFacts], days: Window, endpoints: Sequence[str], now: datetime
) -> list[Plan]:
    """Return what to ask about past days; only the sources that declare one of *endpoints*.

    Raises:
        SettingsError: an endpoint that no source declares, or one that cannot look back.
    """
    facts = list(facts)
    declared = {name: one for fact in facts for name, one in fact.declaration.endpoints.items()}
    unknown = sorted(set(endpoints) - set(declared))
    if unknown:
        raise SettingsError(f"没有接口 {'、'.join(unknown)}；现有：{'、'.join(declared)}")
    instant = [name for name in endpoints if declared[name].asks == "now"]
    if instant:
        raise SettingsError(f"{'、'.join(instant)} 只给出当时的数字，过去的日期无法补取")
    return [plan for fact in facts for plan in _backfills(fact, days, endpoints, now)]


def _backfills(
    facts: SourceFacts, days: Window, endpoints: Sequence[str], now: datetime
) -> Iterator[Plan]:
    windows: dict[str, Sequence[Window]] = {}
    for name, endpoint in facts.declaration.endpoints.items():
        if name in endpoints:
            is_dated = endpoint.asks in ("days", "list")
            windows[name] = (
                split_days(endpoint, days.begin_on, days.end_on)
                if is_dated
                else plan_days(endpoint, days.begin_on, now).windows
            )
    for account in facts.accounts if windows else ():
        yield Plan(facts.declaration, account, windows, _calls(facts, account, windows))


def _calls(facts: SourceFacts, account: SourceAccount, windows: Mapping[str, object]) -> Counts:
    return {name: facts.called.get((account.account_id, name), 0) for name in windows}
