"""Read JSON facts with their types checked, so that a malformed payload fails where it is read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import cast

Facts = Mapping[str, object]


def as_mapping(value: object) -> dict[str, object]:
    """Return a JSON object; ``TypeError`` for anything else."""
    if not isinstance(value, Mapping):
        raise TypeError(f"expected a JSON object, got {type(value).__name__}")
    return {str(key): item for key, item in cast("Mapping[object, object]", value).items()}


def as_list(value: object) -> list[object]:
    """Return a JSON array; ``TypeError`` for anything else."""
    if not isinstance(value, list | tuple):
        raise TypeError(f"expected a JSON array, got {type(value).__name__}")
    return list(cast("list[object]", value))


def as_mappings(value: object) -> list[dict[str, object]]:
    """Return a JSON array of objects."""
    return [as_mapping(item) for item in as_list(value)]


def as_int(value: object) -> int:
    """Return a whole number; ``TypeError`` for anything else."""
    if not isinstance(value, int):
        raise TypeError(f"expected a whole number, got {value!r}")
    return value


def as_float(value: object) -> float:
    """Return a number; ``TypeError`` for anything else."""
    if not isinstance(value, int | float):
        raise TypeError(f"expected a number, got {value!r}")
    return float(value)


def as_instant(value: object) -> datetime:
    """Return an aware instant from a datetime or its ISO text."""
    instant = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    if instant.tzinfo is None:
        raise ValueError(f"{instant} has no zone")
    return instant
