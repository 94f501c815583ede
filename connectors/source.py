"""Statistics of one account from one declared source, whatever the platform.

``fetch_account`` asks every planned window and yields one ``Fetch`` for each, whatever happens;
``windows.plan_days`` says which windows a night needs. Rows are archived as they came:
``sql/staging`` reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import httpx

from connectors.asking import Question, SourceAccount
from connectors.declaration import Declaration, Endpoint, ItemsOf, Paging, Scalar
from connectors.http import RetryPolicy
from connectors.outcome import Fetch
from connectors.reading import Verdict
from connectors.rows import Row, published_on, value_at, whole_number
from connectors.session import Session
from connectors.windows import Window


@dataclass(frozen=True)
class Pace:
    """How a platform is asked: the clock of the attempts, and how patiently a busy one is retried."""

    clock: Callable[[], datetime]
    retry: RetryPolicy = field(default_factory=RetryPolicy)


def fetch_account(
    client: httpx.Client,
    declaration: Declaration,
    account: SourceAccount,
    windows: Mapping[str, Sequence[Window]],
    pace: Pace,
    calls_today: Mapping[str, int] | None = None,
) -> Iterator[Fetch]:
    """Yield one ``Fetch`` for every planned window (for a list: for every page).

    Never raises for what the platform or the network does. After an answer that closes an
    endpoint or the account, the remaining windows yield an outcome that says why they were not
    asked for.

    Args:
        client: from ``connectors.http.http_client`` with the platform's base URL.
        declaration: of the source.
        account: whose statistics.
        windows: endpoint name to the windows to ask for; lists before the items they bring.
        pace: the caller's clock and patience.
        calls_today: calls already spent today by endpoint, for the quota.

    Raises:
        KeyError: *windows* names an endpoint that is not declared.
    """
    planned = [
        (declaration.endpoints[name], window) for name in windows for window in windows[name]
    ]
    session = Session(client, declaration, account, pace.clock, pace.retry, dict(calls_today or {}))
    listed: dict[str, list[Row] | None] = {}
    wanted = {endpoint.items.endpoint for endpoint, _ in planned if endpoint.items}
    for endpoint, window in planned:
        if endpoint.items is not None:
            rows = listed.get(endpoint.items.endpoint)
            yield from _fetch_items(session, endpoint, window, endpoint.items, rows)
            continue
        rows: list[Row] | None = [] if endpoint.name in wanted else None
        asked = (
            _fetch_pages(session, endpoint, window, endpoint.paging, rows)
            if endpoint.paging
            else _fetch_once(session, endpoint, window, rows)
        )
        yield from asked
        if rows or (rows is not None and session.last_verdict.status == "absent"):
            listed[endpoint.name] = [*(listed.get(endpoint.name) or []), *rows]


def _fetch_once(
    session: Session, endpoint: Endpoint, window: Window, kept: list[Row] | None
) -> Iterator[Fetch]:
    yield session.fetch(endpoint, Question(window))
    if kept is not None:
        kept.extend(session.last_verdict.rows)


def _fetch_pages(
    session: Session,
    endpoint: Endpoint,
    window: Window,
    paging: Paging,
    kept: list[Row] | None,
) -> Iterator[Fetch]:
    """Yield pages until one ends before the window, or the list or the ceiling ends."""
    cursor: Scalar = paging.first
    for page in range(paging.most_pages):
        offset = page * paging.size
        question = Question(window, paging.first + page, offset, paging.size, cursor)
        yield session.fetch(endpoint, question)
        verdict = session.last_verdict
        if kept is not None:
            kept.extend(verdict.rows)
        if verdict.status != "value" or _is_last(endpoint, paging, verdict, offset, window):
            return
        if paging.by == "cursor":
            following = _next_cursor(paging, verdict)
            if not isinstance(following, (str, int)) or following in (cursor, "", 0, "0"):
                return
            cursor = following
    message = f"已到 {paging.most_pages} 页上限，更早的内容没有读到；请缩短日期或调高声明中的上限"
    yield session.unasked(endpoint, window, message)


def _next_cursor(paging: Paging, verdict: Verdict) -> object:
    if paging.next_from_last:
        return value_at(verdict.rows[-1], paging.next_from_last)
    return value_at(verdict.content, paging.next_path) if paging.next_path else None


def _is_last(
    endpoint: Endpoint, paging: Paging, verdict: Verdict, offset: int, window: Window
) -> bool:
    """Whether this page ends the list, as it says itself, or begins before the window."""
    if paging.more_path and value_at(verdict.content, paging.more_path) in (False, 0, "false", "0"):
        return True
    total = (
        whole_number(value_at(verdict.content, paging.total_path)) if paging.total_path else None
    )
    if total is not None and offset + paging.size >= total:
        return True
    is_told = total is not None or paging.more_path or paging.next_path
    if not is_told and len(verdict.rows) < paging.size:
        return True
    # Items pinned to the top stand out of order, so the one at the bottom tells how far the page
    # reaches. An unreadable time never ends the reading early; the page ceiling does.
    reached_on = published_on(endpoint, verdict.rows[-1]) if endpoint.time_key else None
    return reached_on is not None and reached_on < window.begin_on


def _fetch_items(
    session: Session,
    endpoint: Endpoint,
    window: Window,
    items: ItemsOf,
    rows: Sequence[Row] | None,
) -> Iterator[Fetch]:
    """Yield a ``Fetch`` for every batch of the items that the list brought."""
    if rows is None and session.account_closed:
        yield session.fetch(endpoint, Question(window))  # says why nothing is asked any more
        return
    if rows is None:
        yield session.unasked(endpoint, window, f"未请求：{items.endpoint} 没有取得清单")
        return
    found = dict.fromkeys(str(value_at(row, items.id_path) or "") for row in rows)
    ids = [one for one in found if one]
    if not ids:
        yield session.unasked(endpoint, window, "清单为空，没有可查询的内容", "absent")
    for start in range(0, min(len(ids), items.most_items), items.batch_size):
        batch = tuple(ids[start : min(start + items.batch_size, items.most_items)])
        yield session.fetch(endpoint, Question(window, item_ids=batch))
    if len(ids) > items.most_items:
        message = f"清单有 {len(ids)} 项，只查询了最新的 {items.most_items} 项"
        yield session.unasked(endpoint, window, message)
