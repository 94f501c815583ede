"""What distinguishes an imitation from a neighbour, as numbers: one row per candidate and face."""

from __future__ import annotations

from dataclasses import dataclass

from playbooks.impersonation.matching import closeness, evidence, gazetteer
from playbooks.impersonation.matching.gazetteer import Places
from playbooks.impersonation.matching.parsing import Parse, Word, parse
from playbooks.impersonation.matching.protected import Face
from playbooks.impersonation.matching.repair import Repair, repair, unchanged
from playbooks.impersonation.matching.seen import Seen

NAMES = (
    *closeness.LIKENESS_NAMES,
    *closeness.AGREED_NAMES,
    *closeness.DISGUISE_NAMES,
    *closeness.FACE_NAMES,
    *evidence.PLACE_NAMES,
    *evidence.BODY_NAMES,
    *evidence.ADDED_NAMES,
    *evidence.WRITTEN_NAMES,
)


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


def compare(seen: Seen, face: Face, places: Places, log_shared: float) -> Comparison:
    """Compare a candidate with a face of an official.

    Args:
        seen: the candidate in one reading.
        face: of the official.
        places: where the official is.
        log_shared: natural logarithm of how many officials have this face.
    """
    official = face.parse
    is_plain = bool(seen.parse.bodies & official.bodies) and bool(seen.parse.places & places)
    # What is read as the same place and body already is not bent towards one of its names.
    fixed = unchanged(seen.text, face.text) if is_plain else repair(seen.text, face.text)
    read = seen.parse if fixed.text == seen.text else parse(fixed.text)
    added = evidence.added_words(read, official)
    place = gazetteer.relation(read.places, places)
    body = evidence.body_relation(read, official)
    written_place, written_body, written_added = place, body, added
    if read is not seen.written:
        written_place = gazetteer.relation(seen.written.places, places)
        written_body = evidence.body_relation(seen.written, official)
        written_added = evidence.added_words(seen.written, official)
    values = (
        *closeness.likenesses(seen, face, fixed),
        *closeness.agreed(read, face, places),
        *closeness.disguises(seen, fixed),
        *closeness.face_numbers(face, log_shared),
        *evidence.place_numbers(written_place, face, read, places, place),
        *evidence.body_numbers(written_body, face, body),
        *evidence.additions(seen, read, face, added),
        *evidence.as_written(seen, fixed, face, written_place, written_body, written_added),
    )
    return Comparison(seen, face, fixed, read, added, place, body, values)
