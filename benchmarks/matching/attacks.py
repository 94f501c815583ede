"""What impostors do to a name, one function a family; each returns ``None`` where it cannot.

Sounds come from pypinyin, traditional forms from OpenCC, look-alike characters from pycorrector's
list: other sources than the detector's tables.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from benchmarks.matching.words import Region, drawn_alike, words

HIDDEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e\u202e\ufe0f\u2063"
LOOKALIKE_LATIN = str.maketrans("aeopcxyi0", "аеорсхуіО")
HAN_IN_OTHER_SCRIPTS = str.maketrans("二力工口卜夕八一七才", "ニカエロトタハーセオ")
PARTS_OF = {
    "张": "弓长", "杜": "木土", "好": "女子", "明": "日月", "林": "木木", "村": "木寸", "北": "丬匕",
    "城": "土成", "江": "氵工", "海": "氵每", "湖": "氵胡", "河": "氵可", "洲": "氵州", "沈": "氵冘",
    "信": "亻言", "保": "亻呆", "化": "亻匕", "政": "正攵", "教": "孝攵", "社": "礻土", "峰": "山夆",
    "岭": "山令", "桥": "木乔", "权": "木又", "汉": "氵又", "法": "氵去", "和": "禾口", "科": "禾斗",
    "税": "禾兑", "理": "王里", "警": "敬言", "驻": "马主", "骑": "马奇", "体": "亻本", "住": "亻主",
    "检": "木佥", "阳": "阝日", "阴": "阝月", "郑": "关阝", "部": "咅阝", "都": "者阝", "防": "阝方",
    "铁": "钅失", "银": "钅艮", "锡": "钅易", "财": "贝才", "频": "步页", "鹤": "隹鸟", "动": "云力",
}  # fmt: skip


@dataclass(frozen=True)
class Target:
    """The official account that is imitated, as the generator knows it."""

    name: str
    unit: str
    region: Region
    body: Mapping[str, Any]
    part: str


Attack = Callable[[Random, Target], str | None]


@cache
def _homophones() -> tuple[Mapping[str, list[str]], Mapping[str, list[str]]]:
    """Characters by reading, and readings by character, of the 3,500 commonest."""
    pypinyin: Any = importlib.import_module("pypinyin")
    phrases: Any = importlib.import_module("pypinyin.constants")
    by_sound: dict[str, list[str]] = {}
    by_mark: dict[str, list[str]] = {}
    for code in phrases.PINYIN_DICT:
        mark = chr(code)
        try:
            mark.encode("gb2312")
        except UnicodeEncodeError:
            continue
        readings = pypinyin.pinyin(mark, style=pypinyin.Style.NORMAL, heteronym=True)[0][:2]
        by_mark[mark] = readings
        for reading in readings[:1]:
            by_sound.setdefault(reading, []).append(mark)
    return by_sound, by_mark


@cache
def _converter(kind: str) -> Any:
    opencc: Any = importlib.import_module("opencc")
    return opencc.OpenCC(kind)


def reading(text: str) -> list[str]:
    """Return the reading of each character in its phrase."""
    pypinyin: Any = importlib.import_module("pypinyin")
    return pypinyin.lazy_pinyin(text)


def homophone(random: Random, target: Target) -> str | None:
    """Replace one or two characters by ones that sound the same."""
    return _replaced(random, target.name, _same_sound, random.choice((1, 1, 2)))


def near_homophone(random: Random, target: Target) -> str | None:
    """Replace a character by one that sounds nearly the same: shi and si, lan and nan."""
    return _replaced(random, target.name, _near_sound, 1)


def similar_shape(random: Random, target: Target) -> str | None:
    """Replace a character by one drawn alike."""
    return _replaced(random, target.name, lambda mark: drawn_alike().get(mark, ""), 1)


def traditional(random: Random, target: Target) -> str | None:
    """Write it in traditional or Japanese characters, or some of it."""
    whole = _converter(random.choice(("s2t", "s2tw", "s2hk"))).convert(target.name)
    if len(whole) != len(target.name):
        return None
    if random.random() < 0.3:
        whole = _converter("t2jp").convert(whole)
    kept = [a if random.random() < 0.6 else b for a, b in zip(whole, target.name, strict=False)]
    return "".join(kept)


def width(random: Random, target: Target) -> str | None:
    """Write letters and digits full width, or in circles."""
    text = _with_letters(random, target)
    return "".join(chr(ord(m) + 0xFEE0) if "!" <= m <= "~" else m for m in text)


def hidden(random: Random, target: Target) -> str | None:
    """Put characters in that nobody sees."""
    return _inserted(random, target.name, lambda: random.choice(HIDDEN), random.randint(1, 3))


def other_script(random: Random, target: Target) -> str | None:
    """Use letters of another script that look the same."""
    if random.random() < 0.5:
        return target.name.translate(HAN_IN_OTHER_SCRIPTS)
    text = _with_letters(random, target)
    return text.translate(LOOKALIKE_LATIN)


def punctuation(random: Random, target: Target) -> str | None:
    """Put marks and spaces between."""
    marks = random.choice((".", " ", "·", "丨", "|", "_", "★", "、", "~", "®", "🇨🇳", "✅", "👮"))
    if random.random() < 0.5:
        return marks.join(target.name)
    return _inserted(random, target.name, lambda: marks, random.randint(1, 2))


def pinyin(random: Random, target: Target) -> str | None:
    """Write part of it in pinyin, whole syllables or initials."""
    start = random.randrange(len(target.name) - 1)
    end = random.randint(start + 1, len(target.name))
    syllables = reading(target.name[start:end])
    if random.random() < 0.3 and end - start >= 2:
        syllables = [syllable[:1] for syllable in syllables]
    return target.name[:start] + "".join(syllables) + target.name[end:]


def split(random: Random, target: Target) -> str | None:
    """Write a character as its parts."""
    places = [at for at, mark in enumerate(target.name) if mark in PARTS_OF]
    if not places:
        return None
    at = random.choice(places)
    return target.name[:at] + PARTS_OF[target.name[at]] + target.name[at + 1 :]


def insertion(random: Random, target: Target) -> str | None:
    """Put one character in or write one twice."""
    at = random.randrange(1, len(target.name) + 1)
    mark = (
        target.name[at - 1] if random.random() < 0.4 else random.choice("的小新之大总真正一市中好")
    )
    return target.name[:at] + mark + target.name[at:]


def deletion(random: Random, target: Target) -> str | None:
    """Leave one character out."""
    if len(target.name) < 4:
        return None
    at = random.randrange(len(target.name))
    return target.name[:at] + target.name[at + 1 :]


def transposition(random: Random, target: Target) -> str | None:
    """Swap two neighbours."""
    at = random.randrange(len(target.name) - 1)
    name = target.name
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


def reordering(random: Random, target: Target) -> str | None:
    """Put the words in another order."""
    if not target.region.short:
        return None
    short, rest = target.region.short, target.name.replace(target.region.short, "", 1)
    if rest == target.name or not rest:
        return None
    if target.name.startswith(short):
        return rest + short
    return short + rest


def affix(random: Random, target: Target) -> str | None:
    """Decorate it."""
    word = random.choice(words("affixes", target.part))
    base = _base(random, target)
    before = random.random() < 0.15 and len(word) == 2
    return word + base if before else base + word


def abbreviation(random: Random, target: Target) -> str | None:
    """Shorten the unit's name."""
    short = random.choice(target.body["short"])
    return random.choice((target.region.short, target.region.name)) + short


