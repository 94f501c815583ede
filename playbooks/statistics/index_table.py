"""The propagation index of each account whose figures allow it; where one is missing, which and why.

An index over part of the figures would be another number under the same name, so there is none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from playbooks.statistics.figures import AccountFigures, Figures
from playbooks.statistics.indexes import Reach, VideoReach, WechatReach, bci, bvci, wci
from playbooks.statistics.labels import metric, register_label
from playbooks.statistics.numbers import as_float
from playbooks.statistics.tables import Cell, PacketColumn, PacketTable

NOTE: Final = (
    "参照公式自行计算，非官方榜单值，不计入考核得分，不同指数之间不可比较：公众号参照清博WCI V14.2"
    "（A含转发，B不含转发），微博参照BCI公开简化式，哔哩哔哩参照BVCI V2.0。阅读取平台给出的阅读人数。"
    "任何一项所需数据不全即写未取得，不以部分数据计算。"
)
Item = Mapping[str, object]
Outcome = tuple[str, float | None, str]
"""Name of the index, its value, and what is missing."""
_Together = Callable[[list[float]], float]


def index_table(figures: Figures) -> PacketTable:
    """Return the indexes of the accounts on platforms that have one, in the register's order."""
    columns = (
        PacketColumn("账号", weight=1.8),
        PacketColumn("平台", weight=1.2),
        PacketColumn("参照指数", weight=1.2),
        PacketColumn("指数值", "count", 0.9),
        PacketColumn("缺什么", weight=2.6),
    )
    return PacketTable("传播指数", None, columns, list(_rows(figures)))


def _rows(figures: Figures) -> Iterator[Sequence[Cell]]:
    items: dict[str, list[Item]] = {}
    for row in figures.frames["items"].iter_rows(named=True):
        items.setdefault(str(row["account_id"]), []).append(row)
    for account in figures.operating:
        reckon = _RECKONED.get(account.platform)
        if reckon is not None:
            name, value, lacks = reckon(account, items.get(account.account_id, []), figures)
            platform = register_label("platform", account.platform)
            shown = None if value is None else round(value, 2)
            yield (account.name, platform, name, shown, lacks or "—")


def _wci(account: AccountFigures, items: Sequence[Item], figures: Figures) -> Outcome:
    has_shares = bool(items) and all(item["shares"] is not None for item in items)
    name = "WCI（A）" if has_shares else "WCI（B）"
    needed = ["reads", "recommends", "likes"]
    lacks = _lacks(account, items, needed)
    if not lacks and any(item["position_in_issue"] is None for item in items):
        lacks = "头条位置"
    if lacks:
        return name, None, lacks
    headlines = [item for item in items if item["position_in_issue"] == 1]
    reach = WechatReach(
        _reach(items, sum, has_shares=has_shares),
        _reach(headlines, sum, has_shares=has_shares),
        _reach(items, lambda values: max(values, default=0.0), has_shares=has_shares),
        len(items),
        figures.day_count,
    )
    return name, wci(reach), "" if items else "无发布"


def _bci(account: AccountFigures, items: Sequence[Item], _: Figures) -> Outcome:
    lacks = _lacks(account, items, ["shares", "comments", "likes"])
    if lacks:
        return "BCI（简化）", None, lacks
    sums = [sum(_values(items, name)) for name in ("shares", "comments", "likes")]
    return "BCI（简化）", bci(len(items), *sums), "" if items else "无发布"


def _bvci(account: AccountFigures, _: Sequence[Item], figures: Figures) -> Outcome:
    lacking = [
        metric(name).label
        for name in ("published_count", "plays", "comments")
        if account.days[name] < account.expected_days
    ]
    if account.closing_followers is None or account.followers_growth is None:
        lacking.append("期初、期末粉丝")
    if lacking:
        return "BVCI", None, "、".join(lacking)
    days = account.expected_days or figures.day_count
    reach = VideoReach(
        account.totals["published_count"] or 0,
        (account.totals["plays"] or 0) / days,
        (account.totals["comments"] or 0) / days,
        account.closing_followers or 0,
        account.followers_growth or 0,
    )
    return "BVCI", bvci(reach), ""


def _lacks(account: AccountFigures, items: Sequence[Item], needed: Sequence[str]) -> str:
    """Return what an index over all publications of the period lacks; empty when nothing."""
    lacking: list[str] = []
    days = account.expected_days - account.days["published_count"]
    if days > 0:
        lacking.append(f"发布数据{days}日")
    elif len(items) != account.totals["published_count"]:
        lacking.append(
            f"内容清单（发布{account.totals['published_count'] or 0:.0f}条，清单{len(items)}条）"
        )
    for name in needed if not lacking else ():
        count = sum(item[name] is None for item in items)
        if count:
            lacking.append(f"{metric(name).label}{count}条")
    return "、".join(lacking)


def _reach(items: Sequence[Item], together: _Together, *, has_shares: bool) -> Reach:
    reads, recommends, likes = (
        together(_values(items, name)) for name in ("reads", "recommends", "likes")
    )
    return Reach(
        reads, recommends, likes, together(_values(items, "shares")) if has_shares else None
    )


def _values(items: Sequence[Item], name: str) -> list[float]:
    return [as_float(item[name]) or 0.0 for item in items]


_RECKONED: Final[Mapping[str, Callable[[AccountFigures, Sequence[Item], Figures], Outcome]]] = {
    "wechat_official": _wci,
    "weibo": _bci,
    "bilibili": _bvci,
}
