"""Files as the 公众号 back office exports them, from the same figures the fake platform serves.

Layouts from platforms.md, section 4: an HTML table named .xls, a BIFF workbook with three tables
side by side and three spellings of a day, and CSV in GB18030 as a spreadsheet program saves it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from html import escape
from importlib import import_module
from io import BytesIO
from math import floor
from typing import Any

from connectors.simulation.statistics import AccountStatistics

FOLLOWER_HEADINGS = ("时间", "新关注人数", "取消关注人数", "净增关注人数", "累积关注人数")
FOLLOWER_BANNER = "用户增长"
SHEET_NAME = "New Sheet1"
READ_HEADINGS = ("日期", "渠道", "阅读人数")
DAY_HEADINGS = ("日期", "分享人数", "跳转阅读原文人数", "微信收藏人数", "发表篇数")
ARTICLE_HEADINGS = ("传播渠道", "发表日期", "内容标题", "阅读人数", "阅读人数占比")
# The scenes overlap: a reader who came by two of them is counted in both, and once in 全部.
SCENES = (("公众号消息", 0.62), ("朋友圈", 0.22), ("公众号主页", 0.17), ("聊天会话", 0.14))
_SPREADSHEET_EPOCH = date(1899, 12, 30)
_FIRST_ROW = 3

Row = tuple[str | int | float, ...]


def follower_rows(statistics: AccountStatistics, first_day: date, last_day: date) -> list[Row]:
    """Return headings and settled figures per day, newest first; a missing day has no row."""
    long_after = last_day + timedelta(days=365)
    found = (statistics.followers(day, long_after) for day in _days(first_day, last_day))
    rows = [
        (one.day.isoformat(), one.new, one.cancelled, one.new - one.cancelled, one.total)
        for one in found
        if one is not None
    ]
    return [FOLLOWER_HEADINGS, *reversed(rows)]


def follower_html(statistics: AccountStatistics, first_day: date, last_day: date) -> bytes:
    """Return 用户分析 as the back office names it, .xls: in truth an HTML table in UTF-8."""
    lines = [
        "".join(f"<td>{escape(str(cell))}</td>" for cell in row)
        for row in follower_rows(statistics, first_day, last_day)
    ]
    body = "\n".join(f"<tr>{line}</tr>" for line in lines)
    return (
        '<html xmlns:x="urn:schemas-microsoft-com:office:excel">\n'
        '<head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head>\n'
        f'<body><table border="1">\n<tr><td colspan="5">{FOLLOWER_BANNER}</td></tr>\n'
        f"{body}\n</table></body></html>\n"
    ).encode()


def tendency_workbook(statistics: AccountStatistics, first_day: date, last_day: date) -> bytes:
    """Return 内容分析 tendency as BIFF .xls, sheet ``New Sheet1``, data from the fourth row."""
    xlwt: Any = import_module("xlwt")  # only whoever writes examples needs it; has no type stubs
    workbook = xlwt.Workbook(encoding="utf-8")
    sheet = workbook.add_sheet(SHEET_NAME)
    title = f"数据趋势概况({first_day:%Y.%m.%d}-{last_day:%Y.%m.%d})"
    blocks = (
        (1, READ_HEADINGS, _read_rows(statistics, first_day, last_day)),
        (5, DAY_HEADINGS, _day_rows(statistics, first_day, last_day)),
        (11, ARTICLE_HEADINGS, _article_rows(statistics, first_day, last_day)),
    )
    for column, headings, rows in blocks:
        sheet.write(1, column, title)
        for offset, heading in enumerate(headings):
            sheet.write(2, column + offset, heading)
        for row_index, row in enumerate(rows, start=_FIRST_ROW):
            for offset, value in enumerate(row):
                sheet.write(row_index, column + offset, value)
    target = BytesIO()
    workbook.save(target)
    return target.getvalue()


def _read_rows(statistics: AccountStatistics, first_day: date, last_day: date) -> Iterator[Row]:
    """Yield readers per day and channel; days written 2026-08-01."""
    for day in _days(first_day, last_day):
        reading = statistics.account_reading(day, last_day + timedelta(days=365))
        if reading is None:
            continue
        yield day.isoformat(), "全部", reading.reads
        for scene, ratio in SCENES:
            yield day.isoformat(), scene, floor(reading.reads * ratio)


def _day_rows(statistics: AccountStatistics, first_day: date, last_day: date) -> Iterator[Row]:
    """Yield the other figures per day; days written 20260801."""
    for day in _days(first_day, last_day):
        reading = statistics.account_reading(day, last_day + timedelta(days=365))
        if reading is None:
            continue
        passed_on = floor(reading.reads * 0.01)
        published = len(statistics.published_on(day))
        yield f"{day:%Y%m%d}", reading.shares, passed_on, reading.collections, published


def _article_rows(statistics: AccountStatistics, first_day: date, last_day: date) -> Iterator[Row]:
    """Yield readers per article and channel until the last day; days are spreadsheet numbers."""
    for article in statistics.articles:
        if not first_day <= article.published_on <= last_day:
            continue
        reads = statistics.reading_until(article, last_day, last_day + timedelta(days=365)).reads
        day_number = float((article.published_on - _SPREADSHEET_EPOCH).days)
        yield "全部", day_number, article.title, reads, 1.0
        for scene, ratio in SCENES:
            scene_reads = floor(reads * ratio)
            yield scene, day_number, article.title, scene_reads, round(scene_reads / reads, 4)


def _days(first_day: date, last_day: date) -> list[date]:
    return [first_day + timedelta(days=offset) for offset in range((last_day - first_day).days + 1)]
