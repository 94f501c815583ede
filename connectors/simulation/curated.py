"""The hand-written part of the district (district.yml), read and checked once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

TRAITS = frozenset(
    {
        "applied",  # not opened yet
        "bought_followers",  # the same round number of new followers three days running
        "follower_jump",  # thousands in a day, a third of them gone within four days
        "local_clock_bitten",  # more than 7 workdays without a publication, less than 14 days
        "missing_days",  # days the platform never gives
        "name_differs",  # another name than the sponsor's account on wechat_official
        "public_notice",  # being closed, the 15 workdays of notice are running
        "restated_figures",  # lower figures on the first two mornings than afterwards
        "second_on_platform",  # a second account of one unit on one platform (Article 10)
        "shut_down",
        "silent",  # never published
        "stale",  # both clocks have bitten
        "unauthorised",  # verified, but the statistics permission was never granted: 48001
        "unverified",  # no verification: 48001
        "verification_expired",
        "verification_expiring",  # runs out within two weeks
    }
)


@cache
def document() -> Mapping[str, Any]:
    """Return district.yml as parsed.

    Raises:
        ValueError: an account carries a trait this module does not list.
    """
    text = Path(__file__).with_name("district.yml").read_text(encoding="utf-8")
    parsed: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    for entry in parsed["accounts"]:
        unknown = set(entry.get("traits", ())) - TRAITS
        if unknown:
            raise ValueError(f"district.yml: account {entry['name']} has unknown traits {unknown}")
    return parsed


def units() -> list[Mapping[str, Any]]:
    """Return the curated units in order."""
    return document()["units"]


def accounts() -> list[Mapping[str, Any]]:
    """Return the curated accounts in order."""
    return document()["accounts"]


def posts(unit_id: str) -> list[Mapping[str, str]]:
    """Return the posts of a unit; each may name the roster role its holder takes turns in."""
    every = document()["posts"]
    return every.get(unit_id, every["default"])
