"""Turn a reading into payloads for the archive: one for each account and table that has rows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime

from connectors.exports.reading import ExportReading, ExportTable
from connectors.exports.rows import ExportRow
from connectors.outcome import Payload


def export_payloads(
    reading: ExportReading, account_id: str | None, fetched_at: datetime, as_of: date
) -> Iterator[Payload]:
    """Yield the payloads; the endpoint is ``<layout>/<table>``.

    The body says what its figures mean, so that staging needs no statement of its own for a layout:
    ``{"layout", "table", "grain", "as_of", "content_kind", "figures", "rows"}``, where ``figures``
    maps metric to semantics. The days are the reading's period, or *as_of* for a file without days.

    Args:
        reading: of the file.
        account_id: whose the file is, from the operator, because a file does not say; None where
            the rows themselves name their accounts.
        fetched_at: of the import.
        as_of: the day whose end the figures of items show; days carry their own.
    """
    begin_on, end_on = reading.period or (as_of, as_of)
    for name, table in reading.tables.items():
        for owner, rows in _by_account(table, account_id).items():
            body = _body(reading, table, rows, as_of)
            text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
            endpoint = f"{reading.layout}/{name}"
            yield Payload(reading.source, endpoint, owner, begin_on, end_on, fetched_at, text)


def accounts_named(reading: ExportReading) -> list[str]:
    """Return the accounts that the rows name themselves, as a manual entry sheet does."""
    found = {
        str(row["account_id"])
        for table in reading.tables.values()
        if table.declared.account_column
        for row in table.rows
    }
    return sorted(found)


def _by_account(table: ExportTable, account_id: str | None) -> dict[str, list[ExportRow]]:
    owned: dict[str, list[ExportRow]] = {}
    for row in table.rows:
        owner = str(row["account_id"]) if table.declared.account_column else account_id
        if owner is None:
            raise ValueError("the file does not say whose it is, and no account was given")
        owned.setdefault(owner, []).append(row)
    return owned


def _body(
    reading: ExportReading, table: ExportTable, rows: list[ExportRow], as_of: date
) -> dict[str, object]:
    declared = table.declared
    # Only items are as of a day: a table of days read again tomorrow must stay the same answer.
    present = {key for row in rows for key in row}
    is_dated = declared.grain == "item" and "stat_date" not in declared.keys
    return {
        "layout": reading.layout,
        "table": declared.name,
        "grain": declared.grain,
        "as_of": as_of.isoformat() if is_dated else None,
        "content_kind": declared.content_kind,
        "figures": {key: means for key, means in declared.figures.items() if key in present},
        "rows": rows,
    }