def expansion(random: Random, target: Target) -> str | None:
    """Write the unit's name longer than the account does."""
    place = random.choice(
        (target.region.name, target.region.above + target.region.name, target.region.short)
    )
    return place + target.body["full"]


def alias(random: Random, target: Target) -> str | None:
    """Use another name that accounts of such a body go by."""
    place = random.choice((target.region.short, target.region.short, target.region.name))
    name = random.choice(target.body["account"]).replace("R", place)
    return None if name == target.name else name


def embedded(random: Random, target: Target) -> str | None:
    """Put it whole inside something else: an address, a formula, brackets, itself once more."""
    frames = [
        "【{}】",
        "http://{}.com",
        "{0}{0}",
        "=A1+{}",
        "{}vip",
        "cn{}gov",
        "@{}2026",
        "{}888",
        "www.{}.cn",
        "{}（正）",
        "v信{}",
        "{}+qq",
    ]
    frame = random.choice(frames)
    return frame.format(target.name)


def role(random: Random, target: Target) -> str | None:
    """Pose as somebody of the unit."""
    base = _base(random, target)
    return base + random.choice(words("roles", target.part))


def invented_service(random: Random, target: Target) -> str | None:
    """Pose as a service of the unit."""
    base = _base(random, target)
    return base + random.choice(words("services", target.part))


