"""Every folder ``tests/sql/<folder>/<query>/<case>`` is a test of ``sql/<folder>/<query>.sql``.

given.yaml   table -> rows, loaded into a fresh catalog in memory. A table that no migration knows
             becomes a temporary one. Two keys are no tables: ``catalog: ops`` or ``stats`` where
             no table says it, and ``views: [marts/thing]``, created under the last part of their
             name before the query runs.
params.yaml  the ``$parameters``; leave it out where there are none.
expect.yaml  a list: the rows of the query, in any order unless the query orders them;
             or table -> rows: what those tables hold after the statement, in any order.

Instants are written ``2026-01-05T00:00:00Z``.
"""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from pathlib import Path

import duckdb
import pytest

import sql
from sql.catalogs import memory
from tests.support.golden import CASES, ROOT, judge, load


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.relative_to(ROOT).as_posix())
def test_golden(case: Path) -> None:
    with _catalog(load(case / "given.yaml") or {}) as connection:
        judge(connection, case)


def test_every_query_with_a_golden_folder_exists() -> None:
    named = {path.relative_to(ROOT).as_posix() for path in ROOT.glob("*/*") if path.is_dir()}
    assert [name for name in sorted(named) if not (sql.FOLDER / f"{name}.sql").is_file()] == []


def test_every_golden_query_has_a_case_that_is_not_empty() -> None:
    not_empty = {case.parent for case in CASES if load(case / "expect.yaml")}
    assert [str(query) for query in sorted({case.parent for case in CASES} - not_empty)] == []


def _catalog(given: dict) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
    """Open the catalog that has the given tables."""
    name = given.pop("catalog", None)
    given.pop("views", None)
    migrations = (sql.FOLDER / "migrations").glob("*/*.sql")
    homes = {
        path.parent.name
        for path in migrations
        for table in given
        if re.search(rf"create table {table}\b", path.read_text(encoding="utf-8"))
    }
    chosen = {name} if name else homes
    assert len(chosen) == 1, f"the tables {sorted(given)} are in {sorted(homes) or 'no'} catalog"
    return memory(chosen.pop())
