"""Ledger entries without personal data, each saying whether anything was taken out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from playbooks.core.ledger import Event
from playbooks.core.personal_data import without_personal_data


@dataclass(frozen=True)
class Entry:
    """One row of the ledger with its place in the chain."""

    event: Event
    previous_hash: str
    entry_hash: str


def entry_facts(entry: Entry) -> dict[str, object]:
    """Return an entry for the JSON of a case file.

    ``is_masked`` is true where personal data was taken out: its hash can then be checked only
    against the system itself, because the hash seals what was there.
    """
    event = entry.event
    payload = without(event.payload)
    return {
        "position": event.position,
        "case_id": event.case_id,
        "event_type": str(event.event_type),
        "reference": event.reference,
        "actor": event.actor,
        "occurred_at": event.occurred_at.isoformat(timespec="microseconds"),
        "payload": payload,
        "previous_hash": entry.previous_hash,
        "entry_hash": entry.entry_hash,
        "is_masked": payload != event.payload,
    }


def without(value: object) -> object:
    """Return JSON-ready *value* with the personal data of every text in it masked."""
    if isinstance(value, str):
        return without_personal_data(value)
    if isinstance(value, Mapping):
        items = cast("Mapping[str, object]", value).items()
        return {key: without(item) for key, item in items}
    if isinstance(value, (list, tuple)):
        return [without(item) for item in cast("list[object]", value)]
    return value
