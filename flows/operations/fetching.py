"""Ask many accounts at once, and let nothing that goes wrong with one cost another."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field

import httpx

from connectors.asking import SourceAccount
from connectors.declaration import Declaration
from connectors.outcome import Fetch, FetchOutcome
from connectors.source import Pace, fetch_account
from connectors.windows import Window
from playbooks.statistics.lost_days import LostDays

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Plan:
    """What to ask of one account of one source."""

    declaration: Declaration
    account: SourceAccount
    windows: Mapping[str, Sequence[Window]]
    calls_today: Mapping[str, int] = field(default_factory=dict[str, int])
    lost: tuple[LostDays, ...] = ()


def fetch_all(
    client_of: Callable[[Declaration], httpx.Client], plans: Sequence[Plan], pace: Pace
) -> list[Fetch]:
    """Ask every plan; one account's unexpected error costs it alone.

    The sources are asked side by side, and of each as many accounts at once as it declares.
    """
    brought: list[list[Fetch]] = [[] for _ in plans]

    def fetch_one(plan: Plan, fetches: list[Fetch]) -> None:
        client = client_of(plan.declaration)
        asked = (plan.declaration, plan.account, plan.windows, pace, plan.calls_today)
        # One at a time, so that what came before an unexpected failure is kept.
        fetches.extend(fetch_account(client, *asked))

    with ExitStack() as stack:
        pools = {
            source: stack.enter_context(ThreadPoolExecutor(accounts_at_once))
            for source, accounts_at_once in {
                plan.declaration.source: plan.declaration.accounts_at_once for plan in plans
            }.items()
        }
        runs: list[Future[None]] = [
            pools[plan.declaration.source].submit(fetch_one, plan, fetches)
            for plan, fetches in zip(plans, brought, strict=True)
        ]
    for plan, fetches, run in zip(plans, brought, runs, strict=True):
        error = run.exception()
        if error is not None:
            # A fault of this program must cost one account, and be seen; never the whole batch.
            log.error("account %s", plan.account.account_id, exc_info=error)
            fetches.extend(_not_fetched(plan, fetches, error, pace))
    return [fetch for fetches in brought for fetch in fetches]


def _not_fetched(
    plan: Plan, fetches: Sequence[Fetch], error: BaseException, pace: Pace
) -> Iterator[Fetch]:
    """Yield a failed outcome for every window that *error* kept from being asked."""
    now = pace.clock()
    seen = {(one.outcome.endpoint, one.outcome.ref_begin_on) for one in fetches}
    planned = [(name, window) for name, windows in plan.windows.items() for window in windows]
    missing = [one for one in planned if (one[0], one[1].begin_on) not in seen]
    for name, window in missing or planned[-1:]:
        identity = (plan.declaration.source, name, plan.account.account_id)
        yield Fetch(
            FetchOutcome(
                *(*identity, window.begin_on, window.end_on, now, now, "failed"),
                message=f"程序出错（{type(error).__name__}），该账号其余日期未取；请把日志交给维护人员",
            ),
            None,
        )
