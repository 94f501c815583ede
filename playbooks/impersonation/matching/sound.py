"""How names sound: readings, confusable initials and finals, and Latin letters read as pinyin."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from playbooks.impersonation.matching import tables

# What southern and northern speakers do not tell apart, and what an ear forgives in a name.
_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("l", "n"), ("r", "n"), ("f", "h"))
_FINALS = (("ang", "an"), ("eng", "en"), ("ing", "in"), ("ong", "un"), ("iong", "un"))
_INITIAL = re.compile(r"zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]")
# Syllables of Latin letters take the private area, which folding has emptied of everything else.
_SYLLABLE_BASE = 0xE000
_LATIN = re.compile(r"[a-z]{2,}")


@cache
def near(syllable: str) -> str:
    """Return the syllable with confusable initials and finals made one: zhang and zan, both zan."""
    for long, short in _INITIALS:
        if syllable.startswith(long):
            syllable = short + syllable[len(long) :]
            break
    for long, short in _FINALS:
        if syllable.endswith(long):
            return syllable[: -len(long)] + short
    return syllable


@cache
def initial(syllable: str) -> str:
    """Return the first letter, as initials are typed: c for chang."""
    return syllable[:1]


@cache
def syllables() -> Mapping[str, str]:
    """Return the private character of each syllable."""
    known = sorted({reading for found in tables.readings().values() for reading in found})
    return {syllable: chr(_SYLLABLE_BASE + at) for at, syllable in enumerate(known)}


@cache
def _by_character() -> Mapping[str, str]:
    return {mark: syllable for syllable, mark in syllables().items()}


@cache
def readings(mark: str) -> tuple[str, ...]:
    """Return the readings of a Han character, or of the syllable a private character stands for."""
    syllable = _by_character().get(mark)
    return (syllable,) if syllable else tables.readings().get(mark, ())


@cache
def _sound_table() -> dict[int, str]:
    """Map every character with a reading to the private character of its usual, near reading."""
    marks = {**{mark: mark for mark in tables.readings()}, **_by_character()}
    code: dict[str, str] = {}
    for mark in marks:
        code.setdefault(near(readings(mark)[0]), chr(_SYLLABLE_BASE + 0x800 + len(code)))
    return {ord(mark): code[near(readings(mark)[0])] for mark in marks}


@cache
def _other_sound_table() -> dict[int, str]:
    """As above with the second reading, for the few hundred characters that have one."""
    table = _sound_table()
    code = {near(readings(chr(point))[0]): sound for point, sound in table.items()}
    return table | {
        point: code.get(near(found[1]), table[point])
        for point in table
        if len(found := readings(chr(point))) > 1
    }


def sound_text(text: str) -> str:
    """Return *text* with each character replaced by its sound, one for one."""
    return text.translate(_sound_table())


def other_sound_text(text: str) -> str:
    """Return *text* by second readings; the same as ``sound_text`` where there is none."""
    return text.translate(_other_sound_table())


def initials_text(text: str) -> str:
    """Return the first letters of each syllable, other marks as they are."""
    return "".join(initial(found[0]) if (found := readings(mark)) else mark for mark in text)


def other_initials_text(text: str) -> str:
    """As above by the last reading: 长 is c and z."""
    return "".join(initial(found[-1]) if (found := readings(mark)) else mark for mark in text)


def with_syllables(text: str, *, is_late: bool = False) -> str:
    """Return folded *text* with runs of Latin letters that are pinyin made one mark a syllable.

    Args:
        text: a folded name.
        is_late: where a letter may end a syllable or begin the next, let it end one: ``pingan`` is
            pin and gan by the rule, and ping and an to whoever reads 平安.
    """
    if text.isascii() and text.isdigit():
        return text
    return _LATIN.sub(lambda run: _cut(run[0], is_late=is_late), text)


def shown(text: str) -> str:
    """Return *text* with syllables spelt out again, for people."""
    return "".join(_by_character().get(mark, mark) for mark in text)


@cache
def _cut(run: str, *, is_late: bool) -> str:
    """Cut a run into the fewest syllables, all of it or not at all."""
    known = syllables()
    best: list[str | None] = [""] + [None] * len(run)
    for end in range(1, len(run) + 1):
        for start in range(max(0, end - 6), end):
            before, syllable = best[start], known.get(run[start:end])
            if before is None or syllable is None or end - start < 2:
                continue
            found, so_far = before + syllable, best[end]
            if so_far is None or len(found) < len(so_far) + is_late:
                best[end] = found
    return best[-1] or run
