"""The same statements on a DuckLake, as in cluster mode; here with its catalog in a local file."""

from __future__ import annotations

from datetime import date

import pytest

import sql
from playbooks.statistics.archive import archive
from playbooks.statistics.build import build, rebuild, run_checks
from sql.catalogs import Catalog, open_catalog, write
from tests.statistics.replies import at, fetch, reads

DAY = date(2026, 1, 1)
QUESTIONS = {
    "account_freshness": {"today": DAY},
    "follower_jump": {"begin": DAY, "end": DAY},
    "endpoint_health": {"now": at(5), "today": DAY},
    "missing_day": {"today": DAY},
    "source_error": {"now": at(5)},
}


@pytest.fixture(scope="module")
def lake(tmp_path_factory) -> Catalog:
    folder = tmp_path_factory.mktemp("lake")
    return Catalog("stats", f"ducklake:{folder}/catalog.ducklake", str(folder / "data"))


def test_three_nights_and_a_rebuild(lake):
    for day, count in ((2, 10), (3, 12), (4, 10)):
        with write(lake) as connection:
            archive(connection, [fetch("getbizsummary", reads(count), at(day))], "night")
        with open_catalog(lake) as connection:
            assert build(connection, at(day)).observation_count == 1
    with open_catalog(lake) as connection:
        assert build(connection, at(5)).observation_count == 0
        assert rebuild(connection, at(6)).observation_count == 3
    with open_catalog(lake) as connection:
        assert connection.sql("select reads from account_day").fetchall() == [(10.0,)]
        assert run_checks(connection, date(2026, 1, 2)) == []


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_mart_answers(lake, name):
    with open_catalog(lake) as connection:
        assert sql.query(connection, f"marts/{name}", **QUESTIONS[name]).width > 2
