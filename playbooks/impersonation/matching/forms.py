"""The ways a candidate's name may be read; none where it is made of ordinary words throughout."""

from __future__ import annotations

import re
from collections.abc import Iterator

from playbooks.impersonation.matching import sound, splitting, vocabulary
from playbooks.impersonation.matching.fold import (
    COMBINING,
    EMOJI,
    HIDDEN,
    PUNCTUATION,
    Folded,
    fold,
)
from playbooks.impersonation.matching.parsing import Parse, parse
from playbooks.impersonation.matching.seen import Seen

HAN_AT_LEAST = 3
_TURNS_ROUND = "\u202e\u2067"
_CODE = frozenset('=<>{}[]()/\\"@:#$%&*|')
_REPEATED = re.compile(r"(.{3,16}?)\1+(.*)")
_LATIN = re.compile("[a-z0-9]+")
_INNOCENT = frozenset(vocabulary.INNOCENT_CLASSES)


def forms_of(name: str) -> list[Seen]:
    """Return the ways a name may be read: as folded, and with split characters put together."""
    folded = fold(name)
    text = sound.with_syllables(folded.text)
    if not text:
        return []
    odd, hidden = _odd_marks(folded) if folded.foldings else (0, 0)
    written = parse(text)
    if not odd and not hidden and is_plainly_ordinary(written):
        return []
    forms = [Seen(text, written, written, odd, hidden)]
    late = sound.with_syllables(folded.text, is_late=True)
    if late != text:
        forms.append(Seen(late, parse(late), parse(late), odd, hidden))
    forms += [
        Seen(plain, parse(plain), parse(plain), odd, hidden)
        for plain in _without_tricks(name, folded)
        if plain != text
    ]
    for joined in splitting.joined_forms(text, _meaningful(written)):
        forms.append(Seen(joined, parse(joined), written, odd, hidden, len(text) - len(joined)))
    return forms


def is_plainly_ordinary(written: Parse) -> bool:
    """Say whether a name is made of ordinary words throughout: 通州酒业, 对虾购房.

    It cannot be told from the name of a shop, whatever it sounds like, and is compared with nobody.
    """
    kinds = {word.kind for word in written.words}
    if vocabulary.UNKNOWN in kinds or vocabulary.BODY in kinds or written.made_up_body:
        return False
    # One character says little: 嵩县人力社 is 人力社保 cut short and no 社.
    is_innocent = any(word.kind in _INNOCENT and len(word.text) > 1 for word in written.words)
    return is_innocent or kinds <= {vocabulary.COMMON}


def is_mostly_ordinary(seen: Seen) -> bool:
    """Say whether an undisguised name has a word of press or trade: compared only with its body."""
    if seen.odd_marks or seen.hidden_marks or seen.written.made_up_body:
        return False
    return any(word.kind in _INNOCENT and len(word.text) > 1 for word in seen.written.words)


def person_of(seen: Seen) -> str:
    """Return what follows the place where it is called like a person; empty where it is not.

    赵丽 of 鹤城赵丽: a surname and one or two characters more, and nothing that a body has.
    """
    words = list(seen.written.words)
    while words and words[0].kind in (vocabulary.PLACE, vocabulary.TOWN, vocabulary.ZONE):
        words.pop(0)
    rest = "".join(word.text for word in words)
    is_marked = seen.odd_marks or seen.hidden_marks or seen.joined_parts
    plain = all(word.kind in (vocabulary.UNKNOWN, vocabulary.COMMON) for word in words)
    if is_marked or not plain or vocabulary.ends_like_a_bureau(rest):
        return ""
    surname = next((rest[:size] for size in (2, 1) if rest[:size] in vocabulary.surnames()), "")
    return rest if surname and 1 <= len(rest) - len(surname) <= 2 else ""


def from_last_place(seen: Seen) -> str:
    """Return the name from its last place on: the province before it tells nothing."""
    starts = [word.start for word in seen.parse.words if word.kind == vocabulary.PLACE]
    return seen.text[starts[-1] :] if len(starts) > 1 and starts[0] == 0 else seen.text


def _without_tricks(name: str, folded: Folded) -> Iterator[str]:
    """Yield the name turned round as a screen shows it, once instead of repeated, without code."""
    if any(mark in name for mark in _TURNS_ROUND):
        yield sound.with_syllables(folded.text[::-1])
    repeated = _REPEATED.fullmatch(folded.text)
    if repeated and repeated[1].startswith(repeated[2]):
        yield sound.with_syllables(repeated[1])
    if any(folding.mark in _CODE for folding in folded.foldings):
        han = _LATIN.sub("", folded.text)
        if len(han) >= HAN_AT_LEAST:
            yield han


def _meaningful(written: Parse) -> frozenset[int]:
    """Return the positions of words that mean something to the matcher."""
    nothing = (vocabulary.UNKNOWN, vocabulary.COMMON)
    return frozenset(
        at
        for word in written.words
        if word.kind not in nothing and len(word.text) > 1
        for at in range(word.start, word.start + len(word.text))
    )


def _odd_marks(folded: Folded) -> tuple[int, int]:
    kinds = [folding.kind for folding in folded.foldings]
    hidden = sum(kind in (HIDDEN, COMBINING) for kind in kinds)
    odd = sum(kind not in (HIDDEN, COMBINING, PUNCTUATION, EMOJI) for kind in kinds)
    return odd, hidden
