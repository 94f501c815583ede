"""Lists of published items as the platforms' back offices export them; layouts: platforms.md, section 4.

The figures are those of the simulated account until the last day, written as each platform writes
them: 4.41%, 14.73秒, 1.2万, fractions and percents in one file, ``-``, ``<0.1%``, ``-1``.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from io import BytesIO, StringIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from connectors.simulation.deterministic_xlsx import Cell, workbook_bytes
from connectors.simulation.publications import Article
from connectors.simulation.statistics import AccountStatistics, Reading

CHANNELS = (
    *(
        "视频描述",
        "视频ID",
        "发布时间",
        "完播率",
        "平均播放时长",
        "播放量",
        "推荐",
        "喜欢",
        "评论量",
    ),
    *("分享量", "关注量", "转发聊天和朋友圈", "设为铃声", "设为状态", "设为朋友圈封面"),
)
DOUYIN = (
    *("作品名称", "发布时间", "体裁", "审核状态", "播放量", "完播率", "5s完播率", "封面点击率"),
    *("2s跳出率", "平均播放时长", "点赞量", "分享量", "评论量", "收藏量", "主页访问量", "粉丝增量"),
)
TOUTIAO = (
    *("标题", "发布时间", "ID", "链接", "展现量", "粉丝展现量", "阅读量", "粉丝阅读量", "点击率"),
    *("平均阅读完成率", "平均阅读时长", "点赞量", "评论量", "转发量", "分享量", "收藏量"),
)
KUAISHOU = (
    "作品名称",
    "发布时间",
    "播放量",
    "完播率",
    "平均播放时长",
    "点赞量",
    "评论量",
    "分享量",
)
BILIBILI = (
    *("视频标题", "发布时间", "播放量", "点赞", "评论", "弹幕", "收藏", "硬币", "分享", "涨粉"),
    *("封标点击率", "3秒退出率", "综合评分"),
)
XIAOHONGSHU = (
    *("笔记标题", "首次发布时间", "体裁", "曝光", "观看量", "封面点击率", "点赞", "评论", "收藏"),
    *("涨粉", "分享", "人均观看时长", "弹幕"),
)
XIAOHONGSHU_BANNER = "最多导出排序后前1000条笔记"
XIAOHONGSHU_CAP = 1000
WEIBO = ("发布时间", "微博内容", "阅读数", "转评赞数", "点击数", "URL")

Row = Sequence[Cell]
Items = Iterator[tuple[Article, Reading]]


def items_until(statistics: AccountStatistics, first_day: date, last_day: date) -> Items:
    """Yield the items published in the days with their figures at the end of the last, newest first."""
    settled = last_day + timedelta(days=365)
    for article in reversed(statistics.articles):
        if first_day <= article.published_on <= last_day:
            yield article, statistics.reading_until(article, last_day, settled)


def channels_csv(items: Items) -> bytes:
    """Return 视频号助手 as CSV in UTF-8 with a byte-order mark."""
    return _csv(CHANNELS, items, _channels).encode("utf-8-sig")


def douyin_workbook(items: Items) -> bytes:
    """Return 抖音 作品列表.xlsx; nowhere an item id."""
    return workbook_bytes({"作品列表": _rows(DOUYIN, items, _douyin)})


def toutiao_workbook(items: Items) -> bytes:
    """Return 头条号 图文.xlsx with the stylesheet that openpyxl cannot read."""
    return _with_broken_styles(workbook_bytes({"sheet1": _rows(TOUTIAO, items, _toutiao)}))


def kuaishou_csv(items: Items) -> bytes:
    """Return 快手 作品数据 as CSV in GB18030; the layout is not verified."""
    return _csv(KUAISHOU, items, _kuaishou).encode("gb18030")


def bilibili_csv(items: Items) -> bytes:
    """Return B站 近期稿件对比.csv in UTF-8 with a byte-order mark."""
    return _csv(BILIBILI, items, _bilibili).encode("utf-8-sig")


def xiaohongshu_workbook(items: Items) -> bytes:
    """Return 小红书 笔记列表明细.xlsx: a banner row above the headings, cut at 1000 notes."""
    heading, *rows = _rows(XIAOHONGSHU, items, _xiaohongshu)
    return workbook_bytes({"sheet1": [(XIAOHONGSHU_BANNER,), heading, *rows[:XIAOHONGSHU_CAP]]})


def weibo_csv(items: Items) -> bytes:
    """Return 微博 数据助手 posts as CSV named .xls; one collector's layout, not verified."""
    return _csv(WEIBO, items, _weibo).encode("gb18030")


