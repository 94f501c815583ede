"""From archived payloads to marts: staging, merge, marts, checks, each a statement under ``sql/``.

One more source is one more file ``sql/staging/stg_<source>__<endpoint>.sql`` (figures) or
``stg_<source>__content.sql`` (published items); nothing here names a source.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

import duckdb
import polars as pl

import sql

VIEWS = ("observation_current",)
DERIVED_TABLES = (
    "observation", "content_item", "rejected_payload", "staged_archive", "account_day",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Built:
    """What one build added; all zero when there was nothing new to read."""

    observation_count: int
    content_count: int
    rejected_count: int
    account_day_count: int


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The rows of one check; ``name`` starts with ``fail_`` or ``warn_``."""

    name: str
    rows: pl.DataFrame

    @property
    def is_failure(self) -> bool:
        """Whether these rows must not exist; a warning is for a person to look at."""
        return self.name.startswith("fail_") and not self.rows.is_empty()


def build(connection: duckdb.DuckDBPyConnection, now: datetime) -> Built:
    """Read every payload that no build has read, and bring the marts up to date.

    Call it inside one transaction on the stats catalog; running it twice changes nothing.
    """
    with _unordered(connection):
        lines = _together(_staging(is_content=False))
        connection.execute(f"create or replace temporary view staged_line as {lines}")
        _keep(connection, "staged_value", ["ingest/staged_value"])
        _keep(connection, "staged_content", _staging(is_content=True))
        _keep(connection, "changed_value", ["ingest/changed_value"])
        _keep(connection, "changed_item", ["ingest/changed_item"])
        _keep(connection, "touched_day", ["ingest/touched_day"])
        rejected = _count(sql.execute(connection, "ingest/reject_payloads"))
        observations = _add(connection, "observation", "from changed_value")
        items = _add(connection, "content_item", "from changed_item")
        sql.execute(connection, "ingest/forget_touched_days")
        days = _add(connection, "account_day", sql.read("marts/account_day"))
        sql.execute(connection, "ingest/mark_staged", now=now)
    for view in VIEWS:
        connection.execute(f"create or replace view {view} as {sql.read(f'marts/{view}')}")
    return Built(observations, items, rejected, days)


def rebuild(connection: duckdb.DuckDBPyConnection, now: datetime) -> Built:
    """Forget everything that was derived and read every archived payload again."""
    for table in DERIVED_TABLES:
        connection.execute(f"delete from {table}")  # noqa: S608
    return build(connection, now)


def run_checks(connection: duckdb.DuckDBPyConnection, today: date) -> list[CheckResult]:
    """Run every statement under ``sql/checks`` and return those that found rows.

    A check may ask for ``$today`` and for nothing else.
    """
    results: list[CheckResult] = []
    for name in _names("checks"):
        wanted = set(re.findall(r"\$(\w+)", re.sub(r"--.*", "", sql.read(name))))
        parameters = {"today": today} if wanted else {}
        found = sql.query(connection, name, **parameters)
        if not found.is_empty():
            results.append(CheckResult(name.rsplit("/", 1)[-1], found))
    return results


def _staging(*, is_content: bool) -> list[str]:
    return [name for name in _names("staging") if name.endswith("__content") == is_content]


def _names(folder: str) -> list[str]:
    return [f"{folder}/{path.stem}" for path in sorted((sql.FOLDER / folder).glob("*.sql"))]


def _keep(connection: duckdb.DuckDBPyConnection, table: str, names: Iterable[str]) -> None:
    """Hold the rows of the selects *names* in a temporary table until the next build."""
    connection.execute(f"create or replace temporary table {table} as {_together(names)}")


def _together(names: Iterable[str]) -> str:
    # One statement, so that the sources are read side by side.
    return " union all by name ".join(f"({sql.read(name)})" for name in names)


def _add(connection: duckdb.DuckDBPyConnection, table: str, select: str) -> int:
    return _count(connection.execute(f"insert into {table} by name {select}"))


def _count(cursor: duckdb.DuckDBPyConnection) -> int:
    row = cursor.fetchone()
    return int(row[0]) if row else 0


@contextmanager
def _unordered(connection: duckdb.DuckDBPyConnection) -> Generator[None]:
    # Rows have no order here, and keeping one would make every step run on a single core.
    connection.execute("set preserve_insertion_order = false")
    try:
        yield
    finally:
        connection.execute("reset preserve_insertion_order")
