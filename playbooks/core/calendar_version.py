"""The version of a work calendar: which dates may be compared, and which must be projected again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import cast

from playbooks.core.calendar_files import YearPlan
from playbooks.core.calendar_sources import library_plans, statutory_days
from playbooks.core.working_hours import OfficeHours


def calendar_version(hours: OfficeHours, year_files: Mapping[int, YearPlan]) -> str:
    """Return the digest of all that decides a date: library, statute, year files, office hours.

    Built from values, not from file bytes: a reworded comment moves no deadline.
    """
    return f"cn-{_digest([_library_digest(), year_files, hours])[:12]}"


@cache
def _library_digest() -> str:
    return _digest([library_plans(), statutory_days()])


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(_plain(value), sort_keys=True).encode()).hexdigest()


def _plain(value: object) -> object:
    """Return *value* as JSON can hold it, the same on every machine and for every key order."""
    if is_dataclass(value) and not isinstance(value, type):
        return {part.name: _plain(getattr(value, part.name)) for part in fields(value)}
    if isinstance(value, Mapping):
        items = cast("Mapping[object, object]", value)
        return {str(key): _plain(items[key]) for key in items}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in cast("list[object]", value)]
    return str(value)
