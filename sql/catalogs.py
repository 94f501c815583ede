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
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Literal, TypeVar

import duckdb

from sql import FOLDER, attached, transaction
from sql.instance import MEMORY, SESSION, extended, instance
from sql.refusal import Refusal

CatalogName = Literal["ops", "stats"]
T = TypeVar("T")

WAIT_LIMIT_S = 30.0
FIRST_PAUSE_S = 0.01
LONGEST_PAUSE_S = 0.5


class CatalogBusyError(Refusal, RuntimeError):
    """Another process held the catalog for longer than the caller was willing to wait."""


class CatalogTooNewError(Refusal, RuntimeError):
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
    location: str = field(repr=False)  # may hold a password
    data_path: str = ""

    @property
    def is_embedded(self) -> bool:
        """Whether the catalog is a DuckDB file of this machine."""
        return not self.location.startswith(("postgres:", "ducklake:"))


@contextmanager
def open_catalog(
    catalog: Catalog, *, wait_limit_s: float = WAIT_LIMIT_S, is_small: bool = False
) -> Generator[duckdb.DuckDBPyConnection]:
    """Yield a connection whose default catalog is *catalog*, migrated; close it afterwards.

    Args:
        catalog: which, and where.
        wait_limit_s: how long to wait while another process holds it.
        is_small: whether so little is in it that more threads would only wait for each other, however
            large catalogs of its kind may be; holds while it stays open.

    Raises:
        CatalogBusyError: another process held the file for *wait_limit_s*; the sentence names it.
        CatalogTooNewError: the file has migrations that this version does not know.
    """
    with _connected(catalog, wait_limit_s, is_small=is_small) as connection:
        migrate(connection, catalog.name, lambda: _lock_shared(connection, catalog, wait_limit_s))
        yield connection


@contextmanager
def write(
    catalog: Catalog, *, wait_limit_s: float = WAIT_LIMIT_S
) -> Generator[duckdb.DuckDBPyConnection]:
    """Open *catalog*, run the block as one transaction and close.

    Raises:
        CatalogBusyError: another process kept the catalog for *wait_limit_s*.
        CatalogTooNewError: as ``open_catalog``.
    """
    with open_catalog(catalog, wait_limit_s=wait_limit_s) as connection, transaction(connection):
        _lock_shared(connection, catalog, wait_limit_s)
        yield connection


def _lock_shared(
    connection: duckdb.DuckDBPyConnection, catalog: Catalog, wait_limit_s: float
) -> None:
    """Take the writers' lock of an attached PostgreSQL; a file is locked by being open."""
    if not catalog.location.startswith("postgres:"):
        return
    if not attached.lock(connection, catalog.name, wait_limit_s):
        with _attached(catalog) as second:
            holder = attached.holder(second, catalog.name)
        raise CatalogBusyError(_busy_sentence(catalog, wait_limit_s, holder))


@contextmanager
def memory(name: CatalogName) -> Generator[duckdb.DuckDBPyConnection]:
    """Yield a migrated catalog in memory, for tests and dry runs; it is gone afterwards."""
    shared = instance()
    connection, used = shared.connect(MEMORY, is_wide=name == "stats")
    try:
        migrate(connection, name)
        yield connection
    finally:
        shared.release(connection, used)


def migrate(
    connection: duckdb.DuckDBPyConnection,
    name: CatalogName,
    lock: Callable[[], None] = lambda: None,
) -> list[int]:
    """Apply the migrations that *connection* lacks, each in a transaction; return their numbers.

    Args:
        connection: its default catalog is the one to migrate.
        name: which of the two it is.
        lock: called first in each transaction; where several processes may open a new catalog at
            once it keeps them apart.

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
    for number in list(missing):
        with transaction(connection):
            lock()
            if number in _numbers(connection):
                missing.remove(number)  # another process was quicker
                continue
            for statement in known[number]:
                connection.execute(statement)
            connection.execute(
                "insert into migration (number, applied_at) values (?, ?)",
                [number, datetime.now(UTC).replace(tzinfo=None)],
            )
    return missing


def _applied(connection: duckdb.DuckDBPyConnection) -> set[int]:
    create = "create table if not exists migration (number integer not null, applied_at timestamp)"
    try:
        connection.execute(create)
    except duckdb.Error as error:
        # Two processes meet in an empty PostgreSQL: "if not exists" is no lock there.
        if "duplicate key" not in str(error) and "already exists" not in str(error):
            raise
    return _numbers(connection)


def _numbers(connection: duckdb.DuckDBPyConnection) -> set[int]:
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


@contextmanager
def _connected(
    catalog: Catalog, wait_limit_s: float, *, is_small: bool
) -> Generator[duckdb.DuckDBPyConnection]:
    if not catalog.is_embedded:
        with _attached(catalog, wait_limit_s) as connection:
            yield connection
        return
    location = Path(catalog.location).absolute()
    location.parent.mkdir(parents=True, exist_ok=True)
    shared = instance()
    is_wide = catalog.name == "stats" and not is_small
    connection, used = _waiting(
        catalog, wait_limit_s, lambda: shared.connect(str(location), is_wide=is_wide)
    )
    try:
        yield connection
    finally:
        shared.release(connection, used)


def _waiting(catalog: Catalog, wait_limit_s: float, connect: Callable[[], T]) -> T:
    """Return what *connect* returns, trying again while another process has the file."""
    give_up_at = time.monotonic() + wait_limit_s
    pause_s = FIRST_PAUSE_S
    while True:
        try:
            return connect()
        except duckdb.IOException as error:
            # Not any "lock": the sentence quotes the path, which may have one in it.
            if "Could not set lock" not in str(error):
                raise
            if time.monotonic() + pause_s > give_up_at:
                raise CatalogBusyError(_busy_sentence(catalog, wait_limit_s, str(error))) from error
        # Jitter keeps two waiting processes from knocking in step for ever.
        time.sleep(pause_s * random.uniform(0.5, 1.5))  # noqa: S311
        pause_s = min(pause_s * 2, LONGEST_PAUSE_S)


@contextmanager
def _attached(
    catalog: Catalog, wait_limit_s: float = WAIT_LIMIT_S
) -> Generator[duckdb.DuckDBPyConnection]:
    """Yield a connection to a PostgreSQL or a DuckLake, in an instance of its own."""
    with extended() as root:
        connection = _waiting(catalog, wait_limit_s, lambda: _attach(root, catalog))
        try:
            yield connection
        finally:
            connection.close()
        root.execute(f"detach {catalog.name}")  # after an error the whole instance is closed


def _attach(root: duckdb.DuckDBPyConnection, catalog: Catalog) -> duckdb.DuckDBPyConnection:
    connection = root.cursor()
    connection.execute(SESSION)
    fault = ""
    for statement in attached.attach_statements(catalog.name, catalog.location, catalog.data_path):
        try:
            connection.execute(statement)
        except duckdb.IOException as error:
            # The driver quotes the whole connection string, password included.
            fault = attached.without_secrets(str(error))
            break
    if fault:
        connection.close()
        raise duckdb.IOException(fault)  # out here, so that no context carries the original
    return connection


def _busy_sentence(catalog: Catalog, wait_limit_s: float, reason: str) -> str:
    holder = re.search(r"PID (\d+(?: on \S+)?)", reason)
    who = f"process {holder.group(1)}" if holder else "another process"
    return (
        f"the {catalog.name} catalog {attached.without_secrets(catalog.location)} has been held by {who} for "
        f"{wait_limit_s:g} s; wait for it to finish or end it, then run this again"
    )
