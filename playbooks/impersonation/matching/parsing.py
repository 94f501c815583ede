"""Read a name as places, bodies and words: the cheapest way to cover it.

``长春新区市监局服务号`` is a place, a body and an affix; what nothing covers stays unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from playbooks.impersonation.matching import gazetteer, tables, vocabulary
from playbooks.impersonation.matching.gazetteer import Places
from playbooks.impersonation.matching.invention import made_up

WORD_LENGTH_MAX = 20
NO_PLACES: Places = frozenset()
NO_BODIES: frozenset[int] = frozenset()

# A word costs one, an unknown character more than two: so few long words win. A town's or a short
# place name is a little dearer, because people and shops bear such names too. A name begins with its
# place: 濮阳 and 信贷, not 阳信 within something unknown.
_COST = {
    vocabulary.PLACE: 1.0,
    vocabulary.BODY: 1.02,
    vocabulary.ZONE: 1.1,
    vocabulary.TOWN: 1.2,
    vocabulary.COMMON: 1.3,
}
_WORD_COST = 1.1
_FIRST_PLACE_COST = 0.95
_ABBREVIATION_COST = 1.9
_UNKNOWN_COST = 2.2
_PLACES = (vocabulary.PLACE, vocabulary.TOWN, vocabulary.ZONE)
_JOINTS = "和与及暨局"  # single characters that are cheaper than unknown ones


@dataclass(frozen=True, slots=True)
class Word:
    """One stretch of a name: ``text`` from ``start``, its class, and what it may mean."""

    start: int
    text: str
    kind: str
    places: Places = NO_PLACES
    bodies: frozenset[int] = NO_BODIES


@dataclass(frozen=True, slots=True)
class Parse:
    """A name read.

    Attributes:
        text: the name.
        words: of it, in order, without gaps.
        places: the place they settle on.
        bodies: of the body named last, the lowest.
        made_up_zone: a zone of the place that is in no list, as written; mostly empty.
        made_up_body: the same for a bureau.
    """

    text: str
    words: tuple[Word, ...]
    places: Places
    bodies: frozenset[int]
    made_up_zone: str = ""
    made_up_body: str = ""

    def text_of(self, kind: str) -> str:
        """Return the words of one class put together."""
        return "".join(word.text for word in self.words if word.kind == kind)


@lru_cache(maxsize=1 << 17)
def parse(text: str) -> Parse:
    """Return the cheapest reading of folded *text*."""
    words = _by_what_stands_before(_merged(_cheapest(text)))
    bodies = next((word.bodies for word in reversed(words) if word.bodies), NO_BODIES)
    zone, body = made_up(words)
    # A zone that does not exist does not move the name away from the place it is said to be in.
    real = [word for word in words if not (zone and word.start and word.text in zone)]
    return Parse(text, words, settle(tuple(real)), bodies, zone, body)


def _by_what_stands_before(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Read words again whose meaning depends on the one before.

    A hotline's number behind anything but a place decorates it; bureaus have no 办事处; 长春 with 发布
    speaks for the place, and so for the bodies that do.
    """
    given = tables.words()
    found = list(words)
    if len(found) > 1 and found[1].kind == vocabulary.BODY:
        found[0] = _as_place(found[0])
    for at in range(1, len(found)):
        before, word = found[at - 1], found[at]
        if before.kind not in _PLACES and word.text in given["hotlines"]:
            found[at] = Word(word.start, word.text, vocabulary.AFFIX)
        elif before.kind == vocabulary.BODY and word.text in given["of_places_only"]:
            found[at] = Word(word.start, word.text, vocabulary.INVENTED)
    named = [word for word in found if word.kind not in (vocabulary.PLACE, vocabulary.ZONE)]
    is_voice = all(word.kind in vocabulary.OFFICIAL_CLASSES for word in named)
    is_voice = is_voice and len(found) > len(named)
    voice = next((word for word in named if word.text in given["voice_of_place"]), None)
    if is_voice and voice:  # 长春发布, and 长春发布认证号 too
        found[found.index(voice)] = replace(voice, bodies=_voices())
    return tuple(found)


def _as_place(word: Word) -> Word:
    """Return a word that is a county too as the county: 通道公积金, but 绿色通道."""
    places = gazetteer.names().get(word.text, NO_PLACES)
    known = frozenset(code for code in places if len(code) != 9)
    is_other = word.kind not in _PLACES and word.kind != vocabulary.BODY
    return replace(word, kind=vocabulary.PLACE, places=known) if known and is_other else word


