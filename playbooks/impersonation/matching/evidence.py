"""What a candidate's words say beside a face's: whose place and body, what was added and lost."""

from __future__ import annotations

from collections import Counter
from math import log

from rapidfuzz.distance import Levenshtein

from playbooks.impersonation.matching import gazetteer, vocabulary
from playbooks.impersonation.matching.gazetteer import Places
from playbooks.impersonation.matching.parsing import Parse, Word
from playbooks.impersonation.matching.protected import Face
from playbooks.impersonation.matching.repair import NUMERALS, Repair
from playbooks.impersonation.matching.seen import Seen

PLACE_NAMES = (
    "place_same", "place_missing", "place_parent", "place_child", "place_other", "place_other_city",
    "place_raw_other", "place_raw_same", "place_ambiguity",
)  # fmt: skip
BODY_NAMES = (
    "body_same",
    "body_missing",
    "body_other",
    "body_added",
    "body_raw_other",
    "body_raw_same",
)
ADDED_NAMES = (
    "added_affix", "added_role", "added_invented", "added_subordinate", "added_media",
    "added_ordinary", "added_zone", "added_place", "added_unknown", "added_unknown_official",
    "added_body_ending", "innocent_in_candidate", "lost_affix", "lost_unknown", "lost_place",
    "unread_share", "added_common", "only_place_shared",
)  # fmt: skip
WRITTEN_NAMES = (
    "is_other_body_plainly", "raw_unknown", "raw_innocent", "disguised_in_known", "made_up_body",
    "made_up_zone", "ends_in_claim", "ends_innocently", "one_mark_unexplained",
)  # fmt: skip


def place_numbers(
    raw: str, face: Face, read: Parse, places: Places, relation: str
) -> tuple[float, ...]:
    """Return the numbers of ``PLACE_NAMES``; *raw* is the relation as written."""
    is_apart = relation == gazetteer.OTHER
    return (
        relation == gazetteer.SAME,
        not read.places and bool(face.parse.places),
        relation == gazetteer.PARENT,
        relation == gazetteer.CHILD,
        is_apart,
        is_apart and not gazetteer.in_same_city(read.places, places),
        raw in (gazetteer.OTHER, gazetteer.CHILD),
        raw == gazetteer.SAME,
        log(max(len(read.places), 1)),
    )


def body_relation(read: Parse, official: Parse) -> str:
    """Say whether a name's body is the official one, another, or one where it has none."""
    if not read.bodies:
        return gazetteer.NONE
    if read.bodies & official.bodies:
        return gazetteer.SAME
    return gazetteer.OTHER if official.bodies else gazetteer.CHILD


def body_numbers(raw: str, face: Face, relation: str) -> tuple[float, ...]:
    """Return the numbers of ``BODY_NAMES``; *raw* is the relation as written."""
    return (
        relation == gazetteer.SAME,
        relation == gazetteer.NONE and bool(face.parse.bodies),
        relation == gazetteer.OTHER,
        relation == gazetteer.CHILD,
        raw == gazetteer.OTHER,
        raw == gazetteer.SAME,
    )


def added_words(read: Parse, official: Parse) -> tuple[Word, ...]:
    """Return the words of a candidate that the official name has neither as such nor inside.

    A body that is the same by another name, and a place that is the same, add nothing.
    """
    whole = official.text
    added: list[Word] = []
    for word in read.words:
        is_same_body = bool(word.bodies & official.bodies)
        is_same_place = bool(word.places & official.places)
        if not (is_same_body or is_same_place or word.text in whole):
            added.append(word)
    return tuple(added)


def additions(seen: Seen, read: Parse, face: Face, added: tuple[Word, ...]) -> tuple[float, ...]:
    """Return the numbers of ``ADDED_NAMES``."""
    official = face.parse
    count = Counter([word.kind for word in added])
    unknown = "".join([word.text for word in added if word.kind == vocabulary.UNKNOWN])
    mine = {word.text for word in read.words}
    lost = [word for word in official.words if word.text not in mine]
    whole = read.text
    return (
        min(count[vocabulary.AFFIX], 3),
        count[vocabulary.ROLE],
        count[vocabulary.INVENTED],
        count[vocabulary.SUBORDINATE] + count[vocabulary.TOWN],
        count[vocabulary.MEDIA],
        count[vocabulary.ORDINARY],
        count[vocabulary.ZONE],
        count[vocabulary.PLACE],
        min(len(unknown), 8),
        vocabulary.officialness(unknown),
        bool(unknown) and vocabulary.ends_like_a_body(whole),
        sum([word.kind in vocabulary.INNOCENT_CLASSES for word in read.words]),
        sum([word.kind == vocabulary.AFFIX for word in lost]),
        sum([len(word.text) for word in lost if word.kind == vocabulary.UNKNOWN]),
        sum([word.kind == vocabulary.PLACE for word in lost]),
        len(unknown) / max(len(whole), 1),
        count[vocabulary.COMMON],
        _only_place_is_shared(read, official),
    )


