"""Places by name: the divisions of the country, functional zones, nicknames and abbreviations.

A place is a code: six or nine digits for a division, ``220100:长春新区`` for a zone of one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from playbooks.impersonation.matching import tables

Places = frozenset[str]

SAME = "same"
CHILD = "child"
PARENT = "parent"
OTHER = "other"
NONE = "none"

_PEOPLES = (
    "壮族|回族|满族|苗族|维吾尔|维吾尔族|土家族|彝族|蒙古|蒙古族|藏族|布依族|侗族|瑶族|朝鲜族|白族|哈尼族"
    "|哈萨克|哈萨克族|黎族|傣族|畲族|傈僳族|仡佬族|东乡族|拉祜族|水族|佤族|纳西族|羌族|土族|仫佬族|锡伯"
    "|柯尔克孜|达斡尔族|景颇族|毛南族|撒拉族|布朗族|塔吉克|塔吉克族|阿昌族|普米族|鄂温克族|怒族|京族|基诺族"
    "|德昂族|保安族|裕固族|独龙族|鄂伦春|各族"
)
_AUTONOMOUS = re.compile(rf"(?:{_PEOPLES})+自治[区州县旗]$")
_SUFFIX = re.compile(r"(?:特别行政区|自治[区州县旗]|地区|新区|[省市区县旗盟州])$")
_TOO_COMMON = frozenset(
    ["城", "郊", "矿", "新", "和平", "平安", "长安", "城区", "郊区", "矿区", "市中", "城中"]
)


@cache
def names() -> Mapping[str, Places]:
    """Every name a place goes by, with the places it may mean."""
    found: dict[str, set[str]] = {}
    for code, name in tables.divisions().items():
        found.setdefault(name, set()).add(code)
        if len(code) == 6:
            for short in short_names(name):
                found.setdefault(short, set()).add(code)
    words = tables.words()
    for nickname, meant in words["place_nicknames"].items():
        for name in meant:
            found.setdefault(nickname, set()).update(found.get(name, ()))
    for zone, city in words["zones"].items():
        found.setdefault(zone, set()).update(f"{code}:{zone}" for code in _cities(city, found))
    return {name: frozenset(codes) for name, codes in found.items()}


def short_names(name: str) -> Iterable[str]:
    """Yield what a division is called in speech: 长春 for 长春市, 延边 for 延边朝鲜族自治州."""
    plain = _AUTONOMOUS.sub("", name)
    if plain != name and len(plain) > 1:
        yield plain
        yield plain + name[-1]  # 恩施州
        return
    plain = _SUFFIX.sub("", name)
    if len(plain) > 1 and plain != name and plain not in _TOO_COMMON:
        yield plain


@cache
def abbreviations() -> Mapping[str, Places]:
    """The one-character names of provinces."""
    given: Mapping[str, str] = tables.words()["place_abbreviations"]
    return {short: names()[name] for short, name in given.items()}


@cache
def generic_zones() -> Mapping[str, str]:
    """Kinds of zone that any city may have, each with the name its synonyms share."""
    return {name: listed[0] for listed in tables.words()["zone_generic"] for name in listed}


def inside(places: Places, within: Places) -> Places:
    """Return those of *places* that lie in one of *within*."""
    stems = tuple(stem(code) for code in within)
    return frozenset(code for code in places if code.startswith(stems) and code not in within)


@cache
def stem(code: str) -> str:
    """Return the digits that the divisions of *code* begin with."""
    if ":" in code or len(code) == 9:
        return code
    if code.endswith("0000"):
        return code[:2]
    return code[:4] if code.endswith("00") else code


def relation(places: Places, official: Places) -> str:
    """Say how the nearest of *places* relates to the official ones: CHILD means below them."""
    if not places or not official:
        return NONE
    if places & official:
        return SAME
    if inside(places, official):
        return CHILD
    return PARENT if inside(official, places) else OTHER


def in_same_city(places: Places, official: Places) -> bool:
    """Say whether two places share a city: siblings are near neighbours, 江苏 and 吉林 are not."""
    return bool({code[:4] for code in places} & {code[:4] for code in official})


def _cities(name: str, found: Mapping[str, Iterable[str]]) -> list[str]:
    codes = [code for code in found.get(name, ()) if code.endswith("00")]
    return codes or list(found.get(name, ()))
