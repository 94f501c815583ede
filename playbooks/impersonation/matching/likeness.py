"""How alike two characters are, and in what way."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from playbooks.impersonation.matching import sound, tables

SAME_SOUND = "same_sound"
NEAR_SOUND = "near_sound"
SHAPE = "shape"
PINYIN = "pinyin"
INITIAL = "initial"

SHAPE_AT_LEAST = 76


class Likeness(NamedTuple):
    """Share of 1 and its kind; ``(0.0, "")`` when two characters have nothing in common."""

    share: float
    kind: str


NOTHING = Likeness(0.0, "")


@lru_cache(maxsize=1 << 18)
def likeness(one: str, other: str) -> Likeness:
    """Return how alike *one*, of a candidate, is to *other*, of an official name."""
    if one == other:
        return Likeness(1.0, "")
    if one.isascii() and one.isalpha():
        is_first = any(found[:1] == one for found in sound.readings(other))
        return Likeness(0.75, INITIAL) if is_first else NOTHING
    by_sound = _sound_likeness(one, other)
    percent = tables.shapes().get(one, {}).get(other, 0)
    if percent >= SHAPE_AT_LEAST and percent / 100 > by_sound.share:
        return Likeness(percent / 100, SHAPE)
    return by_sound


def _sound_likeness(one: str, other: str) -> Likeness:
    first, second = sound.readings(one), sound.readings(other)
    if not first or not second:
        return NOTHING
    is_spelt = one not in tables.readings()
    if set(first) & set(second):
        return Likeness(0.95, PINYIN if is_spelt else SAME_SOUND)
    if {sound.near(found) for found in first} & {sound.near(found) for found in second}:
        return Likeness(0.85, PINYIN if is_spelt else NEAR_SOUND)
    return NOTHING
