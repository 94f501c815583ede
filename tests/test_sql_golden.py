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
from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest
import yaml

import sql
from sql.catalogs import memory

ROOT = Path(__file__).parent / "sql"
CASES = sorted(path.parent for path in ROOT.glob("*/*/*/expect.yaml"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.relative_to(ROOT).as_posix())
def test_golden(case: Path) -> None:
    given = _load(case / "given.yaml") or {}
    params = _load(case / "params.yaml") or {}
    expected = _load(case / "expect.yaml")
    name = case.parent.relative_to(ROOT).as_posix()
    views = given.pop("views", [])
    with _catalog(given) as connection:
        known = {row[0] for row in connection.execute("show tables").fetchall()}
        for table, rows in given.items():
            _fill(connection, table, rows, is_known=table in known)
        for view in views:
            statement = f"create temporary table {view.rsplit('/', 1)[-1]} as {sql.read(view)}"
            asked = {key: params[key] for key in params if f"${key}" in statement}
            connection.execute(statement, sql.stored(asked) or None)
        if isinstance(expected, dict):
            sql.execute(connection, name, **params)
            for table, rows in expected.items():
                assert _held(connection, table, rows) == _sorted(rows), table
            return
        found = sql.rows(connection, name, **params)
    found, expected = [_plain(row) for row in found], [_plain(row) for row in expected]
    if not _is_ordered(sql.read(name)):
        found, expected = _sorted(found), _sorted(expected)
    assert found == expected


def test_every_query_with_a_golden_folder_exists() -> None:
    named = {path.relative_to(ROOT).as_posix() for path in ROOT.glob("*/*") if path.is_dir()}
    assert [name for name in sorted(named) if not (sql.FOLDER / f"{name}.sql").is_file()] == []


def test_every_golden_query_has_a_case_that_is_not_empty() -> None:
    not_empty = {case.parent for case in CASES if _load(case / "expect.yaml")}
    assert [str(query) for query in sorted({case.parent for case in CASES} - not_empty)] == []


def _load(path: Path):
    if not path.exists():
        return None
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _catalog(given: dict) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
    """Open the catalog that has the given tables."""
    name = given.pop("catalog", None)
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


def _fill(
    connection: duckdb.DuckDBPyConnection, table: str, rows: list[dict], *, is_known: bool
) -> None:
    if is_known:
        for row in rows:
            sql.insert(connection, table, [row])
        return
    frame = pl.DataFrame([_stored(row) for row in rows], infer_schema_length=None)
    with sql.registered(connection, rows_of_table=frame):
        connection.execute(f"create temporary table {table} as select * from rows_of_table")


def _stored(row: dict) -> dict:
    return {
        key: value.replace(tzinfo=None) if isinstance(value, datetime) else value
        for key, value in row.items()
    }


def _held(connection: duckdb.DuckDBPyConnection, table: str, like: list[dict]) -> list[dict]:
    """Return the rows of *table*, with only the columns that the expected rows name."""
    columns = ", ".join(like[0]) if like else "*"
    cursor = connection.execute(f"select {columns} from {table}")
    names = [column[0] for column in cursor.description]
    return _sorted([_plain(dict(zip(names, values, strict=True))) for values in cursor.fetchall()])


def _plain(row: dict) -> dict:
    """Show instants as YAML reads them: aware, in UTC."""
    return {
        key: f"{value.replace(tzinfo=None).isoformat()}Z" if isinstance(value, datetime) else value
        for key, value in row.items()
    }


def _sorted(rows: list[dict]) -> list[dict]:
    plain = [_plain(row) for row in rows]
    return sorted(plain, key=lambda row: [(key, _comparable(row[key])) for key in sorted(row)])


def _comparable(value: object) -> str:
    # 3 and 3.0 are the same figure and must sort alike.
    return str(float(value)) if isinstance(value, (int, float)) else str(value)


def _is_ordered(text: str) -> bool:
    """Whether the outermost select has an ``order by``."""
    text = re.sub(r"--.*", "", text).lower()
    while "(" in text:
        shorter = re.sub(r"\([^()]*\)", "", text)
        if shorter == text:
            break
        text = shorter
    return "order by" in text
