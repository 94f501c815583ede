"""Rules between accounts, their sponsors and their people: Articles 10, 11 and 25."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

from playbooks.core.register.columns import labels
from playbooks.core.register.entries import Book, Entry
from playbooks.core.register.problems import Problem

CLOSED_STATUSES = ("shut_down", "deregistered")
PEOPLE_COLUMNS = ("responsible_person_id", "administrator_person_id")


def account_problems(book: Book) -> list[Problem]:
    """Return what is wrong between accounts; closed accounts are history and stay out of it."""
    accounts = [
        entry for entry in book.tables["account"] if entry.text("status") not in CLOSED_STATUSES
    ]
    same_name = list(_clashes(accounts, _name_key))
    # An account entered twice is one fault, not a second account of its unit as well.
    rest = _without(accounts, same_name)
    same_identity = list(_clashes(rest, _identity_key))
    rest = _without(rest, same_identity)
    return [
        *(_duplicate("account_name_duplicate", "name", *clash) for clash in same_name),
        *(
            _duplicate("account_identity_duplicate", "platform_account_id", *clash)
            for clash in same_identity
        ),
        *_second_accounts(book, rest),
        *_names_differ(book, rest),
        *_internal_offices(book, accounts),
        *_untrained(book, accounts),
        *_inactive(book, accounts),
    ]


def _name_key(entry: Entry) -> Hashable | None:
    name = entry.text("name")
    return (entry.text("platform"), folded(name)) if name and entry.text("platform") else None


def _identity_key(entry: Entry) -> Hashable | None:
    identity = entry.text("platform_account_id")
    return (entry.text("platform"), identity) if identity and entry.text("platform") else None


def _sponsor_key(entry: Entry) -> Hashable | None:
    unit, platform = entry.text("unit_id"), entry.text("platform")
    return (unit, platform) if unit and platform else None


def folded(name: str) -> str:
    """Return *name* without differences of width and case."""
    return unicodedata.normalize("NFKC", name).casefold()


def _grouped(
    entries: Iterable[Entry], key_of: Callable[[Entry], Hashable | None]
) -> list[list[Entry]]:
    groups: dict[Hashable, list[Entry]] = {}
    for entry in entries:
        key = key_of(entry)
        if key is not None:
            groups.setdefault(key, []).append(entry)
    return [group for group in groups.values() if len(group) > 1]


def _clashes(
    entries: Iterable[Entry], key_of: Callable[[Entry], Hashable | None]
) -> Iterator[tuple[Entry, Entry]]:
    """Yield each row of the file that clashes, with what was there before it."""
    for group in _grouped(entries, key_of):
        stored = [entry for entry in group if entry.layout is None]
        first = (stored or group)[0]
        for entry in group:
            if entry.layout and entry is not first:
                yield entry, first


def _without(entries: Iterable[Entry], clashes: Iterable[tuple[Entry, Entry]]) -> list[Entry]:
    gone = {id(entry) for entry, _ in clashes}
    return [entry for entry in entries if id(entry) not in gone]


def _duplicate(code: str, name: str, entry: Entry, other: Entry) -> Problem:
    return entry.problem(code, name, other=other.key or other.text("name"))


def _second_accounts(book: Book, accounts: Sequence[Entry]) -> Iterator[Problem]:
    for entry, other in _clashes(accounts, _sponsor_key):
        platform = labels("platform")[str(entry.text("platform"))]
        yield entry.problem(
            "second_account_same_platform",
            "platform",
            unit=_unit_name(book, entry),
            platform=platform,
            other=other.text("name"),
        )


def _names_differ(book: Book, accounts: Sequence[Entry]) -> Iterator[Problem]:
    named = [entry for entry in accounts if entry.text("name") and entry.text("platform")]
    for group in _grouped(named, lambda entry: entry.text("unit_id")):
        by_platform: dict[str, Entry] = {}
        for entry in group:
            by_platform.setdefault(str(entry.text("platform")), entry)
        names = {folded(str(entry.text("name"))): entry for entry in by_platform.values()}
        in_file = [entry for entry in names.values() if entry.layout]
        if len(names) > 1 and in_file:
            yield in_file[-1].problem(
                "names_differ",
                "name",
                unit=_unit_name(book, in_file[-1]),
                names="、".join(str(entry.text("name")) for entry in names.values()),
            )


def _internal_offices(book: Book, accounts: Sequence[Entry]) -> Iterator[Problem]:
    units = book.keys["unit"]
    blamed: set[str] = set()
    for account in accounts:
        unit = units.get(str(account.text("unit_id")))
        if unit is None or unit.text("unit_kind") != "internal_office":
            continue
        if account.layout:
            yield account.problem("internal_office_sponsor", "unit_id", unit=unit.text("name"))
        elif unit.layout and unit.key not in blamed:
            # The account is older than this file; the file turns its sponsor into an office.
            blamed.add(str(unit.key))
            yield unit.problem("internal_office_sponsor", "unit_kind", unit=unit.text("name"))


def _untrained(book: Book, accounts: Sequence[Entry]) -> Iterator[Problem]:
    for person, uses in _uses(book, accounts, ("administrator_person_id",)):
        if person.day("trained_on") is None and "trained_on" not in person.bad:
            at, name = _where(person, "trained_on", uses)
            keys = "、".join(str(account.key) for account, _ in uses)
            yield at.problem(
                "administrator_untrained", name, person=person.text("name"), accounts=keys
            )


def _inactive(book: Book, accounts: Sequence[Entry]) -> Iterator[Problem]:
    for person, uses in _uses(book, accounts, PEOPLE_COLUMNS):
        if person.values.get("is_active") is False:
            at, name = _where(person, "is_active", uses)
            duties = "、".join(
                f"{account.sheet.name} {account.key} {account.sheet.column(column).heading}"
                for account, column in uses
            )
            yield at.problem("person_inactive", name, person=person.text("name"), duties=duties)


def _uses(
    book: Book, accounts: Sequence[Entry], columns: Sequence[str]
) -> list[tuple[Entry, list[tuple[Entry, str]]]]:
    """Return each person named by *accounts* once, with the cells that name them."""
    people = book.keys["person"]
    uses: dict[str, list[tuple[Entry, str]]] = {}
    for account in accounts:
        for column in columns:
            person_id = account.text(column)
            if person_id is not None and person_id in people:
                uses.setdefault(person_id, []).append((account, column))
    return [
        (people[person_id], cells)
        for person_id, cells in uses.items()
        if people[person_id].layout or any(account.layout for account, _ in cells)
    ]


def _where(person: Entry, column: str, uses: Sequence[tuple[Entry, str]]) -> tuple[Entry, str]:
    """Say where to report: at the person's own row, else at the first account of the file."""
    if person.layout:
        return person, column
    return next((account, name) for account, name in uses if account.layout)


def _unit_name(book: Book, account: Entry) -> str:
    unit = book.keys["unit"].get(str(account.text("unit_id")))
    return str((unit and unit.text("name")) or account.text("unit_id"))
