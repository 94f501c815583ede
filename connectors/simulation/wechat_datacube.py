"""Rows of the WeChat statistics interface, in its documented shapes, from the simulated figures.

Every function answers for one account and the days asked for; days that are not ready or that the
platform never gives simply have no row, as on the real platform.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import floor
from zoneinfo import ZoneInfo

from connectors.simulation.publications import READING_DAYS, Article
from connectors.simulation.statistics import AccountStatistics, Reading

Row = dict[str, object]
BEIJING = ZoneInfo("Asia/Shanghai")
READY_AT = time(8, 0)
NEW_ENDPOINTS_SINCE = date(2025, 11, 1)
OLD_ENDPOINTS_SINCE = date(2014, 12, 1)
# user_source -> share of the new followers; what is left over goes to 0, the sum of all others.
_FOLLOWER_SOURCES = ((1, 0.22), (17, 0.08), (30, 0.35), (57, 0.05), (161, 0.04), (200, 0.1))
# scene -> share of the readers; one reader may come by two scenes, so the shares exceed one.
_READING_SCENES = (("公众号消息", 0.62), ("公众号主页", 0.17), ("朋友圈", 0.22), ("聊天会话", 0.14))


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: whose figures, which days (both included), and the instant of asking."""

    statistics: AccountStatistics
    begin_on: date
    end_on: date
    now: datetime

    @property
    def today(self) -> date:
        """The day of asking in Asia/Shanghai."""
        return self.now.astimezone(BEIJING).date()

    @property
    def is_ready(self) -> bool:
        """Whether the last day asked for has been computed: from 08:00 on the day after it."""
        ready_at = datetime.combine(self.end_on + timedelta(days=1), READY_AT, BEIJING)
        return self.now >= ready_at

    def days(self) -> Iterable[date]:
        """Yield the days asked for that have been computed, oldest first."""
        last = self.end_on if self.is_ready else self.end_on - timedelta(days=1)
        for offset in range((last - self.begin_on).days + 1):
            yield self.begin_on + timedelta(days=offset)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One live endpoint: longest span in days, first day with data, whether it tells ``is_delay``."""

    rows: Callable[[Asked], list[Row]]
    most_days: int
    since: date
    tells_delay: bool


def user_summary(asked: Asked) -> list[Row]:
    """Return new and cancelled followers per day and source; there is no row of totals."""
    rows: list[Row] = []
    for day in asked.days():
        followers = asked.statistics.followers(day, asked.today)
        if followers is None:
            continue
        left = followers.new
        for source, ratio in _FOLLOWER_SOURCES:
            new = floor(followers.new * ratio)
            left -= new
            if new:
                rows.append(_follower_row(day, source, new, 0))
        rows.append(_follower_row(day, 0, left, followers.cancelled))
    return rows


def user_cumulate(asked: Asked) -> list[Row]:
    """Return the followers at the end of each day."""
    found = (asked.statistics.followers(day, asked.today) for day in asked.days())
    return [{"ref_date": one.day.isoformat(), "cumulate_user": one.total} for one in found if one]


def article_read(asked: Asked) -> list[Row]:
    """Return what each article was read on the day, if it was read at all."""
    return [
        _article_row(day, article, {"read_user": reading.reads, **_scenes(reading.reads)})
        for day, article, reading in _read_articles(asked)
        if reading.reads
    ]


def article_share(asked: Asked) -> list[Row]:
    """Return how often each article was shared on the day, if it was shared at all."""
    return [
        _article_row(day, article, {"share_user": reading.shares})
        for day, article, reading in _read_articles(asked)
        if reading.shares
    ]


def biz_summary(asked: Asked) -> list[Row]:
    """Return the account's figures of each day over all articles."""
    rows: list[Row] = []
    for day in asked.days():
        reading = asked.statistics.account_reading(day, asked.today)
        if reading is None:
            continue
        detail = _reading_fields(reading) | {
            "redirect_ori_page_user": floor(reading.reads * 0.01),
            "send_page_count": len(asked.statistics.published_on(day)),
        }
        rows.append({"ref_date": day.isoformat(), "detail": detail})
    return rows


def article_total_detail(asked: Asked) -> list[Row]:
    """Return the articles published on the day, each with one cumulative row per day since."""
    return [
        _total_row(asked, day, article)
        for day in asked.days()
        if asked.statistics.has(day)
        for article in asked.statistics.published_on(day)
    ]


