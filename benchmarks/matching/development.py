"""Build the development set: registers, candidates with labels, and a background of ordinary names.

Training, check (where the threshold is fixed, once) and test use other prefectures and other words.
A unit-level guard keeps the labels true: no innocent name is an alias of a protected unit, and no
imitation is the name of a real body that is not protected.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import Any

import yaml

from benchmarks.matching import neighbours
from benchmarks.matching.attacks import ATTACKS, Target
from benchmarks.matching.words import DATA, Region, document, regions
from playbooks.impersonation.matching.profile import Profile
from playbooks.impersonation.matching.protected import Official

SEED = 20_260_105
OFFICIALS = 3_700
NATION = Region("", "", "", "")


@dataclass(frozen=True)
class Labelled:
    """One candidate: what it is called where, whom it imitates if anybody, and how it was made."""

    name: str
    platform: str
    official_id: str
    family: str
    profile: Profile = field(default_factory=Profile)

    @property
    def is_imitation(self) -> bool:
        """Whether a reviewer should see it."""
        return bool(self.official_id)


@dataclass(frozen=True)
class Part:
    """One part of the development set."""

    officials: tuple[Official, ...]
    candidates: tuple[Labelled, ...]


def build(part: str, per_kind: int, officials: int = OFFICIALS, seed: int = SEED) -> Part:
    """Return one part: *per_kind* candidates of each attack family and of each kind of neighbour."""
    random = Random(f"{seed} {part}")
    targets, rows = _officials(random, part, officials)
    guard = _Guard(targets, rows)
    candidates: list[Labelled] = []
    for family in ATTACKS:
        made = _attacks(random, family, targets, rows, guard)
        candidates += [next(made) for _ in range(per_kind)]
    for family in neighbours.NEIGHBOURS:
        made = _neighbours(random, family, targets, guard)
        candidates += [next(made) for _ in range(2 * per_kind)]
    for row in random.sample(rows, per_kind):
        candidates.append(Labelled(row.name, row.platform, "", "registered"))
    return Part(tuple(rows), tuple(candidates))


def without(part: Part, family: str) -> Part:
    """Return *part* without the candidates of one family."""
    return Part(part.officials, tuple(row for row in part.candidates if row.family != family))


def background(part: str, count: int, seed: int = SEED) -> list[str]:
    """Return ordinary names, for the budget of false alerts."""
    random = Random(f"{seed} background {part}")
    return [neighbours.background(random, part) for _ in range(count)]


def hand(name: str = "hand") -> Part:
    """Return a hand-written part, ``hand`` or ``fresh``, with a register of its own."""
    entries = yaml.safe_load((DATA / f"{name}.yml").read_text(encoding="utf-8"))
    rows: list[Official] = []
    candidates: list[Labelled] = []
    for number, entry in enumerate(entries, start=1):
        key = f"H{number}"
        rows.append(Official(key, entry["name"], "微信公众号", entry["unit"], entry["region"]))
        candidates += [_by_hand(one, key, name) for one in entry["bad"]]
        candidates += [_by_hand(one, "", f"{name}_innocent") for one in entry["good"]]
    return Part(tuple(rows), tuple(candidates))


def _by_hand(given: str | dict[str, str], official_id: str, family: str) -> Labelled:
    """Read one case: a name, or a name with more that its account shows."""
    shown = {"name": given} if isinstance(given, str) else dict(given)
    name = shown.pop("name")
    return Labelled(name, "抖音", official_id, family, Profile(**shown))


def many_officials(count: int, seed: int = SEED) -> list[Official]:
    """Return a register of national size, over every prefecture."""
    random = Random(f"{seed} national")
    every = [region for part in ("train", "check", "test") for region in regions(part)]
    rows: list[Official] = []
    while len(rows) < count:
        region, body = random.choice(every), random.choice(document()["bodies"])
        rows.append(_official(random, len(rows), region, body))
    return rows


def _officials(random: Random, part: str, count: int) -> tuple[list[Target], list[Official]]:
    targets: list[Target] = []
    rows: list[Official] = []
    seen: set[str] = set()
    while len(rows) < count:
        region = random.choice(regions(part))
        for body in random.sample(document()["bodies"], random.randint(2, 7)):
            row = _official(random, len(rows), region, body)
            if row.name not in seen and len(row.name) > 3:
                seen.add(row.name)
                rows.append(row)
                targets.append(Target(row.name, row.unit, region, body, part))
    for number, body in enumerate(document()["national"]):
        row = _official(random, count - 1 - number, NATION, body)
        rows[count - 1 - number] = row
        targets[count - 1 - number] = Target(row.name, row.unit, NATION, body, part)
    return targets[:count], rows[:count]


def _official(random: Random, number: int, region: Region, body: Mapping[str, Any]) -> Official:
    name = neighbours.account_name(random, region, body)
    if not region.code:
        return Official(f"P{number:06d}", name, "微信公众号", str(body["full"]), "")
    whole = random.random() < 0.5
    full = str(body["full"])
    if region.code.endswith("0000") and region.name.endswith("省"):
        full = re.sub("局$", "厅", full)
    unit = (region.above if random.random() < 0.2 else "") + region.name + full
    place = region.above + region.name if whole else region.name
    return Official(f"P{number:06d}", name, random.choice(document()["platforms"]), unit, place)


class _Guard:
    """Knows every way the protected units are called."""

    def __init__(self, targets: Sequence[Target], rows: Sequence[Official]) -> None:
        self._protected: set[str] = set()
        for target in targets:
            self._protected |= set(_aliases(target.region, target.body))
        self.rows = {(row.name, row.platform) for row in rows}
        self._names = {row.name for row in rows}

    def is_protected(self, name: str) -> bool:
        """Say whether *name* is an alias of a protected unit."""
        return name in self._protected or name in self._names

    def is_real_elsewhere(self, name: str) -> bool:
        """Say whether *name* is that of a real body that is not protected."""
        return name in _real_names() and not self.is_protected(name)


def _aliases(region: Region, body: Mapping[str, Any]) -> Iterable[str]:
    for place in (region.name, region.short, region.above + region.name):
        if place:
            yield place
        for called in (body["full"], *body["short"]):
            yield place + str(called)
        for account in body["account"]:
            yield account.replace("R", place)


@cache
def _real_names() -> frozenset[str]:
    return frozenset(
        alias
        for part in ("train", "check", "test")
        for region in regions(part)
        for body in document()["bodies"]
        for alias in _aliases(region, body)
    )


def _attacks(
    random: Random, family: str, targets: list[Target], rows: list[Official], guard: _Guard
) -> Iterator[Labelled]:
    platforms = document()["platforms"]
    while True:
        at = random.randrange(len(targets))
        name = ATTACKS[family](random, targets[at])
        platform = random.choice((rows[at].platform, random.choice(platforms)))
        if not name or (name, platform) in guard.rows or guard.is_real_elsewhere(name):
            continue
        if name == rows[at].name and platform == rows[at].platform:
            continue
        yield Labelled(name, platform, rows[at].official_id, family)


def _neighbours(
    random: Random, family: str, targets: list[Target], guard: _Guard
) -> Iterator[Labelled]:
    platforms = document()["platforms"]
    while True:
        name = neighbours.NEIGHBOURS[family](random, random.choice(targets))
        if name and not guard.is_protected(name):
            yield Labelled(name, random.choice(platforms), "", family)
