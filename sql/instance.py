"""One DuckDB instance a process; catalog files are attached to it for as long as somebody uses them.

Starting an instance registers thousands of functions: 10 ms of CPU and, with its threads to join,
25 ms on the clock, more than most transactions here. Attaching a file takes a tenth of that, takes the
same lock of the operating system, and detaching frees it.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from threading import Lock
from typing import Final

import duckdb

MEMORY: Final = ":memory:"
SESSION: Final = "set TimeZone = 'UTC'; set enable_progress_bar = false"
"""What every connection starts with; a progress bar would stand in the middle of a command's JSON."""


@dataclass
class Attached:
    """A database attached to the instance, and how many connections use it.

    Attributes:
        alias: its name within the instance.
    """

    location: str
    alias: str
    users: int = 0


@dataclass
class Instance:
    """The instance of one process; safe from several threads."""

    root: duckdb.DuckDBPyConnection
    lock: Lock = field(default_factory=Lock)
    attached: dict[str, Attached] = field(default_factory=dict[str, Attached])
    numbers: count[int] = field(default_factory=lambda: count(1))

    def connect(self, location: str) -> tuple[duckdb.DuckDBPyConnection, Attached]:
        """Return a connection whose default catalog is the file at *location*, created when absent.

        Raises:
            duckdb.IOException: another process has the file, or it cannot be read.
        """
        with self.lock:
            found = self.attached.get(location)
            if found is None:
                found = Attached(location, f"catalog_{next(self.numbers)}")
                quoted = location.replace("'", "''")
                self.root.execute(f"attach '{quoted}' as {found.alias}")
                if location != MEMORY:
                    self.attached[location] = found
            found.users += 1
        connection = self.root.cursor()
        connection.execute(f"{SESSION}; use {found.alias}")
        return connection, found

    def release(self, connection: duckdb.DuckDBPyConnection, used: Attached) -> None:
        """Close *connection*, rolling back what it left open; detach the file after its last user."""
        connection.close()
        with self.lock:
            used.users -= 1
            if used.users == 0:
                self.attached.pop(used.location, None)
                self.root.execute(f"detach {used.alias}")


def instance() -> Instance:
    """Return this process's instance; a forked child gets its own, for threads do not survive a fork."""
    return _instance(os.getpid())


@cache
def _instance(process_id: int) -> Instance:
    return Instance(duckdb.connect())


@contextmanager
def extended() -> Generator[duckdb.DuckDBPyConnection]:
    """Yield an instance for one attached PostgreSQL or DuckLake, which nobody else uses meanwhile.

    Loading the extensions costs half a second of CPU, for DuckDB checks the signatures of tens of
    megabytes; so an instance that has them is kept for the next user, but not after an error: nobody
    knows what it still holds.
    """
    spare = _spare(os.getpid())
    root = spare.pop() if spare else duckdb.connect()
    try:
        yield root
    except BaseException:
        root.close()
        raise
    spare.append(root)


@cache
def _spare(process_id: int) -> list[duckdb.DuckDBPyConnection]:
    return []
