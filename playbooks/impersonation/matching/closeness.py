"""How close a candidate's letters and sounds are to a face's, as numbers."""

from __future__ import annotations

from rapidfuzz.distance import Indel, LCSseq

from playbooks.impersonation.matching import sound
from playbooks.impersonation.matching.gazetteer import Places
from playbooks.impersonation.matching.parsing import Parse
from playbooks.impersonation.matching.protected import NAME, Face
from playbooks.impersonation.matching.repair import NUMERALS, Repair
from playbooks.impersonation.matching.seen import Seen

LIKENESS_NAMES = (
    "same_text", "same_repaired", "likeness_text", "likeness_sound", "likeness_repaired",
    "likeness_any_order", "face_covered", "candidate_covered", "first_same", "last_same",
    "length_gap", "is_part_of_face", "words_in_other_order",
)  # fmt: skip
AGREED_NAMES = ("likeness_agreed", "agreed_any_order")
DISGUISE_NAMES = (
    "disguised_count", "disguised_share", "disguise_mean", "disguise_is_initials", "odd_marks",
    "hidden_marks", "joined_parts", "number_differs",
)  # fmt: skip
FACE_NAMES = (
    "face_length",
    "face_is_name",
    "face_shared",
    "face_places",
    "face_has_place",
    "face_has_body",
)


def likenesses(seen: Seen, face: Face, fixed: Repair) -> tuple[float, ...]:
    """Return the numbers of ``LIKENESS_NAMES``."""
    text, official = fixed.text, face.text
    said = sound.sound_text(official)
    seen_heard = sound.sound_text(seen.text)
    heard = seen_heard if text == seen.text else sound.sound_text(text)
    common = LCSseq.similarity(text, official)
    both = _in_any_order(text, official)
    size, official_size = len(text), len(official)
    return (
        seen.text == official,
        text == official,
        Indel.normalized_similarity(seen.text, official),
        Indel.normalized_similarity(seen_heard, said),
        2 * common / (size + official_size),
        2 * _in_any_order(heard, said) / (size + official_size),
        common / official_size,
        common / max(size, 1),
        text[:1] == official[:1],
        text[-1:] == official[-1:],
        max(-6, min(6, size - official_size)),
        size >= 2 and text in official,
        both == official_size and common < both,
    )


def agreed(read: Parse, face: Face, places: Places) -> tuple[float, ...]:
    """Compare once more with the same place and the same body written as the official does."""
    theirs = face.parse.words
    place = next((word.text for word in theirs if word.places & places), "")
    body = next((word.text for word in reversed(theirs) if word.bodies), "")
    parts: list[str] = []
    for word in read.words:
        if word.places & places:
            parts.append(place if place not in parts else "")
        else:
            parts.append(body if word.bodies & face.parse.bodies else word.text)
    text = "".join(parts)
    both = _in_any_order(text, face.text)
    return (
        Indel.normalized_similarity(text, face.text),
        2 * both / max(len(text) + len(face.text), 1),
    )


def disguises(seen: Seen, fixed: Repair) -> tuple[float, ...]:
    """Return the numbers of ``DISGUISE_NAMES``."""
    count = len(fixed.disguises)
    shares = [found.likeness.share for found in fixed.disguises]
    return (
        min(count, 4),
        count / max(len(seen.text), 1),
        sum(shares) / count if count else 1.0,
        sum(found.likeness.kind == "initial" for found in fixed.disguises),
        min(seen.odd_marks, 4),
        min(seen.hidden_marks, 4),
        seen.joined_parts,
        _number_differs(fixed),
    )


def face_numbers(face: Face, log_shared: float) -> tuple[float, ...]:
    """Return the numbers of ``FACE_NAMES``."""
    return (
        min(len(face.text), 14),
        face.kind == NAME,
        log_shared,
        min(len(face.parse.places), 5),
        bool(face.parse.places),
        bool(face.parse.bodies),
    )


def _in_any_order(one: str, other: str) -> int:
    """Return how many marks two texts share: of sorted texts, the longest common subsequence."""
    return LCSseq.similarity("".join(sorted(one)), "".join(sorted(other)))


def _number_differs(fixed: Repair) -> bool:
    """第一 is not 第二: a neighbour of the same kind, not a disguise."""
    here = {mark for text in fixed.added for mark in text} & NUMERALS
    there = {mark for text in fixed.lost for mark in text} & NUMERALS
    return bool(here and there)
