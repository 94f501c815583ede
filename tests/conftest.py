"""Fixtures shared by every test: the two catalogs, migrated, in memory."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import hypothesis
import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from sql.catalogs import memory
from sql.instance import instance

# How long an example takes says how busy the machine is, never whether the code is right.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

# There is a worker for each core already: DuckDB's own threads would only take turns with them.
instance().widest = 1

UI = "tests/ui/"
FIRST = (UI, "tests/flows/test_demo.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start the longest files first, so that no worker is left alone with one of them at the end."""
    items.sort(key=lambda item: not item.nodeid.startswith(FIRST))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling:
    """Keep a file's tests in one worker, and all of the UI's: one Prefect server is enough.

    By file name, because the mark ``xdist_group`` does nothing with this pytest: xdist writes the
    group into an attribute that pytest 9.2 no longer reads.
    """
    return _ByFile(config, log)


class _ByFile(LoadFileScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return UI if nodeid.startswith(UI) else super()._split_scope(nodeid)


@pytest.fixture
def stats() -> Iterator[duckdb.DuckDBPyConnection]:
    with memory("stats") as connection:
        yield connection


@pytest.fixture
def ops() -> Iterator[duckdb.DuckDBPyConnection]:
    with memory("ops") as connection:
        yield connection
