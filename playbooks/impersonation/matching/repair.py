"""Lay a candidate's name over an official one and undo the disguises: what is left differs in fact.

Names are aligned by sound, in which homophones are equal already; where they differ, marks that
look alike or nearly sound alike are put back. The repaired name is what the impostor wants read.
"""

from __future__ import annotations

from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from playbooks.impersonation.matching import sound
from playbooks.impersonation.matching.likeness import NOTHING, Likeness, likeness

ALIKE_AT_LEAST = 0.75
NUMERALS = frozenset("0123456789一二三四五六七八九十")


@dataclass(frozen=True, slots=True)
class Disguise:
    """One mark of the candidate that stands for another of the official name.

    ``position`` counts from 0 in the candidate's folded name.
    """

    position: int
    mark: str
    official_mark: str
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class Repair:
    """The candidate with its disguises undone.

    Attributes:
        text: the repaired name.
        disguises: what was undone, in order.
        added: stretches of the repaired name that the official one lacks.
        lost: stretches of the official name that the repaired one lacks.
    """

    text: str
    disguises: tuple[Disguise, ...]
    added: tuple[str, ...]
    lost: tuple[str, ...]


def repair(candidate: str, official: str) -> Repair:
    """Return *candidate* repaired towards *official*."""
    marks = list(candidate)
    disguises: list[Disguise] = []
    if candidate != official:
        blocks = Levenshtein.opcodes(sound.sound_text(candidate), sound.sound_text(official))
        for block in blocks:
            if block.tag in ("equal", "replace"):
                here = range(block.src_start, block.src_end)
                there = range(block.dest_start, block.dest_end)
                disguises += _disguises(candidate, official, here, there)
        for found in disguises:
            marks[found.position] = found.official_mark
    text = "".join(marks)
    added, lost = _difference(text, official)
    return Repair(text, tuple(disguises), added, lost)


def unchanged(candidate: str, official: str) -> Repair:
    """Return *candidate* as it is, with what it has and lacks beside *official*."""
    return Repair(candidate, (), *_difference(candidate, official))


def _disguises(candidate: str, official: str, here: range, there: range) -> list[Disguise]:
    """Pair the marks of two stretches in order, each with the first later one that it is like."""
    found: list[Disguise] = []
    at = there.start
    for position in here:
        mark = candidate[position]
        slack = there.stop - at - (here.stop - position)
        for other in range(at, min(there.stop, at + max(slack, 0) + 1)):
            alike = _likeness(mark, official[other])
            if alike.share >= ALIKE_AT_LEAST:
                if mark != official[other]:
                    found.append(Disguise(position, mark, official[other], alike))
                at = other + 1
                break
        else:
            at += slack <= 0 or len(here) >= len(there)
    return found


def _likeness(mark: str, official_mark: str) -> Likeness:
    """Return their likeness; but 二院 does not pretend to be 一院."""
    if mark != official_mark and mark in NUMERALS and official_mark in NUMERALS:
        return NOTHING
    return likeness(mark, official_mark)


def _difference(text: str, official: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if text == official:
        return (), ()
    added: list[str] = []
    lost: list[str] = []
    for block in Levenshtein.opcodes(text, official):
        if block.tag in ("insert", "replace"):
            lost.append(official[block.dest_start : block.dest_end])
        if block.tag in ("delete", "replace"):
            added.append(text[block.src_start : block.src_end])
    return tuple(added), tuple(lost)
