"""Word lists and regions of the development set, divided so that a test sees what training did not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32

import yaml

from playbooks.impersonation.matching import gazetteer, tables

DATA = Path(__file__).with_name("data")
PARTS = ("train", "check", "test")
# Of ten prefectures or words: six to train, two to fix the threshold on, two to test.
_PART_OF_TEN = ("train",) * 6 + ("check",) * 2 + ("test",) * 2


@dataclass(frozen=True)
class Region:
    """A division with its short name and the names of those above it."""

    code: str
    name: str
    short: str
    above: str


@cache
def document() -> Mapping[str, Any]:
    """The word lists as written."""
    return yaml.safe_load((DATA / "words.yml").read_text(encoding="utf-8"))


def part_of(word: str) -> str:
    """Return the part a word or prefecture belongs to, the same on every machine."""
    return _PART_OF_TEN[crc32(word.encode()) % 10]


@cache
def words(name: str, part: str) -> Sequence[str]:
    """Return the words of one list that the part may use."""
    return tuple(word for word in map(str, document()[name]) if part_of(word) == part)


@cache
def regions(part: str) -> Sequence[Region]:
    """Return cities and counties of the prefectures of one part."""
    names = tables.divisions()
    found: list[Region] = []
    for code, name in names.items():
        if len(code) != 6 or code[:2] in ("71", "81", "82") or part_of(code[:4]) != part:
            continue
        above = [] if code.endswith("0000") else [names.get(code[:2] + "0000", "")]
        if not code.endswith("00"):
            above.append(names.get(code[:4] + "00", ""))
        found.append(Region(code, name, _short(name), "".join(above)))
    return tuple(found)


@cache
def ordinary_words() -> Sequence[str]:
    """Common words of two characters, sampled from jieba's dictionary (MIT)."""
    return tuple((DATA / "ordinary_words.txt").read_text(encoding="utf-8").split())


@cache
def drawn_alike() -> Mapping[str, str]:
    """Characters with those pycorrector's ``same_stroke.txt`` (Apache-2.0) puts them with."""
    found: dict[str, str] = {}
    for line in (DATA / "same_stroke.txt").read_text(encoding="utf-8").splitlines():
        group = line.split()
        for mark in group:
            found[mark] = found.get(mark, "") + "".join(group).replace(mark, "")
    for pair in [
        "末未",
        "己已",
        "日曰",
        "余佘",
        "春舂",
        "亳毫",
        "亨享",
        "人入",
        "八入",
        "区匹",
        "土士",
        "千干",
        "大太",
        "天夫",
        "官宫",
        "治冶",
    ]:
        for one, other in (pair, pair[::-1]):
            found[one] = found.get(one, "") + other
    return found


def _short(name: str) -> str:
    if "自治" in name:  # 延边朝鲜族自治州 is called 延边
        return next(iter(gazetteer.short_names(name)), name)
    for ending in ("地区", "省", "市", "县", "区", "旗", "盟"):
        if name.endswith(ending) and len(name) - len(ending) >= 2:
            return name[: -len(ending)]
    return name
