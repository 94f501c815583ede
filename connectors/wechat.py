"""Statistics of WeChat official accounts (微信公众号) through the platform's own interface.

``fetch_account`` asks every planned window of one account and yields one ``Fetch`` for each,
whatever happens; ``plan_days`` says which windows a night needs. Limits, shapes and error codes
are declared in ``wechat.yml``. Rows are archived as they came: ``sql/staging`` reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

import httpx

from connectors.http import RetryPolicy
from connectors.outcome import Fetch
from connectors.wechat_endpoints import (
    SHANGHAI,
    DayPlan,
    Endpoint,
    Window,
    load_endpoints,
    plan_days,
    split_days,
)
from connectors.wechat_reply import Row
from connectors.wechat_session import WechatAccount, WechatSession

__all__ = [
    "DayPlan",
    "WechatAccount",
    "Window",
    "fetch_account",
    "load_endpoints",
    "plan_days",
    "split_days",
]


def fetch_account(
    client: httpx.Client,
    account: WechatAccount,
    windows: Mapping[str, Sequence[Window]],
    *,
    clock: Callable[[], datetime],
    calls_today: Mapping[str, int] | None = None,
    retry: RetryPolicy | None = None,
) -> Iterator[Fetch]:
    """Yield one ``Fetch`` for every planned window (for a paged list: for every page).

    Never raises for what the platform or the network does. After an answer that closes an
    endpoint or the account, the remaining windows yield an outcome that says why they were not
    asked for.

    Args:
        client: from ``connectors.http.http_client`` with the platform's base URL.
        account: whose statistics.
        windows: endpoint name (a key of ``load_endpoints``) to the windows to ask for.
        clock: returns the aware instant; the caller owns the clock.
        calls_today: calls already spent today by endpoint, for the quota.
        retry: attempts and waits for a busy platform or a lost connection.

    Raises:
        KeyError: *windows* names an endpoint that is not declared.
    """
    endpoints = load_endpoints()
    planned = [(endpoints[name], window) for name, spans in windows.items() for window in spans]
    session = WechatSession(client, account, clock, retry or RetryPolicy(), dict(calls_today or {}))
    for endpoint, window in planned:
        if endpoint.page_size is None:
            yield session.fetch(endpoint, window, _days_asked(window))
        else:
            yield from _fetch_pages(session, endpoint, window, endpoint.page_size)


def _days_asked(window: Window) -> dict[str, object]:
    return {"begin_date": window.begin_on.isoformat(), "end_date": window.end_on.isoformat()}


def _fetch_pages(
    session: WechatSession, endpoint: Endpoint, window: Window, page_size: int
) -> Iterator[Fetch]:
    """Yield pages, newest first, until one ends before the window, or the list or ceiling ends."""
    for page in range(endpoint.max_pages):
        offset = page * page_size
        asked = {"offset": offset, "count": page_size, "no_content": 1}
        yield session.fetch(endpoint, window, asked)
        verdict = session.last_verdict
        is_last = verdict.total_count is not None and offset + page_size >= verdict.total_count
        if verdict.status != "value" or is_last or _ends_before(verdict.rows, window):
            return


def _ends_before(rows: Sequence[Row], window: Window) -> bool:
    try:
        oldest = min(int(str(row["update_time"])) for row in rows)
        return datetime.fromtimestamp(oldest, SHANGHAI).date() < window.begin_on
    except (ValueError, OverflowError, OSError):
        return False  # an unreadable time never ends the reading early; the page ceiling does
