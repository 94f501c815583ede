"""Cluster mode: the statistics catalog as a DuckLake, its catalog kept by PostgreSQL, its files in a folder."""

from datetime import date

import duckdb
import pytest

import sql
from playbooks.statistics.archive import archive
from playbooks.statistics.build import build, rebuild, run_checks
from sql.catalogs import Catalog, CatalogTooNewError, open_catalog, write
from tests.statistics.replies import at, fetch, reads

DAY = date(2026, 1, 1)


@pytest.fixture
def lake(address, tmp_path):
    return Catalog("stats", f"ducklake:postgres:{address}", str(tmp_path / "parquet"))


def test_nights_a_rebuild_and_a_mart(lake, tmp_path):
    for day, count in ((2, 10), (3, 12)):
        with write(lake) as connection:
            archive(connection, [fetch("getbizsummary", reads(count), at(day))], "night")
        with open_catalog(lake) as connection:
            assert build(connection, at(day)).observation_count == 1
    with open_catalog(lake) as connection:
        assert build(connection, at(5)).observation_count == 0
        assert rebuild(connection, at(6)).observation_count == 2
    with open_catalog(lake) as connection:
        assert connection.sql("select reads from account_day").fetchall() == [(12.0,)]
        assert run_checks(connection, date(2026, 1, 2)) == []
        assert sql.query(connection, "marts/endpoint_health", now=at(6), today=DAY).height > 0


def test_a_failing_night_leaves_nothing(lake):
    with pytest.raises(duckdb.CatalogException):
        broken_night(lake)
    with open_catalog(lake) as connection:
        assert connection.sql("select count(*) from raw_payload").fetchone() == (0,)


def broken_night(lake):
    with write(lake) as connection:
        archive(connection, [fetch("getbizsummary", reads(10), at(2))], "night")
        connection.execute("select * from nowhere")


def test_a_newer_lake_is_refused(lake):
    with open_catalog(lake) as connection:
        connection.execute("insert into migration values (9999, now()::timestamp)")
    with (
        pytest.raises(CatalogTooNewError, match="the stats catalog has migration 9999"),
        open_catalog(lake),
    ):
        pass
