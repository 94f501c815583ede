"""Names as written, as heard and by their initials, and cheap likenesses of many pairs at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Indel

from playbooks.impersonation.matching import sound

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Numbers = NDArray[np.int64]
    Texts = NDArray[np.object_]

_LETTER = re.compile("[a-z]")


class Spellings:
    """Names as written, as heard, and as heard in sorted order, made once and used in many pairs."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Make every spelling but the initials."""
        self.written = _texts(texts)
        heard = [sound.sound_text(text) for text in texts]
        self.heard = _texts(heard)
        self.sorted = _texts(["".join(sorted(text)) for text in heard])
        self.has_letters = np.array([bool(_LETTER.search(text)) for text in texts], np.bool_)
        self._initials: tuple[Texts, Texts] | None = None

    def initials(self) -> tuple[Texts, Texts]:
        """Return the initials by the first and by the last readings; made when first asked for."""
        if self._initials is None:
            forms = (sound.initials_text, sound.other_initials_text)
            first, last = (_texts([form(text) for text in self.written]) for form in forms)
            self._initials = first, last
        return self._initials


def cheap_likeness(
    mine: Spellings, of_mine: Numbers, theirs: Spellings, of_theirs: Numbers
) -> Floats:
    """Return the best of four likenesses pair by pair: as written, heard, in any order, initials."""

    def likeness(one: Texts, other: Texts, where: NDArray[np.bool_] | slice) -> Floats:
        return process.cpdist(
            one[of_mine[where]].tolist(),
            other[of_theirs[where]].tolist(),
            scorer=Indel.normalized_similarity,
        )

    every = slice(None)
    best = likeness(mine.written, theirs.written, every)
    best = np.maximum(best, likeness(mine.heard, theirs.heard, every))
    best = np.maximum(best, 0.95 * likeness(mine.sorted, theirs.sorted, every))
    typed = mine.has_letters[of_mine]
    if typed.any():
        for one, other in zip(mine.initials(), theirs.initials(), strict=True):
            best[typed] = np.maximum(best[typed], 0.8 * likeness(one, other, typed))
    return best


def _texts(texts: Sequence[str]) -> Texts:
    """Return texts that NumPy can pick from by number."""
    table = np.empty(len(texts), object)
    table[:] = texts
    return table
