"""The sources that come with juzhen; one more is one more declaration beside this file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from connectors.declaration import Declaration
from connectors.declaration_file import bundled

NAMES = ("wechat", "weibo", "douyin", "bilibili", "kuaishou")


@cache
def bundled_sources() -> Mapping[str, Declaration]:
    """Return the bundled declarations by their source name, in the order a night asks them."""
    return {one.source: one for one in map(bundled, NAMES)}
