"""Events with their instants, arranged so that those of many cases can be folded together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import duckdb

import sql
from playbooks.core.ledger import Event, EventType, NewEvent

Row = dict[str, object]


@dataclass(frozen=True)
class Happened:
    """An event and when it happened."""

    event: NewEvent | Event
    at: datetime

    @property
    def payload(self) -> Mapping[str, object]:
        """The facts of the event."""
        return self.event.payload

    @property
    def case_id(self) -> str:
        """The case it happened to."""
        return self.event.case_id


Handler = Callable[[duckdb.DuckDBPyConnection, Sequence[Happened]], None]
Wave = dict[EventType, list[Happened]]


@dataclass
class _Progress:
    """How far one case has come: its wave, and what the event type there already concerns."""

    wave: int = -1
    event_type: EventType | None = None
    references: set[str] = field(default_factory=set[str])


def waves(history: Iterable[Happened]) -> list[Wave]:
    """Arrange events so that each wave may be folded type by type.

    Events of one case stay in order, wave after wave; those of different cases never meet in a row
    of a table, so they share a wave, and so do like events of one case about different things.
    """
    found: list[Wave] = []
    cases: dict[str, _Progress] = {}
    for happened in history:
        event = happened.event
        progress = cases.setdefault(event.case_id, _Progress())
        if event.event_type is not progress.event_type or event.reference in progress.references:
            progress.wave += 1
            progress.event_type, progress.references = event.event_type, set()
        progress.references.add(event.reference)
        if progress.wave == len(found):
            found.append({})
        found[progress.wave].setdefault(event.event_type, []).append(happened)
    return found


def update(
    connection: duckdb.DuckDBPyConnection, name: str, frame_name: str, rows: Sequence[Row]
) -> None:
    """Run the update *name*, which reads *rows* as the frame *frame_name*; no row, no statement."""
    if rows:
        with sql.registered(connection, **{frame_name: sql.frame(rows)}):
            sql.execute(connection, name)
