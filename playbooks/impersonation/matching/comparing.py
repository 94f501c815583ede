"""Take candidates through folding, blocking and comparison: the pairs a classifier judges."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from rapidfuzz import process
from rapidfuzz.distance import Indel

from playbooks.impersonation.matching import sound, splitting, vocabulary
from playbooks.impersonation.matching.blocking import Blocking
from playbooks.impersonation.matching.features import Comparison, Seen, compare
from playbooks.impersonation.matching.fold import (
    COMBINING,
    EMOJI,
    HIDDEN,
    PUNCTUATION,
    Folded,
    fold,
)
from playbooks.impersonation.matching.parsing import Parse, parse
from playbooks.impersonation.matching.protected import Face, Register

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Numbers = NDArray[np.int64]
    Texts = NDArray[np.object_]

OFFICIALS_COMPARED = 4
FACES_COMPARED = 2
LIKENESS_AT_LEAST = 0.45
PROMISE_BEHIND_AT_MOST = 0.4
TELLING_WEIGHT = 2.0  # as much as one shared place and body

_LETTER = re.compile("[a-z]")


@dataclass(frozen=True, slots=True)
class Compared:
    """One candidate beside one official, by the form and face that are most alike."""

    candidate: int
    official: int
    comparison: Comparison


class Comparer:
    """Compares candidates with one register."""

    def __init__(self, register: Register) -> None:
        """Build the keys of the register."""
        self.register = register
        self._blocking = Blocking(register)
        self._spellings = _Spellings([face.text for face in register.faces])
        # The faces of one official stand together: where they begin, and how many there are.
        officials = np.array([face.official for face in register.faces], np.int64)
        self._first_face = np.searchsorted(officials, np.arange(len(register.officials)))
        self._face_count = np.bincount(officials, minlength=len(register.officials))

    def block(self, names: Sequence[str]) -> tuple[list[tuple[int, Seen]], pl.DataFrame]:
        """Return every form of every name and which officials each may imitate."""
        forms = [(number, seen) for number, name in enumerate(names) for seen in forms_of(name)]
        frame = self._blocking.block([seen.text for _, seen in forms], [s.parse for _, s in forms])
        return forms, frame

    def compare(self, names: Sequence[str]) -> Iterator[Compared]:
        """Yield the comparisons of every name with the officials most like it."""
        forms, blocked = self.block(names)
        for form, official in self._promising(forms, blocked):
            number, seen = forms[form]
            comparisons = [
                compare(seen, face, self.register.places[official], self.register.shared[face.text])
                for face in self._likest_faces(seen, official)
            ]
            yield from (Compared(number, official, found) for found in comparisons)

    def _promising(
        self, forms: Sequence[tuple[int, Seen]], blocked: pl.DataFrame
    ) -> Iterator[tuple[int, int]]:
        """Yield the pairs of form and official that cheap likenesses and shared keys favour."""
        if blocked.is_empty():
            return
        form_of = blocked["candidate"].to_numpy()
        pairs, faces = self._faces_of(blocked["official"].to_numpy())
        mine = _Spellings([_core(seen) for _, seen in forms])
        alike = _cheap_likeness(mine, form_of[pairs], self._spellings, faces)
        frame = (
            pl.DataFrame({"pair": pairs, "alike": alike})
            .group_by("pair")
            .agg(pl.col("alike").max())
        )
        frame = frame.sort("pair").with_columns(
            blocked["candidate"].alias("form"), blocked["official"], blocked["weight"]
        )
        share = pl.col("weight") / pl.col("weight").max().over("form")
        frame = frame.filter(
            (pl.col("alike") >= LIKENESS_AT_LEAST) | (pl.col("weight") >= TELLING_WEIGHT)
        ).with_columns((pl.col("alike") + 0.5 * share).alias("promise"))
        rank = pl.col("promise").rank("ordinal", descending=True).over("form")
        behind = pl.col("promise").max().over("form") - pl.col("promise")
        kept = frame.filter((rank <= OFFICIALS_COMPARED) & (behind <= PROMISE_BEHIND_AT_MOST))
        yield from kept.select("form", "official").iter_rows()

    def _faces_of(self, officials: Numbers) -> tuple[Numbers, Numbers]:
        """Return for every face of every official given: which of those given, and which face."""
        count = self._face_count[officials]
        pairs = np.repeat(np.arange(len(officials)), count)
        begins = np.cumsum(count) - count
        faces = np.repeat(self._first_face[officials] - begins, count) + np.arange(len(pairs))
        return pairs, faces

    def _likest_faces(self, seen: Seen, official: int) -> list[Face]:
        """Return the faces worth comparing: the two most alike, a body by the same name first."""
        first = int(self._first_face[official])
        numbers = range(first, first + int(self._face_count[official]))
        faces, heard = self.register.faces, self._spellings.heard
        mine = sound.sound_text(seen.text)

        def alike(number: int) -> float:
            is_same = bool(seen.parse.bodies & faces[number].parse.bodies)
            return Indel.normalized_similarity(mine, heard[number]) + 0.2 * is_same

        best = sorted(numbers, key=alike, reverse=True) if len(numbers) > 1 else numbers
        return [faces[number] for number in best[:FACES_COMPARED]]


def _core(seen: Seen) -> str:
    """Return the name from its last place on: the province before it tells nothing."""
    starts = [word.start for word in seen.parse.words if word.kind == vocabulary.PLACE]
    return seen.text[starts[-1] :] if len(starts) > 1 and starts[0] == 0 else seen.text


def forms_of(name: str) -> list[Seen]:
    """Return the ways a name may be read: as folded, and with split characters put together."""
    folded = fold(name)
    text = sound.with_syllables(folded.text)
    if not text:
        return []
    odd, hidden = _odd_marks(folded)
    written = parse(text)
    if not odd and not hidden and is_plainly_ordinary(written):
        return []
    forms = [Seen(text, written, written, odd, hidden)]
    for joined in splitting.joined_forms(text):
        forms.append(Seen(joined, parse(joined), written, odd, hidden, len(text) - len(joined)))
    return forms


def is_plainly_ordinary(written: Parse) -> bool:
    """Say whether a name is made of ordinary words throughout: 通州酒业, 对虾购房.

    It cannot be told from the name of a shop, whatever it sounds like, and is compared with nobody.
    """
    kinds = {word.kind for word in written.words}
    if kinds & {vocabulary.UNKNOWN, vocabulary.BODY}:
        return False
    innocent = {vocabulary.MEDIA, vocabulary.ORDINARY}
    return bool(kinds & innocent) or kinds <= {vocabulary.COMMON}


def _odd_marks(folded: Folded) -> tuple[int, int]:
    kinds = [folding.kind for folding in folded.foldings]
    hidden = sum(kind in (HIDDEN, COMBINING) for kind in kinds)
    odd = sum(kind not in (HIDDEN, COMBINING, PUNCTUATION, EMOJI) for kind in kinds)
    return odd, hidden


class _Spellings:
    """Names as written, as heard, and as heard in sorted order, made once and used in many pairs."""

    def __init__(self, texts: Sequence[str]) -> None:
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


def _texts(texts: Sequence[str]) -> Texts:
    """Return texts that NumPy can pick from by number."""
    table = np.empty(len(texts), object)
    table[:] = texts
    return table


def _cheap_likeness(
    mine: _Spellings, of_mine: Numbers, theirs: _Spellings, of_theirs: Numbers
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
