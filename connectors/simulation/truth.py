"""What is true about the sample, said outright, so that a test can compare findings with it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from connectors.simulation import followers, publications, statistics
from connectors.simulation.district import District
from connectors.simulation.impostors import Impostor, Report, impostors, reports
from connectors.simulation.model import Account
from connectors.simulation.workdays import workdays_after

LOCAL_LIMIT_WORKDAYS = 7
NATIONAL_LIMIT_DAYS = 14


@dataclass(frozen=True, slots=True)
class StaleClocks:
    """Where the two clocks stand at the end of the last day for an account that stopped.

    Local (Article 31): more than 7 working days after the last publication. National: no
    publication within 14 calendar days.
    """

    account_id: str
    last_published_on: date
    workdays_since: int
    days_since: int

    @property
    def is_local_bitten(self) -> bool:
        """Whether the local clock has bitten."""
        return self.workdays_since > LOCAL_LIMIT_WORKDAYS

    @property
    def is_national_bitten(self) -> bool:
        """Whether the national clock has bitten."""
        return self.days_since >= NATIONAL_LIMIT_DAYS


@dataclass(frozen=True, slots=True)
class Truth:
    """The planted peculiarities; days ascend, account ids are the register's.

    Attributes:
        stale: accounts in service that stopped publishing, with both clocks.
        silent: accounts in service that never published.
        refused: accounts the statistics interface answers with 48001.
        jump: account, day, and new followers of that day, far beyond its usual.
        bought: account, days, and the identical new followers of each.
        missing: account and the days the platform never gives.
        restated: account and the days shown lower on the first two mornings.
        doubled: unit, platform, and its accounts there when there are several (Article 10).
        renamed: unit and its different account names when there are several (Article 11).
        impostors: imitating accounts, then innocent ones that were reported.
        reports: the hotline's work orders, one of them twice.
    """

    stale: tuple[StaleClocks, ...]
    silent: tuple[str, ...]
    refused: tuple[str, ...]
    jump: tuple[str, date, int]
    bought: tuple[str, tuple[date, ...], int]
    missing: tuple[str, tuple[date, ...]]
    restated: tuple[str, tuple[date, ...]]
    doubled: tuple[tuple[str, str, tuple[str, ...]], ...]
    renamed: tuple[tuple[str, tuple[str, ...]], ...]
    impostors: tuple[Impostor, ...]
    reports: tuple[Report, ...]


def truth_of(district: District) -> Truth:
    """Return what the generator planted in *district*."""
    return Truth(
        stale=tuple(
            _clocks(district, account)
            for trait in ("stale", "local_clock_bitten")
            for account in district.accounts_with(trait)
        ),
        silent=_ids(district, "silent"),
        refused=_ids(district, "unauthorised") + _ids(district, "unverified"),
        jump=(
            _ids(district, "follower_jump")[0],
            district.last_day - timedelta(days=followers.JUMP_DAYS_AGO),
            followers.JUMP_FOLLOWERS,
        ),
        bought=(
            *_planted(district, "bought_followers", followers.BOUGHT_DAYS_AGO),
            followers.BOUGHT_FOLLOWERS,
        ),
        missing=_planted(district, "missing_days", statistics.MISSING_DAYS_AGO),
        restated=_planted(district, "restated_figures", statistics.RESTATED_DAYS_AGO),
        doubled=_doubled(district.accounts),
        renamed=_renamed(district.accounts),
        impostors=impostors(district),
        reports=reports(district),
    )


def _clocks(district: District, account: Account) -> StaleClocks:
    last = publications.last_publication_on(account, district.last_day)
    if last is None:
        raise ValueError(f"{account.account_id} never published")
    return StaleClocks(
        account_id=account.account_id,
        last_published_on=last,
        workdays_since=workdays_after(last, district.last_day),
        days_since=(district.last_day - last).days,
    )


def _ids(district: District, trait: str) -> tuple[str, ...]:
    return tuple(account.account_id for account in district.accounts_with(trait))


def _planted(
    district: District, trait: str, days_ago: tuple[int, ...]
) -> tuple[str, tuple[date, ...]]:
    days = sorted(district.last_day - timedelta(days=days) for days in days_ago)
    return _ids(district, trait)[0], tuple(days)


def _doubled(accounts: tuple[Account, ...]) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for account in accounts:
        found[account.unit_id, account.platform].append(account.account_id)
    return tuple((*key, tuple(ids)) for key, ids in found.items() if len(ids) > 1)


def _renamed(accounts: tuple[Account, ...]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for account in accounts:
        if "second_on_platform" not in account.traits:
            found[account.unit_id][account.name] = None
    return tuple((unit_id, tuple(names)) for unit_id, names in found.items() if len(names) > 1)
