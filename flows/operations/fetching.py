"""Ask many accounts at once, and let nothing that goes wrong with one cost another."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime

import httpx

from connectors import wechat
from connectors.http import RetryPolicy
from connectors.outcome import Fetch, FetchOutcome

log = logging.getLogger(__name__)

SOURCE = "wechat_api"
ACCOUNTS_AT_ONCE = 4


@dataclass(frozen=True)
class Pace:
    """How a platform is asked: the clock of the attempts, and how patiently a busy one is retried."""

    clock: Callable[[], datetime]
    retry: RetryPolicy = field(default_factory=RetryPolicy)


@dataclass(frozen=True)
class Plan:
    """What to ask of one account."""

    account: wechat.WechatAccount
    windows: Mapping[str, Sequence[wechat.Window]]
    calls_today: Mapping[str, int]
    lost: tuple[str, ...]


def fetch_all(client: httpx.Client, plans: Sequence[Plan], pace: Pace) -> list[Fetch]:
    """Ask every plan, several accounts at once; one account's unexpected error costs it alone."""
    brought: list[list[Fetch]] = [[] for _ in plans]

    def fetch_one(plan: Plan, fetches: list[Fetch]) -> None:
        # One at a time, so that what came before an unexpected failure is kept.
        fetches.extend(
            wechat.fetch_account(
                client,
                plan.account,
                plan.windows,
                clock=pace.clock,
                calls_today=plan.calls_today,
                retry=pace.retry,
            )
        )

    with ThreadPoolExecutor(ACCOUNTS_AT_ONCE) as pool:
        runs = [pool.submit(fetch_one, *one) for one in zip(plans, brought, strict=True)]
    for plan, fetches, run in zip(plans, brought, runs, strict=True):
        error = run.exception()
        if error is not None:
            # A fault of this program must cost one account, and be seen; never the whole batch.
            log.error("account %s", plan.account.account_id, exc_info=error)
            fetches.extend(_not_fetched(plan, fetches, error, pace.clock()))
    return [fetch for fetches in brought for fetch in fetches]


def _not_fetched(
    plan: Plan, fetches: Sequence[Fetch], error: BaseException, now: datetime
) -> Iterator[Fetch]:
    """Yield a failed outcome for every window that *error* kept from being asked."""
    seen = {(one.outcome.endpoint, one.outcome.ref_begin_on) for one in fetches}
    planned = [(name, window) for name, windows in plan.windows.items() for window in windows]
    missing = [one for one in planned if (one[0], one[1].begin_on) not in seen]
    for name, window in missing or planned[-1:]:
        yield Fetch(
            FetchOutcome(
                *(SOURCE, name, plan.account.account_id, window.begin_on, window.end_on),
                *(now, now, "failed"),
                message=f"程序出错（{type(error).__name__}），该账号其余日期未取；请把日志交给维护人员",
            ),
            None,
        )
