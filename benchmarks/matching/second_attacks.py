"""What impostors do to a name, written a second time from other sources than ``attacks.py``.

Sounds come from Unihan, look-alikes from a list by hand. Nothing of it is trained on: it tells
whether the matcher learnt imitation or one generator.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random

from benchmarks.matching.second_words import Body, Place, document, words
from playbooks.impersonation.matching import tables

INVISIBLE = "\u200b\u200d\u200e\u200f\u202a\u202e\u2060\u2066\u2800\u3164\ufeff\U000e0041"
BETWEEN = ("-", "_", " ", ".", "·", "/", "|", "*", "~", "☆", "♥", "—", "+", "•", "＆", "\u3000")
TRADITIONAL = dict(
    zip(
        "长发务务门业东农医卫县镇乡国税协会关检审计统财监电网讯办军团组织纪旅气环资质销费总联络书记员张刘陈杨广汉宁阳陕苏浙赣鲁滨连龙丰庆济岛",
        "長發務務門業東農醫衛縣鎮鄉國稅協會關檢審計統財監電網訊辦軍團組織紀旅氣環資質銷費總聯絡書記員張劉陳楊廣漢寧陽陝蘇浙贛魯濱連龍豐慶濟島",
        strict=True,
    )
)
DIGITS = str.maketrans("0123456789", "０①②Ⅲ４⑤６⑦８⑨")
FAKE_DIGITS = str.maketrans("0123456789", "OlZЗ4S6T8g")
GREEK = str.maketrans("abeiknoptxy", "αЬеіκпοртхγ")


@dataclass(frozen=True)
class Imitated:
    """The official account as this generator knows it."""

    name: str
    unit: str
    place: Place
    body: Body
    half: str


Attack = Callable[[Random, Imitated], str | None]


@cache
def _by_sound() -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for mark, readings in tables.readings().items():
        if _is_common(mark):
            found.setdefault(readings[0], []).append(mark)
    return found


@cache
def _is_common(mark: str) -> bool:
    try:
        return b"\xb0" <= mark.encode("gb2312")[:1] <= b"\xd7"  # level 1 of GB 2312
    except UnicodeEncodeError:
        return False


@cache
def _drawn_alike() -> Mapping[str, str]:
    """Characters that are mistaken for each other, from the list by hand."""
    found: dict[str, str] = {}
    for pair in document()["shapes"].split():
        for one, other in (pair, pair[::-1]):
            found[one] = found.get(one, "") + other
    return found


def _one_of(random: Random, text: str, others: Callable[[str], Sequence[str]]) -> str | None:
    places = [at for at, mark in enumerate(text) if others(mark)]
    if not places:
        return None
    at = random.choice(places)
    return text[:at] + random.choice(others(text[at])) + text[at + 1 :]


def _same_sound(mark: str) -> Sequence[str]:
    known = tables.readings().get(mark, ())
    return [other for other in _by_sound().get(known[0], ()) if other != mark] if known else ()


def _near_sound(mark: str) -> Sequence[str]:
    known = tables.readings().get(mark, ())
    if not known:
        return ()
    sound = known[0]
    for one, other in (
        ("zh", "z"),
        ("ch", "c"),
        ("sh", "s"),
        ("ang", "an"),
        ("eng", "en"),
        ("ing", "in"),
    ):
        for here, there in ((one, other), (other, one)):
            is_there = sound.startswith(here) if here[0] in "zcs" else sound.endswith(here)
            if is_there and not (here in "zcs" and sound[1:2] == "h"):
                return _by_sound().get(sound.replace(here, there, 1), ())
    return ()


def same_sound(random: Random, at: Imitated) -> str | None:
    """One character by another of the same sound, sometimes two."""
    once = _one_of(random, at.name, _same_sound)
    return _one_of(random, once, _same_sound) if once and random.random() < 0.25 else once


def near_sound(random: Random, at: Imitated) -> str | None:
    """One character by one that southern speech does not tell apart."""
    return _one_of(random, at.name, _near_sound)


def drawn_alike(random: Random, at: Imitated) -> str | None:
    """One character by one that looks alike."""
    return _one_of(random, at.name, lambda mark: _drawn_alike().get(mark, ""))


def old_form(random: Random, at: Imitated) -> str | None:
    """Some characters in their traditional form."""
    made = "".join(TRADITIONAL.get(m, m) if random.random() < 0.7 else m for m in at.name)
    return made if made != at.name else None


def invisible(random: Random, at: Imitated) -> str | None:
    """One to four marks that nobody sees."""
    text = at.name
    for _ in range(random.randint(1, 4)):
        where = random.randint(0, len(text))
        text = text[:where] + random.choice(INVISIBLE) + text[where:]
    return text


def marks_between(random: Random, at: Imitated) -> str | None:
    """A visible mark somewhere, at the ends, or everywhere."""
    mark = random.choice(BETWEEN)
    where = random.randrange(1, len(at.name))
    return random.choice(
        (
            mark.join(at.name),
            at.name[:where] + mark + at.name[where:],
            f"「{at.name}」",
            at.name + "！",
        )
    )


def digits_and_letters(random: Random, at: Imitated) -> str | None:
    """Digits in circles or as letters, letters of other scripts, a number behind it."""
    if any(mark.isdigit() for mark in at.name):
        return at.name.translate(random.choice((DIGITS, FAKE_DIGITS)))
    tail = random.choice(("12345", "01", "110", "2026", "gov", "cn", "official", "app", "v"))
    return at.name + tail.translate(random.choice((DIGITS, GREEK, {})))


def spelt(random: Random, at: Imitated) -> str | None:
    """One or two characters by their syllables, or a word by its initials."""
    where = random.randrange(len(at.name) - 1)
    size = random.randint(1, 2)
    known = [tables.readings().get(mark, (mark,))[0] for mark in at.name[where : where + size]]
    if random.random() < 0.25:
        known = [sound[0].upper() for sound in known]
    return at.name[:where] + "".join(known) + at.name[where + size :]


def in_parts(random: Random, at: Imitated) -> str | None:
    """A character by its two components."""
    parts_of = {whole: parts for parts, whole in tables.compositions().items() if len(parts) == 2}
    return _one_of(random, at.name, lambda mark: [parts_of[mark]] if mark in parts_of else ())


def one_more(random: Random, at: Imitated) -> str | None:
    """A character that adds nothing."""
    where = random.randrange(1, len(at.name) + 1)
    return at.name[:where] + random.choice("的之新市区大小总真网通微") + at.name[where:]


def one_less(random: Random, at: Imitated) -> str | None:
    """A character left out, but not the only ones that tell the place or the body."""
    if len(at.name) < 5:
        return None
    where = random.randrange(len(at.name))
    return at.name[:where] + at.name[where + 1 :]


def swapped(random: Random, at: Imitated) -> str | None:
    """Two neighbours of the longer part swapped."""
    where = random.randrange(len(at.name) - 1)
    text = at.name
    return text[:where] + text[where + 1] + text[where] + text[where + 2 :]


def other_order(random: Random, at: Imitated) -> str | None:
    """Place and body the other way round."""
    short = at.place.short
    rest = at.name.replace(short, "", 1)
    if rest == at.name or not rest:
        return None
    return rest + short if at.name.startswith(short) else short + rest


def _called(random: Random, at: Imitated) -> str:
    return random.choice((at.name, at.name, at.unit, at.place.short + at.body.short[0]))


def decorated(random: Random, at: Imitated) -> str | None:
    """Something official behind it, or before."""
    if random.random() < 0.2:
        return random.choice(words("prefixes", at.half)) + _called(random, at)
    behind = random.choice(words("affixes", at.half))
    return _called(random, at) + random.choice((behind, behind, f"({behind})", f"-{behind}"))


def somebody(random: Random, at: Imitated) -> str | None:
    """A person of the unit."""
    return _called(random, at) + random.choice(words("roles", at.half))


def service(random: Random, at: Imitated) -> str | None:
    """A service of the unit."""
    return _called(random, at) + random.choice(words("services", at.half))


def shorter(random: Random, at: Imitated) -> str | None:
    """The unit by one of its short names."""
    return random.choice((at.place.short, at.place.name)) + random.choice(at.body.short)


def longer(random: Random, at: Imitated) -> str | None:
    """The unit with everything above it."""
    above = random.choice((at.place.above, at.place.above[-3:], ""))
    return above + at.place.name + at.body.full


def other_account_name(random: Random, at: Imitated) -> str | None:
    """As other units of the kind call their accounts."""
    return random.choice(at.body.accounts).replace(
        "R", random.choice((at.place.short, at.place.name))
    )


def made_up_zone(random: Random, at: Imitated) -> str | None:
    """The body of a zone that does not exist."""
    zone = random.choice(words("fabricated_zones", at.half))
    return at.place.short + zone + random.choice((at.body.full, *at.body.short))


def made_up_unit(random: Random, at: Imitated) -> str | None:
    """A body of the place that does not exist."""
    return random.choice((at.place.name, at.place.short)) + random.choice(
        words("fabricated_units", at.half)
    )


def exact(random: Random, at: Imitated) -> str | None:
    """The very name, where it has no account."""
    return random.choice((at.name, at.unit))


def mixed(random: Random, at: Imitated) -> str | None:
    """Two things at once."""
    first = random.choice((same_sound, drawn_alike, old_form, invisible, marks_between, spelt))
    second = random.choice((decorated, somebody, service, decorated, longer, one_more))
    grown = second(random, at)
    return first(random, Imitated(grown, at.unit, at.place, at.body, at.half)) if grown else None


ATTACKS: Mapping[str, Attack] = {
    attack.__name__: attack
    for attack in (
        same_sound, near_sound, drawn_alike, old_form, invisible, marks_between, digits_and_letters, spelt,
        in_parts, one_more, one_less, swapped, other_order, decorated, somebody, service, shorter, longer,
        other_account_name, made_up_zone, made_up_unit, exact, mixed,
    )
}  # fmt: skip
