"""What a word in an account's name means: one class a word, longer words first.

The classes are those of ``data/vocabulary.yml``; a body has the number of its line besides.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import cache

from playbooks.impersonation.matching import tables

PLACE = "place"
TOWN = "town"
ZONE = "zone"
BODY = "body"
AFFIX = "official_affix"
ROLE = "role"
INVENTED = "invented_service"
SUBORDINATE = "subordinate"
MEDIA = "media"
ORDINARY = "ordinary"
COMMON = "common"  # a word of the language that says nothing here
UNKNOWN = "unknown"

WORD_CLASSES = (SUBORDINATE, INVENTED, ROLE, MEDIA, ORDINARY, AFFIX)  # the last wins a tie
OFFICIAL_CLASSES = (AFFIX, ROLE, INVENTED)
INNOCENT_CLASSES = (MEDIA, ORDINARY)

# How a name may be shortened or raised a level: ending in full, what may stand there instead.
_ENDINGS = (
    ("委员会办公室", ("办公室", "办", "委办")),
    ("委员会", ("委",)),
    ("办公室", ("办",)),
    ("监督管理局", ("监管局", "监督局", "监管")),
    ("管理局", ("局",)),
    ("管理中心", ("中心",)),
    ("服务中心", ("中心",)),
    ("局", ("厅", "分局", "总局", "")),
    ("支队", ("大队", "总队", "")),
)


@cache
def bodies() -> Mapping[str, frozenset[int]]:
    """Every name of a body with the lines it stands in."""
    found: dict[str, set[int]] = {}
    for line, listed in enumerate(tables.words()["departments"]):
        for name in {form for full in listed for form in forms(str(full))}:
            found.setdefault(name, set()).add(line)
    given: dict[str, set[int]] = {}
    for line, listed in enumerate(tables.words()["departments"]):
        for name in listed:
            given.setdefault(str(name), set()).add(line)
    # A name that is written in the list means those lines and no other it could be derived from.
    return {name: frozenset(given.get(name, lines)) for name, lines in found.items()}


def forms(name: str) -> Iterable[str]:
    """Yield a body's name and what it may be shortened to, two characters at least."""
    yield name
    for ending, others in _ENDINGS:
        if name.endswith(ending):
            stem = name[: -len(ending)]
            yield from (stem + other for other in others if len(stem + other) > 1 and stem)
            return


@cache
def words() -> Mapping[str, str]:
    """Every other word with its class."""
    return {str(word): name for name in WORD_CLASSES for word in tables.words()[name]}


@cache
def surnames() -> frozenset[str]:
    """Return what a person's name begins with."""
    return frozenset(map(str, tables.words()["surnames"]))


@cache
def body_endings() -> tuple[str, ...]:
    """Endings that make a body of anything."""
    return tuple(tables.words()["body_ending"])


def ends_like_a_body(text: str) -> bool:
    """Say whether *text* ends as bodies do."""
    return text.endswith(body_endings())


def ends_like_a_bureau(text: str) -> bool:
    """Say whether *text* ends as only bodies of government do; anybody runs a 中心."""
    return text.endswith(tuple(tables.words()["bureau_ending"]))


def officialness(text: str) -> float:
    """Return how official an unknown word sounds: above 0 like the office's, below like a fan's.

    The mean log odds of its characters, learnt from the vocabulary itself, so a word that an office
    adds to a list teaches the words like it.
    """
    if not text:
        return 0.0
    odds = _character_odds()
    return sum(odds.get(mark, 0.0) for mark in text) / len(text)


def forget() -> None:
    """Read the lists again at next use; for measuring with fewer words."""
    words.cache_clear()
    _character_odds.cache_clear()


@cache
def _character_odds() -> Mapping[str, float]:
    counts: tuple[dict[str, float], dict[str, float]] = ({}, {})
    for word, kind in words().items():
        side = 0 if kind in OFFICIAL_CLASSES else 1 if kind in INNOCENT_CLASSES else None
        for mark in word if side is not None else "":
            counts[side or 0][mark] = counts[side or 0].get(mark, 0.0) + 1.0
    for word in bodies():
        for mark in word[-2:]:
            counts[0][mark] = counts[0].get(mark, 0.0) + 0.2
    totals = [sum(side.values()) for side in counts]
    return {
        mark: math.log((counts[0].get(mark, 0.0) + 0.5) / totals[0])
        - math.log((counts[1].get(mark, 0.0) + 0.5) / totals[1])
        for mark in {*counts[0], *counts[1]}
    }
