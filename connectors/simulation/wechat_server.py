"""A fake WeChat Official Account platform: the documented protocol over real HTTP on loopback.

HTTP is 200 for whatever happens and the body's ``errcode`` decides, tokens expire, spans and quotas
are enforced, a day is ready at 08:00 Beijing the morning after (platforms.md, section 1).
"""

from __future__ import annotations

import json
from collections import Counter, deque
from collections.abc import Iterable
from datetime import date, datetime
from threading import Lock
from typing import cast

from connectors.simulation.district import District
from connectors.simulation.faults import Fault, FaultKind, FaultPlan
from connectors.simulation.loopback import LoopbackServer, Reply, Request
from connectors.simulation.model import Account
from connectors.simulation.statistics import AccountStatistics, statistics_of
from connectors.simulation.wechat_datacube import BEIJING, ENDPOINTS, RETIRED_ENDPOINTS, Asked
from connectors.simulation.wechat_protocol import (
    Body,
    Credentials,
    LoggedCall,
    WechatLimits,
    WechatRefusalError,
    days_asked,
    json_object,
    wechat_credentials,
)
from connectors.simulation.wechat_publish import published_page
from connectors.simulation.wechat_tokens import Token, TokenDesk, TokenRefusal

MOST_LOGGED_CALLS = 100_000
MOST_KEPT_ACCOUNTS = 500  # made again when needed; 100,000 would fill the memory
_WITHOUT_PERMISSION = frozenset({"unauthorised", "unverified"})
_PUBLISHED_LIST_QUOTA = 100


