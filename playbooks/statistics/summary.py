"""The totals of the period's marts with their coverage, and comparisons of like with like."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

import polars as pl

from playbooks.statistics.figures import AccountFigures, Figures
from playbooks.statistics.labels import DAILY_METRICS, FOLLOWERS, GROWTH, is_offered, metric
from playbooks.statistics.numbers import Amount, Share, as_float, optional_sum

COMPARABLE_COVERAGE = (
    0.9  # of an account's days in both periods; our own choice, told in the packet
)
ALL_METRICS = (*DAILY_METRICS[:4], FOLLOWERS, GROWTH, *DAILY_METRICS[4:])
Grouping = Literal["scope", "platform", "unit"]
_COUNTS = (
    "account_count", "connected_count", "expected_days", "known_closing", "grown", "replying",
)  # fmt: skip


@dataclass(frozen=True)
class Totals:
    """What a group of operating accounts achieved.

    Attributes:
        amounts: metric -> sum with its coverage; followers count accounts, the rest account-days.
        growth: follower growth over the followers at the opening.
        replies: replies over messages, on days where both are known.
    """

    account_count: int
    connected_count: int
    expected_days: int
    amounts: Mapping[str, Amount]
    growth: Share
    replies: Share


def totals_by(figures: Figures, grouped_by: Grouping, *, of: str = "") -> dict[str, Totals]:
    """Return the totals of each group of ``marts/district_period`` by its key.

    Args:
        figures: of the packet.
        grouped_by: ``scope`` (its one key is ``""``), ``platform`` or ``unit``.
        of: ``""`` for the period, ``previous_`` or ``year_before_`` for those compared with.
    """
    frame, units = figures.frames[f"{of}totals"], figures.frames[f"{of}units"]
    column = {"platform": "platform", "unit": "unit_id"}.get(grouped_by)
    found: dict[str, Totals] = {}
    for row in frame.filter(pl.col("grouped_by") == grouped_by).iter_rows(named=True):
        key = str(row["group_key"])
        mine = units if column is None else units.filter(pl.col(column) == key)
        found[key] = _totals(row, _owed(mine))
    return found


def scope_totals(figures: Figures, *, of: str = "") -> Totals:
    """Return the totals of the whole scope; ``marts/district_period`` always has that row."""
    return totals_by(figures, "scope", of=of)[""]


def _owed(units: pl.DataFrame) -> dict[str, int]:
    """Return by metric the account-days on platforms that have it: elsewhere nothing is missing."""
    rows = units.select("platform", "expected_days").rows()
    return {
        name: sum(days for platform, days in rows if is_offered(platform, name))
        for name in DAILY_METRICS
    }


def grouped(
    accounts: Iterable[AccountFigures], key: Callable[[AccountFigures], str | None]
) -> dict[str | None, list[AccountFigures]]:
    """Return the accounts by *key*, groups and members in the order of first appearance."""
    groups: dict[str | None, list[AccountFigures]] = {}
    for account in accounts:
        groups.setdefault(key(account), []).append(account)
    return groups


def change(name: str, now: Sequence[AccountFigures], before: Sequence[AccountFigures]) -> Share:
    """Return the change of one metric over the accounts that are well covered in both periods.

    The sums of two periods differ for two reasons, activity and coverage; this keeps the first
    only. ``account_count`` of the result says how many accounts that leaves.
    """
    earlier = {account.account_id: account for account in before}
    pairs = [
        (value, earlier_value)
        for account in now
        if account.account_id in earlier
        and (value := _comparable(name, account)) is not None
        and (earlier_value := _comparable(name, earlier[account.account_id])) is not None
    ]
    base = optional_sum([earlier_value for _, earlier_value in pairs])
    part = optional_sum([value - earlier_value for value, earlier_value in pairs])
    return Share(part, base, len(pairs))


def _comparable(name: str, account: AccountFigures) -> float | None:
    if not account.is_operating:
        return None
    if name == FOLLOWERS:
        return account.closing_followers
    if name == GROWTH or not account.expected_days:
        return None  # a growth of a growth tells nobody anything
    if account.days[name] < COMPARABLE_COVERAGE * account.expected_days:
        return None
    return account.totals[name]


def _totals(row: Mapping[str, object], owed: Mapping[str, int]) -> Totals:
    counts = {name: int(cast("int", row[name])) for name in _COUNTS}
    amounts = {
        name: Amount(
            as_float(row[name]),
            int(cast("int", row[f"{name}_days"])),
            owed[name],
            metric(name).unit,
            is_offered=owed[name] > 0 or not counts["expected_days"],
        )
        for name in DAILY_METRICS
    }
    for name, column, known in (
        (FOLLOWERS, "closing_followers", counts["known_closing"]),
        (GROWTH, "followers_growth", counts["grown"]),
    ):
        value = as_float(row[column])
        amounts[name] = Amount(value, known, counts["account_count"], metric(name).unit, "个账号")
    base = as_float(row["grown_base"])
    messages = as_float(row["messages_with_replies_known"])
    replies = as_float(row["replies_with_messages_known"])
    return Totals(
        account_count=counts["account_count"],
        connected_count=counts["connected_count"],
        expected_days=counts["expected_days"],
        amounts=amounts,
        growth=Share(amounts[GROWTH].value, base, counts["grown"]),
        replies=Share(replies, messages, counts["replying"]),
    )
