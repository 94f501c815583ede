"""Keep what a connector brought back, before anyone reads it: payloads and one outcome per attempt."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

import duckdb
import polars as pl

import sql


class PayloadLike(Protocol):
    """What ``connectors.outcome.Payload`` offers; the layers keep playbooks from importing it."""

    @property
    def source(self) -> str: ...
    @property
    def endpoint(self) -> str: ...
    @property
    def account_id(self) -> str: ...
    @property
    def ref_begin_on(self) -> date: ...
    @property
    def ref_end_on(self) -> date: ...
    @property
    def fetched_at(self) -> datetime: ...
    @property
    def body(self) -> str: ...
    @property
    def payload_sha256(self) -> str: ...


class OutcomeLike(Protocol):
    """What ``connectors.outcome.FetchOutcome`` offers."""

    @property
    def source(self) -> str: ...
    @property
    def endpoint(self) -> str: ...
    @property
    def account_id(self) -> str: ...
    @property
    def ref_begin_on(self) -> date: ...
    @property
    def ref_end_on(self) -> date: ...
    @property
    def asked_at(self) -> datetime: ...
    @property
    def finished_at(self) -> datetime: ...
    @property
    def status(self) -> str: ...
    @property
    def http_status(self) -> int | None: ...
    @property
    def platform_code(self) -> str | None: ...
    @property
    def row_count(self) -> int | None: ...
    @property
    def payload_sha256(self) -> str | None: ...
    @property
    def message(self) -> str | None: ...


class FetchLike(Protocol):
    """What ``connectors.outcome.Fetch`` offers."""

    @property
    def outcome(self) -> OutcomeLike: ...
    @property
    def payload(self) -> PayloadLike | None: ...


@dataclass(frozen=True, slots=True)
class Archived:
    """What one ``archive`` call wrote; a repeated answer is in no count but the outcomes'."""

    archive_id: str
    payload_count: int
    outcome_count: int


def archive(
    connection: duckdb.DuckDBPyConnection, fetches: Iterable[FetchLike], run_id: str
) -> Archived:
    """Write every outcome, and every payload that differs from the last answer to its question.

    Call it inside one transaction on the stats catalog. *run_id* names the night or the import.
    """
    archive_id = str(uuid.uuid4())
    marks = {"run_id": run_id, "archive_id": archive_id}
    payloads: list[dict[str, object]] = []
    outcomes: list[dict[str, object]] = []
    for fetch in fetches:
        outcomes.append(_row(fetch.outcome, OUTCOME_SCHEMA) | marks)
        outcomes[-1]["outcome_id"] = str(uuid.uuid4())
        if fetch.payload is not None:
            payloads.append(_row(fetch.payload, PAYLOAD_SCHEMA) | marks)
    sql.append(connection, "fetch_outcome", pl.DataFrame(outcomes, schema=OUTCOME_SCHEMA))
    written = archive_frame(connection, pl.DataFrame(payloads, schema=PAYLOAD_SCHEMA))
    return Archived(archive_id, written, len(outcomes))


def archive_frame(connection: duckdb.DuckDBPyConnection, payloads: pl.DataFrame) -> int:
    """Write the payloads of a frame with the columns of ``raw_payload``; return how many are new."""
    if payloads.is_empty():
        return 0
    stored = payloads.with_columns(pl.col("fetched_at").dt.replace_time_zone(None))
    with sql.registered(connection, new_payload=stored):
        row = sql.execute(connection, "ingest/archive_payloads").fetchone()
    return int(row[0]) if row else 0


_INSTANT = pl.Datetime("us", "UTC")

PAYLOAD_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "payload_sha256": pl.String,
    "source": pl.String,
    "endpoint": pl.String,
    "account_id": pl.String,
    "ref_begin_on": pl.Date,
    "ref_end_on": pl.Date,
    "fetched_at": _INSTANT,
    "run_id": pl.String,
    "archive_id": pl.String,
    "body": pl.String,
}

OUTCOME_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "outcome_id": pl.String,
    "run_id": pl.String,
    "archive_id": pl.String,
    "source": pl.String,
    "endpoint": pl.String,
    "account_id": pl.String,
    "ref_begin_on": pl.Date,
    "ref_end_on": pl.Date,
    "asked_at": _INSTANT,
    "finished_at": _INSTANT,
    "status": pl.String,
    "http_status": pl.Int32,
    "platform_code": pl.String,
    "row_count": pl.Int32,
    "payload_sha256": pl.String,
    "message": pl.String,
}


def _row(record: object, schema: dict[str, pl.DataType | type[pl.DataType]]) -> dict[str, object]:
    assigned = {"outcome_id", "run_id", "archive_id"}
    return {column: getattr(record, column) for column in schema if column not in assigned}
