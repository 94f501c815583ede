"""Open the two catalogs for one short transaction, wait for another process, apply migrations.

``ops`` is small and precious (register, cases, deadlines, outbox, ledger); ``stats`` is large and can
be rebuilt from raw payloads. Embedded, each is one DuckDB file, and DuckDB lets one process at a
time have it: so open late, close early, and wait with back-off when somebody else holds it. The
lock is the operating system's, so a killed process frees it.

In cluster mode the same statements run with ``ops`` attached from PostgreSQL and ``stats`` from a
DuckLake; a location that starts with ``postgres:`` or ``ducklake:`` selects it.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Literal

import duckdb

from sql import FOLDER, transaction

CatalogName = Literal["ops", "stats"]

WAIT_LIMIT_S = 30.0
FIRST_PAUSE_S = 0.01
LONGEST_PAUSE_S = 0.5


class CatalogBusyError(RuntimeError):
    """Another process held the catalog for longer than the caller was willing to wait."""


class CatalogTooNewError(RuntimeError):
    """The catalog was written by a newer juzhen than this one."""


@dataclass(frozen=True)
class Catalog:
    """Where one of the two catalogs lives.

    Attributes:
        name: ``ops`` or ``stats``; also the folder of its migrations.
        location: a file path, ``postgres:<connection string>`` or ``ducklake:<connection string>``.
        data_path: where a DuckLake keeps its Parquet files; unused otherwise.
    """

    name: CatalogName
    location: str
    data_path: str = ""

    @property
    def is_embedded(self) -> bool:
        """Whether the catalog is a DuckDB file of this machine."""
        return not self.location.startswith(("postgres:", "ducklake:"))


@contextmanager
def open_catalog(
    catalog: Catalog, *, wait_limit_s: float = WAIT_LIMIT_S
) -> Generator[duckdb.DuckDBPyConnection]:
    """Yield a connection whose default catalog is *catalog*, migrated; close it afterwards.

    Raises:
        CatalogBusyError: another process held the file for *wait_limit_s*; the sentence names it.
        CatalogTooNewError: the file has migrations that this version does not know.
    """
    connection = _connect(catalog, wait_limit_s)
    try:
        migrate(connection, catalog.name)
        yield connection
    finally:
        connection.close()


@contextmanager
def write(
    catalog: Catalog, *, wait_limit_s: float = WAIT_LIMIT_S
) -> Generator[duckdb.DuckDBPyConnection]:
    """Open *catalog*, run the block as one transaction and close."""
    with open_catalog(catalog, wait_limit_s=wait_limit_s) as connection, transaction(connection):
        yield connection


def memory(name: CatalogName) -> duckdb.DuckDBPyConnection:
    """Return a migrated catalog in memory, for tests and dry runs."""
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'UTC'")
    migrate(connection, name)
    return connection


def migrate(connection: duckdb.DuckDBPyConnection, name: CatalogName) -> list[int]:
    """Apply the migrations that *connection* lacks, each in a transaction; return their numbers.

    Raises:
        CatalogTooNewError: the catalog records a migration that is not in this package.
    """
    known = _migrations(name)
    applied = _applied(connection)
    unknown = applied - set(known)
    if unknown:
        raise CatalogTooNewError(
            f"the {name} catalog has migration {max(unknown)}, but this juzhen only knows up to "
            f"{max(known)}; install the newer juzhen that wrote it, nothing was changed"
        )
    missing = [number for number in known if number not in applied]
    for number in missing:
        with transaction(connection):
            for statement in known[number]:
                connection.execute(statement)
            connection.execute(
                "insert into migration (number, applied_at) values (?, ?)",
                [number, datetime.now(UTC).replace(tzinfo=None)],
            )
    return missing


def _applied(connection: duckdb.DuckDBPyConnection) -> set[int]:
    connection.execute(
        "create table if not exists migration (number integer not null, applied_at timestamp)"
    )
    return {row[0] for row in connection.execute("select number from migration").fetchall()}


@cache
def _migrations(name: CatalogName) -> dict[int, list[str]]:
    """Return number -> statements of every migration file ``sql/migrations/<name>/NNNN_*.sql``."""
    found: dict[int, list[str]] = {}
    for path in sorted((FOLDER / "migrations" / name).glob("[0-9]*.sql")):
        number = int(path.name.split("_", 1)[0])
        text = re.sub(r"--.*", "", path.read_text(encoding="utf-8"))
        found[number] = [part.strip() for part in text.split(";") if part.strip()]
    return found


def _connect(catalog: Catalog, wait_limit_s: float) -> duckdb.DuckDBPyConnection:
    give_up_at = time.monotonic() + wait_limit_s
    pause_s = FIRST_PAUSE_S
    while True:
        try:
            return _attach(catalog)
        except duckdb.IOException as error:
            if "lock" not in str(error).lower():
                raise
            if time.monotonic() + pause_s > give_up_at:
                raise CatalogBusyError(_busy_sentence(catalog, wait_limit_s, str(error))) from error
        # Jitter keeps two waiting processes from knocking in step for ever.
        time.sleep(pause_s * random.uniform(0.5, 1.5))  # noqa: S311
        pause_s = min(pause_s * 2, LONGEST_PAUSE_S)


def _attach(catalog: Catalog) -> duckdb.DuckDBPyConnection:
    if catalog.is_embedded:
        Path(catalog.location).parent.mkdir(parents=True, exist_ok=True)
        connection = duckdb.connect(catalog.location)
        connection.execute("set TimeZone = 'UTC'")
        return connection
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'UTC'")
    for statement in _attach_statements(catalog):
        connection.execute(statement)
    return connection


def _attach_statements(catalog: Catalog) -> list[str]:
    extensions = _load_extension_statements(catalog)
    location = catalog.location.replace("'", "''")
    if catalog.location.startswith("postgres:"):
        attach = f"attach '{location.removeprefix('postgres:')}' as {catalog.name} (type postgres)"
    else:
        data_path = catalog.data_path.replace("'", "''")
        attach = f"attach '{location}' as {catalog.name} (data_path '{data_path}')"
    return [*extensions, attach, f"use {catalog.name}"]


def _load_extension_statements(catalog: Catalog) -> list[str]:
    # The extension wheels carry the binaries, so a closed network needs no download.
    import importlib.util

    statements: list[str] = []
    wanted = ["postgres_scanner"]
    if catalog.location.startswith("ducklake:"):
        wanted.append("ducklake")
    for extension in wanted:
        spec = importlib.util.find_spec(f"duckdb_extension_{extension}")
        if spec is None or not spec.submodule_search_locations:
            raise RuntimeError(f"the package duckdb-extension-{extension} is not installed")
        folder = Path(next(iter(spec.submodule_search_locations)))
        binary = next(folder.rglob(f"{extension}.duckdb_extension"))
        statements.append(f"load '{binary}'")
    return statements


def _busy_sentence(catalog: Catalog, wait_limit_s: float, reason: str) -> str:
    holder = re.search(r"PID (\d+)", reason)
    who = f"process {holder.group(1)}" if holder else "another process"
    return (
        f"the {catalog.name} catalog {catalog.location} has been held by {who} for "
        f"{wait_limit_s:g} s; wait for it to finish or end it, then run this again"
    )
