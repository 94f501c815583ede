"""Short ways to say what a platform answered, for the tests of this folder."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

from connectors.outcome import Fetch, FetchOutcome, Payload

FIRST_DAY = date(2026, 1, 1)


def at(day: int, hour: int = 1) -> datetime:
    """Return an hour (UTC) of a day of January 2026."""
    return datetime(2026, 1, day, hour, tzinfo=UTC)


def fetch(
    endpoint: str,
    body: object,
    fetched_at: datetime,
    account_id: str = "A-1",
    source: str = "wechat_api",
    days: tuple[date, date] = (FIRST_DAY, FIRST_DAY),
) -> Fetch:
    """Return a successful attempt that brought *body*: text, or a value to write as JSON."""
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    payload = Payload(source, endpoint, account_id, *days, fetched_at, text)
    outcome = FetchOutcome(
        source,
        endpoint,
        account_id,
        *days,
        fetched_at,
        fetched_at,
        "value",
        200,
        payload_sha256=payload.payload_sha256,
    )
    return Fetch(outcome, payload)


def failure(endpoint: str, status: str, finished_at: datetime) -> Fetch:
    """Return an attempt that brought nothing."""
    outcome = FetchOutcome(
        "wechat_api", endpoint, "A-1", FIRST_DAY, FIRST_DAY, finished_at, finished_at, status, 500
    )
    return Fetch(outcome, None)


def reads(count: object, day: str = "2026-01-01") -> dict:
    """Return a getbizsummary reply with one figure."""
    return {"list": [{"ref_date": day, "detail": {"read_user": count}}], "is_delay": False}
