"""When an account publishes, and how one publication is read over the thirty days that follow.

Working days carry most publications and holidays few; an account without a trait that says
otherwise never pauses for more than four days, so neither stale clock bites by accident.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import floor
from random import Random
from zoneinfo import ZoneInfo

from connectors.simulation import curated
from connectors.simulation.model import Account
from connectors.simulation.workdays import day_before_workdays, is_workday

OFFICE_ZONE = ZoneInfo("Asia/Shanghai")
READING_DAYS = 30  # the platform counts a publication for thirty days
LONGEST_PAUSE_DAYS = 4
STALE_DAYS = 24
LOCAL_CLOCK_WORKDAYS = 9
NOTICE_DAYS = 20
SHUT_DOWN_DAYS = 60


@dataclass(frozen=True, slots=True)
class Article:
    """One article of one publication; ``content_id`` is the platform's msgid, ``<mid>_<index>``.

    ``total_reads`` is what it reaches after thirty days; the other ratios are per read.
    """

    account_id: str
    content_id: str
    title: str
    url: str
    published_at: datetime
    publish_type: int
    total_reads: int
    share_ratio: float
    like_ratio: float
    recommend_ratio: float
    comment_ratio: float
    collection_ratio: float

    @property
    def published_on(self) -> date:
        """The day of publication in Asia/Shanghai."""
        return self.published_at.date()

    def reads_until(self, day: date) -> int:
        """Return the reads from publication to the end of *day*; 0 before publication."""
        age = (day - self.published_on).days
        if age < 0:
            return 0
        # More than half on the first day, then a tail that loses 38 % a day.
        return floor(self.total_reads * (1 - 0.46 * 0.62 ** min(age, READING_DAYS - 1)))


def last_publication_on(account: Account, last_day: date) -> date | None:
    """Return the day after which the account's traits forbid publishing; None forbids all."""
    if account.traits & {"silent", "applied"}:
        return None
    if "stale" in account.traits:
        return last_day - timedelta(days=STALE_DAYS)
    if "local_clock_bitten" in account.traits:
        return day_before_workdays(last_day, LOCAL_CLOCK_WORKDAYS)
    if "public_notice" in account.traits:
        return last_day - timedelta(days=NOTICE_DAYS)
    if "shut_down" in account.traits:
        return last_day - timedelta(days=SHUT_DOWN_DAYS)
    return last_day


def publication_days(rng: Random, account: Account, days: list[date]) -> Iterator[date]:
    """Yield the days of *days* on which the account publishes, oldest first."""
    last = last_publication_on(account, days[-1])
    if last is None:
        return
    pause_days = 0
    for day in days:
        if day > last:
            return
        pause_days += 1
        chance = 0.62 if is_workday(day) else 0.22
        # A trait names the very day of the last publication, so that day always has one.
        is_fixed = day == last and last != days[-1]
        if rng.random() < chance or pause_days >= LONGEST_PAUSE_DAYS or is_fixed:
            pause_days = 0
            yield day


def articles(rng: Random, account: Account, days: list[date]) -> tuple[Article, ...]:
    """Return every article of the account in *days*, oldest first."""
    found: list[Article] = []
    for ordinal, day in enumerate(publication_days(rng, account, days), start=1):
        minute = 8 * 60 + int(rng.random() * 12 * 60)
        published_at = datetime.combine(day, time(minute // 60, minute % 60), OFFICE_ZONE)
        for index in range(1, rng.choice((1, 1, 1, 2, 2, 3)) + 1):
            found.append(_article(rng, account, published_at, (ordinal, index)))
    return tuple(found)


def _article(
    rng: Random, account: Account, published_at: datetime, place: tuple[int, int]
) -> Article:
    ordinal, index = place
    message_id = 2_247_000_000 + int(account.account_id[1:]) * 1_000 + ordinal
    titles = curated.document()["titles"]
    prominence = 1.0 if index == 1 else 0.35
    return Article(
        account_id=account.account_id,
        content_id=f"{message_id}_{index}",
        title=f"{rng.choice(titles['openings'])}|{account.name}:{rng.choice(titles['subjects'])}",
        url=(
            f"https://mp.example.invalid/s?__biz={account.platform_account_id}"
            f"&mid={message_id}&idx={index}&sn={rng.getrandbits(64):016x}"
        ),
        published_at=published_at,
        publish_type=(0, 0, 0, 1, 0, 0, 2)[ordinal % 7],
        total_reads=20
        + int(account.base_followers * prominence * (0.01 + 0.06 * rng.random() ** 2)),
        share_ratio=0.01 + 0.05 * rng.random(),
        like_ratio=0.004 + 0.02 * rng.random(),
        recommend_ratio=0.002 + 0.01 * rng.random(),
        comment_ratio=0.002 * rng.random(),
        collection_ratio=0.001 + 0.008 * rng.random(),
    )