def invented_region(random: Random, target: Target) -> str | None:
    """Make up a zone of the same place with the same body."""
    if not target.region.short:
        return None
    zone = random.choice(words("invented_zones", target.part))
    return target.region.short + zone + random.choice((target.body["full"], *target.body["short"]))


def invented_unit(random: Random, target: Target) -> str | None:
    """Make up a body of the same place."""
    if not target.region.short:
        return None
    place = random.choice((target.region.name, target.region.short))
    head = random.choice(words("invented_heads", target.part))
    return place + head + random.choice(words("invented_tails", target.part))


def clone(random: Random, target: Target) -> str | None:
    """Take the very name or the unit's on a platform where it has no account."""
    return random.choice((target.name, target.name, target.unit))


def combined(random: Random, target: Target) -> str | None:
    """Do two things at once."""
    first = random.choice((homophone, similar_shape, traditional, hidden, punctuation, pinyin))
    second = random.choice((affix, role, invented_service, insertion, reordering))
    once = second(random, target)
    if not once:
        return None
    changed = Target(once, once, target.region, target.body, target.part)
    return first(random, changed)


ATTACKS: Mapping[str, Attack] = {
    attack.__name__: attack
    for attack in (
        homophone, near_homophone, similar_shape, traditional, width, hidden, other_script,
        punctuation, pinyin, split, insertion, deletion, transposition, reordering, affix,
        abbreviation, expansion, alias, embedded, role, invented_service, invented_region, invented_unit, clone,
        combined,
    )
}  # fmt: skip


def _base(random: Random, target: Target) -> str:
    """Return a name of the unit to build on: mostly the account's own."""
    others = (target.unit, target.region.short + target.body["short"][0], alias(random, target))
    return target.name if random.random() < 0.4 else random.choice(others) or target.name


def _replaced(
    random: Random, text: str, others: Callable[[str], str | list[str]], count: int
) -> str | None:
    places = [at for at, mark in enumerate(text) if others(mark)]
    if not places:
        return None
    for at in random.sample(places, min(count, len(places))):
        text = text[:at] + random.choice(others(text[at])) + text[at + 1 :]
    return text


def _same_sound(mark: str) -> list[str]:
    by_sound, by_mark = _homophones()
    found = [other for sound in by_mark.get(mark, [])[:1] for other in by_sound.get(sound, [])]
    return [other for other in found if other != mark]


def _near_sound(mark: str) -> list[str]:
    by_sound, by_mark = _homophones()
    found: list[str] = []
    for sound in by_mark.get(mark, [])[:1]:
        for one, other in (
            ("zh", "z"),
            ("ch", "c"),
            ("sh", "s"),
            ("l", "n"),
            ("in", "ing"),
            ("en", "eng"),
            ("an", "ang"),
            ("f", "h"),
        ):
            for here, there in ((one, other), (other, one)):
                if (
                    sound.startswith(here)
                    and len(one + other) < 4
                    and here not in ("in", "en", "an")
                ):
                    found += by_sound.get(there + sound[len(here) :], [])
                if sound.endswith(here) and here[0] in "iea":
                    found += by_sound.get(sound[: -len(here)] + there, [])
    return [other for other in found if other != mark]


def _inserted(random: Random, text: str, mark: Callable[[], str], count: int) -> str:
    for _ in range(count):
        at = random.randrange(1, len(text) + 1)
        text = text[:at] + mark() + text[at:]
    return text


def _with_letters(random: Random, target: Target) -> str:
    at = random.randrange(len(target.name))
    size = random.choice((1, 2))
    middle = "".join(reading(target.name[at : at + size]))
    return target.name[:at] + middle + target.name[at + size :]
