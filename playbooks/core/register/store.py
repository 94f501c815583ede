"""The register in the database: load it whole, write what a plan says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import duckdb
import polars as pl

import sql
from playbooks.core.register.cells import Record, Value
from playbooks.core.register.columns import Kind, Sheet, sheets
from playbooks.core.register.entries import Register

TYPES: Mapping[Kind, type[pl.DataType]] = {
    Kind.DATE: pl.Date,
    Kind.YES_NO: pl.Boolean,
    Kind.INTEGER: pl.Int32,
}


def load_register(connection: duckdb.DuckDBPyConnection) -> Register:
    """Return every record of the register, table by table, ordered by key."""
    return {
        sheet.table: [
            {name: _value(row[name]) for name in column_names(sheet)}
            for row in sql.rows(connection, f"register/all_{sheet.table}")
        ]
        for sheet in sheets()
    }


def column_names(sheet: Sheet) -> list[str]:
    """Return the columns of the table that come from the file, the key first."""
    names = [column.name for column in sheet.columns]
    return names if sheet.key in names else [sheet.key, *names]


def add(
    connection: duckdb.DuckDBPyConnection, sheet: Sheet, records: Sequence[Record], now: datetime
) -> None:
    """Insert new *records*, imported at the aware instant *now*.

    Raises:
        duckdb.ConstraintException: a key is there already; nothing is inserted.
    """
    kinds = {column.name: column.kind for column in sheet.columns}
    schema = {name: TYPES.get(kinds.get(name, Kind.ID), pl.String) for name in column_names(sheet)}
    frame = pl.DataFrame(list(records), schema=schema)
    sql.append(connection, sheet.table, frame.with_columns(pl.lit(now).alias("imported_at")))


def change(
    connection: duckdb.DuckDBPyConnection, sheet: Sheet, record: Record, now: datetime
) -> None:
    """Replace the stored record with the key of *record*, imported at the aware instant *now*."""
    sql.execute(connection, f"register/change_{sheet.table}", **record, imported_at=now)


def _value(value: object) -> Value:
    if value is None or isinstance(value, str | bool | int | date):
        return value
    raise TypeError(f"a register column holds {type(value).__name__}, which no column is")
