"""From archived payloads to marts: staging, merge, marts, checks, each a statement under ``sql/``.

One more source is one more file ``sql/staging/stg_<source>__<endpoint>.sql`` (figures) or
``stg_<source>__content.sql`` (published items); nothing here names a source.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterable
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

import duckdb
import polars as pl

import sql

VIEWS = ("observation_current",)
PAYLOADS_IN_PART = 500_000
Begin = Callable[[duckdb.DuckDBPyConnection], AbstractContextManager[object]]
LAST_TEXT = "\U0010ffff"  # sorts behind every account id
DERIVED_TABLES = (
    "observation", "content_item", "rejected_payload", "staged_archive", "account_day",
    "touched_day",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Built:
    """What one build added; all zero when there was nothing new to read."""

    observation_count: int
    content_count: int
    rejected_count: int
    account_day_count: int

    def __add__(self, other: Built) -> Built:
        """Return both together."""
        return Built(
            self.observation_count + other.observation_count,
            self.content_count + other.content_count,
            self.rejected_count + other.rejected_count,
            self.account_day_count + other.account_day_count,
        )


@dataclass(frozen=True, slots=True)
class _Part:
    """A run of accounts, *next_account_id* not included, and since when something is unread."""

    first_account_id: str
    next_account_id: str
    since_at: datetime

    @property
    def accounts(self) -> dict[str, str]:
        """The parameters of the statements that read the accounts of this part only."""
        return {
            "first_account_id": self.first_account_id,
            "next_account_id": self.next_account_id,
        }


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The rows of one check; ``name`` starts with ``fail_`` or ``warn_``."""

    name: str
    rows: pl.DataFrame

    @property
    def is_failure(self) -> bool:
        """Whether these rows must not exist; a warning is for a person to look at."""
        return self.name.startswith("fail_") and not self.rows.is_empty()


def build(
    connection: duckdb.DuckDBPyConnection, now: datetime, *, is_rehearsal: bool = False
) -> Built:
    """Read every payload that no build has read, and bring the marts up to date.

    Running it twice changes nothing. Call it outside a transaction: it goes through the accounts
    part by part, so that a month's backlog needs no more memory than a night, and writes each part
    in two short transactions. One that is killed between them is made good by the next build.
    A rehearsal runs inside the transaction of its caller, who takes it back.
    """
    begin = nullcontext if is_rehearsal else sql.transaction
    built = Built(0, 0, 0, 0)
    with _quickly_written(connection):
        for part in _parts(connection, now):
            built += _build_part(connection, part, begin)
    with begin(connection):
        sql.execute(connection, "ingest/mark_staged", now=now)
        for view in VIEWS:
            connection.execute(f"create or replace view {view} as {sql.read(f'marts/{view}')}")
    return built


def _parts(connection: duckdb.DuckDBPyConnection, now: datetime) -> list[_Part]:
    """Return parts that together cover every account, also those that brought an outcome only."""
    found = sql.rows(connection, "ingest/parts", limit=PAYLOADS_IN_PART)
    firsts = ["", *(str(row["first_account_id"]) for row in found[1:])]
    since = [cast("datetime", row["since_at"]) for row in found] or [now]
    return [
        _Part(first, following, since_at)
        for first, following, since_at in zip(firsts, [*firsts[1:], LAST_TEXT], since, strict=True)
    ]


def _build_part(connection: duckdb.DuckDBPyConnection, part: _Part, begin: Begin) -> Built:
    accounts = part.accounts
    # Before the transaction, because DuckDB reads what a transaction itself wrote on one core only.
    _keep(connection, "pending_payload", ["ingest/part_payload"], **accounts, since=part.since_at)
    try:
        lines = _together(_staging(is_content=False))
        connection.execute(f"create or replace temporary view staged_line as {lines}")
        _keep(connection, "staged_value", ["ingest/staged_value"])
        _keep(connection, "staged_content", _staging(is_content=True))
        _keep(connection, "changed_key", ["ingest/changed_key"], **accounts)
        _keep(connection, "changed_row", ["ingest/changed_row"], **accounts)
        _keep(connection, "changed_item", ["ingest/changed_item"])
        with begin(connection):
            rejected = _count(sql.execute(connection, "ingest/reject_payloads"))
            observations = _add(connection, "observation", sql.read("ingest/changed_value"))
            items = _add(connection, "content_item", "from changed_item")
            touched = sql.read("ingest/touched_day")
            _add(connection, "touched_day", touched, **accounts)
    finally:
        # It hides the view of the same name, which the next part and everybody else must see.
        connection.execute("drop table temp.pending_payload")
    return Built(observations, items, rejected, _refresh_days(connection, begin))


def _refresh_days(connection: duckdb.DuckDBPyConnection, begin: Begin) -> int:
    """Bring ``account_day`` up to date for the days in ``touched_day``; return how many rows it has."""
    with begin(connection):
        sql.execute(connection, "ingest/forget_touched_days")
        days = _add(connection, "account_day", sql.read("marts/account_day"))
        connection.execute("delete from touched_day")
    return days


def rebuild(connection: duckdb.DuckDBPyConnection, now: datetime) -> Built:
    """Forget everything that was derived and read every archived payload again."""
    with sql.transaction(connection):
        for table in DERIVED_TABLES:
            connection.execute(f"delete from {table}")  # noqa: S608
    return build(connection, now)


def run_checks(connection: duckdb.DuckDBPyConnection, today: date) -> list[CheckResult]:
    """Run every statement under ``sql/checks`` and return those that found rows.

    A check may ask for ``$today`` and for nothing else.
    """
    for view in VIEWS:  # an installation that never built anything has none yet
        connection.execute(f"create view if not exists {view} as {sql.read(f'marts/{view}')}")
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


def _keep(
    connection: duckdb.DuckDBPyConnection, table: str, names: Iterable[str], **parameters: object
) -> None:
    """Hold the rows of the selects *names* in a temporary table until the next part."""
    statement = f"create or replace temporary table {table} as {_together(names)}"
    connection.execute(statement, sql.stored(parameters) or None)


def _together(names: Iterable[str]) -> str:
    # One statement, so that the sources are read side by side.
    return " union all by name ".join(f"({sql.read(name)})" for name in names)


def _add(
    connection: duckdb.DuckDBPyConnection, table: str, select: str, **parameters: object
) -> int:
    statement = f"insert into {table} by name {select}"
    return _count(connection.execute(statement, sql.stored(parameters) or None))


def _count(cursor: duckdb.DuckDBPyConnection) -> int:
    row = cursor.fetchone()
    return int(row[0]) if row else 0


@contextmanager
def _quickly_written(connection: duckdb.DuckDBPyConnection) -> Generator[None]:
    # Rows have no order here, and keeping one would make every step run on a single core. Trying
    # FSST on digests and account ids takes a sixth of a build and saves a fifteenth of the file.
    connection.execute("set preserve_insertion_order = false")
    connection.execute("set disabled_compression_methods = 'fsst'")
    try:
        yield
    finally:
        connection.execute("reset preserve_insertion_order")
        connection.execute("reset disabled_compression_methods")
