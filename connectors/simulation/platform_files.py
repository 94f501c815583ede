"""Which sample account has which export files, under the names the back offices give them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta

from connectors.simulation import export_days, export_items
from connectors.simulation.district import District
from connectors.simulation.statistics import AccountStatistics, statistics_of

Files = Mapping[str, bytes]


def platform_files(district: District, day_count: int) -> dict[str, bytes]:
    """Return path -> bytes for the first active account of every platform but WeChat's."""
    last = district.last_day
    first = last - timedelta(days=day_count - 1)
    files: dict[str, bytes] = {}
    for platform, make in MAKERS.items():
        account = next(
            (one for one in district.accounts if one.platform == platform and not one.traits), None
        )
        if account is None:
            continue
        folder = f"exports/{account.account_id}_{account.name}"
        made = make(statistics_of(district, account), first, last)
        files |= {f"{folder}/{name}": content for name, content in made.items()}
    return files


def channels_files(figures: AccountStatistics, first: date, last: date) -> Files:
    """Return what 视频号助手 exports."""
    return {"动态数据明细.csv": export_items.channels_csv(_items(figures, first, last))}


def douyin_files(figures: AccountStatistics, first: date, last: date) -> Files:
    """Return what 抖音创作者中心 exports."""
    days = {
        f"数据表现_{name}数据.xlsx": export_days.douyin_daily_workbook(
            export_days.days_of(figures, first, last), name
        )
        for name in ("播放量", "作品评论", "总粉丝量")
    }
    return {
        "作品列表.xlsx": export_items.douyin_workbook(_items(figures, first, last)),
        "投稿汇总.xlsx": export_days.douyin_totals_workbook(figures, first, last),
        **days,
    }


def toutiao_files(figures: AccountStatistics, first: date, last: date) -> Files:
    """Return what 头条号后台 exports."""
    span = f"{first:%Y%m%d}_{last:%Y%m%d}"
    return {
        f"图文_{span}.xlsx": export_items.toutiao_workbook(_items(figures, first, last)),
        f"数据趋势_{span}.xlsx": export_days.toutiao_trend_workbook(_days(figures, first, last)),
        f"粉丝趋势_{span}.xlsx": export_days.toutiao_follower_workbook(_days(figures, first, last)),
    }


def kuaishou_files(figures: AccountStatistics, first: date, last: date) -> Files:
    """Return what 快手创作者服务平台 may export; not verified."""
    return {"作品数据.csv": export_items.kuaishou_csv(_items(figures, first, last))}


def weibo_files(figures: AccountStatistics, first: date, last: date) -> Files:
    """Return what 微博数据助手 may export; not verified."""
    return {
        "数据助手_账号.csv": export_days.weibo_csv(_days(figures, first, last)),
        "数据助手_微博.xls": export_items.weibo_csv(_items(figures, first, last)),
    }


def bilibili_files(figures: AccountStatistics, first: date, last: date) -> Files:
    """Return what the B站 creation centre exports."""
    return {"近期稿件对比.csv": export_items.bilibili_csv(_items(figures, first, last))}


def xiaohongshu_files(figures: AccountStatistics, first: date, last: date) -> Files:
    """Return what 小红书创作服务平台 exports."""
    items = _items(figures, first, last)
    return {"笔记列表明细表.xlsx": export_items.xiaohongshu_workbook(items)}


MAKERS: Mapping[str, Callable[[AccountStatistics, date, date], Files]] = {
    "wechat_channels": channels_files,
    "weibo": weibo_files,
    "douyin": douyin_files,
    "toutiao": toutiao_files,
    "kuaishou": kuaishou_files,
    "bilibili": bilibili_files,
    "xiaohongshu": xiaohongshu_files,
}


def _items(figures: AccountStatistics, first: date, last: date) -> export_items.Items:
    return export_items.items_until(figures, first, last)


def _days(figures: AccountStatistics, first: date, last: date) -> Iterator[export_days.AccountDay]:
    return export_days.days_of(figures, first, last)
