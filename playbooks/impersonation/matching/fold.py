"""Fold a name to what a reader sees in it, and keep the list of what had to be folded.

A disguise is evidence in itself: an office does not write its name with a zero-width space.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from playbooks.impersonation.matching import tables

NAME_LENGTH_MAX = 64  # no platform allows a longer display name; the rest cannot be compared

HIDDEN = "hidden"
COMBINING = "combining"
WIDTH = "width"
PUNCTUATION = "punctuation"
EMOJI = "emoji"
RADICAL = "radical"
VARIANT = "variant"
SCRIPT = "script"

_BLANK_LOOKING = "\u115f\u1160\u2800\u3164\uffa0\u034f\u17b4\u17b5"
_STROKES = "丨丶丿亅乀乁〡〢〣ㄧ"  # strokes that stand in no name but as a divider
_MIXED = re.compile(r"[a-z0-9]*(?:[a-z][0-9]|[0-9][a-z])[a-z0-9]*")
_AS_DIGITS = str.maketrans("oilzeastbgq", "01123457899")
_WIDE_SPACES = "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f"


@dataclass(frozen=True, slots=True)
class Folding:
    """One mark that was not what it looks like.

    Attributes:
        position: counted from 1 in the name as given.
        mark: as given.
        plain: what it was folded to; empty when it was dropped.
        kind: one of the words above.
    """

    position: int
    mark: str
    plain: str
    kind: str


@dataclass(frozen=True, slots=True)
class Folded:
    """A name reduced to Han characters, a-z, 0-9 and letters without a look-alike.

    Attributes:
        text: the folded name.
        foldings: what was folded on the way, in order.
        is_cut: the name was longer than any platform allows and only its beginning was read.
    """

    text: str
    foldings: tuple[Folding, ...]
    is_cut: bool = False


def fold(name: str) -> Folded:
    """Return the folded name and what was folded."""
    given = name[:NAME_LENGTH_MAX]
    is_cut = len(name) > NAME_LENGTH_MAX
    if all(map(_is_plain, given)) and not _MIXED.search(given):
        return Folded(given, (), is_cut)
    folded = [fold_mark(mark) for mark in given]
    parts = _with_hotlines([plain for plain, _ in folded])
    foldings = [
        Folding(position, mark, part, kind or SCRIPT)
        for position, (mark, part, (plain, kind)) in enumerate(
            zip(given, parts, folded, strict=True), start=1
        )
        if kind or part != plain
    ]
    return Folded("".join(parts), tuple(foldings), is_cut)


def _with_hotlines(parts: list[str]) -> list[str]:
    """Read letters as digits where they spell a hotline: l2З45 is 12345."""
    text = "".join(parts)
    if len(text) != sum(map(bool, parts)):
        return parts  # a ligature among them; letters and marks no longer stand one for one
    for run in _MIXED.finditer(text):
        plain = run[0].translate(_AS_DIGITS)
        if plain in tables.words()["hotlines"]:
            places = [at for at, part in enumerate(parts) if part][run.start() : run.end()]
            for at, digit in zip(places, plain, strict=True):
                parts[at] = digit
    return parts


def _is_plain(mark: str) -> bool:
    return fold_mark(mark) == (mark, "")


@cache
def fold_mark(mark: str) -> tuple[str, str]:
    """Return what one mark folds to, and the kind of folding; no kind for what anybody types."""
    if mark in "\t\r\n ·•・-_—":  # anybody's own spacing
        return "", ""
    if mark.isascii():
        return (mark.lower(), "") if mark.isalnum() else ("", PUNCTUATION)
    table = tables.folds()
    if mark in table:
        target, kind = table[mark]
        return "".join(_settled(part) for part in target), kind
    dropped = _dropped_kind(mark)
    if dropped:
        return "", dropped
    plain = "".join(_plain_parts(mark))
    if plain == mark:
        return mark, ""
    return plain, WIDTH if plain else PUNCTUATION


def _plain_parts(mark: str) -> list[str]:
    """Undo width, ligature, circle and accent; a part that is itself odd is folded again."""
    parts: list[str] = []
    for part in unicodedata.normalize("NFKD", mark).lower():
        if not _dropped_kind(part):
            parts.append(_settled(part))
    return [part for part in parts if part]


def _settled(mark: str) -> str:
    """Fold through the table until nothing changes: ⻑ is a radical of 長, which is a variant."""
    for _ in range(3):
        target, _kind = tables.folds().get(mark, (mark, ""))
        if target == mark or len(target) != 1:
            return target if len(target) != 1 else mark
        mark = target
    return mark


def _dropped_kind(mark: str) -> str:
    category = unicodedata.category(mark)
    if category in ("Cf", "Cc", "Co", "Cn", "Cs") or mark in _BLANK_LOOKING:
        return HIDDEN
    if category in ("Mn", "Me", "Mc"):
        return COMBINING
    if mark in _WIDE_SPACES:
        return HIDDEN
    if category in ("So", "Sk"):
        # Circled and squared characters are symbols too, but they stand for a character.
        return "" if unicodedata.normalize("NFKD", mark) != mark else EMOJI
    return PUNCTUATION if category[0] in "PSZ" or mark in _STROKES else ""
