"""The protected names: what each official account and its unit are called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from playbooks.impersonation.matching import gazetteer, parsing, sound, tables, vocabulary
from playbooks.impersonation.matching.fold import fold
from playbooks.impersonation.matching.gazetteer import Places
from playbooks.impersonation.matching.parsing import Parse

NAME = "name"
UNIT = "unit"
ALIAS = "alias"


@dataclass(frozen=True, slots=True)
class Official:
    """One row of the register: an account that may be imitated.

    ``region`` is a name or a code of any length; ``aliases`` are what the office calls the unit.
    """

    official_id: str
    name: str
    platform: str
    unit: str = ""
    region: str = ""
    handle: str = ""
    avatar: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Face:
    """One thing an official account may be recognised by.

    Attributes:
        official: position of its row in the register.
        text: folded, with pinyin syllables as single marks.
        kind: account's name, unit's name, or alias.
        parse: the text read as words.
    """

    official: int
    text: str
    kind: str
    parse: Parse


@dataclass(frozen=True, slots=True)
class Register:
    """Every official account with its faces and the place it belongs to."""

    officials: tuple[Official, ...]
    faces: tuple[Face, ...]
    places: tuple[Places, ...]
    registered: frozenset[tuple[str, str]]
    shared: Mapping[str, int] = field(default_factory=dict[str, int])


def register(officials: Iterable[Official]) -> Register:
    """Return the register ready to be compared with."""
    rows = tuple(officials)
    faces: list[Face] = []
    places: list[Places] = []
    shared: dict[str, int] = {}
    for number, row in enumerate(rows):
        found = _faces(number, row)
        faces += found
        places.append(place_of(row))
        for text in {face.text for face in found}:
            shared[text] = shared.get(text, 0) + 1
    known = frozenset((row.name.strip(), row.platform.strip()) for row in rows)
    return Register(rows, tuple(faces), tuple(places), known, shared)


def place_of(row: Official) -> Places:
    """Return the place of an official: its region narrowed by its unit's and account's names."""
    region = row.region.strip()
    words = list(parsing.parse(fold(region).text).words)
    if region[:6].isdigit() and len(region) >= 6:
        code = region[:6] if region[:6] in tables.divisions() else region[:4] + "00"
        word = parsing.Word(0, region, vocabulary.PLACE, frozenset([code]))
        words = [word] if code in tables.divisions() else []
    for text in (row.unit, row.name):
        words += parsing.parse(sound.with_syllables(fold(text).text)).words
    return parsing.settle(tuple(words))


def _faces(number: int, row: Official) -> list[Face]:
    found: dict[str, str] = {}
    for text, kind in [
        (row.name, NAME),
        (row.unit, UNIT),
        *((name, ALIAS) for name in row.aliases),
    ]:
        plain = sound.with_syllables(fold(text).text)
        if len(plain) > 1:
            found.setdefault(plain, kind)
        if kind == UNIT:
            for short in _shorter(plain):
                found.setdefault(short, UNIT)
    whose = parsing.parse(sound.with_syllables(fold(row.unit).text)).bodies
    return [
        Face(number, text, kind, _narrowed(parsing.parse(text), whose, kind))
        for text, kind in found.items()
    ]


def _narrowed(read: Parse, whose: frozenset[int], kind: str) -> Parse:
    """Return an account's name read as its unit's: 社保 is the bureau's or the centre's.

    Not that of a place's voice: whoever keeps 长春发布, it speaks for the whole place.
    """
    mine = read.bodies & whose
    is_voice = any(word.bodies and word.kind == vocabulary.AFFIX for word in read.words)
    is_narrower = kind == NAME and mine and mine != read.bodies and not is_voice
    return replace(read, bodies=mine) if is_narrower else read


def _shorter(unit: str) -> Iterable[str]:
    """Yield the unit's name from its last place on: 吉林省长春市朝阳区教育局, 朝阳区教育局."""
    words = parsing.parse(unit).words
    starts = [word.start for word in words if word.kind == vocabulary.PLACE]
    if len(starts) > 1:
        yield unit[starts[-1] :]
    if starts:
        last = next(word for word in words if word.start == starts[-1])
        is_zone = any(":" in code for code in last.places)  # 长春 is not 长春新区
        for short in () if is_zone else gazetteer.short_names(last.text):
            yield short + unit[last.start + len(last.text) :]
            return
