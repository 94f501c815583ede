"""Everything is killed twice in the middle of an incident: no clock is lost, nobody is called twice."""

from collections import Counter
from datetime import timedelta

import pytest

from playbooks.core import ledger
from playbooks.core.cases.rebuild import differences
from playbooks.core.ledger import EventType
from sql.catalogs import Catalog, open_catalog, write
from tests.major_incident.test_incident import EVE, opened
from tests.support.casework import run_child, run_here

FIVE = EVE + timedelta(hours=5)
CLOCKS = {"report_call", "verify", "freeze", "report_network"}


@pytest.fixture
def catalog(tmp_path):
    return Catalog("ops", str(tmp_path / "ops.duckdb"))


def test_killed_twice_everywhere_in_one_night(tmp_path, catalog):
    with write(catalog) as ops:
        case_id = opened(ops, "takeover")
    place = (tmp_path, catalog.location)
    # The sweeper dies twice before its commit, the sender twice at its worst points.
    for _ in range(2):
        run_child(*place, "sweep", FIVE, "before_commit")
    assert int(run_here(*place, "sweep", FIVE)) > 0
    run_child(*place, "dispatch", FIVE, "before_send")
    run_child(*place, "dispatch", FIVE + timedelta(minutes=3), "after_send")
    assert run_here(*place, "sweep", FIVE + timedelta(minutes=4)) == "0"
    for minutes in (6, 9):
        run_here(*place, "dispatch", FIVE + timedelta(minutes=minutes))
    with open_catalog(catalog) as ops:
        events = ledger.read_case(ops, case_id)
        running = ops.sql("select step_id from deadline where status <> 'ended'").fetchall()
        messages = dict(ops.sql("select dedupe_key, status from outbox").fetchall())
        assert ledger.verify_catalog(ops) is None
        assert list(differences(ops, [case_id])) == []
    assert {step for (step,) in running} == CLOCKS
    claimed = Counter(
        (event.payload["deadline_id"], event.payload["rung_number"])
        for event in events
        if event.event_type is EventType.RUNG_CLAIMED
    )
    called = Counter((tmp_path / "channel.txt").read_text(encoding="utf-8").splitlines())
    rungs = {f"rung:{deadline}:{number}" for deadline, number in claimed}
    assert set(claimed.values()) == {1}
    # 4 hours to 网信 and each other limit that passed: every rung, each called exactly once.
    assert f"rung:{case_id}/report_network/1:3" in rungs
    assert {key for key in called if key.startswith("rung:")} == rungs
    assert set(called.values()) == {1}
    assert set(messages.values()) == {"delivered"}