def _channels(article: Article, counts: Reading) -> Row:
    plays = counts.reads
    return (
        *(article.title, f"export/{_number(article)}", f"{article.published_on:%Y/%m/%d}"),
        *(_percent(0.0441 + article.share_ratio), f"{14.73 + plays % 7:.2f}秒", plays),
        *(counts.recommends, counts.likes, counts.comments, counts.shares),
        *(plays // 400, counts.shares // 2, 0, 0, 0),
    )


def _douyin(article: Article, counts: Reading) -> Row:
    plays, seen = counts.reads, counts.reads >= 100
    return (
        *(article.title, f"{article.published_at:%Y-%m-%d %H:%M:%S}", "视频", "公开", plays),
        *(f"{0.1 + article.share_ratio:.4f}" if seen else "-", f"{0.4 + article.like_ratio:.4f}"),
        *("-", "28.6%", "18秒", counts.likes, counts.shares, counts.comments),
        *(counts.collections, plays // 60, plays // 500 - 1),
    )


def _toutiao(article: Article, counts: Reading) -> Row:
    shown, few = counts.reads * 9, article.content_id.endswith("_3")
    url = f"https://www.example.invalid/item/{_number(article)}/"
    return (
        *(article.title, f"{article.published_at:%Y-%m-%d %H:%M}", str(_number(article)), url),
        *(shown, shown // 6, counts.reads, counts.reads // 6),
        *(round(counts.reads / shown, 2) if shown else 0, "-1.00" if few else 16.55),
        *(-1 if few else 21, counts.likes, counts.comments, counts.shares // 3),
        *(counts.shares, counts.collections),
    )


def _kuaishou(article: Article, counts: Reading) -> Row:
    when = f"{article.published_at:%Y-%m-%d %H:%M:%S}"
    plays = counts.reads
    shown = f"{plays / 10_000:.1f}万" if plays >= 10_000 else plays
    return (
        *(article.title, when, shown, _percent(0.21 + article.share_ratio), "12.5秒"),
        *(counts.likes, counts.comments or "--", counts.shares),
    )


def _bilibili(article: Article, counts: Reading) -> Row:
    return (
        *(article.title, f"{article.published_at:%Y年%m月%d日 %H:%M:%S}", counts.reads),
        *(counts.likes, counts.comments, counts.comments * 2, counts.collections),
        *(counts.likes // 4, counts.shares, counts.reads // 600 - 1),
        *("<0.1%" if counts.reads < 80 else "3.2%", "-", "★★★☆☆"),
    )


def _xiaohongshu(article: Article, counts: Reading) -> Row:
    when = f"{article.published_at:%Y年%m月%d日%H时%M分%S秒}"
    return (
        *(article.title, when, "图文", counts.reads * 7, counts.reads, round(0.08, 4)),
        *(counts.likes, counts.comments, counts.collections, counts.reads // 300, counts.shares),
        *(11, "-"),
    )


def _weibo(article: Article, counts: Reading) -> Row:
    url = f"https://weibo.com/{1_000_000_000 + int(article.account_id[1:])}/N{_number(article):x}"
    together = counts.shares + counts.comments + counts.likes
    when = f"{article.published_at:%Y-%m-%d %H:%M:%S}"
    return when, f"【{article.title}】", counts.reads, together, counts.reads // 20, url


def _number(article: Article) -> int:
    """Return a number of its own for every item of the district."""
    message_id, index = article.content_id.split("_")
    return int(message_id) * 10 + int(index)


def _percent(ratio: float) -> str:
    return f"{ratio * 100:.2f}%"


def _rows(headings: Row, items: Items, shape: Callable[[Article, Reading], Row]) -> list[Row]:
    return [headings, *(shape(article, counts) for article, counts in items)]


def _csv(headings: Row, items: Items, shape: Callable[[Article, Reading], Row]) -> str:
    buffer = StringIO()
    csv.writer(buffer).writerows(_rows(headings, items, shape))
    return buffer.getvalue()


def _with_broken_styles(archive: bytes) -> bytes:
    """Return the workbook with an empty <fill/>, on which openpyxl stops: «Fill() takes no arguments»."""
    target = BytesIO()
    with ZipFile(BytesIO(archive)) as source, ZipFile(target, "w", ZIP_STORED) as stored:
        for entry in source.infolist():
            content = source.read(entry.filename)
            if entry.filename == "xl/styles.xml":
                start = content.index(b"<fills")
                end = content.index(b"</fills>")
                content = content[:start] + b'<fills count="1"><fill/>' + content[end:]
            copy = ZipInfo(entry.filename, entry.date_time)
            copy.create_system = 0
            stored.writestr(copy, content)
    return target.getvalue()
