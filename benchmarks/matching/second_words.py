"""Words, places and bodies of the second test set, in two halves: one looked at, one not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32

import yaml

from playbooks.impersonation.matching import tables

HALVES = ("looked", "unlooked")
_ENDINGS = (
    "维吾尔自治区",
    "壮族自治区",
    "回族自治区",
    "自治区",
    "地区",
    "省",
    "市",
    "县",
    "区",
    "旗",
    "盟",
)


@dataclass(frozen=True)
class Place:
    """A division: its code, name, what it is called in speech, and those above it."""

    code: str
    name: str
    short: str
    above: str


@dataclass(frozen=True)
class Body:
    """A kind of body: full name, other names, and what its accounts are called (R the region)."""

    full: str
    short: tuple[str, ...]
    accounts: tuple[str, ...]


@cache
def document() -> Mapping[str, Any]:
    """The lists as written."""
    path = Path(__file__).with_name("data") / "second_words.yml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def half_of(word: str) -> str:
    """Return the half of a word or prefecture, the same on every machine."""
    return HALVES[crc32(f"second {word}".encode()) % 2]


@cache
def words(name: str, half: str) -> Sequence[str]:
    """Return the words of one list that are of the half."""
    return tuple(word for word in map(str, document()[name]) if half_of(word) == half)


@cache
def bodies() -> Sequence[Body]:
    """Return every kind of body; both halves have all."""
    rows = [[cell.split() for cell in line.split("|")] for line in document()["bodies"]]
    return tuple(Body(full[0], tuple(short), tuple(called)) for full, short, called in rows)


@cache
def places(half: str) -> Sequence[Place]:
    """Return provinces, cities and counties of the prefectures of one half."""
    names = tables.divisions()
    found: list[Place] = []
    for code, name in names.items():
        if len(code) == 6 and code[:2] not in ("71", "81", "82") and half_of(code[:4]) == half:
            codes = {code[:2] + "0000": "", code[:4] + "00": "", code: ""}
            above = [names.get(one, "") for one in codes if one != code]
            found.append(Place(code, name, _short(name), "".join(above)))
    return tuple(found)


def _short(name: str) -> str:
    for ending in _ENDINGS:
        if name.endswith(ending) and len(name) - len(ending) > 1 and "族" not in name:
            return name[: -len(ending)]
    return name
