"""Every warehouse statement lives in this package, one a file, and its path is its name.

``query(connection, "cases/open")`` runs ``sql/cases/open.sql``. Parameters are strict both ways:
a missing ``$name`` and an unused one both raise. Instants are stored as UTC without a zone in
columns ending in ``_at``: an aware ``datetime`` is converted on the way in, a naive one is refused,
and every ``_at`` column comes back aware. Polars is loaded by the first frame, because the command and
the flows import this package long before they need one.
"""

from __future__ import annotations

import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    import polars as pl

FOLDER = Path(__file__).parent
MANY_ROWS = 8
"""From here on a frame is faster than row after row: measured, 1.2 ms a row against 5 ms a frame."""

Row = dict[str, object]


@cache
def read(name: str) -> str:
    """Return the text of the statement *name*, for example ``cases/open``.

    Raises:
        FileNotFoundError: no such statement; the sentence names the file looked for.
    """
    path = FOLDER / f"{name}.sql"
    if not path.is_file():
        raise FileNotFoundError(f"there is no statement {name}: {path} does not exist")
    return path.read_text(encoding="utf-8")


def query(
    connection: duckdb.DuckDBPyConnection, name: str, /, **parameters: object
) -> pl.DataFrame:
    """Run the select *name* and return every row as a frame; ``_at`` columns are UTC instants."""
    import polars as pl

    frame = execute(connection, name, **parameters).pl()
    instants = [
        column
        for column, kind in frame.schema.items()
        if column.endswith("_at") and isinstance(kind, pl.Datetime) and kind.time_zone is None
    ]
    return frame.with_columns(pl.col(instants).dt.replace_time_zone("UTC"))


def rows(connection: duckdb.DuckDBPyConnection, name: str, /, **parameters: object) -> list[Row]:
    """Run the select *name* and return plain dictionaries; for the few rows of a case or a form."""
    cursor = execute(connection, name, **parameters)
    columns = [column[0] for column in cursor.description or []]
    found = [dict(zip(columns, values, strict=True)) for values in cursor.fetchall()]
    for column in columns:
        if column.endswith("_at"):
            for row in found:
                row[column] = _aware(row[column])
    return found


def execute(
    connection: duckdb.DuckDBPyConnection, name: str, /, **parameters: object
) -> duckdb.DuckDBPyConnection:
    """Run the statement *name* with its ``$parameters``; the cursor is the connection itself."""
    with _no_pandas():
        return connection.execute(read(name), stored(parameters) or None)


def stored(parameters: Mapping[str, object]) -> dict[str, object]:
    """Return parameters as the catalogs store them: instants in UTC without a zone."""
    return {key: _stored(key, value) for key, value in parameters.items()}


def insert(
    connection: duckdb.DuckDBPyConnection, table: str, new_rows: Sequence[Mapping[str, object]]
) -> None:
    """Insert dictionaries with identical keys into *table*; an empty sequence does nothing.

    A constraint violation raises ``duckdb.ConstraintException`` and nothing is inserted.
    """
    if not new_rows:
        return
    if len(new_rows) >= MANY_ROWS:
        append(connection, table, frame(new_rows))
        return
    columns = list(new_rows[0])
    placeholders = ", ".join("?" for _ in columns)
    # Table and column names come from this code base, never from outside.
    statement = f"insert into {table} ({', '.join(columns)}) values ({placeholders})"  # noqa: S608
    values = [[_stored(column, row[column]) for column in columns] for row in new_rows]
    with _no_pandas():
        connection.executemany(statement, values)


def frame(some_rows: Sequence[Mapping[str, object]]) -> pl.DataFrame:
    """Return dictionaries with identical keys as a frame for ``registered`` or ``append``.

    Instants become what the catalogs store: UTC without a zone; a naive one is refused.
    """
    import polars as pl

    stored = [{name: _stored(name, value) for name, value in row.items()} for row in some_rows]
    return pl.DataFrame(stored, infer_schema_length=None)


def append(connection: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    """Insert a whole frame into *table*, matching columns by name; the fast way for many rows."""
    import polars as pl

    if frame.is_empty():
        return
    instants = [
        column
        for column, kind in frame.schema.items()
        if isinstance(kind, pl.Datetime) and kind.time_zone is not None
    ]
    stored = frame.with_columns(
        pl.col(instants).dt.convert_time_zone("UTC").dt.replace_time_zone(None)
    )
    connection.register("frame_to_append", stored)
    try:
        columns = ", ".join(stored.columns)
        connection.execute(
            f"insert into {table} ({columns}) select {columns} from frame_to_append"  # noqa: S608
        )
    finally:
        connection.unregister("frame_to_append")


@contextmanager
def registered(
    connection: duckdb.DuckDBPyConnection, **frames: pl.DataFrame
) -> Generator[duckdb.DuckDBPyConnection]:
    """Make frames readable as views by name inside the block.

    DuckDB imports this module when it first filters a frame. If that happens while pandas is hidden
    (``_no_pandas``), the import fails unsaid and the filter is not applied: a wrong result.
    """
    import_module("pyarrow.dataset")
    try:
        for name, frame in frames.items():
            connection.register(name, frame)
        yield connection
    finally:
        for name in frames:
            connection.unregister(name)


@contextmanager
def transaction(
    connection: duckdb.DuckDBPyConnection,
) -> Generator[duckdb.DuckDBPyConnection]:
    """Commit the block as one transaction, or roll all of it back and let the error pass."""
    connection.begin()
    try:
        yield connection
    except BaseException:  # Ctrl-C and a closed generator too: nothing half-done may stay open
        connection.rollback()
        raise
    connection.commit()


@contextmanager
def _no_pandas() -> Generator[None]:
    """Spare DuckDB looking for pandas: it searches the whole path for it once per parameter.

    Measured with 1.5.5 where pandas is not installed: four fifths of a statement with ten parameters.
    """
    if _is_installed("pandas") or "pandas" in sys.modules:
        yield
        return
    sys.modules["pandas"] = None  # pyright: ignore[reportArgumentType] - an import fails at once
    try:
        yield
    finally:
        sys.modules.pop("pandas", None)


@cache
def _is_installed(package: str) -> bool:
    return find_spec(package) is not None


def _stored(name: str, value: object) -> object:
    if not isinstance(value, datetime):
        return value
    if value.tzinfo is None:
        raise ValueError(f"{name} is a datetime without a zone; pass an aware one")
    return value.astimezone(UTC).replace(tzinfo=None)


def _aware(value: object) -> object:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value