def as_written(
    seen: Seen, fixed: Repair, face: Face, place: str, body: str, added: tuple[Word, ...]
) -> tuple[float, ...]:
    """Return the numbers of ``WRITTEN_NAMES``: a body elsewhere, ordinary words, or nothing known.

    Args:
        seen: the candidate.
        fixed: repaired.
        face: of the official.
        place: relation of the place as written.
        body: relation of the body as written.
        added: words added as written.
    """
    written = seen.written
    known = [word for word in written.words if word.kind != vocabulary.UNKNOWN]
    unknown = len(written.text) - sum([len(word.text) for word in known])
    innocent = [word.text for word in known if word.kind in vocabulary.INNOCENT_CLASSES]
    # What comes last says what a name is: a training's notice office is an office.
    last = written.words[-1].kind if written.words and len(written.words[-1].text) > 1 else ""
    return (
        _is_other_body(seen, place, body, added),
        min(unknown, 6),
        sum([text not in written.made_up_body for text in innocent]),
        sum(
            [
                any(word.start <= found.position < word.start + len(word.text) for word in known)
                for found in fixed.disguises
            ]
        ),
        bool(written.made_up_body),
        bool(written.made_up_zone),
        last in vocabulary.OFFICIAL_CLASSES,
        last in vocabulary.INNOCENT_CLASSES,
        _one_mark_unexplained(seen, fixed, face),
    )


def _one_mark_unexplained(seen: Seen, fixed: Repair, face: Face) -> int:
    """Return how long the official's body is where a single mark of it was replaced by nonsense.

    湾沚自然次源: no word, and nobody's name; whatever 次 may resemble, it stands for 资源.
    """
    if len(fixed.lost) != 1 or len(fixed.lost[0]) != 1 or seen.joined_parts:
        return 0
    places = [word for word in face.parse.words if word.kind == vocabulary.PLACE]
    for block in Levenshtein.opcodes(fixed.text, face.text):
        if block.tag == "replace" and block.src_end - block.src_start == 1:
            here, there = block.src_start, block.dest_start
            is_word = any(
                word.kind != vocabulary.UNKNOWN and word.start <= here < word.start + len(word.text)
                for word in seen.written.words
            )
            is_place = any(word.start <= there < word.start + len(word.text) for word in places)
            if is_word or is_place or {fixed.text[here], face.text[there]} <= NUMERALS:
                return 0
            return min(len(face.text) - sum(len(word.text) for word in places), 6)
    return 0


def _is_other_body(seen: Seen, place: str, body: str, added: tuple[Word, ...]) -> bool:
    """Say whether the name, as written, is simply that of somebody else who exists."""
    is_read = not any(word.kind == vocabulary.UNKNOWN for word in seen.written.words)
    is_elsewhere = place in (gazetteer.OTHER, gazetteer.CHILD, gazetteer.PARENT)
    is_below = any(word.kind in (vocabulary.SUBORDINATE, vocabulary.TOWN) for word in added)
    is_other = body == gazetteer.OTHER and bool(seen.written.places)
    return is_read and (is_elsewhere or is_below or is_other)


def _only_place_is_shared(read: Parse, official: Parse) -> bool:
    # Every place has a 医院 and a 大学: sharing that word is sharing the place.
    common = (vocabulary.PLACE, vocabulary.SUBORDINATE)
    mine = {word.text for word in read.words if word.kind not in common}
    theirs = {word.text for word in official.words if word.kind not in common}
    is_same_body = bool(read.bodies & official.bodies)
    return bool(read.places & official.places) and not mine & theirs and not is_same_body
