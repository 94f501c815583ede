"""The values the fake WeChat platform exchanges: credentials, limits, refusals, the call log."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

from connectors.simulation.loopback import Request
from connectors.simulation.model import Account

Body = dict[str, object]
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Credentials:
    """What an account's developer page shows; both are invented."""

    appid: str
    secret: str


@dataclass(frozen=True, slots=True)
class WechatLimits:
    """How long a token lives (simulated seconds, or calls) and how many calls a day has."""

    token_life_s: int = 7_200
    token_life_calls: int | None = None
    daily_quota: int = 1_000


@dataclass(frozen=True, slots=True)
class LoggedCall:
    """One call; ``account_id`` is None when the caller could not be told. No secrets are kept."""

    endpoint: str
    account_id: str | None
    begin_date: str | None
    end_date: str | None
    is_forced_refresh: bool
    errcode: int


class WechatRefusalError(Exception):
    """The platform's answer is an ``errcode``."""

    def __init__(self, errcode: int, errmsg: str) -> None:
        """Carry the code and the text of the platform."""
        super().__init__(errmsg)
        self.errcode = errcode
        self.errmsg = errmsg


def wechat_credentials(account: Account) -> Credentials:
    """Return the invented credentials of an account, derived from its id on the platform."""
    digest = hashlib.sha256(f"credentials/{account.platform_account_id}".encode()).hexdigest()
    return Credentials(appid=f"wx{digest[:16]}", secret=digest[32:64])


def json_object(request: Request) -> Body | None:
    """Return the JSON object in the body, or None when there is no such thing."""
    try:
        parsed: object = json.loads(request.body)
    except (ValueError, RecursionError):
        return None
    return cast("Body", parsed) if isinstance(parsed, dict) else None


def days_asked(asked: Mapping[str, object], today: date, most_days: int) -> tuple[date, date]:
    """Return the first and the last day asked for.

    Raises:
        WechatRefusalError: 61500 for what is no date, 61501 for a span that is backwards, longer
            than *most_days*, or reaches *today*.
    """
    begin_on, end_on = _day(asked, "begin_date"), _day(asked, "end_date")
    if not begin_on <= end_on < today or (end_on - begin_on).days >= most_days:
        raise WechatRefusalError(61501, "date range error")
    return begin_on, end_on


def _day(asked: Mapping[str, object], key: str) -> date:
    text = asked.get(key)
    if not isinstance(text, str) or not _DAY.fullmatch(text):
        raise WechatRefusalError(61500, "date format error")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise WechatRefusalError(61500, "date format error") from error
