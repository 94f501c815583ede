"""Put characters together that were written as their parts: 弓长 for 张 (拆字)."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

from playbooks.impersonation.matching import tables

FORMS_MAX = 4
# Decomposition tables write the full character for what stands at a side.
_FULL = {
    "氵": "水", "亻": "人", "扌": "手", "讠": "言", "钅": "金", "忄": "心", "犭": "犬", "礻": "示",
    "衤": "衣", "饣": "食", "纟": "丝", "艹": "草", "灬": "火", "刂": "刀", "辶": "走", "冫": "冰",
}  # fmt: skip


def joined_forms(text: str, taken: Collection[int] = ()) -> list[str]:
    """Return the other ways to read *text* with parts put together; usually none.

    Args:
        text: a folded name.
        taken: positions that belong to words that mean something: 中心 is not 忠.
    """
    plain = "".join(_FULL.get(mark, mark) for mark in text)
    places = [
        (start, size)
        for start in range(len(plain) - 1)
        for size in (3, 2)
        if plain[start : start + size] in _compositions() and start + size <= len(plain)
        if not all(at in taken for at in range(start, start + size))
    ]
    if not places:
        return []
    forms = [_joined(plain, [place]) for place in places]
    if len(places) > 1:
        forms.insert(0, _joined(plain, _apart(places)))
    return list(dict.fromkeys(forms))[:FORMS_MAX]


@cache
def _compositions() -> dict[str, str]:
    table = dict(tables.compositions())
    return {
        "".join(_FULL.get(mark, mark) for mark in parts): whole for parts, whole in table.items()
    }


def _apart(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    chosen: list[tuple[int, int]] = []
    end = 0
    for start, size in places:
        if start >= end:
            chosen.append((start, size))
            end = start + size
    return chosen


def _joined(text: str, places: list[tuple[int, int]]) -> str:
    for start, size in reversed(places):
        text = text[:start] + _compositions()[text[start : start + size]] + text[start + size :]
    return text
