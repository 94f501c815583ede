"""Jumps of followers and likes as leads: what is unusual, by which measure, and what it does not show.

Days in a row are one lead: who bought followers gets them for three days, and one person looks once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import cast

from playbooks.core.findings.model import Found

Row = Mapping[str, object]
BEFORE_WINDOW = timedelta(days=14)
"""How much earlier to begin reading than the window: a run that began before it keeps its key."""


def follower_jumps(rows: Iterable[Row], units: Mapping[str, str], begin: date) -> Iterator[Found]:
    """Yield a lead for every run of days of ``marts/follower_jump`` that began in the window.

    Args:
        rows: read from ``BEFORE_WINDOW`` before *begin*, in the order of account and day.
        units: account -> its sponsor.
        begin: first day of the window.
    """
    for run in _runs(rows, begin):
        change = sum(_number(row["followers_change"]) for row in run)
        worst = max(run, key=lambda row: abs(_number(row["deviation_score"])))
        parts = [
            f"{_days(run)}粉丝净增 {change:+,.0f}，前 28 天每天中位数 {_number(worst['usual_change']):+,.0f}，"
            f"稳健偏离 {_number(worst['deviation_score']):.1f} 倍（有数 {worst['history_days']} 天）"
        ]
        if worst["weekday_score"] is not None:
            parts.append(
                f"与同一星期几相比（中位数 {_number(worst['weekday_change']):+,.0f}）"
                f"偏离 {_number(worst['weekday_score']):.1f} 倍"
            )
        if any(row["is_restated"] for row in run):
            parts.append("平台改过其中的数，以现在的数计")
        parts.append("只是线索：活动、热点、平台清理也会如此，由人核实")
        yield _lead("follower_jump", run, units, "；".join(parts))


def mass_likes(rows: Iterable[Row], units: Mapping[str, str], begin: date) -> Iterator[Found]:
    """Yield a lead for every run of days of ``findings/mass_likes``; arguments as above."""
    for run in _runs(rows, begin):
        worst = max(run, key=lambda row: _number(row["deviation_score"]))
        likes = sum(_number(row["likes"]) for row in run)
        parts = [
            f"{_days(run)}点赞 {likes:,.0f} 次，前 28 天每天中位数 "
            f"{_number(worst['usual_likes']):,.0f}，稳健偏离 {_number(worst['deviation_score']):.1f} 倍"
            f"（有数 {worst['history_days']} 天）"
        ]
        if worst["likes_ratio"] is None or worst["usual_ratio"] is None:
            parts.append("没有阅读数，无从对照")
        else:
            ratio, usual = _number(worst["likes_ratio"]), _number(worst["usual_ratio"])
            parts.append(f"赞阅比 {ratio:.1%}，平时 {usual:.1%}")
        parts.append("只是线索：是否强制点赞由人核实")
        yield _lead("mass_likes", run, units, "；".join(parts))


def _runs(rows: Iterable[Row], begin: date) -> Iterator[list[Row]]:
    """Yield the runs of one account's consecutive days, from those that began in the window."""
    run: list[Row] = []
    for row in [*rows, None]:
        if run and (row is None or not _follows(run[-1], row)):
            if _day(run[0]) >= begin:
                yield run
            run = []
        run += [row] if row is not None else []


def _follows(earlier: Row, later: Row) -> bool:
    is_next = _day(later) - _day(earlier) == timedelta(days=1)
    is_same_way = _number(earlier["deviation_score"]) * _number(later["deviation_score"]) > 0
    return is_next and is_same_way and earlier["account_id"] == later["account_id"]


def _days(run: Sequence[Row]) -> str:
    first, last = _day(run[0]), _day(run[-1])
    return f"{first} " if first == last else f"{first} 至 {last} {len(run)} 天共"


def _lead(code: str, run: Sequence[Row], units: Mapping[str, str], detail: str) -> Found:
    account_id, day = str(run[0]["account_id"]), _day(run[0])
    days = [
        {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in row.items()
        }
        for row in run
    ]
    return Found(
        key=f"{code}:{account_id}:{day}",
        code=code,
        unit_id=units.get(account_id, ""),
        account_id=account_id,
        detail=detail,
        facts={"days": days},
        occurred_on=day,
    )


def _day(row: Row) -> date:
    return cast("date", row["stat_date"])


def _number(value: object) -> float:
    return float(cast("float", value))
