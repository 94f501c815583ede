"""The night: copy the register, fetch every account, archive, build the marts, check them.

Holds ``stats`` only for short transactions and touches ``ops`` once, briefly, to copy the register:
a night never stands between an operator and a case. One account's failure is a row, not the end.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime

import httpx

from connectors.declaration import Declaration
from connectors.http import http_client
from connectors.outcome import Fetch
from connectors.source import Pace
from connectors.windows import Window
from flows.operations.fetching import Plan, fetch_all
from flows.operations.marts import build_marts, copy_register
from flows.operations.planning import SourceFacts, plan_backfill, plan_night, read_facts
from flows.settings import Settings
from playbooks.core.working_hours import local_day
from playbooks.statistics import archive, build, lost_days
from sql.catalogs import write

__all__ = ["Night", "Pace", "backfill", "refresh"]

ACCOUNTS_PER_TRANSACTION = 40


@dataclass(frozen=True)
class Night:
    """What one night did.

    Attributes:
        today: the day of the night; with ``--date`` a past one.
        sources: accounts asked, by source.
        outcomes: attempts by status.
        messages: what the platforms said, with the account before it, by how often.
        unconfigured: accounts of the register without credentials, of the sources that are on.
        lost: account, endpoint and days that the platform no longer gives.
        faults: what is wrong with an interface the office declares, which was not asked; and
            renewed tokens that could not be kept.
        findings: checks that found rows, with their count; names start with fail_ or warn_.
    """

    run_id: str
    today: date
    account_count: int
    sources: Mapping[str, int]
    outcomes: Mapping[str, int]
    messages: Mapping[str, int]
    unconfigured: tuple[str, ...]
    lost: tuple[str, ...]
    faults: tuple[str, ...]
    built: build.Built
    findings: Mapping[str, int]

    @property
    def is_complete(self) -> bool:
        """Whether somebody was asked, nothing failed and no check found a forbidden row."""
        failed = {"failed", "refused", "quota_exhausted", "retired"}
        is_idle = bool(self.unconfigured) and not self.account_count
        is_forbidden = any(name.startswith("fail_") for name in self.findings)
        is_broken = bool(self.faults or failed & set(self.outcomes))
        return not (is_idle or is_forbidden or is_broken)


def refresh(settings: Settings, now: datetime, pace: Pace, night_on: date | None = None) -> Night:
    """Run one night; running it again asks for the same days and adds only what has changed.

    Args:
        settings: of this installation.
        now: of the run; what is kept always bears the true instant.
        pace: how the platforms are asked.
        night_on: ask for what the night of this past day asked for; None is tonight.
    """
    copy_register(settings, now)
    facts, faults = read_facts(settings, now)
    day = night_on if night_on and night_on < local_day(now) else None
    plans = plan_night(facts, now, day)
    return _run(settings, _Run("night", facts, plans, faults, day), pace)


def backfill(
    settings: Settings, days: Window, endpoints: Sequence[str], now: datetime, pace: Pace
) -> Night:
    """Ask again for past days; the night's own look-back is not moved by it.

    Args:
        settings: of this installation.
        days: first and last day, both included.
        endpoints: names that a source declares.
        now: of the run.
        pace: how the platform is asked.

    Raises:
        SettingsError: an endpoint that is not declared, or that cannot look back.
    """
    copy_register(settings, now)
    facts, faults = read_facts(settings, now)
    plans = plan_backfill(facts, days, endpoints, now)
    return _run(settings, _Run("backfill", facts, plans, faults), pace)


@dataclass(frozen=True)
class _Run:
    """What is to be done; ``faults`` are sentences about sources that cannot be asked at all."""

    kind: str
    facts: Sequence[SourceFacts]
    plans: Sequence[Plan]
    faults: tuple[str, ...]
    night_on: date | None = None


def _run(settings: Settings, run: _Run, pace: Pace) -> Night:
    now, plans, facts = pace.clock(), run.plans, run.facts
    run_id = new_run_id(run.kind, now)
    counted: Counter[str] = Counter()
    messages: Counter[str] = Counter()
    for fetches in asked(settings, facts, plans, pace, run_id):
        counted.update(fetch.outcome.status for fetch in fetches)
        messages.update(_told(fetches))
    lost = [one for plan in plans for one in plan.lost]
    with write(settings.stats) as connection:
        # After the attempts: what one of them brought is not lost.
        lost_days.note(connection, lost, run_id, now)
    built, findings = build_marts(settings, now)
    return Night(
        run_id=run_id,
        today=run.night_on or local_day(now),
        account_count=len({plan.account.account_id for plan in plans}),
        sources=dict(Counter(plan.declaration.source for plan in plans)),
        outcomes=dict(counted),
        messages=dict(messages),
        unconfigured=tuple(one for fact in facts if fact.is_on for one in fact.unconfigured),
        lost=tuple(one.text for one in lost),
        faults=(*run.faults, *_not_kept(plans)),
        built=built,
        findings=findings,
    )


def new_run_id(kind: str, now: datetime) -> str:
    """Return the id of a run; what begins with ``backfill-`` does not move the place of the night."""
    return f"{kind}-{local_day(now).isoformat()}-{uuid.uuid4().hex[:8]}"


def asked(
    settings: Settings,
    facts: Sequence[SourceFacts],
    plans: Sequence[Plan],
    pace: Pace,
    run_id: str,
) -> Iterator[list[Fetch]]:
    """Ask every plan, some accounts at a time, and yield what they brought once it is archived."""
    with _clients(settings, facts) as client_of:
        for start in range(0, len(plans), ACCOUNTS_PER_TRANSACTION):
            fetches = fetch_all(client_of, plans[start : start + ACCOUNTS_PER_TRANSACTION], pace)
            with write(settings.stats) as connection:
                archive.archive(connection, fetches, run_id)
            yield fetches


def _not_kept(plans: Iterable[Plan]) -> list[str]:
    keepers = [(plan, plan.account.keeper) for plan in plans]
    return [
        f"{plan.declaration.title} 账号 {plan.account.account_id}：{keeper.fault}"
        for plan, keeper in keepers
        if keeper is not None and keeper.fault
    ]


def _told(fetches: Iterable[archive.FetchLike]) -> list[str]:
    return [
        # What was not asked for a reason repeats that reason: it is one thing to be told.
        f"{fetch.outcome.account_id} {fetch.outcome.message.removeprefix('未请求：')}"
        for fetch in fetches
        if fetch.outcome.message and fetch.outcome.status not in ("value", "absent")
    ]


@contextmanager
def _clients(
    settings: Settings, facts: Sequence[SourceFacts]
) -> Generator[Callable[[Declaration], httpx.Client]]:
    """Keep one client a source open, so that its connections are used again."""
    with ExitStack() as stack:
        opened = {
            one.declaration.source: stack.enter_context(
                http_client(
                    settings.source_urls.get(one.declaration.source, one.declaration.base_url),
                    limits=httpx.Limits(max_connections=one.declaration.accounts_at_once),
                    reach=one.reach,
                )
            )
            for one in facts
            if one.accounts
        }
        yield lambda declaration: opened[declaration.source]
