"""One golden case of a statement: what it is given, its parameters, what it must give (see test_sql_golden)."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl
import yaml

import sql

ROOT = Path(__file__).parents[1] / "sql"
CASES = sorted(path.parent for path in ROOT.glob("*/*/*/expect.yaml"))


def judge(connection: duckdb.DuckDBPyConnection, case: Path) -> None:
    """Fill the tables, run the statement and compare; *connection* is of the catalog it belongs to."""
    given = load(case / "given.yaml") or {}
    params = load(case / "params.yaml") or {}
    expected = load(case / "expect.yaml")
    name = case.parent.relative_to(ROOT).as_posix()
    given.pop("catalog", None)
    views = given.pop("views", [])
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


def load(path: Path):
    """Return a YAML file's document; ``None`` where there is no file."""
    if not path.exists():
        return None
    return yaml.safe_load(path.read_text(encoding="utf-8"))


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
