"""The second test set: register, attacks and innocent neighbours made another way, never trained on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from random import Random

from benchmarks.matching.development import Labelled, Part
from benchmarks.matching.second_attacks import ATTACKS, Imitated
from benchmarks.matching.second_words import Body, Place, bodies, document, places, words
from benchmarks.matching.words import ordinary_words
from playbooks.impersonation.matching.protected import Official

SEED = 71_126
OFFICIALS = 3_700
PLATFORMS = ("微信公众号", "微博", "抖音", "快手", "头条号", "小红书", "视频号", "B站")

Innocent = Callable[[Random, Imitated], str | None]


def build(half: str, per_kind: int, seed: int = SEED) -> Part:
    """Return *per_kind* candidates of each attack and each innocent kind, beside one register."""
    random = Random(f"{seed} second {half}")
    imitated, rows = _register(random, half)
    protected = {name for one in imitated for name in _names_of(one.place, one.body)}
    protected |= {row.name for row in rows}
    taken = {(row.name, row.platform) for row in rows}
    made: list[Labelled] = []
    for family in ATTACKS:
        found = _attacks(random, family, imitated, rows, protected | set())
        fresh = (one for one in found if (one.name, one.platform) not in taken)
        made += [next(fresh) for _ in range(per_kind)]
    for kind, name_of in INNOCENT.items():
        names = _innocent(random, name_of, imitated, protected)
        made += [Labelled(next(names), random.choice(PLATFORMS), "", kind) for _ in range(per_kind)]
    return Part(tuple(rows), tuple(made))


def background(half: str, count: int, seed: int = SEED) -> list[str]:
    """Return ordinary names: people, shops, everyday life, a third of them with a place."""
    random = Random(f"{seed} second background {half}")
    return [_ordinary(random, half) for _ in range(count)]


def _register(random: Random, half: str) -> tuple[list[Imitated], list[Official]]:
    imitated: list[Imitated] = []
    rows: list[Official] = []
    names: set[str] = set()
    while len(rows) < OFFICIALS:
        place = random.choice(places(half))
        for body in random.sample(bodies(), random.randint(2, 8)):
            one = _account(random, place, body, half)
            if one.name not in names and len(one.name) > 3:
                names.add(one.name)
                imitated.append(one)
                region = random.choice((place.above + place.name, place.name, place.code))
                platform = random.choice(PLATFORMS)
                rows.append(Official(f"S{len(rows)}", one.name, platform, one.unit, region))
    return imitated[:OFFICIALS], rows[:OFFICIALS]


def _account(random: Random, place: Place, body: Body, half: str) -> Imitated:
    full = body.full
    if place.code.endswith("0000") and place.name.endswith("省") and full.endswith("局"):
        full = full[:-1] + random.choice("局厅")
    unit = random.choice(("", "", place.above)) + place.name + full
    called = random.choice(body.accounts).replace(
        "R", random.choice((place.short,) * 4 + (place.name,))
    )
    return Imitated(random.choice((called,) * 4 + (place.name + full,)), unit, place, body, half)


def _names_of(place: Place, body: Body) -> Iterator[str]:
    for where in {place.name, place.short, place.above + place.name}:
        yield where
        yield from (where + name for name in (body.full, *body.short))
        yield from (name.replace("R", where) for name in body.accounts)


@cache
def _real_names() -> Mapping[str, str]:
    """Every name of every real body with its place, to keep labels true."""
    return {
        name: place.code
        for half in ("looked", "unlooked")
        for place in places(half)
        for body in bodies()
        for name in _names_of(place, body)
    }


def _attacks(
    random: Random, family: str, imitated: list[Imitated], rows: list[Official], protected: set[str]
) -> Iterator[Labelled]:
    while True:
        at = random.randrange(len(imitated))
        name = ATTACKS[family](random, imitated[at])
        if not name or (name in _real_names() and name not in protected):
            continue
        platform = random.choice((rows[at].platform, random.choice(PLATFORMS)))
        if (name, platform) != (rows[at].name, rows[at].platform):
            yield Labelled(name, platform, rows[at].official_id, family)


def _innocent(
    random: Random, name_of: Innocent, imitated: list[Imitated], protected: set[str]
) -> Iterator[str]:
    while True:
        name = name_of(random, random.choice(imitated))
        if name and name not in protected:
            yield name


def _of(random: Random, place: Place, body: Body) -> str:
    return random.choice(
        (
            random.choice(body.accounts).replace("R", place.short),
            place.name + body.full,
            random.choice((place.short, place.name)) + random.choice(body.short),
        )
    )


def _same_city(at: Imitated) -> Sequence[Place]:
    return [p for p in places(at.half) if p.code[:4] == at.place.code[:4] and p != at.place]


def other_county(random: Random, at: Imitated) -> str | None:
    """The same body of a neighbouring county."""
    near = [place for place in _same_city(at) if not place.code.endswith("00")]
    return _of(random, random.choice(near), at.body) if near else None


def other_place(random: Random, at: Imitated) -> str | None:
    """The same body far away."""
    return _of(random, random.choice(places(at.half)), at.body)


def city_above(random: Random, at: Imitated) -> str | None:
    """The same body of the city or province above."""
    codes = (at.place.code[:4] + "00", at.place.code[:2] + "0000")
    above = [p for p in places(at.half) if p.code in codes and p != at.place]
    return _of(random, random.choice(above), at.body) if above else None


def other_department(random: Random, at: Imitated) -> str | None:
    """Another real body of the place."""
    return _of(random, at.place, random.choice(bodies()))


def zone_of_city(random: Random, at: Imitated) -> str | None:
    """The same body of a real kind of zone in the city."""
    if not at.place.code.endswith("00") or at.place.code.endswith("0000"):
        return None
    zone = random.choice(random.choice(document()["zones"]).split())
    return at.place.short + zone + random.choice((at.body.full, *at.body.short))


def unit_below(random: Random, at: Imitated) -> str | None:
    """A school, station, street or hospital of the place."""
    word = random.choice(words("subordinates", at.half))
    return random.choice((at.place.name, at.place.short)) + word


def _tail(name: str) -> Innocent:
    def made(random: Random, at: Imitated) -> str | None:
        base = at.name if random.random() < 0.2 and name in ("fans", "comment") else at.place.short
        return base + random.choice(words(name, at.half))

    return made


def person(random: Random, at: Imitated) -> str | None:
    """Somebody of the place doing something."""
    who, does = random.choice(words("people", at.half)), random.choice(words("doings", at.half))
    return random.choice(
        (at.place.short + who, who + does, at.place.short + who + does, who + at.place.short)
    )


INNOCENT: Mapping[str, Innocent] = {
    "other_county": other_county,
    "other_place": other_place,
    "city_above": city_above,
    "other_department": other_department,
    "zone_of_city": zone_of_city,
    "unit_below": unit_below,
    "press": _tail("media"),
    "fan": _tail("fans"),
    "commentary": _tail("comment"),
    "business": _tail("business"),
    "everyday_life": _tail("life"),
    "somebody_else": person,
}
REAL_BODIES = (
    "other_county",
    "other_place",
    "city_above",
    "other_department",
    "zone_of_city",
    "unit_below",
)


def _ordinary(random: Random, half: str) -> str:
    where = random.choice(places(half)).short if random.random() < 0.35 else ""
    who, does = random.choice(words("people", half)), random.choice(words("doings", half))
    word = random.choice(ordinary_words())
    sells = random.choice((*words("business", half), *words("life", half)))
    made = (
        where + who + does,
        who + does,
        where + word + sells,
        word + sells,
        where + sells,
        who + word,
    )
    return random.choice(made)