def upstream_message(asked: Asked) -> list[Row]:
    """Return incoming messages per day and type: 1 text, 2 picture."""
    rows: list[Row] = []
    for day in asked.days():
        one = asked.statistics.followers(day, asked.today)
        if one is None or not one.messages:
            continue
        pictures = one.messages // 6
        if pictures:
            rows.append(_message_row(day, 2, min(pictures, one.message_senders), pictures))
        rows.append(_message_row(day, 1, one.message_senders, one.messages - pictures))
    return rows


ENDPOINTS = {
    "getusersummary": Endpoint(user_summary, 7, OLD_ENDPOINTS_SINCE, tells_delay=False),
    "getusercumulate": Endpoint(user_cumulate, 7, OLD_ENDPOINTS_SINCE, tells_delay=False),
    "getupstreammsg": Endpoint(upstream_message, 7, OLD_ENDPOINTS_SINCE, tells_delay=False),
    "getarticleread": Endpoint(article_read, 1, NEW_ENDPOINTS_SINCE, tells_delay=True),
    "getarticleshare": Endpoint(article_share, 1, NEW_ENDPOINTS_SINCE, tells_delay=True),
    "getbizsummary": Endpoint(biz_summary, 30, NEW_ENDPOINTS_SINCE, tells_delay=True),
    "getarticletotaldetail": Endpoint(
        article_total_detail, 1, NEW_ENDPOINTS_SINCE, tells_delay=True
    ),
}
RETIRED_ENDPOINTS = frozenset(
    {
        "getarticlesummary",
        "getarticletotal",
        "getuserread",
        "getuserreadhour",
        "getusershare",
        "getusersharehour",
    }
)


def _read_articles(asked: Asked) -> Iterable[tuple[date, Article, Reading]]:
    for day in asked.days():
        for article, reading in asked.statistics.read_on(day, asked.today):
            yield day, article, reading


def _total_row(asked: Asked, day: date, article: Article) -> Row:
    ready = asked.now.astimezone(BEIJING).time() >= READY_AT
    newest = asked.today - timedelta(days=1 if ready else 2)
    newest = min(newest, asked.statistics.last_day, day + timedelta(days=READING_DAYS - 1))
    row: Row = {
        "ref_date": day.isoformat(),
        "msgid": article.content_id,
        "publish_type": article.publish_type,
    }
    if article.publish_type != 2:  # the undocumented type comes without title and address
        row |= {"title": article.title, "content_url": article.url}
    row["detail_list"] = [
        _cumulative_fields(asked, article, day + timedelta(days=age))
        for age in range((newest - day).days + 1)
    ]
    return row


def _cumulative_fields(asked: Asked, article: Article, stat_day: date) -> Row:
    reading = asked.statistics.reading_until(article, stat_day, asked.today)
    return (
        {"stat_date": stat_day.isoformat()}
        | _reading_fields(reading)
        | {
            "praise_money": 0,
            "read_subscribe_user": floor(reading.reads * 0.02),
            "read_delivery_rate": round(
                reading.reads / max(1, asked.statistics.account.base_followers), 4
            ),
            "read_finish_rate": 0.47,
            "read_avg_activetime": 0.9,
            "read_jump_position": [
                {"position": position, "rate": rate}
                for position, rate in enumerate((0.31, 0.22, 0.2, 0.16, 0.11), start=1)
            ],
        }
    )


def _reading_fields(reading: Reading) -> Row:
    return {"read_user": reading.reads, **_scenes(reading.reads)} | {
        "share_user": reading.shares,
        "zaikan_user": reading.recommends,
        "like_user": reading.likes,
        "comment_count": reading.comments,
        "collection_user": reading.collections,
    }


def _scenes(reads: int) -> Row:
    scenes = [("全部", reads), *((scene, floor(reads * share)) for scene, share in _READING_SCENES)]
    return {
        "read_user_source": [
            {"user_count": count, "scene_desc": scene} for scene, count in scenes if count
        ]
    }


def _article_row(day: date, article: Article, detail: Row) -> Row:
    return {"ref_date": day.isoformat(), "msgid": article.content_id, "detail": detail}


def _follower_row(day: date, source: int, new: int, cancelled: int) -> Row:
    return {
        "ref_date": day.isoformat(),
        "user_source": source,
        "new_user": new,
        "cancel_user": cancelled,
    }


def _message_row(day: date, kind: int, senders: int, count: int) -> Row:
    return {"ref_date": day.isoformat(), "msg_type": kind, "msg_user": senders, "msg_count": count}
