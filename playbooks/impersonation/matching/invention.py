"""Find what a name makes up: a zone or a bureau of a real place that the lists do not know.

Which bodies exist is looked up, never guessed from likeness: ``长春新区便民服务办`` resembles no
protected name, yet nobody but an impostor would bear it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from playbooks.impersonation.matching import gazetteer, tables, vocabulary
from playbooks.impersonation.matching.gazetteer import Places

STRETCH_MAX = 5
_ZONE = re.compile(
    r"(?:新区|新城|城区|特区|示范区|开放区|创新区|中心区|港区|[东西南北]区|(?<!园)区)$"
)
_ZONE_SURE = re.compile(r"(?:新区|新城区|新城|城区)$")
# Ends like a zone and is none: 小区, 景区, 校区.
_NO_ZONE = re.compile(
    r"(?:^城区|[小景校社园地库林牧矿灾厂战军辖市片街]区|服务区|休息区|专区|分区)$"
)
_JOINTS = frozenset("和与及暨市区县省州旗委新") | {
    "中共",
    "国家",
    "中国",
    "地区",
    "直属",
    "市委",
    "区委",
    "县委",
    "省委",
    "州委",
    "旗委",
    "盟委",
    "市级",
    "区级",
    "县级",
}
_WHOLE_ENDINGS = ("委员会", "办公室", "管理局", "指挥部", "领导小组", "工作组", "执法大队", "总站")
_MERGED_ENDINGS = ("局", "委员会", "办公室", "委")
_PLACES = (vocabulary.PLACE, vocabulary.TOWN, vocabulary.ZONE)


class _Word(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def text(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def places(self) -> Places: ...


def made_up(words: Sequence[_Word]) -> tuple[str, str]:
    """Return the zone and the body that a name makes up after a place; empty where it does not."""
    if not words or words[0].kind != vocabulary.PLACE:
        return "", ""
    first = _after_places(words)
    zone, rest = _zone(words, first)
    return zone, _body(words[rest:])


def _after_places(words: Sequence[_Word]) -> int:
    """Return where the leading places end: a place that lies elsewhere is not one of them."""
    known = words[0].places
    for at, word in enumerate(words[1:], start=1):
        if word.kind not in _PLACES:
            return at
        is_elsewhere = word.kind == vocabulary.PLACE and not (
            word.places & known or gazetteer.inside(word.places, known)
        )
        if is_elsewhere:
            return at
        known = word.places or known
    return len(words)


def _zone(words: Sequence[_Word], first: int) -> tuple[str, int]:
    """Return the stretch behind the places that names a zone nobody knows, and what follows it."""
    # 空港 is a kind of zone that any city may have; 空港新区 is not.
    before, follows = words[first - 1], words[first] if first < len(words) else None
    if before.kind == vocabulary.ZONE and follows and follows.text in ("新区", "新城"):
        return before.text + follows.text, first + 1
    text = ""
    for at in range(first, len(words)):
        text += words[at].text
        if len(text) > STRETCH_MAX:
            break
        plain = {vocabulary.BODY, vocabulary.MEDIA, vocabulary.ORDINARY, vocabulary.SUBORDINATE}
        kinds = {word.kind for word in words[first : at + 1]}
        ending = _ZONE_SURE if kinds & plain else _ZONE
        if len(text) > 1 and ending.search(text) and not _NO_ZONE.search(text):
            return text, at + 1
    return "", first


def _body(words: Sequence[_Word]) -> str:
    """Return the words of a bureau that is in no list; empty for one that is or may be."""
    tail = list(words)
    while tail and tail[-1].kind == vocabulary.AFFIX:
        tail.pop()
    text = "".join(word.text for word in tail)
    if len(text) < 3 or not (_is_bureau(text, tail[-1]) or _is_service(text, tail[-1])):
        return ""
    strange = [word for word in tail if word.kind != vocabulary.BODY and not _is_joint(word)]
    if not strange and tail[-1].kind == vocabulary.BODY:
        # 文化旅游和体育局 was merged of three; 教育监察局 was not.
        is_odd = len(tail) > 1 and tail[-1].text in tables.words()["never_merged"]
        return text if is_odd else ""
    bodies = [word for word in tail if word.kind == vocabulary.BODY]
    if len(bodies) > 1 and "".join(word.text for word in strange) in _MERGED_ENDINGS:
        return ""  # 教育体育 and 局
    is_below = any(word.kind in (vocabulary.SUBORDINATE, vocabulary.TOWN) for word in tail[:-1])
    return "" if is_below or any(word.kind == vocabulary.MEDIA for word in tail) else text


def _is_bureau(text: str, last: _Word) -> bool:
    return vocabulary.ends_like_a_bureau(text) and _is_ending(last)


def _is_service(text: str, last: _Word) -> bool:
    """Say whether a name claims what impostors claim to be for: 惠民服务中心."""
    given = tables.words()
    is_new = last.kind in (vocabulary.UNKNOWN, vocabulary.INVENTED, vocabulary.COMMON)
    is_for_it = any(purpose in text for purpose in given["official_purpose"])
    return is_new and is_for_it and text.endswith(tuple(given["service_ending"]))


def _is_joint(word: _Word) -> bool:
    return word.text in _JOINTS or word.kind in _PLACES


def _is_ending(last: _Word) -> bool:
    """Say whether the last word is a bureau's and not a 饭局 or 结局."""
    if last.kind in (vocabulary.UNKNOWN, vocabulary.INVENTED, vocabulary.ROLE):
        return True
    if last.kind == vocabulary.BODY:
        return vocabulary.ends_like_a_bureau(last.text)
    return last.text == "局" or last.text.endswith(_WHOLE_ENDINGS)