@cache
def _voices() -> frozenset[int]:
    known = vocabulary.bodies()
    return frozenset(body for name in tables.words()["voices"] for body in known[name])


def settle(words: tuple[Word, ...]) -> Places:
    """Return the most specific place the words agree on; a zone lies in the place before it."""
    places = NO_PLACES
    for word in words:
        if word.kind == vocabulary.ZONE:
            kind = gazetteer.generic_zones()[word.text]
            cities = {gazetteer.stem(code)[:4] for code in places} or {"?"}
            places = frozenset(f"{city}:{kind}" for city in cities)
        elif word.places:
            # 长沙 after 湖南省长沙市 is the city still, not the county of that name within it.
            same = word.places & places
            within = gazetteer.inside(word.places, places)
            # 朝阳长春 is read the other way round as well.
            around = gazetteer.inside(places, word.places)
            places = same or within or around or places or word.places
    return places


def forget() -> None:
    """Read the vocabulary again at next use."""
    _lexicon.cache_clear()
    _beginnings.cache_clear()
    parse.cache_clear()


@cache
def _beginnings() -> frozenset[str]:
    """What a known word may begin with, so that reading ahead stops early."""
    return frozenset(word[:end] for word in _lexicon() for end in range(1, len(word) + 1))


@cache
def _lexicon() -> Mapping[str, Word]:
    common = (*tables.common_words(), *_JOINTS)
    found = {word: Word(0, word, vocabulary.COMMON) for word in common}
    for name, places in gazetteer.names().items():
        is_town = all(len(code) == 9 for code in places)
        kind = vocabulary.TOWN if is_town else vocabulary.PLACE
        found[name] = Word(
            0, name, kind, frozenset(code for code in places if is_town or len(code) != 9)
        )
    for name in gazetteer.generic_zones():
        if name not in gazetteer.names():
            found[name] = Word(0, name, vocabulary.ZONE)
    for name, kind in vocabulary.words().items():
        if name not in found or len(name) < 3 or found[name].kind == vocabulary.COMMON:
            found[name] = Word(0, name, kind)
    for name, bodies in vocabulary.bodies().items():
        found[name] = Word(0, name, vocabulary.BODY, NO_PLACES, bodies)
    return found


def _cheapest(text: str) -> list[Word]:
    lexicon, beginnings = _lexicon(), _beginnings()
    length = len(text)
    costs = [0.0] + [1e9] * length
    steps: list[Word | None] = [None] * (length + 1)
    for start in range(length):
        here = costs[start] + _UNKNOWN_COST
        if here < costs[start + 1]:
            costs[start + 1], steps[start + 1] = here, Word(start, text[start], vocabulary.UNKNOWN)
        for end in range(start + 1, min(length, start + WORD_LENGTH_MAX) + 1):
            stretch = text[start:end]
            if stretch not in beginnings:
                break
            word = lexicon.get(stretch)
            if word is None:
                continue
            cost = costs[start] + _cost(word, start, end)
            if cost < costs[end]:
                costs[end], steps[end] = cost, word
        _try_abbreviation(text, start, costs, steps)
    return _path(text, steps)


def _cost(word: Word, start: int, end: int) -> float:
    if start == 0 and word.kind == vocabulary.PLACE:
        return _FIRST_PLACE_COST
    return _COST.get(word.kind, _WORD_COST) + (0.35 if end == start + 1 else 0)


def _try_abbreviation(text: str, start: int, costs: list[float], steps: list[Word | None]) -> None:
    """Read 吉 as 吉林省 at the beginning of a name and nowhere else."""
    places = gazetteer.abbreviations().get(text[start]) if start == 0 and len(text) > 2 else None
    if places and costs[start] + _ABBREVIATION_COST < costs[start + 1]:
        costs[start + 1] = costs[start] + _ABBREVIATION_COST
        steps[start + 1] = Word(0, text[start], vocabulary.PLACE, places)


def _path(text: str, steps: list[Word | None]) -> list[Word]:
    words: list[Word] = []
    end = len(text)
    while end > 0:
        word = steps[end]
        if word is None:
            break
        end -= len(word.text)
        words.append(Word(end, word.text, word.kind, word.places, word.bodies))
    return words[::-1]


def _merged(words: list[Word]) -> tuple[Word, ...]:
    """Put neighbouring unknown characters together."""
    merged: list[Word] = []
    for word in words:
        last = merged[-1] if merged else None
        if last and word.kind == last.kind == vocabulary.UNKNOWN:
            merged[-1] = Word(last.start, last.text + word.text, vocabulary.UNKNOWN)
        else:
            merged.append(word)
    return tuple(merged)
