"""Fixtures shared by every test: the two catalogs, migrated, in memory."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import hypothesis
import pytest

from sql.catalogs import memory
from sql.instance import instance

# How long an example takes says how busy the machine is, never whether the code is right.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

# There is a worker for each core already: DuckDB's own threads would only take turns with them.
instance().widest = 1

FIRST = ("ui", "test_demo.py")


# Before xdist reads the marks; without it every worker would set up every file's fixtures again.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep a file's tests in one worker, and all of the UI's: one Prefect server is enough.

    The longest groups start first, so that no worker is left alone with one of them at the end.
    """
    for item in items:
        is_ui = "ui" in item.path.parts
        item.add_marker(pytest.mark.xdist_group("ui" if is_ui else str(item.path)))
    items.sort(key=lambda item: not any(part in FIRST for part in item.path.parts))


@pytest.fixture
def stats() -> Iterator[duckdb.DuckDBPyConnection]:
    with memory("stats") as connection:
        yield connection


@pytest.fixture
def ops() -> Iterator[duckdb.DuckDBPyConnection]:
    with memory("ops") as connection:
        yield connection
