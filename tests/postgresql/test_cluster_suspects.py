"""Cluster mode: every statement about suspects, by the same golden cases, on an attached PostgreSQL."""

from sql.catalogs import open_catalog
from tests.support.golden import CASES, ROOT, judge

SUSPECTS = [case for case in CASES if case.parents[1] == ROOT / "suspects"]


def test_statements_about_suspects(catalog):
    tried = {case.parent.name for case in SUSPECTS}
    assert tried == {path.name for path in (ROOT / "suspects").iterdir()}
    with open_catalog(catalog) as connection:
        for case in SUSPECTS:
            connection.begin()
            judge(connection, case)
            connection.rollback()  # the next case finds an empty catalog
