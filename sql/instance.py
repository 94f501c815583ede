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
        is_wide: whether its statements read so much that more threads are worth it.
    """

    location: str
    alias: str
    is_wide: bool = False
    users: int = 0


@dataclass
class Instance:
    """The instance of one process; safe from several threads.

    It works with one thread, and with one for each core while somebody uses a wide database: in short
    transactions on small tables the threads only wait for each other, at three times the CPU when
    the machine is busy.

    Attributes:
        widest: the most threads it ever takes.
    """

    root: duckdb.DuckDBPyConnection
    widest: int = field(default_factory=lambda: os.cpu_count() or 1)
    threads: int = 0
    wide_count: int = 0
    lock: Lock = field(default_factory=Lock)
    attached: dict[str, Attached] = field(default_factory=dict[str, Attached])
    numbers: count[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        """Begin narrow."""
        self._set_threads()

    def connect(
        self, location: str, *, is_wide: bool = False
    ) -> tuple[duckdb.DuckDBPyConnection, Attached]:
        """Return a connection whose default catalog is the file at *location*, created when absent.

        Args:
            location: of the file, or ``MEMORY``.
            is_wide: whether its statements read so much that more threads are worth it.

        Raises:
            duckdb.IOException: another process has the file, or it cannot be read.
        """
        with self.lock:
            found = self.attached.get(location)
            if found is None:
                found = Attached(location, f"catalog_{next(self.numbers)}", is_wide)
                quoted = location.replace("'", "''")
                self.root.execute(f"attach '{quoted}' as {found.alias}")
                if location != MEMORY:
                    self.attached[location] = found
                self.wide_count += is_wide
                self._set_threads()
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
                self.wide_count -= used.is_wide
                self._set_threads()

    def _set_threads(self) -> None:
        wanted = self.widest if self.wide_count else 1
        if wanted != self.threads:
            self.root.execute(f"set threads = {wanted}")
            self.threads = wanted


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
    megabytes; so an instance that has them is kept for the next user, but not after an error.
    """
    spare = _spare(os.getpid())
    root = spare.pop() if spare else duckdb.connect()
    try:
        yield root
    except BaseException:  # Ctrl-C too: whatever ended the block, nobody knows what it still holds
        root.close()
        raise
    spare.append(root)


@cache
def _spare(process_id: int) -> list[duckdb.DuckDBPyConnection]:
    return []
