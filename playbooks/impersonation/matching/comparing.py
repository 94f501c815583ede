"""Take candidates through folding, blocking and comparison: the pairs a classifier judges."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
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
from playbooks.impersonation.matching.parsing import parse
from playbooks.impersonation.matching.protected import Face, Register

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

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
        self._face_numbers: dict[int, list[int]] = {}
        for number, face in enumerate(register.faces):
            self._face_numbers.setdefault(face.official, []).append(number)

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
        form_of, official_of = blocked["candidate"].to_list(), blocked["official"].to_list()
        rows = [
            (pair, face)
            for pair, official in enumerate(official_of)
            for face in self._face_numbers[official]
        ]
        pairs = np.array([pair for pair, _ in rows])
        mine = _Spellings([_core(seen) for _, seen in forms])
        alike = _cheap_likeness(
            mine, [form_of[p] for p, _ in rows], self._spellings, [face for _, face in rows]
        )
        frame = (
            pl.DataFrame({"pair": pairs, "alike": alike})
            .group_by("pair")
            .agg(pl.col("alike").max())
        )
        frame = frame.sort("pair").with_columns(
            pl.Series("form", form_of), pl.Series("official", official_of), blocked["weight"]
        )
        share = pl.col("weight") / pl.col("weight").max().over("form")
        frame = frame.filter(
            (pl.col("alike") >= LIKENESS_AT_LEAST) | (pl.col("weight") >= TELLING_WEIGHT)
        ).with_columns((pl.col("alike") + 0.5 * share).alias("promise"))
        rank = pl.col("promise").rank("ordinal", descending=True).over("form")
        behind = pl.col("promise").max().over("form") - pl.col("promise")
        kept = frame.filter((rank <= OFFICIALS_COMPARED) & (behind <= PROMISE_BEHIND_AT_MOST))
        yield from kept.select("form", "official").iter_rows()

    def _likest_faces(self, seen: Seen, official: int) -> list[Face]:
        """Return the faces worth comparing: the two most alike, a body by the same name first."""
        numbers = self._face_numbers[official]
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
    forms = [Seen(text, written, written, odd, hidden)]
    for joined in splitting.joined_forms(text):
        forms.append(Seen(joined, parse(joined), written, odd, hidden, len(text) - len(joined)))
    return forms


def _odd_marks(folded: Folded) -> tuple[int, int]:
    kinds = [folding.kind for folding in folded.foldings]
    hidden = sum(kind in (HIDDEN, COMBINING) for kind in kinds)
    odd = sum(kind not in (HIDDEN, COMBINING, PUNCTUATION, EMOJI) for kind in kinds)
    return odd, hidden


def _initials_likeness(mine: Sequence[str], theirs: Sequence[str]) -> Floats:
    """Compare initials where the candidate writes Latin letters; 0 elsewhere."""
    alike = np.zeros(len(mine))
    rows = [row for row, text in enumerate(mine) if _LETTER.search(text)]
    if rows:
        for form in (sound.initials_text, sound.other_initials_text):
            short = process.cpdist(
                [form(mine[row]) for row in rows],
                [form(theirs[row]) for row in rows],
                scorer=Indel.normalized_similarity,
            )
            alike[rows] = np.maximum(alike[rows], short)
    return alike


class _Spellings:
    """Names as written, as heard, and as heard in sorted order, made once and used in many pairs."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.written = list(texts)
        self.heard = [sound.sound_text(text) for text in texts]
        self.sorted = ["".join(sorted(text)) for text in self.heard]


def _cheap_likeness(
    mine: _Spellings, of_mine: Sequence[int], theirs: _Spellings, of_theirs: Sequence[int]
) -> Floats:
    """Return the best of four likenesses pair by pair: as written, heard, in any order, initials."""

    def likeness(kind: Callable[[_Spellings], list[str]]) -> Floats:
        one, other = kind(mine), kind(theirs)
        return process.cpdist(
            [one[at] for at in of_mine],
            [other[at] for at in of_theirs],
            scorer=Indel.normalized_similarity,
        )

    initials = _initials_likeness(
        [mine.written[at] for at in of_mine], [theirs.written[at] for at in of_theirs]
    )
    written, heard = likeness(lambda s: s.written), likeness(lambda s: s.heard)
    in_any_order = 0.95 * likeness(lambda s: s.sorted)
    return np.max([written, heard, in_any_order, 0.8 * initials], axis=0)
