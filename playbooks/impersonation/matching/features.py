"""What distinguishes an imitation from a neighbour, as numbers: one row per candidate and face."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from math import log

from rapidfuzz.distance import Indel, LCSseq

from playbooks.impersonation.matching import gazetteer, sound, vocabulary
from playbooks.impersonation.matching.gazetteer import Places
from playbooks.impersonation.matching.parsing import Parse, Word, parse
from playbooks.impersonation.matching.protected import NAME, Face
from playbooks.impersonation.matching.repair import NUMERALS, Repair, repair

NAMES = (
    "same_text", "same_repaired", "likeness_text", "likeness_sound", "likeness_repaired",
    "likeness_any_order", "face_covered", "candidate_covered", "first_same", "last_same",
    "disguised_count", "disguised_share", "disguise_mean", "disguise_is_initials",
    "odd_marks", "hidden_marks", "joined_parts", "face_length", "length_gap", "face_is_name",
    "face_shared", "face_places", "face_has_place", "face_has_body",
    "place_same", "place_missing", "place_parent", "place_child", "place_other", "place_other_city",
    "place_raw_other", "place_ambiguity",
    "body_same", "body_missing", "body_other", "body_added", "body_raw_other",
    "is_other_body_plainly",
    "added_affix", "added_role", "added_invented", "added_subordinate", "added_media",
    "added_ordinary", "added_zone", "added_place", "added_unknown", "added_unknown_official",
    "added_body_ending", "innocent_in_candidate", "lost_affix", "lost_unknown", "lost_place",
    "words_in_other_order", "is_part_of_face", "only_place_shared", "unread_share",
    "disguised_in_known", "raw_unknown", "raw_innocent", "added_common", "number_differs",
    "tail_is_invented_body", "added_zone_like", "place_raw_same", "body_raw_same",
    "likeness_agreed", "agreed_any_order", "body_modified",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    """A candidate's name as one form of it reads.

    Attributes:
        text: folded, with pinyin syllables as single marks.
        parse: the text read as words.
        written: the name read as words before any parts were put together.
        odd_marks: marks of other scripts, widths and variants that were folded.
        hidden_marks: marks nobody can see.
        joined_parts: how many characters were put together from parts to get this form.
    """

    text: str
    parse: Parse
    written: Parse
    odd_marks: int = 0
    hidden_marks: int = 0
    joined_parts: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """One candidate beside one face: the numbers, and what the reasons are written from."""

    seen: Seen
    face: Face
    repaired: Repair
    repaired_parse: Parse
    added: tuple[Word, ...]
    place: str
    body: str
    values: tuple[float, ...]


def compare(seen: Seen, face: Face, places: Places, shared: int) -> Comparison:
    """Compare a candidate with a face of an official at *places* that *shared* officials have."""
    fixed = repair(seen.text, face.text)
    read = seen.parse if fixed.text == seen.text else parse(fixed.text)
    added = _added(read, face.parse)
    place = gazetteer.relation(read.places, places)
    body = _body_relation(read, face.parse)
    values = {
        **_likenesses(seen, face, fixed),
        **_agreed(read, face, places),
        **_disguises(seen, fixed),
        **_face(face, shared),
        **_places(seen, face, read, places, place),
        **_bodies(seen, face, read, body),
        **_additions(added, read, face.parse),
    }
    raw_added = added if read is seen.written else _added(seen.written, face.parse)
    values.update(_raw(seen, face, fixed, places, raw_added))
    values["number_differs"] = _number_differs(fixed)
    values["only_place_shared"] = _only_place_is_shared(read, face.parse)
    return Comparison(
        seen, face, fixed, read, added, place, body, tuple(float(values[name]) for name in NAMES)
    )


def _likenesses(seen: Seen, face: Face, fixed: Repair) -> dict[str, float]:
    common = LCSseq.similarity(fixed.text, face.text)
    both = sum((Counter(fixed.text) & Counter(face.text)).values())
    heard, said = sound.sound_text(fixed.text), sound.sound_text(face.text)
    heard_both = sum((Counter(heard) & Counter(said)).values())
    return {
        "same_text": seen.text == face.text,
        "same_repaired": fixed.text == face.text,
        "likeness_text": Indel.normalized_similarity(seen.text, face.text),
        "likeness_sound": Indel.normalized_similarity(
            sound.sound_text(seen.text), sound.sound_text(face.text)
        ),
        "likeness_repaired": Indel.normalized_similarity(fixed.text, face.text),
        "likeness_any_order": 2 * heard_both / (len(fixed.text) + len(face.text)),
        "face_covered": common / len(face.text),
        "candidate_covered": common / max(len(fixed.text), 1),
        "first_same": fixed.text[:1] == face.text[:1],
        "last_same": fixed.text[-1:] == face.text[-1:],
        "length_gap": max(-6, min(6, len(fixed.text) - len(face.text))),
        "is_part_of_face": len(fixed.text) >= 2 and fixed.text in face.text,
        "words_in_other_order": both == len(face.text) and common < both,
    }


def _agreed(read: Parse, face: Face, places: Places) -> dict[str, float]:
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
    agreed = "".join(parts)
    both = sum((Counter(agreed) & Counter(face.text)).values())
    return {
        "likeness_agreed": Indel.normalized_similarity(agreed, face.text),
        "agreed_any_order": 2 * both / max(len(agreed) + len(face.text), 1),
    }


def _disguises(seen: Seen, fixed: Repair) -> dict[str, float]:
    count = len(fixed.disguises)
    shares = [found.likeness.share for found in fixed.disguises]
    initials = sum(found.likeness.kind == "initial" for found in fixed.disguises)
    return {
        "disguised_count": min(count, 4),
        "disguised_share": count / max(len(seen.text), 1),
        "disguise_mean": sum(shares) / count if count else 1.0,
        "disguise_is_initials": initials,
        "odd_marks": min(seen.odd_marks, 4),
        "hidden_marks": min(seen.hidden_marks, 4),
        "joined_parts": seen.joined_parts,
    }


def _face(face: Face, shared: int) -> dict[str, float]:
    return {
        "face_length": min(len(face.text), 14),
        "face_is_name": face.kind == NAME,
        "face_shared": log(shared),
        "face_places": min(len(face.parse.places), 5),
        "face_has_place": bool(face.parse.places),
        "face_has_body": bool(face.parse.bodies),
    }


def _places(seen: Seen, face: Face, read: Parse, places: Places, relation: str) -> dict[str, float]:
    raw = gazetteer.relation(seen.written.places, places)
    is_apart = relation == gazetteer.OTHER
    return {
        "place_same": relation == gazetteer.SAME,
        "place_missing": not read.places and bool(face.parse.places),
        "place_parent": relation == gazetteer.PARENT,
        "place_child": relation == gazetteer.CHILD,
        "place_other": is_apart,
        "place_other_city": is_apart and not gazetteer.in_same_city(read.places, places),
        "place_raw_other": raw in (gazetteer.OTHER, gazetteer.CHILD),
        "place_ambiguity": log(max(len(read.places), 1)),
    }


def _body_relation(read: Parse, official: Parse) -> str:
    if not read.bodies:
        return gazetteer.NONE
    if read.bodies & official.bodies:
        return gazetteer.SAME
    return gazetteer.OTHER if official.bodies else gazetteer.CHILD


def _bodies(seen: Seen, face: Face, read: Parse, relation: str) -> dict[str, float]:
    return {
        "body_same": relation == gazetteer.SAME,
        "body_missing": relation == gazetteer.NONE and bool(face.parse.bodies),
        "body_other": relation == gazetteer.OTHER,
        "body_added": relation == gazetteer.CHILD,
        "body_raw_other": _body_relation(seen.written, face.parse) == gazetteer.OTHER,
    }


def _added(read: Parse, official: Parse) -> tuple[Word, ...]:
    """Return the words of a candidate that the official name has neither as such nor inside.

    A body that is the same by another name, and a place that is the same, add nothing.
    """
    whole = "".join(word.text for word in official.words)
    added: list[Word] = []
    for word in read.words:
        is_same_body = bool(word.bodies & official.bodies)
        is_same_place = bool(word.places & official.places)
        if not (is_same_body or is_same_place or word.text in whole):
            added.append(word)
    return tuple(added)


def _additions(added: tuple[Word, ...], read: Parse, official: Parse) -> dict[str, float]:
    count = Counter(word.kind for word in added)
    unknown = "".join(word.text for word in added if word.kind == vocabulary.UNKNOWN)
    mine = {word.text for word in read.words}
    lost = [word for word in official.words if word.text not in mine]
    whole = "".join(word.text for word in read.words)
    return {
        "added_affix": min(count[vocabulary.AFFIX], 3),
        "added_role": count[vocabulary.ROLE],
        "added_invented": count[vocabulary.INVENTED],
        "added_subordinate": count[vocabulary.SUBORDINATE] + count[vocabulary.TOWN],
        "added_media": count[vocabulary.MEDIA],
        "added_ordinary": count[vocabulary.ORDINARY],
        "added_zone": count[vocabulary.ZONE],
        "added_place": count[vocabulary.PLACE],
        "added_unknown": min(len(unknown), 8),
        "added_unknown_official": vocabulary.officialness(unknown),
        "added_body_ending": bool(unknown) and vocabulary.ends_like_a_body(whole),
        "innocent_in_candidate": sum(
            word.kind in vocabulary.INNOCENT_CLASSES for word in read.words
        ),
        "lost_affix": sum(word.kind == vocabulary.AFFIX for word in lost),
        "lost_unknown": sum(len(word.text) for word in lost if word.kind == vocabulary.UNKNOWN),
        "lost_place": sum(word.kind == vocabulary.PLACE for word in lost),
        "unread_share": len(unknown) / max(len(whole), 1),
    }


def _raw(
    seen: Seen, face: Face, fixed: Repair, places: Places, added: tuple[Word, ...]
) -> dict[str, float]:
    """What the name says as written: a real body elsewhere, ordinary words, or nothing known."""
    place = gazetteer.relation(seen.written.places, places)
    body = _body_relation(seen.written, face.parse)
    known = [word for word in seen.written.words if word.kind != vocabulary.UNKNOWN]
    return {
        "is_other_body_plainly": _is_other_body(seen, place, body, added),
        "place_raw_same": place == gazetteer.SAME,
        "body_raw_same": body == gazetteer.SAME,
        "raw_unknown": min(
            sum(len(w.text) for w in seen.written.words) - sum(len(w.text) for w in known), 6
        ),
        "raw_innocent": sum(word.kind in vocabulary.INNOCENT_CLASSES for word in known),
        "disguised_in_known": sum(
            any(word.start <= found.position < word.start + len(word.text) for word in known)
            for found in fixed.disguises
        ),
        "body_modified": _body_is_modified(seen.written),
        "tail_is_invented_body": _tail_is_invented(seen.written),
        "added_zone_like": any(
            word.kind == vocabulary.UNKNOWN and word.text[-1] in "区城" for word in added
        ),
        "added_common": sum(word.kind == vocabulary.COMMON for word in added),
    }


def _tail_is_invented(read: Parse) -> bool:
    """Say whether a name ends as a body does without ending in one that is known."""
    places = [word for word in read.words if word.kind == vocabulary.PLACE]
    last = read.words[-1]
    if not places or last.kind in (vocabulary.BODY, vocabulary.PLACE, vocabulary.SUBORDINATE):
        return False
    tail = "".join(word.text for word in read.words if word.start > places[0].start)
    return len(tail) > 2 and vocabulary.ends_like_a_bureau(tail)


def _body_is_modified(read: Parse) -> bool:
    """Say whether something nobody knows stands before a known body: 经济监察局."""
    for before, word in pairwise(read.words):
        is_plain = before.kind in (vocabulary.UNKNOWN, vocabulary.COMMON)
        if word.kind == vocabulary.BODY and is_plain and before.start > 0:
            return True
    return False


def _number_differs(fixed: Repair) -> bool:
    """第一 is not 第二: a neighbour of the same kind, not a disguise."""
    here = {mark for text in fixed.added for mark in text} & NUMERALS
    there = {mark for text in fixed.lost for mark in text} & NUMERALS
    return bool(here and there)


def _is_other_body(seen: Seen, place: str, body: str, added: tuple[Word, ...]) -> bool:
    """Say whether the name, as written, is simply that of somebody else who exists."""
    is_read = not any(word.kind == vocabulary.UNKNOWN for word in seen.written.words)
    is_elsewhere = place in (gazetteer.OTHER, gazetteer.CHILD, gazetteer.PARENT)
    is_below = any(word.kind in (vocabulary.SUBORDINATE, vocabulary.TOWN) for word in added)
    is_other = body == gazetteer.OTHER and bool(seen.written.places)
    return is_read and (is_elsewhere or is_below or is_other)


def _only_place_is_shared(read: Parse, official: Parse) -> bool:
    mine = {word.text for word in read.words if word.kind != vocabulary.PLACE}
    theirs = {word.text for word in official.words if word.kind != vocabulary.PLACE}
    is_same_body = bool(read.bodies & official.bodies)
    return bool(read.places & official.places) and not mine & theirs and not is_same_body
