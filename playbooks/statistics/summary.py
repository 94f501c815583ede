"""Sums over accounts with their coverage, and comparisons that compare like with like."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from playbooks.statistics.figures import AccountFigures
from playbooks.statistics.labels import DAILY_METRICS, FOLLOWERS, GROWTH, metric
from playbooks.statistics.numbers import Amount, Share, optional_sum

COMPARABLE_COVERAGE = (
    0.9  # of an account's days in both periods; our own choice, told in the packet
)
ALL_METRICS = (DAILY_METRICS[0], FOLLOWERS, GROWTH, *DAILY_METRICS[1:])


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


def totals_of(accounts: Iterable[AccountFigures]) -> Totals:
    """Return the sums over the operating ones of *accounts*."""
    operating = [account for account in accounts if account.is_operating]
    expected_days = sum(account.expected_days for account in operating)
    amounts = {name: _daily_amount(operating, name, expected_days) for name in DAILY_METRICS}
    amounts[FOLLOWERS] = _account_amount(operating, FOLLOWERS, lambda each: each.closing_followers)
    amounts[GROWTH] = _account_amount(operating, GROWTH, lambda each: each.followers_growth)
    grown = [account for account in operating if account.followers_growth is not None]
    return Totals(
        account_count=len(operating),
        connected_count=sum(account.is_connected for account in operating),
        expected_days=expected_days,
        amounts=amounts,
        growth=Share(
            amounts[GROWTH].value,
            optional_sum([account.opening_followers for account in grown]),
            len(grown),
        ),
        replies=_reply_share(operating),
    )


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


def _daily_amount(accounts: Sequence[AccountFigures], name: str, expected_days: int) -> Amount:
    value = optional_sum([account.totals[name] for account in accounts])
    present = sum(account.days[name] for account in accounts)
    return Amount(value, present, expected_days, metric(name).unit)


def _account_amount(
    accounts: Sequence[AccountFigures], name: str, value: Callable[[AccountFigures], float | None]
) -> Amount:
    values = [value(account) for account in accounts]
    present = sum(each is not None for each in values)
    return Amount(optional_sum(values), present, len(values), metric(name).unit, "个账号")


def _reply_share(accounts: Sequence[AccountFigures]) -> Share:
    known = [each for each in accounts if each.messages_with_replies_known is not None]
    return Share(
        optional_sum([account.replies_with_messages_known for account in known]),
        optional_sum([account.messages_with_replies_known for account in known]),
        len(known),
    )
