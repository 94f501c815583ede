"""Fold the ledger again: to restore the tables from it, and to tell where they differ from it.

What is under way in the outbox (taken, tried, waiting) is in no event. A rebuild keeps it where the
row still stands; a message whose row is lost counts as taken, so that the dispatch asks the channel
before anything is repeated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import duckdb

import sql
from playbooks.core import ledger
from playbooks.core.cases.happened import Happened
from playbooks.core.cases.tables import project_history
from playbooks.core.ledger import Breach, Event
from sql.catalogs import memory
from sql.refusal import Refusal

FOLDED = {
    "case_summary": ("case_id",),
    "case_step": ("case_id", "step_id", "visit"),
    "deadline": ("deadline_id",),
    "rung": ("deadline_id", "rung_number"),
    "rung_claim": ("deadline_id", "rung_number"),
    "outbox": ("dedupe_key",),
    "stored_file": ("case_id", "sha256", "stored_at"),
}
"""The tables that the ledger gives, and the columns that name a row."""

UNFOLDABLE = (KeyError, TypeError, ValueError, duckdb.Error)
WORDING = {"case_summary": {"title"}, "outbox": {"title", "body", "severity"}}
UNDER_WAY = frozenset({"attempts", "next_attempt_at", "sending_since_at", "detail"})


class BrokenLedgerError(Refusal, RuntimeError):
    """The chain does not hold, so that nothing may be restored from it."""

    def __init__(self, breach: Breach) -> None:
        """Keep the *breach* that was found."""
        super().__init__(f"办件流水第 {breach.position} 条校验不通过，不能据以重建：{breach.what}")
        self.breach = breach


@dataclass(frozen=True)
class Difference:
    """One row in which the tables and the ledger disagree.

    Attributes:
        row: the table and the row's key.
        what: ``missing``, ``not in the ledger``, or the columns that differ.
    """

    row: str
    what: str


def rebuild(connection: duckdb.DuckDBPyConnection) -> int:
    """Empty the tables and fold the whole ledger again, in the caller's transaction.

    Returns:
        How many entries were folded.

    Raises:
        BrokenLedgerError: the ledger does not verify; nothing was changed.
    """
    breach = ledger.verify_catalog(connection)
    if breach:
        raise BrokenLedgerError(breach)
    under_way = sql.query(connection, "outbox/under_way")
    for table in FOLDED:
        connection.execute(f"delete from {table}")  # noqa: S608 - our own names
    count = 0
    for batch in ledger.read_all(connection):
        count += len(batch)
        project_history(connection, _history(batch))
    with sql.registered(connection, message_under_way=under_way):
        sql.execute(connection, "outbox/doubt_lost")
        sql.execute(connection, "outbox/restore_under_way")
    return count


def differences(
    connection: duckdb.DuckDBPyConnection, case_ids: Sequence[str]
) -> Iterator[Difference]:
    """Yield where the tables differ from a fold of the ledger, for the cases named.

    Wording is left out: it follows the templates, which may have been improved meanwhile.
    """
    events = ledger.read_cases(connection, case_ids)
    with memory("ops") as folded:
        try:
            project_history(folded, _history(event for case in events.values() for event in case))
        except UNFOLDABLE:
            yield from _unfoldable(events)
            return
        wanted = sql.frame([{"case_id": case_id} for case_id in case_ids])
        for table, key in FOLDED.items():
            with sql.registered(connection, wanted_case=wanted):
                held = _by_key(sql.rows(connection, f"rebuild/{table}"), key)
            with sql.registered(folded, wanted_case=wanted):
                told = _by_key(sql.rows(folded, f"rebuild/{table}"), key)
            yield from _compare(table, told, held)


def _unfoldable(events: Mapping[str, Sequence[Event]]) -> Iterator[Difference]:
    """Fold each case alone, to name the ones whose entries make no case."""
    for case_id, entries in events.items():
        with memory("ops") as alone:
            try:
                project_history(alone, _history(entries))
            except UNFOLDABLE as error:
                yield Difference(f"case {case_id}", f"cannot be folded: {type(error).__name__}")


def _history(events: Iterable[Event]) -> list[Happened]:
    return [Happened(event, event.occurred_at) for event in events]


Rows = Mapping[tuple[str, ...], Mapping[str, object]]


def _by_key(rows: Iterable[Mapping[str, object]], key: Sequence[str]) -> Rows:
    return {tuple(str(row[column]) for column in key): row for row in rows}


def _compare(table: str, told: Rows, held: Rows) -> Iterator[Difference]:
    for key in sorted({*told, *held}):
        name = f"{table} {' '.join(key)}"
        if key not in held:
            yield Difference(name, "missing")
        elif key not in told:
            yield Difference(name, "not in the ledger")
        else:
            columns = [c for c in told[key] if _differs(table, c, told[key], held[key])]
            if columns:
                yield Difference(name, ", ".join(columns))


def _differs(
    table: str, column: str, told: Mapping[str, object], held: Mapping[str, object]
) -> bool:
    if column in WORDING.get(table, ()):
        return False
    if table != "outbox":
        return told[column] != held[column]
    if told["status"] == "queued":
        # No event says how far a message is on its way; only its end is told.
        is_under_way = held["status"] in ("queued", "sending")
        return (column == "status" and not is_under_way) or (
            column not in {"status", *UNDER_WAY} and told[column] != held[column]
        )
    return column not in UNDER_WAY - {"detail"} and told[column] != held[column]