class WechatServer(LoopbackServer):
    """Serves the statistics of every wechat_official account of a district.

    Attributes:
        now: the simulated instant, aware; move it to let days pass.
        faults: what goes wrong; ``faults.replace([...])`` switches.
        limits: token life and daily quota.
        calls: the latest calls in order.
    """

    def __init__(
        self,
        district: District,
        *,
        now: datetime,
        faults: Iterable[Fault | FaultKind] = (),
        limits: WechatLimits | None = None,
    ) -> None:
        """Prepare the platform as of the aware instant *now*.

        Raises:
            ValueError: *now* is naive.
        """
        super().__init__()
        if now.tzinfo is None:
            raise ValueError("now has no zone; pass an aware datetime")
        self.now = now
        self.faults = FaultPlan(faults)
        self.limits = limits or WechatLimits()
        self.calls: deque[LoggedCall] = deque(maxlen=MOST_LOGGED_CALLS)
        self._district = district
        self._tokens = TokenDesk(self.limits.token_life_s, self.limits.token_life_calls)
        self._lock = Lock()
        self._spent: Counter[tuple[str, str, date]] = Counter()
        self._statistics: dict[str, AccountStatistics] = {}
        self._accounts = {
            wechat_credentials(account).appid: account
            for account in district.iterate_accounts()
            if account.platform == "wechat_official"
        }

    @property
    def account_ids(self) -> tuple[str, ...]:
        """The accounts served."""
        return tuple(account.account_id for account in self._accounts.values())

    def credentials(self, account_id: str) -> Credentials:
        """Return what a client needs for one account; ``KeyError`` when there is none."""
        return wechat_credentials(self._district.account(account_id))

    def count(self, endpoint: str, account_id: str | None = None) -> int:
        """Return how many calls *endpoint* (last part of the path) had, one account's or all."""
        return sum(
            call.endpoint == endpoint and account_id in (None, call.account_id)
            for call in tuple(self.calls)
        )

    @property
    def forced_refresh_count(self) -> int:
        """How often a client asked for a token with ``force_refresh``."""
        return sum(call.is_forced_refresh for call in tuple(self.calls))

    def answer(self, request: Request) -> Reply:
        """Answer one request as the platform would, then let the faults spoil it."""
        endpoint = request.path.rsplit("/", 1)[-1]
        asked = dict(request.query) if request.method == "GET" else json_object(request)
        account_id = self._caller(request, asked or {})
        try:
            body = self._answered(request, endpoint, cast("Body | None", asked))
        except WechatRefusalError as refusal:
            body: Body = {"errcode": refusal.errcode, "errmsg": refusal.errmsg}
        self._log(endpoint, account_id, asked or {}, body)
        reply = Reply(json.dumps(body, ensure_ascii=False).encode())
        return self.faults.spoiled(reply, endpoint, account_id)

    def _answered(self, request: Request, endpoint: str, asked: Body | None) -> Body:
        if asked is None:
            raise WechatRefusalError(47001, "data format error")
        if request.path in ("/cgi-bin/token", "/cgi-bin/stable_token"):
            return self._token_answer(request, endpoint, asked)
        if request.method != "POST":
            raise WechatRefusalError(43002, "require POST method")
        account = self._account_of(request, endpoint)
        if request.path == "/cgi-bin/openapi/quota/get":
            return self._quota(account, asked)
        if request.path == "/cgi-bin/freepublish/batchget":
            if "unverified" in account.traits:
                raise WechatRefusalError(48001, "api unauthorized")
            self._spend(account, endpoint)
            return published_page(self._statistics_of(account), asked, self.now)
        if request.path == f"/datacube/{endpoint}":
            return self._datacube(account, endpoint, asked)
        raise WechatRefusalError(40066, "invalid url")

    def _token_answer(self, request: Request, endpoint: str, asked: Body) -> Body:
        if request.method != ("GET" if endpoint == "token" else "POST"):
            raise WechatRefusalError(43001 if endpoint == "token" else 43002, "wrong method")
        account = self._authenticated(asked, endpoint)
        if endpoint == "token":
            return self._token_body(self._tokens.issue_plain(_appid(account), self.now))
        is_forced = asked.get("force_refresh") is True
        token = self._tokens.issue_stable(_appid(account), self.now, is_forced=is_forced)
        return self._token_body(token)

    def _datacube(self, account: Account, endpoint: str, asked: Body) -> Body:
        if endpoint in RETIRED_ENDPOINTS:
            raise WechatRefusalError(47009, "this api is offline, please use the new api")
        if endpoint not in ENDPOINTS:
            raise WechatRefusalError(40066, "invalid url")
        if account.traits & _WITHOUT_PERMISSION:
            raise WechatRefusalError(48001, "api unauthorized")
        self._spend(account, endpoint)
        live = ENDPOINTS[endpoint]
        begin_on, end_on = days_asked(asked, self._today, live.most_days)
        question = Asked(self._statistics_of(account), max(begin_on, live.since), end_on, self.now)
        is_late = self.faults.strikes("delay", endpoint, account.account_id)
        body: Body = {"list": [] if is_late else live.rows(question)}
        if live.tells_delay:
            body["is_delay"] = is_late or not question.is_ready
        return body

    def _spend(self, account: Account, endpoint: str) -> None:
        """Count one call against the day's quota, unless the platform refuses it first."""
        if self.faults.strikes("busy", endpoint, account.account_id):
            raise WechatRefusalError(-1, "system error")
        key = (account.account_id, endpoint, self._today)
        with self._lock:
            is_exhausted = self._spent[key] >= self._daily_quota(endpoint)
            self._spent[key] += not is_exhausted
        if is_exhausted or self.faults.strikes("quota", endpoint, account.account_id):
            raise WechatRefusalError(45009, "reach max api daily quota limit")

    def _quota(self, account: Account, asked: Body) -> Body:
        path = str(asked.get("cgi_path", ""))
        endpoint = path.rsplit("/", 1)[-1]
        if endpoint not in ENDPOINTS and path != "/cgi-bin/freepublish/batchget":
            raise WechatRefusalError(76021, "cgi_path not found, please check")
        limit = self._daily_quota(endpoint)
        used = self._spent[account.account_id, endpoint, self._today]
        quota = {"daily_limit": limit, "used": used, "remain": limit - used}
        return {"errcode": 0, "errmsg": "ok", "quota": quota}

    def _daily_quota(self, endpoint: str) -> int:
        is_list = endpoint == "batchget"
        return min(self.limits.daily_quota, _PUBLISHED_LIST_QUOTA if is_list else 500_000)

    def _token_body(self, token: Token | TokenRefusal) -> Body:
        if isinstance(token, TokenRefusal):
            raise WechatRefusalError(token.errcode, token.errmsg)
        expires_in = int((token.expires_at - self.now).total_seconds())
        return {"access_token": token.text, "expires_in": expires_in}

    def _authenticated(self, asked: Body, endpoint: str) -> Account:
        if asked.get("grant_type") != "client_credential":
            raise WechatRefusalError(40002, "invalid grant_type")
        account = self._accounts.get(str(asked.get("appid")))
        if account is None:
            raise WechatRefusalError(40013, "invalid appid")
        if asked.get("secret") != wechat_credentials(account).secret:
            raise WechatRefusalError(40125, "invalid appsecret")
        if self.faults.strikes("ip_not_whitelisted", endpoint, account.account_id):
            text = "invalid ip 127.0.0.1 ipv6 ::ffff:127.0.0.1, not in whitelist"
            raise WechatRefusalError(40164, text)
        if self.faults.strikes("busy", endpoint, account.account_id):
            raise WechatRefusalError(-1, "system error")
        return account

    def _account_of(self, request: Request, endpoint: str) -> Account:
        """Return whose token came along, and count one call of its life."""
        text = request.query.get("access_token", "")
        known = self._tokens.spend(text, self.now)
        if isinstance(known, TokenRefusal):
            raise WechatRefusalError(known.errcode, known.errmsg)
        account = self._accounts[known]
        if self.faults.strikes("token_expires_mid_run", endpoint, account.account_id):
            self._tokens.expire(text)
            raise WechatRefusalError(42001, "access_token expired")
        return account

    def _statistics_of(self, account: Account) -> AccountStatistics:
        with self._lock:
            if account.account_id not in self._statistics:
                if len(self._statistics) >= MOST_KEPT_ACCOUNTS:
                    self._statistics.clear()
                self._statistics[account.account_id] = statistics_of(self._district, account)
            return self._statistics[account.account_id]

    def _caller(self, request: Request, asked: Body | dict[str, str]) -> str | None:
        owner = self._tokens.owner(request.query.get("access_token", ""))
        account = self._accounts.get(owner or str(asked.get("appid")))
        return account.account_id if account else None

    def _log(
        self, endpoint: str, account_id: str | None, asked: Body | dict[str, str], body: Body
    ) -> None:
        days = (asked.get("begin_date"), asked.get("end_date"))
        begin_date, end_date = (str(day) if day is not None else None for day in days)
        is_forced = asked.get("force_refresh") is True
        errcode = cast("int", body.get("errcode", 0))
        self.calls.append(
            LoggedCall(endpoint, account_id, begin_date, end_date, is_forced, errcode)
        )

    @property
    def _today(self) -> date:
        return self.now.astimezone(BEIJING).date()


def _appid(account: Account) -> str:
    return wechat_credentials(account).appid
