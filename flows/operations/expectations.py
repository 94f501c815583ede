"""What the declarations expect of a night, copied to where the checks can read it."""

from __future__ import annotations

from dataclasses import asdict

import duckdb

import sql
from flows.operations.planning import all_sources
from flows.settings import Settings


def copy_expectations(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Replace what stands in ``source_expectation`` by what the declarations say now."""
    declared: list[dict[str, object]] = [
        {"source": one.source, **asdict(one.expected_per_night)}
        for one in all_sources(settings)
        if one.expected_per_night
    ]
    connection.execute("delete from source_expectation")
    sql.insert(connection, "source_expectation", declared)
