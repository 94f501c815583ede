"""What the fake platforms other than WeChat share: tokens, faults, a log, figures of the district."""

from __future__ import annotations

import hashlib
import json
from abc import abstractmethod
from collections import Counter, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from threading import Lock
from typing import ClassVar
from zoneinfo import ZoneInfo

from connectors.simulation.district import District
from connectors.simulation.faults import Fault, FaultKind, FaultPlan
from connectors.simulation.loopback import LoopbackServer, Reply, Request
from connectors.simulation.model import Account
from connectors.simulation.publications import Article
from connectors.simulation.statistics import AccountStatistics, Reading, statistics_of

BEIJING = ZoneInfo("Asia/Shanghai")
MOST_LOGGED_CALLS = 100_000
REFUSALS: tuple[FaultKind, ...] = ("token_expires_mid_run", "quota", "busy", "not_granted")


@dataclass(frozen=True, slots=True)
class Call:
    """One call as it was answered; no token is kept."""

    endpoint: str
    account_id: str | None
    query: Mapping[str, str]


class PlatformServer(LoopbackServer):
    """A fake platform for the accounts of one platform of a district.

    Attributes:
        now: the simulated instant, aware; move it to let days pass.
        faults: what goes wrong; ``faults.replace([...])`` switches.
        calls: the latest calls in order.
    """

    platform: ClassVar[str]
    prefix: ClassVar[str] = "/"
    refresh_path: ClassVar[str] = ""

    def __init__(
        self, district: District, *, now: datetime, faults: Iterable[Fault | FaultKind] = ()
    ) -> None:
        """Prepare the platform as of the aware instant *now*."""
        super().__init__()
        self.now = now
        self.faults = FaultPlan(faults)
        self.calls: deque[Call] = deque(maxlen=MOST_LOGGED_CALLS)
        self._district = district
        self._lock = Lock()
        self._generations: Counter[str] = Counter()
        self._refreshes: Counter[str] = Counter()
        self._statistics: dict[str, AccountStatistics] = {}
        self.accounts = {
            one.account_id: one for one in district.accounts if one.platform == self.platform
        }

    def credentials(self, account_id: str) -> dict[str, str]:
        """Return what a client needs for one account; ``KeyError`` when there is none."""
        account = self.accounts[account_id]
        return {**self.identity(account), "access_token": self.token(account)}

    def token(self, account: Account) -> str:
        """Return the token that is good for the account now."""
        generation = self._generations[account.account_id]
        seed = f"{self.platform}/{account.platform_account_id}/{generation}"
        return hashlib.sha256(seed.encode()).hexdigest()[:40]

    def refresh_token(self, account: Account) -> str:
        """Return what renews the account's token; where the platform rotates it, the newest alone does."""
        return f"refresh.{account.platform_account_id}.{self._refreshes[account.account_id]}"

    def holder_of_refresh_token(self, given: str) -> Account | None:
        """Return the account that *given* renews."""
        return next(
            (one for one in self.accounts.values() if self.refresh_token(one) == given), None
        )

    def rotate(self, account: Account) -> None:
        """Make the present refresh token worthless, as handing out another one does."""
        self._refreshes[account.account_id] += 1

    @abstractmethod
    def identity(self, account: Account) -> dict[str, str]:
        """Return what names the account, and the secrets beside its token."""

    @abstractmethod
    def token_of(self, request: Request) -> str:
        """Return the token that came along."""

    @abstractmethod
    def refusal(self, kind: str) -> Reply:
        """Return how the platform words a refusal; *kind* is a fault or ``no_token``."""

    @abstractmethod
    def body(self, endpoint: str, request: Request, statistics: AccountStatistics) -> object:
        """Return the answer to a sound call, or None for an unknown endpoint."""

    def answer(self, request: Request) -> Reply:
        """Answer one request as the platform would, then let the faults spoil it."""
        endpoint = request.path.removeprefix(self.prefix).strip("/")
        if self.refresh_path and request.path == self.refresh_path:
            return self.refreshed(request)
        token = self.token_of(request)
        account = next((one for one in self.accounts.values() if self.token(one) == token), None)
        account_id = account.account_id if account else None
        self.calls.append(Call(endpoint, account_id, dict(request.query)))
        reply = self._sound_reply(endpoint, request, account)
        return self.faults.spoiled(reply, endpoint, account_id)

    def refreshed(self, request: Request) -> Reply:
        """Answer a request for another token."""
        del request
        return self.refusal("no_token")

    def _sound_reply(self, endpoint: str, request: Request, account: Account | None) -> Reply:
        if account is None:
            return self.refusal("no_token")
        for kind in REFUSALS:
            if self.faults.strikes(kind, endpoint, account.account_id):
                if kind == "token_expires_mid_run":
                    self._generations[account.account_id] += 1
                return self.refusal(kind)
        body = self.body(endpoint, request, self.statistics(account))
        return json_reply({"message": "not found"}, 404) if body is None else json_reply(body)

    def statistics(self, account: Account) -> AccountStatistics:
        """Return the account's figures, made once."""
        with self._lock:
            if account.account_id not in self._statistics:
                self._statistics[account.account_id] = statistics_of(self._district, account)
            return self._statistics[account.account_id]

    @property
    def today(self) -> date:
        """The simulated day in Asia/Shanghai."""
        return self.now.astimezone(BEIJING).date()

    def published(self, statistics: AccountStatistics) -> list[Article]:
        """Return what is published by now, newest first."""
        return [one for one in statistics.articles if one.published_at <= self.now][::-1]

    def counts(self, statistics: AccountStatistics, article: Article) -> Reading:
        """Return an item's figures since publication, as of yesterday."""
        day = max(article.published_on, self.today - timedelta(days=1))
        return statistics.reading_until(article, min(day, statistics.last_day), self.today)

    def follower_total(self, statistics: AccountStatistics) -> int:
        """Return the followers as of yesterday, or the last day with figures."""
        day = min(self.today - timedelta(days=1), statistics.last_day)
        found = statistics.followers(day, self.today)
        return found.total if found else statistics.account.base_followers


def json_reply(body: object, status: int = 200) -> Reply:
    """Return *body* as the platforms write it."""
    return Reply(json.dumps(body, ensure_ascii=False).encode(), status=status)


def number(request: Request, name: str, otherwise: int) -> int:
    """Return a whole number of the query, or *otherwise* for anything else."""
    text = request.query.get(name, "")
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 18 else otherwise
