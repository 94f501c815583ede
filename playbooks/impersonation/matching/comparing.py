"""Take candidates through folding, blocking and comparison: the pairs a classifier judges."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from rapidfuzz.distance import Indel

from playbooks.impersonation.matching import sound
from playbooks.impersonation.matching.blocking import Blocking
from playbooks.impersonation.matching.features import Comparison, compare
from playbooks.impersonation.matching.forms import (
    forms_of,
    from_last_place,
    is_mostly_ordinary,
    person_of,
)
from playbooks.impersonation.matching.protected import Face, Register
from playbooks.impersonation.matching.seen import Seen
from playbooks.impersonation.matching.spellings import Spellings, cheap_likeness
from playbooks.impersonation.matching.vocabulary import PLACE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]

OFFICIALS_COMPARED = 4
FACES_COMPARED = 2
LIKENESS_AT_LEAST = 0.45
PROMISE_BEHIND_AT_MOST = 0.4
TELLING_WEIGHT = 2.0  # as much as one shared place and body
# The same place and body is worth comparing however different the letters: 红塔长安网, 红塔政法委.
SAME_UNIT_PROMISE = 0.6
ORDINARY_LIKENESS_AT_LEAST = 0.85
SAME_BODY_LIKENESS_AT_LEAST = 0.58
OTHER_LIKENESS_AT_LEAST = 0.65


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
        self._spellings = Spellings([face.text for face in register.faces])
        # The faces of one official stand together: where they begin, and how many there are.
        officials = np.array([face.official for face in register.faces], np.int64)
        self._first_face = np.searchsorted(officials, np.arange(len(register.officials)))
        self._face_count = np.bincount(officials, minlength=len(register.officials))
        self._bodies = [frozenset[int]()] * len(register.officials)
        for face in register.faces:
            self._bodies[face.official] |= face.parse.bodies
        self._at_place = {
            place: number
            for number, places in reversed(list(enumerate(register.places)))
            for place in places
        }

    def block(self, names: Sequence[str]) -> tuple[list[tuple[int, Seen]], pl.DataFrame]:
        """Return every form of every name and which officials each may imitate."""
        forms = [(number, seen) for number, name in enumerate(names) for seen in forms_of(name)]
        every = [seen for _, seen in forms]
        frame = self._blocking.block(
            [seen.text for seen in every],
            [seen.parse for seen in every],
            [is_mostly_ordinary(seen) for seen in every],
        )
        return forms, frame

    def compare(self, names: Sequence[str]) -> Iterator[Compared]:
        """Yield the comparisons of every name with the officials most like it."""
        forms, blocked = self.block(names)
        for form, official in self._pairs(forms, blocked):
            number, seen = forms[form]
            places = self.register.places[official]
            comparisons = [
                compare(seen, face, places, math.log(self.register.shared[face.text]))
                for face in self._likest_faces(seen, official)
            ]
            yield from (Compared(number, official, found) for found in comparisons)

    def _pairs(
        self, forms: Sequence[tuple[int, Seen]], blocked: pl.DataFrame
    ) -> Iterator[tuple[int, int]]:
        """Yield the pairs of form and official worth comparing."""
        kept: set[int] = set()
        for form, official, alike in self._promising(forms, blocked):
            seen = forms[form][1]
            places = self.register.places[official]
            is_there = bool(seen.parse.places & places)
            if is_there:
                kept.add(form)
            is_there = is_there or not (seen.parse.places or places)  # 国安 has no place
            if self._is_worth_comparing(seen, official, alike, is_there):
                yield form, official
        # A bureau that does not exist resembles nobody: any official of its place stands for all.
        for form, (_, seen) in enumerate(forms):
            if seen.written.made_up_body and not seen.joined_parts and form not in kept:
                known = (self._at_place.get(place) for place in sorted(seen.written.places))
                yield from ((form, official) for official in known if official is not None)

    def _is_worth_comparing(self, seen: Seen, official: int, alike: float, is_there: bool) -> bool:
        """Say whether a pair could alert at all, by limits that no imitation of training passed."""
        person = person_of(seen)
        if person and not self._shares_a_mark(person, official):
            return False
        is_its_body = bool(seen.parse.bodies & self._bodies[official])
        if is_there and is_its_body:
            return True
        if not is_its_body and is_mostly_ordinary(seen):
            return alike >= ORDINARY_LIKENESS_AT_LEAST
        if is_there:
            return alike >= LIKENESS_AT_LEAST or bool(seen.written.made_up_body)
        return alike >= (SAME_BODY_LIKENESS_AT_LEAST if is_its_body else OTHER_LIKENESS_AT_LEAST)

    def _shares_a_mark(self, text: str, official: int) -> bool:
        """Say whether a name of the official, its places apart, has a character of *text* as such."""
        first = int(self._first_face[official])
        faces = self.register.faces[first : first + int(self._face_count[official])]
        return any(
            mark in word.text
            for face in faces
            for word in face.parse.words
            if word.kind != PLACE
            for mark in text
        )

    def _promising(
        self, forms: Sequence[tuple[int, Seen]], blocked: pl.DataFrame
    ) -> Iterator[tuple[int, int, float]]:
        """Yield form, official and likeness where cheap likenesses and shared keys favour a pair."""
        if blocked.is_empty():
            return
        form_of = blocked["candidate"].to_numpy()
        pairs, faces = self._faces_of(blocked["official"].to_numpy())
        mine = Spellings([from_last_place(seen) for _, seen in forms])
        alike = cheap_likeness(mine, form_of[pairs], self._spellings, faces)
        best = np.zeros(len(form_of))
        np.maximum.at(best, pairs, alike)
        share = pl.col("weight") / pl.col("weight").max().over("form")
        promise = pl.col("alike") + 0.5 * share + SAME_UNIT_PROMISE * pl.col("is_same_unit")
        frame = (
            blocked.rename({"candidate": "form"})
            .with_columns(
                pl.Series("alike", best),
                pl.Series("is_same_unit", self._same_units(forms, blocked)),
            )
            .filter((pl.col("alike") >= LIKENESS_AT_LEAST) | (pl.col("weight") >= TELLING_WEIGHT))
            .with_columns(promise.alias("promise"))
        )
        rank = pl.col("promise").rank("ordinal", descending=True).over("form")
        behind = pl.col("promise").max().over("form") - pl.col("promise")
        kept = frame.filter((rank <= OFFICIALS_COMPARED) & (behind <= PROMISE_BEHIND_AT_MOST))
        yield from kept.select("form", "official", "alike").iter_rows()

    def _same_units(
        self, forms: Sequence[tuple[int, Seen]], blocked: pl.DataFrame
    ) -> NDArray[np.bool_]:
        """Say of which pairs place and body are the same."""
        found = np.zeros(len(blocked), np.bool_)
        telling = blocked.with_row_index("at").filter(pl.col("weight") >= TELLING_WEIGHT)
        for at, form, official in telling.select("at", "candidate", "official").iter_rows():
            read = forms[int(form)][1].parse
            found[at] = bool(
                read.bodies & self._bodies[int(official)]
                and read.places & self.register.places[int(official)]
            )
        return found

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
        if len(numbers) <= FACES_COMPARED:
            return [faces[number] for number in numbers]
        mine = sound.sound_text(seen.text)

        def alike(number: int) -> float:
            is_same = bool(seen.parse.bodies & faces[number].parse.bodies)
            return Indel.normalized_similarity(mine, heard[number]) + 0.2 * is_same

        best = sorted(numbers, key=alike, reverse=True)
        return [faces[number] for number in best[:FACES_COMPARED]]
