"""Days of an account as the platforms' back offices export them; layouts: platforms.md, section 4."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from io import StringIO

from connectors.simulation.deterministic_xlsx import Cell, workbook_bytes
from connectors.simulation.followers import FollowerDay
from connectors.simulation.statistics import AccountStatistics, Reading

WEIBO = (
    *("日期", "粉丝总数", "粉丝净增数", "新增粉丝数", "减少粉丝数", "阅读数", "发博数"),
    *("转评赞数", "转发数", "评论数", "点赞数"),
)
TOUTIAO_TREND = (
    *("时间", "展现量", "粉丝展现量", "阅读(播放)量", "粉丝阅读(播放)量", "点赞量", "评论量"),
)
TOUTIAO_FOLLOWERS = (
    *("时间", "总粉丝数", "粉丝变化数", "新增粉丝数", "流失粉丝数", "活跃粉丝数", "总铁粉数"),
)
TOTALS = "累计"
DOUYIN_TOTALS = ("发布时间", "体裁", "垂类", "周期内投稿量", "条均点击率", "播放量中位数")

Row = Sequence[Cell]


@dataclass(frozen=True, slots=True)
class AccountDay:
    """One day of an account: followers, what was read, how much was published."""

    day: date
    followers: FollowerDay
    reading: Reading
    published_count: int


def days_of(statistics: AccountStatistics, first_day: date, last_day: date) -> Iterator[AccountDay]:
    """Yield the settled days; a day the platform never gives is missing."""
    settled = last_day + timedelta(days=365)
    for offset in range((last_day - first_day).days + 1):
        day = first_day + timedelta(days=offset)
        followers = statistics.followers(day, settled)
        reading = statistics.account_reading(day, settled)
        if followers is not None and reading is not None:
            yield AccountDay(day, followers, reading, len(statistics.published_on(day)))


def weibo_csv(days: Iterator[AccountDay]) -> bytes:
    """Return 微博 数据助手 as CSV in GB18030; one collector's layout, not verified."""
    buffer = StringIO()
    csv.writer(buffer).writerows([WEIBO, *(_weibo(one) for one in days)])
    return buffer.getvalue().encode("gb18030")


def douyin_daily_workbook(days: Iterator[AccountDay], heading: str) -> bytes:
    """Return 抖音 数据表现_…数据.xlsx: one figure a file; 评论 is net and may be negative."""
    rows: list[Row] = [("日期", heading)]
    rows += [(one.day.isoformat(), _douyin(one)[heading]) for one in days]
    return workbook_bytes({f"{heading}数据": rows})


def douyin_totals_workbook(statistics: AccountStatistics, first_day: date, last_day: date) -> bytes:
    """Return 抖音 投稿汇总.xlsx: one line over a whole period."""
    count = sum(first_day <= one.published_on <= last_day for one in statistics.articles)
    period = f"{first_day} ~ {last_day}"
    rows = [DOUYIN_TOTALS, (period, "视频", "时政社会", count, "3.1%", 812)]
    return workbook_bytes({"投稿汇总": rows})


def toutiao_trend_workbook(days: Iterator[AccountDay]) -> bytes:
    """Return 头条号 数据趋势_.xlsx, 累计 in the first data row."""
    rows = [_toutiao_trend(one) for one in days]
    total = (TOTALS, *(sum(int(str(row[at])) for row in rows) for at in range(1, 7)))
    return workbook_bytes({"sheet1": [TOUTIAO_TREND, total, *rows]})


def toutiao_follower_workbook(days: Iterator[AccountDay]) -> bytes:
    """Return 头条号 粉丝趋势_.xlsx, 累计 in the first data row, -1 for no data."""
    rows = [_toutiao_followers(one) for one in days]
    total = (TOTALS, rows[-1][1] if rows else 0, "-", "-", "-", -1, -1)
    return workbook_bytes({"sheet1": [TOUTIAO_FOLLOWERS, total, *rows]})


def _douyin(one: AccountDay) -> dict[str, Cell]:
    return {
        "播放量": one.reading.reads,
        "作品评论": one.reading.comments - (2 if one.day.day == 3 else 0),
        "总粉丝量": f"{one.followers.total:,}",
    }


def _weibo(one: AccountDay) -> Row:
    followers, reading = one.followers, one.reading
    together = reading.shares + reading.comments + reading.likes
    return (
        *(one.day.isoformat(), followers.total, followers.new - followers.cancelled),
        *(followers.new, followers.cancelled, reading.reads, one.published_count),
        *(together, reading.shares, reading.comments, reading.likes),
    )


def _toutiao_trend(one: AccountDay) -> Row:
    reads = one.reading.reads
    return (
        *(one.day.isoformat(), reads * 9, reads * 2, reads, reads // 4),
        *(one.reading.likes, one.reading.comments),
    )


def _toutiao_followers(one: AccountDay) -> Row:
    followers = one.followers
    return (
        *(one.day.isoformat(), followers.total, followers.new - followers.cancelled),
        *(followers.new, followers.cancelled, -1, followers.total // 900),
    )
