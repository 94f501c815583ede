"""Fixtures shared by every test: the two catalogs, migrated, in memory."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from sql.catalogs import memory


@pytest.fixture
def stats() -> Iterator[duckdb.DuckDBPyConnection]:
    with memory("stats") as connection:
        yield connection


@pytest.fixture
def ops() -> Iterator[duckdb.DuckDBPyConnection]:
    with memory("ops") as connection:
        yield connection
