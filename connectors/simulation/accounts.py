"""Accounts of the district: the curated ones with their traits, then four for every community."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from random import Random
from typing import Any, TypeVar

from connectors.simulation import codes, curated, people, units
from connectors.simulation.model import Account

COMMUNITY_PLATFORMS = ("wechat_official", "weibo", "douyin", "kuaishou")
_KINDS = {"wechat_official": "订阅号"}
_STATUS_BY_TRAIT = {
    "applied": "applied",
    "public_notice": "in_public_notice",
    "shut_down": "shut_down",
}
_VERIFICATION_BY_TRAIT = {
    "unverified": "unverified",
    "verification_expired": "expired",
    "applied": "pending",
}
_EXPIRES_IN_DAYS_BY_TRAIT = {"verification_expired": -40, "verification_expiring": 12}

Value = TypeVar("Value")


def iterate_accounts(seed: int, last_day: date, count: int) -> Iterator[Account]:
    """Yield the first *count* accounts; the curated ones always come first."""
    unit_names = {entry["id"]: entry["name"] for entry in curated.units()}
    staff = people.curated_staff()
    for number, entry in enumerate(curated.accounts(), start=1):
        yield _account(
            Random(f"{seed}/account/{number}"),  # noqa: S311  # a sample, not a secret
            last_day,
            number,
            {**entry, "subject": unit_names[entry["unit"]], "staff": staff[entry["unit"]]},
        )
    townships = [entry for entry in curated.units() if entry["kind"] == "township"]
    for index in range(count - len(curated.accounts())):
        number = index + len(curated.accounts()) + 1
        rng = Random(f"{seed}/account/{number}")  # noqa: S311  # a sample, not a secret
        yield _account(rng, last_day, number, _community_entry(rng, index, townships))


def _community_entry(
    rng: Random, index: int, townships: list[Mapping[str, Any]]
) -> Mapping[str, Any]:
    community, turn = divmod(index, units.ACCOUNTS_PER_COMMUNITY)
    place = units.community_place(community)
    township = townships[community % len(townships)]
    return {
        "unit": units.community_unit_id(community),
        "platform": COMMUNITY_PLATFORMS[turn],
        "name": f"{place}社区",
        "followers": 200 + int(rng.random() ** 3 * 20_000),
        "subject": f"{township['short_name']}{place}社区居民委员会",
        "staff": [people.community_person_id(community, position) for position in (0, 1)],
    }


def _account(rng: Random, last_day: date, number: int, entry: Mapping[str, Any]) -> Account:
    traits = frozenset(entry.get("traits", ()))
    platform = str(entry["platform"])
    platform_account_id = codes.platform_account_id(platform, f"{number}")
    opened_on = _opened_on(rng, last_day, traits)
    verification = _by_trait(traits, _VERIFICATION_BY_TRAIT, "verified")
    expires_in_days = _by_trait(traits, _EXPIRES_IN_DAYS_BY_TRAIT, 30 + int(rng.random() * 300))
    is_verified = verification in {"verified", "expired"}
    return Account(
        account_id=f"A{number:04d}",
        unit_id=entry["unit"],
        platform=platform,
        platform_account_id=platform_account_id,
        name=entry["name"],
        account_kind=_KINDS.get(platform, "政务号"),
        verification_status=verification,
        verified_subject=entry["subject"] if is_verified else None,
        verification_expires_on=(
            last_day + timedelta(days=expires_in_days) if is_verified else None
        ),
        url=f"https://{platform.replace('_', '-')}.example.invalid/{platform_account_id}",
        opened_on=opened_on,
        status=_by_trait(traits, _STATUS_BY_TRAIT, "active"),
        operator=None,
        comments_open=rng.random() > 0.1,
        responsible_person_id=entry["staff"][0],
        administrator_person_id=entry["staff"][-1],
        approval_number=f"云政新媒审〔{opened_on.year}〕{number}号" if opened_on else None,
        phone=codes.phone(number),
        base_followers=int(entry["followers"]),
        traits=traits,
    )


def _opened_on(rng: Random, last_day: date, traits: frozenset[str]) -> date | None:
    days_ago = 420 + int(rng.random() * 2_200)
    if "applied" in traits:
        return None
    if "silent" in traits:
        return last_day - timedelta(days=190)
    return last_day - timedelta(days=days_ago)


def _by_trait(traits: frozenset[str], table: Mapping[str, Value], otherwise: Value) -> Value:
    for trait, value in table.items():
        if trait in traits:
            return value
    return otherwise
