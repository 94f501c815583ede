"""Units of the district: the curated ones, then as many communities as the scale asks for."""

from __future__ import annotations

from collections.abc import Iterator

from connectors.simulation import codes, curated
from connectors.simulation.model import Unit

ACCOUNTS_PER_COMMUNITY = 4
FIRST_COMMUNITY_NUMBER = 100_001


def iterate_units(community_count: int) -> Iterator[Unit]:
    """Yield the curated units and then *community_count* invented communities."""
    region = str(curated.document()["region"])
    for number, entry in enumerate(curated.units(), start=1):
        yield Unit(
            unit_id=entry["id"],
            name=entry["name"],
            short_name=entry["short_name"],
            unit_kind=entry["kind"],
            parent_unit_id=entry.get("parent"),
            supervisor_unit_id=entry.get("supervisor"),
            uscc=codes.uscc(number),
            region=region,
        )
    townships = [entry for entry in curated.units() if entry["kind"] == "township"]
    for index in range(community_count):
        township = townships[index % len(townships)]
        place = community_place(index)
        yield Unit(
            unit_id=community_unit_id(index),
            name=f"{township['short_name']}{place}社区居民委员会",
            short_name=f"{place}社区",
            unit_kind="community",
            parent_unit_id=township["id"],
            supervisor_unit_id=township["supervisor"],
            uscc=codes.uscc(1_000 + index),
            region=region,
        )


def community_unit_id(index: int) -> str:
    """Return the id of the *index*-th invented community."""
    return f"U{FIRST_COMMUNITY_NUMBER + index}"


def community_place(index: int) -> str:
    """Return the three-character place name of the *index*-th invented community.

    The step is coprime to the number of names, so neighbours differ in every character and no
    name comes twice.
    """
    places = str(curated.document()["names"]["places"])
    base = len(places)
    number = (index + 1) * 7_919 % base**3
    return places[number // base**2] + places[number // base % base] + places[number % base]


def most_communities() -> int:
    """Return how many invented communities have a name of their own."""
    return len(str(curated.document()["names"]["places"])) ** 3
