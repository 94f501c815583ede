"""150 days of figures for one account: followers, messages, and what its articles were read.

Figures depend on the day they are asked for: an account with the trait ``restated_figures`` shows
lower ones on the first two mornings after some days and the settled ones from the third on.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from math import floor
from random import Random

from connectors.simulation.district import District
from connectors.simulation.followers import FollowerDay, follower_days
from connectors.simulation.model import Account
from connectors.simulation.publications import READING_DAYS, Article, articles

RESTATED_DAYS_AGO = (2, 9, 30, 75)
SETTLED_AFTER_DAYS = 3
FIRST_SEEN_RATIO = 0.9
MISSING_DAYS_AGO = (12, 40, 41)


@dataclass(frozen=True, slots=True)
class Reading:
    """Counts of one day, or of all days until one, for an article or a whole account."""

    reads: int = 0
    shares: int = 0
    likes: int = 0
    recommends: int = 0
    comments: int = 0
    collections: int = 0

    def __add__(self, other: Reading) -> Reading:
        """Return the sums, count by count."""
        return Reading(
            self.reads + other.reads,
            self.shares + other.shares,
            self.likes + other.likes,
            self.recommends + other.recommends,
            self.comments + other.comments,
            self.collections + other.collections,
        )

    def __sub__(self, other: Reading) -> Reading:
        """Return the differences, count by count."""
        return Reading(
            self.reads - other.reads,
            self.shares - other.shares,
            self.likes - other.likes,
            self.recommends - other.recommends,
            self.comments - other.comments,
            self.collections - other.collections,
        )


@dataclass(frozen=True)
class AccountStatistics:
    """Everything one account did in the simulated days; make it with :func:`statistics_of`.

    ``today`` in the methods is the day of asking in Asia/Shanghai. A day the platform never gives
    answers None, and so does a day outside the simulated ones.
    """

    account: Account
    first_day: date
    last_day: date
    settled: tuple[FollowerDay, ...]
    articles: tuple[Article, ...]
    missing_days: frozenset[date]
    restated_days: frozenset[date]

    @cached_property
    def _publication_days(self) -> list[date]:
        """Day of publication of each article, in the articles' own (ascending) order."""
        return [article.published_on for article in self.articles]

    def _published_between(self, first: date, last: date) -> tuple[Article, ...]:
        days = self._publication_days
        return self.articles[bisect_left(days, first) : bisect_right(days, last)]

    def has(self, day: date) -> bool:
        """Say whether the platform ever gives figures for *day*."""
        return self.first_day <= day <= self.last_day and day not in self.missing_days

    def followers(self, day: date, today: date) -> FollowerDay | None:
        """Return the followers of *day* as shown on *today*."""
        if not self.has(day):
            return None
        settled = self.settled[(day - self.first_day).days]
        if not self._is_unsettled(day, today):
            return settled
        new = floor(settled.new * FIRST_SEEN_RATIO)
        return FollowerDay(
            day=day,
            new=new,
            cancelled=settled.cancelled,
            total=settled.total - (settled.new - new),
            message_senders=settled.message_senders,
            messages=settled.messages,
        )

    def published_on(self, day: date) -> tuple[Article, ...]:
        """Return the articles published on *day*, in the order of their index."""
        return self._published_between(day, day)

    def read_on(self, day: date, today: date) -> list[tuple[Article, Reading]]:
        """Return the articles that were read on *day*, with that day's counts shown on *today*."""
        if not self.has(day):
            return []
        still_counted_since = day - timedelta(days=READING_DAYS - 1)
        return [
            (article, self._day_of(article, day, today))
            for article in self._published_between(still_counted_since, day)
        ]

    def account_reading(self, day: date, today: date) -> Reading | None:
        """Return the counts of *day* over all articles as shown on *today*."""
        if not self.has(day):
            return None
        return sum((reading for _, reading in self.read_on(day, today)), Reading())

    def reading_until(self, article: Article, day: date, today: date) -> Reading:
        """Return the counts of *article* from publication to the end of *day*, on *today*."""
        before = _until(article, day - timedelta(days=1))
        return before + self._day_of(article, day, today)

    def _day_of(self, article: Article, day: date, today: date) -> Reading:
        settled = _until(article, day) - _until(article, day - timedelta(days=1))
        if not self._is_unsettled(day, today):
            return settled
        missing = settled.reads - floor(settled.reads * FIRST_SEEN_RATIO)
        return settled - Reading(reads=missing)

    def _is_unsettled(self, day: date, today: date) -> bool:
        return day in self.restated_days and (today - day).days < SETTLED_AFTER_DAYS


def statistics_of(district: District, account: Account) -> AccountStatistics:
    """Return the figures of one account of the district; the same district, the same figures."""
    days = district.days
    publishing = Random(f"{district.seed}/articles/{account.account_id}")  # noqa: S311
    found = articles(publishing, account, days)
    following = Random(f"{district.seed}/followers/{account.account_id}")  # noqa: S311
    is_open = not account.traits & {"applied", "shut_down"}
    return AccountStatistics(
        account=account,
        first_day=district.first_day,
        last_day=district.last_day,
        settled=follower_days(following, account, days, {one.published_on for one in found}),
        articles=found,
        missing_days=(
            _days_ago(account, "missing_days", district.last_day, MISSING_DAYS_AGO)
            if is_open
            else frozenset(days)
        ),
        restated_days=_days_ago(account, "restated_figures", district.last_day, RESTATED_DAYS_AGO),
    )


def _days_ago(
    account: Account, trait: str, last_day: date, days_ago: tuple[int, ...]
) -> frozenset[date]:
    if trait not in account.traits:
        return frozenset()
    return frozenset(last_day - timedelta(days=days) for days in days_ago)


def _until(article: Article, day: date) -> Reading:
    """Return the settled counts to the end of *day*; every count follows the reads."""
    reads = article.reads_until(day)
    return Reading(
        reads=reads,
        shares=floor(reads * article.share_ratio),
        likes=floor(reads * article.like_ratio),
        recommends=floor(reads * article.recommend_ratio),
        comments=floor(reads * article.comment_ratio),
        collections=floor(reads * article.collection_ratio),
    )
