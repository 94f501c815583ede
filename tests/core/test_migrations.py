"""An installation is updated while cases are open: none is lost, and each goes on by its own rules."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

import sql
from playbooks.core import ledger
from playbooks.core.cases import rebuild, store
from playbooks.core.playbook import parse_playbook
from sql import catalogs
from sql.catalogs import memory, migrate
from tests.support.casework import MONDAY_9, SENT, answer, open_small, run_sweep, walk_to_parallel

EARLY = Path(__file__).parent / "sample" / "early"
FIRST_WITH_CASES_AS_THEY_ARE = 5
NEWEST = max(catalogs._migrations("ops"))


def go_on(ops, impersonation, small):
    """Do with both open cases what an operator and the sweep would do the day after."""
    answer(ops, impersonation, "send_public_security", SENT, "handler")
    swept = run_sweep(ops, MONDAY_9 + timedelta(hours=6), "after")
    steps = {step for _, step in open_steps(ops) if step}
    assert swept.claimed == 2  # of the small case: at 75 % and at the limit, which moves it on
    assert {"send_public_security", "look"}.isdisjoint(steps)
    assert {"file_with_bureau", "decide"} <= steps
    assert ledger.verify_catalog(ops) is None
    assert not list(rebuild.differences(ops, [impersonation, small]))


def open_steps(ops):
    statement = "select case_id, step_id from case_step where status = 'open'"
    return ops.sql(statement).fetchall()


@pytest.mark.parametrize("number", range(FIRST_WITH_CASES_AS_THEY_ARE, NEWEST))
def test_open_cases_go_on_after_every_migration(number, monkeypatch):
    every = catalogs._migrations("ops")
    earlier = {n: statements for n, statements in every.items() if n <= number}
    monkeypatch.setattr(catalogs, "_migrations", lambda name: earlier)
    with memory("ops") as ops:
        cases = walk_to_parallel(ops), open_small(ops)
        waiting, entries = open_steps(ops), ledger.head(ops)
        monkeypatch.setattr(catalogs, "_migrations", lambda name: every)
        assert migrate(ops, "ops") == list(range(number + 1, NEWEST + 1))
        assert (open_steps(ops), ledger.head(ops)) == (waiting, entries)
        go_on(ops, *cases)


def test_a_ledger_of_the_first_version_is_still_read_and_its_cases_go_on():
    """The entries were written by the first version; what came later to each kind is absent in them."""
    with memory("ops") as ops:
        lines = (EARLY / "ledger.jsonl").read_text(encoding="utf-8").splitlines()
        sql.insert(ops, "case_event", [json.loads(line) for line in lines])
        for path in (EARLY / "impersonation.yml", EARLY / "small.yml"):
            body = path.read_text(encoding="utf-8")
            store.keep_version(ops, parse_playbook(body, path.name), body, MONDAY_9)
        assert rebuild.rebuild(ops) == len(lines)
        state = store.read_state(ops, "IMP-2026-0001")
        assert (state.reporters, state.letters["platform"].dispatched_at) == (
            {"hotline:1": False},
            MONDAY_9,
        )
        go_on(ops, "IMP-2026-0001", "SML-2026-0001")
