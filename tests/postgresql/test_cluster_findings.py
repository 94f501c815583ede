"""The list of problems and the spot check on an attached PostgreSQL: the same statements, the same rows."""

from dataclasses import replace
from datetime import UTC, date, datetime

import sql
from flows.operations.findings import entry, held_of, update
from sql.catalogs import write

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
ROW = {
    **{"number": 1, "finding_key": "spot_check:A-1:links", "code": "spot_check", "unit_id": "U-1"},
    **{"account_id": "A-1", "detail": "断链", "grade": "", "facts": "{}", "owner_person_id": None},
    **{"due_on": date(2026, 12, 2), "due_basis": "5 个工作日", "is_provisional": False},
    **{"state": "open", "case_id": None, "opened_at": NOW, "last_true_at": NOW, "settled_at": None},
    **{"ended_at": None, "told_at": None, "overdue_told_at": None},
}
VERDICT = {
    **{"verdict_id": "v1", "case_id": "CHK-1", "account_id": "A-1", "indicator": "links"},
    **{"verdict": "failed", "note": "断链", "evidence": None, "person_id": "P-1"},
    "decided_at": NOW,
}


def test_many_problems_are_written_told_and_read(catalog):
    with write(catalog) as ops:
        rows = [ROW | {"number": n, "finding_key": f"k{n}"} for n in range(1, 12)]
        sql.insert(ops, "finding", rows)
        sql.insert(ops, "finding_event", [entry(1, "opened", "断链", "system:findings", NOW)])
        held = [held_of(row) for row in sql.rows(ops, "findings/latest")]
        settled = [replace(one, state="fixed", settled_at=NOW, case_id="REC-1") for one in held[:9]]
        update(ops, settled)
        sql.execute(ops, "findings/mark_told", numbers=[1, 11], now=NOW, is_overdue=False)
    with write(catalog) as ops:
        found = sql.rows(ops, "findings/listed")
        assert [row["state"] for row in found] == ["fixed"] * 9 + ["open"] * 2
        assert [row["number"] for row in found if row["told_at"]] == [1, 11]
        assert (found[0]["settled_at"], found[9]["settled_at"]) == (NOW, None)
        assert sql.rows(ops, "findings/events", numbers=[1])[0]["detail"] == "断链"
        sql.insert(ops, "spot_check_verdict", [VERDICT])
        assert len(sql.rows(ops, "spot_check/failed_of", case_id="CHK-1")) == 1
        for name in ("spot_check/standing_failures", "register/table_accounts"):
            assert sql.rows(ops, name) == []
        span = {"begin_at": NOW, "end_at": NOW, "now": NOW}
        assert sql.rows(ops, "appraisal/findings", **span) == []
        assert sql.rows(ops, "appraisal/failures", year_prefix="2026Q") == []
