"""The record of imported files: what was imported, whether it still stands, and taking it back.

Taking back deletes nothing that was said: the payloads and observations stay, a revocation stands
beside them, and every view that believes passes over them, so that the word before counts again.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import duckdb

import sql
from sql.refusal import Refusal


class RevocationError(Refusal, ValueError):
    """An import that cannot be taken back; the Chinese sentence says why."""


@dataclass(frozen=True, slots=True)
class ImportRecord:
    """One file as it was imported; ``notes`` are sentences about the whole file."""

    file_sha256: str
    file_name: str
    source: str
    layout: str
    account_ids: Sequence[str]
    as_of_on: date
    period: tuple[date, date] | None
    row_count: int
    is_capped: bool
    notes: Sequence[str]
    imported_by: str


def standing_import(
    connection: duckdb.DuckDBPyConnection, record: ImportRecord
) -> dict[str, object] | None:
    """Return the import that already brought this file for these accounts, if it still stands."""
    found = sql.rows(
        connection,
        "ingest/standing_import",
        file_sha256=record.file_sha256,
        account_ids=_ids(record.account_ids),
        meaning=f"{record.source}/{record.layout}",
    )
    return found[0] if found else None


def add_import(
    connection: duckdb.DuckDBPyConnection, record: ImportRecord, archive_id: str, now: datetime
) -> str:
    """Write the record beside the archived payloads, in the same transaction; return its id."""
    import_id = f"I{now:%Y%m%d}-{uuid.uuid4().hex[:8]}"
    first_on, last_on = record.period or (None, None)
    row = {
        "import_id": import_id,
        "archive_id": archive_id,
        "file_sha256": record.file_sha256,
        "file_name": record.file_name,
        "source": record.source,
        "layout": record.layout,
        "account_ids": _ids(record.account_ids),
        "as_of_on": record.as_of_on,
        "first_on": first_on,
        "last_on": last_on,
        "row_count": record.row_count,
        "is_capped": record.is_capped,
        "notes": "\n".join(record.notes),
        "imported_at": now,
        "imported_by": record.imported_by,
    }
    sql.insert(connection, "export_import", [row])
    return import_id


def list_imports(
    connection: duckdb.DuckDBPyConnection, account_id: str = ""
) -> list[dict[str, object]]:
    """Return every import, newest first, with its revocation if it has one."""
    found = sql.rows(connection, "ingest/imports", account_id=account_id)
    return [{**row, "account_ids": json.loads(str(row["account_ids"]))} for row in found]


def revoke(
    connection: duckdb.DuckDBPyConnection,
    import_id: str,
    *,
    reason: str,
    revoked_by: str,
    now: datetime,
) -> int:
    """Take one import back; return how many payloads no longer count.

    Call it inside one transaction and ``build.build`` after it: the build brings the marts to what
    is believed without the import.

    Raises:
        RevocationError: no such import, or one already taken back.
    """
    known = {str(row["import_id"]): row for row in list_imports(connection)}
    if import_id not in known:
        raise RevocationError(f"没有导入记录 {import_id}；用 juzhen imports 查看编号")
    if known[import_id]["revoked_at"] is not None:
        raise RevocationError(f"导入 {import_id} 已由 {known[import_id]['revoked_by']} 撤销")
    revocation_id = str(uuid.uuid4())
    row = {
        "import_id": import_id,
        "revocation_id": revocation_id,
        "revoked_at": now,
        "revoked_by": revoked_by,
        "reason": reason,
    }
    sql.insert(connection, "import_revocation", [row])
    marked = sql.execute(connection, "ingest/revoke_payloads", revocation_id=revocation_id)
    count = marked.fetchone()
    sql.execute(connection, "ingest/read_again", revocation_id=revocation_id)
    return int(count[0]) if count else 0


def _ids(account_ids: Sequence[str]) -> str:
    return json.dumps(sorted(account_ids), ensure_ascii=False)
