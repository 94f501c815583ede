"""Names that are close to a protected one and innocent: real neighbours, press, fans, trade."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from random import Random

from rapidfuzz.distance import Levenshtein

from benchmarks.matching.attacks import Target, reading
from benchmarks.matching.words import Region, document, ordinary_words, regions, words
from playbooks.impersonation.matching import tables

PUN_LENGTH = 2
Neighbour = Callable[[Random, Target], str | None]


def account_name(random: Random, region: Region, body: Mapping[str, list[str]]) -> str:
    """Return what an account of a body at a place may be called."""
    short = region.short if random.random() < 0.8 else region.name
    return random.choice(body["account"]).replace("R", short)


def sibling(random: Random, target: Target) -> str | None:
    """The same body of another place of the same city, or of any other."""
    near = [r for r in regions(target.part) if r.code[:4] == target.region.code[:4]]
    region = random.choice(near if near and random.random() < 0.6 else regions(target.part))
    if region.code == target.region.code:
        return None
    return _named(random, region, target.body)


def near_named(random: Random, target: Target) -> str | None:
    """The same body of a real place that is one character away."""
    close = _one_away(target.region.short) if target.region.code else []
    return _named(random, random.choice(close), target.body) if close else None


def parent(random: Random, target: Target) -> str | None:
    """The same body one level up."""
    code = target.region.code
    if not code:
        return None
    above = code[:4] + "00" if not code.endswith("00") else code[:2] + "0000"
    name = tables.divisions().get(above)
    if not name:
        return None
    short = re.sub("[市省]$", "", name) if len(name) > 2 else name
    return _named(random, Region(above, name, short, ""), target.body)


def child(random: Random, target: Target) -> str | None:
    """The same body one level down."""
    stem = target.region.code.rstrip("0")
    below = [
        r
        for r in regions(target.part)
        if stem and r.code.startswith(stem) and r.code != target.region.code
    ]
    return _named(random, random.choice(below), target.body) if below else None


def other_body(random: Random, target: Target) -> str | None:
    """Another real body of the same place."""
    if not target.region.short:
        return None
    return _named(random, target.region, random.choice(document()["bodies"]))


def pun(random: Random, target: Target) -> str | None:
    """A word of the language that sounds or looks nearly like the whole body: 酒业 beside 就业.

    Within a longer name (退役军人事物局) such a word is a disguise, and is not drawn here.
    """
    rest = target.name.replace(target.region.short, "", 1)
    close = _close_words(rest) if len(rest) == PUN_LENGTH and target.region.short else []
    return target.region.short + random.choice(close) if close else None


def subordinate(random: Random, target: Target) -> str | None:
    """A real unit below the protected one or its place."""
    word = random.choice(words("subordinates", target.part))
    base = random.choice(
        (target.region.name, target.region.short, target.unit, target.region.short)
    )
    return base + word


def press(random: Random, target: Target) -> str | None:
    """News about the place."""
    return target.region.short + random.choice(words("media", target.part))


def fans(random: Random, target: Target) -> str | None:
    """Fans and comment, of the place or of the account itself."""
    base = target.name if random.random() < 0.3 else target.region.short
    return base + random.choice(words("fans", target.part))


def everyday(random: Random, target: Target) -> str | None:
    """Everyday life at the place."""
    word = random.choice(words("lifestyle", target.part))
    return random.choice(
        (target.region.short + word, target.region.name + word, word + target.region.short)
    )


def trade(random: Random, target: Target) -> str | None:
    """A business at the place."""
    middle = random.choice(("", random.choice(ordinary_words())))
    return target.region.short + middle + random.choice(words("businesses", target.part))


def person(random: Random, target: Target) -> str | None:
    """Somebody from there."""
    word = document()
    name = random.choice(word["surnames"]) + random.choice(word["given"])
    doing = random.choice(words("doings", target.part))
    return random.choice(
        (target.region.short + name, name + doing, target.region.short + name + doing)
    )


def unrelated(random: Random, target: Target) -> str | None:
    """A name made of ordinary words."""
    return "".join(random.choice(ordinary_words()) for _ in range(random.choice((1, 2, 2, 3))))


NEIGHBOURS: Mapping[str, Neighbour] = {
    kind.__name__: kind
    for kind in (
        sibling, near_named, parent, child, other_body, pun, subordinate, press, fans, everyday, trade, person,
        unrelated,
    )
}  # fmt: skip
REAL_BODIES = ("sibling", "near_named", "parent", "child", "other_body", "subordinate")


def background(random: Random, part: str) -> str:
    """Return an ordinary name: most have no place in them, some name one and something else."""
    place = random.choice(regions(part))
    target = Target(place.short, place.name, place, {}, part)
    chance = random.random()
    if chance < 0.3:
        return unrelated(random, target) or ""
    if chance < 0.55:
        return person(random, target) or ""
    if chance < 0.65:
        tail = random.choice((*words("lifestyle", part), *words("businesses", part)))
        return random.choice(ordinary_words()) + tail
    kind = random.choice((everyday, trade, trade, everyday, person, press))
    return kind(random, target) or ""


def _named(random: Random, region: Region, body: Mapping[str, list[str]]) -> str:
    if random.random() < 0.5:
        return account_name(random, region, body)
    place = region.name if random.random() < 0.7 else region.short
    return place + str(body["full"] if random.random() < 0.7 else random.choice(body["short"]))


@cache
def _close_words(word: str) -> list[str]:
    trades = (document()["lifestyle"], document()["businesses"], ordinary_words())
    known = {other for listed in trades for other in listed if len(other) == 2} - {word}
    mine = reading(word)
    # What sounds exactly the same is a disguise whatever else it means.
    return sorted(
        other
        for other in known
        if (_nearly(mine, reading(other)) or Levenshtein.distance(word, other) == 1)
        and any(a == b for a, b in zip(word, other, strict=True))
        and mine != reading(other)
    )


def _nearly(mine: list[str], theirs: list[str]) -> bool:
    return all(a == b or Levenshtein.distance(a, b) <= 1 for a, b in zip(mine, theirs, strict=True))


@cache
def _by_length() -> Mapping[int, list[Region]]:
    found: dict[int, list[Region]] = {}
    for part in ("train", "check", "test"):
        for region in regions(part):
            found.setdefault(len(region.short), []).append(region)
    return found


@cache
def _one_away(short: str) -> list[Region]:
    close = [
        region
        for size in (len(short) - 1, len(short), len(short) + 1)
        for region in _by_length().get(size, [])
        if region.short != short and Levenshtein.distance(short, region.short) <= 1
    ]
    return close if len(short) > 2 else close[:12]
