"""The register of document numbers (发文登记): what became of every number, folded from the ledger.

A number is given once and never again. One whose letter was sent back and drafted anew stays in the
register as void, so that no gap is left unexplained.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from playbooks.core.facts import as_list
from playbooks.core.ledger import Event, EventType

RESERVED, DRAFTED, REVIEWED, SIGNED, SENT, VOID = (
    *("已占用，尚未起草", "起草", "已审核", "已签发", "已发出", "作废（退回后重新起草）"),
)


@dataclass(frozen=True)
class NumberEntry:
    """One number and its letter.

    Attributes:
        number: as printed, for example ``云杉政营函〔2026〕12号``; empty until drafted.
        drafted_by: who worked on the case when it was drafted; the system wrote the text.
        reviewed_by: person ids of those who passed it on before the signer.
        addressee: whom it went to.
    """

    year: int
    ordinal: int
    case_id: str
    letter: str
    reserved_at: datetime
    number: str = ""
    status: str = RESERVED
    drafted_by: str = ""
    reviewed_by: tuple[str, ...] = ()
    signed_by: str = ""
    signed_at: datetime | None = None
    sent_at: datetime | None = None
    addressee: str = ""
    receipt: str = ""


Entries = dict[tuple[int, int], NumberEntry]
"""Year and number within it -> what is known of it."""

_NUMBER = re.compile(r"\u3014(\d{4})\u3015(\d+)号$")


def register_of(
    numbers: Iterable[Mapping[str, object]], events: Iterable[Event]
) -> list[NumberEntry]:
    """Return the entries of *numbers*, in their order, as *events* of their cases tell them."""
    entries: Entries = {}
    for row in numbers:
        entry = _reserved(row)
        entries[entry.year, entry.ordinal] = entry
    by_case: dict[str, _Letters] = {}
    for event in events:
        letters = by_case.setdefault(event.case_id, _Letters(entries))
        handler = _HANDLERS.get(event.event_type)
        if handler:
            handler(letters, event)
    return list(entries.values())


class _Letters:
    """The letters of one case as its events go by: which number each kind of letter has now."""

    def __init__(self, entries: Entries) -> None:
        self.entries = entries
        self.current: dict[str, tuple[int, int]] = {}
        self.role = ""
        self.handler = ""

    def answered(self, event: Event) -> None:
        """Note who works on the case: whoever acts in the role that took its first step."""
        self.role = self.role or str(event.payload["role"])
        if event.payload["role"] == self.role:
            self.handler = str(event.payload["answered_by"])

    def drafted(self, event: Event) -> None:
        name, number = str(event.payload["letter"]), str(event.payload["number"])
        before = self.entry(name)
        if before is not None and before.status in (DRAFTED, REVIEWED):
            self.put(name, replace(before, status=VOID))
        given = _NUMBER.search(number)
        if given is None:
            self.current.pop(name, None)
            return
        self.current[name] = int(given[1]), int(given[2])
        entry = self.entry(name)
        if entry is not None:
            drafted = replace(entry, number=number, status=DRAFTED, drafted_by=self.handler)
            self.put(name, drafted)

    def reviewed(self, event: Event) -> None:
        for name, entry, person in self.passed(event):
            reviewers = (*entry.reviewed_by, person)
            self.put(name, replace(entry, status=REVIEWED, reviewed_by=reviewers))

    def signed(self, event: Event) -> None:
        for name, entry, person in self.passed(event):
            at = event.occurred_at
            self.put(name, replace(entry, status=SIGNED, signed_by=person, signed_at=at))

    def passed(self, event: Event) -> Iterator[tuple[str, NumberEntry, str]]:
        person = event.actor.removeprefix("person:")
        for name in map(str, as_list(event.payload["letters"])):
            entry = self.entry(name)
            if entry is not None:
                yield name, entry, person

    def dispatched(self, event: Event) -> None:
        name = str(event.payload["letter"])
        entry = self.entry(name)
        if entry is not None:
            addressee = str(event.payload["addressee"])
            sent = replace(entry, status=SENT, sent_at=event.occurred_at, addressee=addressee)
            self.put(name, sent)

    def received(self, event: Event) -> None:
        name = str(event.payload.get("letter", ""))
        entry = self.entry(name)
        if entry is not None:
            self.put(name, replace(entry, receipt=str(event.payload.get("receipt", ""))))

    def entry(self, name: str) -> NumberEntry | None:
        return self.entries.get(self.current.get(name, (0, 0)))

    def put(self, name: str, entry: NumberEntry) -> None:
        self.entries[self.current[name]] = entry


_HANDLERS: Mapping[EventType, Callable[[_Letters, Event], None]] = {
    EventType.STEP_ANSWERED: _Letters.answered,
    EventType.LETTER_DRAFTED: _Letters.drafted,
    EventType.REVIEWED: _Letters.reviewed,
    EventType.SIGNED: _Letters.signed,
    EventType.LETTER_DISPATCHED: _Letters.dispatched,
    EventType.RECEIPT_RECORDED: _Letters.received,
}


def _reserved(row: Mapping[str, object]) -> NumberEntry:
    reserved_at = row["reserved_at"]
    assert isinstance(reserved_at, datetime)
    return NumberEntry(
        year=int(str(row["year"])),
        ordinal=int(str(row["number"])),
        case_id=str(row["case_id"]),
        letter=str(row["letter"]),
        reserved_at=reserved_at,
    )


def people_of(entries: Sequence[NumberEntry]) -> set[str]:
    """Return the ids of everybody whom the register names."""
    found = {one.drafted_by for one in entries} | {one.signed_by for one in entries}
    return (found | {person for one in entries for person in one.reviewed_by}) - {""}
