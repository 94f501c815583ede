"""Cluster mode: the list of problems, spot checks and the appraisal, by the same golden cases, on PostgreSQL."""

from dataclasses import replace
from datetime import UTC, datetime

import sql
from flows.operations.findings import held_of, update
from sql.catalogs import open_catalog, write
from tests.support.golden import CASES, ROOT, judge, load

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
FOLDERS = ("findings", "spot_check", "appraisal")
OF_STATISTICS = {"findings/mass_likes", "spot_check/with_followers"}
BESIDE = "register/table_accounts"
NAMES = {case: case.parent.relative_to(ROOT).as_posix() for case in CASES}
TRIED = {
    case: name
    for case, name in NAMES.items()
    if (name.split("/")[0] in FOLDERS or name == BESIDE) and name not in OF_STATISTICS
}
ROW = ROOT / "findings" / "update_many" / "one_of_two" / "given.yaml"


def test_statements_about_problems_and_checks(catalog):
    named = {
        path.relative_to(ROOT).as_posix() for each in FOLDERS for path in (ROOT / each).iterdir()
    }
    assert set(TRIED.values()) == (named | {BESIDE}) - OF_STATISTICS
    with open_catalog(catalog) as connection:
        for case in TRIED:
            connection.begin()
            judge(connection, case)
            connection.rollback()  # the next case finds an empty catalog


def test_many_problems_are_written_and_read_as_a_night_does(catalog):
    (row, _) = load(ROW)["finding"]
    with write(catalog) as ops:
        sql.insert(
            ops, "finding", [row | {"number": n, "finding_key": f"k{n}"} for n in range(1, 12)]
        )
        held = [held_of(found) for found in sql.rows(ops, "findings/latest")]
        update(
            ops,
            [replace(one, state="fixed", settled_at=NOW, case_id="REC-1") for one in held[:9]],
        )
    with write(catalog) as ops:
        found = sql.rows(ops, "findings/listed")
    assert [row["state"] for row in found] == ["fixed"] * 9 + ["open"] * 2
    assert (found[0]["settled_at"], found[9]["settled_at"]) == (NOW, None)
