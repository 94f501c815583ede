"""Followers and incoming messages of one account, day by day, with the jumps its traits ask for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from connectors.simulation.model import Account
from connectors.simulation.workdays import is_workday

JUMP_DAYS_AGO = 33
JUMP_FOLLOWERS = 4_800
JUMP_LOST_A_DAY = 400
JUMP_LOST_DAYS = 4
BOUGHT_DAYS_AGO = (16, 17, 18)
BOUGHT_FOLLOWERS = 500


@dataclass(frozen=True, slots=True)
class FollowerDay:
    """Followers and incoming messages of one day; ``total`` is the count at its end."""

    day: date
    new: int
    cancelled: int
    total: int
    message_senders: int
    messages: int


def follower_days(
    rng: Random, account: Account, days: list[date], publication_days: set[date]
) -> tuple[FollowerDay, ...]:
    """Return one row for every day; a publication brings half as many followers again."""
    total = account.base_followers
    result: list[FollowerDay] = []
    for day in days:
        rhythm = (1.0 if is_workday(day) else 0.7) * (1.5 if day in publication_days else 1.0)
        new = int(rhythm * (0.0004 * total + 2) * (0.5 + rng.random()))
        cancelled = int((0.0003 * total + 1) * (0.5 + rng.random()))
        new, cancelled = _with_traits(account, (days[-1] - day).days, new, cancelled)
        cancelled = min(cancelled, total + new)
        total += new - cancelled
        senders = int(rhythm * (0.0002 * total + 1.5) * rng.random())
        messages = senders + int(senders * 0.6 * rng.random())
        result.append(FollowerDay(day, new, cancelled, total, senders, messages))
    return tuple(result)


def _with_traits(account: Account, days_ago: int, new: int, cancelled: int) -> tuple[int, int]:
    if "follower_jump" in account.traits and days_ago == JUMP_DAYS_AGO:
        return JUMP_FOLLOWERS, cancelled
    if "follower_jump" in account.traits and 0 < JUMP_DAYS_AGO - days_ago <= JUMP_LOST_DAYS:
        return new, cancelled + JUMP_LOST_A_DAY
    if "bought_followers" in account.traits and days_ago in BOUGHT_DAYS_AGO:
        return BOUGHT_FOLLOWERS, cancelled
    return new, cancelled
