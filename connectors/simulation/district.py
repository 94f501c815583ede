"""The fictitious district 云杉新区: who is there, which accounts they keep, who is on duty.

Everything follows from a seed, a last day and a number of accounts: the same three give the same
district on any machine. Iterating is lazy, so 100,000 accounts cost no memory until kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from connectors.simulation import curated, people, units
from connectors.simulation.accounts import iterate_accounts
from connectors.simulation.model import Account, Person, Shift, Unit

SIMULATED_DAYS = 150
EXAMPLE_SEED = 20_210_628
EXAMPLE_LAST_DAY = date(2026, 11, 20)
CURATED_ACCOUNTS = 40


@dataclass(frozen=True)
class District:
    """One simulated district; make it with :func:`build_district`.

    Attributes:
        seed: what every random choice follows from.
        last_day: last day that has statistics.
        account_count: number of accounts, at least the 40 curated ones.
    """

    seed: int
    last_day: date
    account_count: int

    @property
    def first_day(self) -> date:
        """First day that has statistics: 150 days, both ends included."""
        return self.last_day - timedelta(days=SIMULATED_DAYS - 1)

    @cached_property
    def days(self) -> list[date]:
        """Every day that has statistics, oldest first."""
        first_day = self.first_day
        return [first_day + timedelta(days=offset) for offset in range(SIMULATED_DAYS)]

    @property
    def community_count(self) -> int:
        """Number of invented communities beyond the curated units."""
        beyond = self.account_count - CURATED_ACCOUNTS
        return -(-beyond // units.ACCOUNTS_PER_COMMUNITY)

    def iterate_units(self) -> Iterator[Unit]:
        """Yield every unit, parents before children."""
        return units.iterate_units(self.community_count)

    def iterate_accounts(self) -> Iterator[Account]:
        """Yield every account, the curated ones first."""
        return iterate_accounts(self.seed, self.last_day, self.account_count)

    def iterate_people(self) -> Iterator[Person]:
        """Yield everybody, the staff of the curated units first."""
        communities = (units.community_unit_id(index) for index in range(self.community_count))
        return people.iterate_people(self.seed, self.last_day, communities)

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """Every unit, kept."""
        return tuple(self.iterate_units())

    @cached_property
    def accounts(self) -> tuple[Account, ...]:
        """Every account, kept."""
        return tuple(self.iterate_accounts())

    @cached_property
    def people(self) -> tuple[Person, ...]:
        """Everybody, kept."""
        return tuple(self.iterate_people())

    @cached_property
    def shifts(self) -> tuple[Shift, ...]:
        """The duty roster: weekly, gapless, from the first day to twelve weeks past the last."""
        return people.roster(self.first_day, self.last_day)

    @cached_property
    def _account_by_id(self) -> dict[str, Account]:
        return {account.account_id: account for account in self.accounts}

    def account(self, account_id: str) -> Account:
        """Return one account; ``KeyError`` when the district has none of that id."""
        return self._account_by_id[account_id]

    def accounts_with(self, trait: str) -> tuple[Account, ...]:
        """Return the accounts that carry *trait*; ``ValueError`` for a trait nobody knows."""
        if trait not in curated.TRAITS:
            raise ValueError(f"no trait {trait}; known are {sorted(curated.TRAITS)}")
        return tuple(account for account in self.accounts if trait in account.traits)


def build_district(
    seed: int = EXAMPLE_SEED,
    last_day: date = EXAMPLE_LAST_DAY,
    accounts: int = CURATED_ACCOUNTS,
) -> District:
    """Return the district that follows from *seed*, with *accounts* accounts up to *last_day*.

    Raises:
        ValueError: fewer accounts than the curated ones, or more than there are place names for.
    """
    most = CURATED_ACCOUNTS + units.most_communities() * units.ACCOUNTS_PER_COMMUNITY
    if not CURATED_ACCOUNTS <= accounts <= most:
        raise ValueError(f"{accounts} accounts asked for; from {CURATED_ACCOUNTS} to {most} exist")
    return District(seed=seed, last_day=last_day, account_count=accounts)
