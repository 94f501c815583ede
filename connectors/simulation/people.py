"""People of the district and the duty roster (值班表) that names them week by week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from random import Random

from connectors.simulation import codes, curated
from connectors.simulation.model import Person, Shift

PEOPLE_PER_COMMUNITY = 2
POSITIONS = 3  # one on duty, two substitutes, where a role has that many people
WEEKS_AHEAD = 12  # cases opened on the last day have deadlines well after it
ROLES = ("handler", "reviewer", "signer", "duty_lead", "head")
FIRST_COMMUNITY_PERSON = 10_001


def iterate_people(
    seed: int, last_day: date, community_unit_ids: Iterable[str]
) -> Iterator[Person]:
    """Yield everybody: the curated units' staff, then two people for every invented community."""
    number = 0
    for unit in curated.units():
        for entry in curated.posts(unit["id"]):
            number += 1
            yield _person(seed, last_day, number, unit["id"], entry["post"])
    number = FIRST_COMMUNITY_PERSON - 1
    for unit_id in community_unit_ids:
        for entry in curated.posts(unit_id)[:PEOPLE_PER_COMMUNITY]:
            number += 1
            yield _person(seed, last_day, number, unit_id, entry["post"])


def community_person_id(community_index: int, position: int) -> str:
    """Return the id of a community's person; *position* 0 is responsible, 1 administers."""
    return _person_id(FIRST_COMMUNITY_PERSON + community_index * PEOPLE_PER_COMMUNITY + position)


def curated_staff() -> dict[str, list[str]]:
    """Return unit id -> person ids of its staff, in the order of their posts."""
    staff: dict[str, list[str]] = defaultdict(list)
    number = 0
    for unit in curated.units():
        for _ in curated.posts(unit["id"]):
            number += 1
            staff[unit["id"]].append(_person_id(number))
    return dict(staff)


def roster(first_day: date, last_day: date) -> tuple[Shift, ...]:
    """Return weekly shifts, Monday to Sunday, for every role and position, without a gap.

    Holidays are covered like any other day: an impostor does not wait for the working week. The
    roster starts in the week of *first_day* and reaches twelve weeks beyond *last_day*.
    """
    members = _members_by_role()
    monday = first_day - timedelta(days=first_day.weekday())
    weeks = (last_day - monday).days // 7 + 1 + WEEKS_AHEAD
    return tuple(
        _shift(
            role,
            monday + timedelta(weeks=week),
            position,
            members[role][(week + position - 1) % len(members[role])],
        )
        for week in range(weeks)
        for role in ROLES
        for position in range(1, min(POSITIONS, len(members[role])) + 1)
    )


def _shift(role: str, starts_on: date, position: int, person_id: str) -> Shift:
    return Shift(
        shift_id=f"{role}-{position}-{starts_on:%Y%m%d}",
        role=role,
        person_id=person_id,
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=6),
        position=position,
    )


def _members_by_role() -> dict[str, list[str]]:
    members: dict[str, list[str]] = defaultdict(list)
    for unit_id, person_ids in curated_staff().items():
        for person_id, entry in zip(person_ids, curated.posts(unit_id), strict=True):
            for key in ("role", "also"):
                if key in entry:
                    members[entry[key]].append(person_id)
    return members


def _person_id(number: int) -> str:
    return f"P{number:04d}"


def _person(seed: int, last_day: date, number: int, unit_id: str, post: str) -> Person:
    rng = Random(f"{seed}/person/{number}")  # noqa: S311  # a sample district, not a secret
    trained_days_ago = int(rng.random() * 500) + 20
    # Some leaders were never trained; Article 25 asks it of the administrators.
    is_trained = post != "分管负责人" or rng.random() >= 0.2
    return Person(
        person_id=_person_id(number),
        name=invented_name(number),
        unit_id=unit_id,
        post=post,
        mobile=codes.mobile(number),
        chat_user_id=f"UYS{number:06d}",
        trained_on=last_day - timedelta(days=trained_days_ago) if is_trained else None,
        is_active=True,
    )


def invented_name(number: int) -> str:
    """Pair surnames and given names so that the first 744 people all differ."""
    names = curated.document()["names"]
    surnames, given = names["surnames"], names["given"]
    return surnames[number % len(surnames)] + given[number * 7 % len(given)]
