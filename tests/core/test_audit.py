"""Each thing that sweep or dispatch could miss raises the alarm; a clean catalog raises none."""

from datetime import timedelta

import pytest

from playbooks.core import audit, ledger, outbox, sweep
from playbooks.core.outbox import Attempt, Ending
from tests.support.casework import (
    MONDAY_9,
    SMALL,
    open_impersonation,
    open_many,
    open_small,
    run_sweep,
    walk_to_the_end,
)
from tests.support.casework import answer as answer_step

SOON = MONDAY_9 + timedelta(minutes=10)
PLAIN = SMALL.replace("    on_expire: decide\n", "")
LATE = MONDAY_9 + timedelta(hours=6)


def beat(ops, now):
    for part in ("sweep", "dispatch"):
        sweep.beat(ops, part, now, "")


def deliver(ops, now):
    while messages := outbox.take(ops, now, 100):
        for message in messages:
            outbox.settle(ops, message, Attempt(Ending.DELIVERED, "ts"), now, "system:dispatch")


def found(ops, now, expected=None, **kwargs):
    beat(ops, now) if kwargs.pop("is_running", True) else None
    result = audit.audit(ops, now, expected, **kwargs)
    return {finding.check: finding.examples for finding in result.findings}


@pytest.fixture
def running(ops):
    """Cases of every age, everything sent, nothing wrong."""
    walk_to_the_end(ops)
    open_many(ops, 3, text=PLAIN)
    run_sweep(ops, LATE, "a")
    deliver(ops, LATE)
    return ops


def test_a_clean_catalog_gives_no_finding_and_the_head(running):
    assert found(running, LATE) == {}
    result = audit.audit(running, LATE, ledger.head(running))
    assert result.is_clean
    assert result.head == ledger.head(running)
    assert found(running, LATE, is_full=True) == {}


def test_an_empty_catalog_is_clean_even_when_nothing_runs(ops):
    assert audit.audit(ops, MONDAY_9).is_clean


DEADLINE = "SML-2026-0001/look/1"


@pytest.mark.parametrize(
    ("damage", "check", "example"),
    [
        ("delete from deadline", "missing_deadlines", DEADLINE),
        ("delete from deadline", "steps_without_deadline", "SML-2026-0001/look"),
        ("delete from rung where rung_number = 3", "missing_rungs", DEADLINE),
        ("delete from rung where rung_number = 3", "tables_differ", f"rung {DEADLINE} 3: missing"),
        (
            "delete from outbox where dedupe_key like 'rung:%'",
            "claims_without_message",
            f"{DEADLINE} #1",
        ),
        (
            "delete from outbox where dedupe_key like 'your%'",
            "missing_messages",
            "your_turn:SML-2026-0001:look:1:0",
        ),
        ("update rung set status = 'claimed'", "tables_differ", f"rung {DEADLINE} 3: status"),
        ("delete from rung_claim", "unclaimed_rungs", f"{DEADLINE} #1"),
        ("update playbook_version set body = body || ' '", "lost_playbooks", "small "),
        ("delete from playbook_version", "lost_playbooks", "small "),
        (
            "update case_event set actor = 'person:P-9' where position = 2",
            "broken_ledger",
            "entry 2 (step_started) was changed",
        ),
        (
            "update case_summary set status = 'closed' where case_id like 'S%1'",
            "tables_differ",
            "case_summary",
        ),
    ],
)
def test_each_planted_fault_is_named(ops, damage, check, example):
    open_many(ops, 2, text=PLAIN)
    run_sweep(ops, LATE, "a")
    deliver(ops, LATE)
    later = LATE + timedelta(minutes=6)
    assert found(ops, later) == {}
    ops.execute(damage)
    assert found(ops, later)[check][0].startswith(example)


def test_a_rung_that_nobody_claims_within_five_minutes(ops):
    open_small(ops)
    deliver(ops, MONDAY_9)
    due = MONDAY_9 + timedelta(hours=4, minutes=30)
    assert found(ops, due + timedelta(minutes=5)) == {}
    checks = found(ops, due + timedelta(minutes=5, seconds=1))
    assert checks == {"unclaimed_rungs": (f"{DEADLINE} #1",)}


def test_a_message_that_does_not_go_however_often_it_is_tried(ops):
    """Waiting politely for the channel is no excuse: five minutes after it was decided on it is late."""
    open_small(ops)
    now = MONDAY_9
    for _ in range(5):
        (message,) = outbox.take(ops, now, 1)
        outbox.settle(ops, message, Attempt(Ending.RATE_LIMITED, retry_after_s=90), now, "x")
        now += timedelta(seconds=90)
    assert list(found(ops, now)) == ["stuck_messages"]


@pytest.mark.parametrize("ending", [Ending.UNKNOWN, Ending.REFUSED])
def test_an_unsettled_message_alarms_until_a_person_closes_it(ops, ending):
    open_small(ops)
    (message,) = outbox.take(ops, MONDAY_9, 1)
    outbox.settle(ops, message, Attempt(ending, detail="channel_not_found"), MONDAY_9, "x")
    assert found(ops, SOON) == {"unsettled_messages": (f"{message.dedupe_key}: channel_not_found",)}
    outbox.acknowledge(ops, message.dedupe_key, "电话告知", SOON, "person:P-4")
    assert found(ops, SOON) == {}


def test_a_sweep_or_dispatch_that_stopped(ops):
    open_small(ops)
    deliver(ops, MONDAY_9)
    beat(ops, MONDAY_9)
    now = MONDAY_9 + timedelta(minutes=15)
    assert found(ops, now, is_running=False) == {}
    stopped = found(ops, now + timedelta(seconds=1), is_running=False)
    assert stopped == {"silent_parts": ("dispatch 2026-11-23 01:00", "sweep 2026-11-23 01:00")}


def test_a_draft_that_stalls(ops):
    case_id = open_impersonation(ops)
    verified = {"verdict": "impersonation", "reason": "名称同音", "harm": "none"}
    answer_step(ops, case_id, "verify", verified, "handler")
    deliver(ops, MONDAY_9)
    assert found(ops, SOON) == {"stalled_system_steps": (f"{case_id}/draft_letters",)}


def test_newest_entries_that_vanish_show_against_the_head_noted_last(running):
    noted = ledger.head(running)
    running.execute(f"delete from case_event where position > {noted.position - 2}")
    example = f"entry {noted.position - 1} is missing"
    assert found(running, LATE, noted)["broken_ledger"] == (example,)


def test_an_old_entry_that_changes_is_found_when_its_part_comes_round(running, monkeypatch):
    monkeypatch.setattr(audit, "OLD_ENTRIES", 40)
    noted = ledger.head(running)
    parts = -(-noted.position // 40)
    running.execute("update case_event set actor = 'x' where position = 25")
    turns = [LATE + timedelta(minutes=5 * n) for n in range(parts)]
    alarms = [now for now in turns if "broken_ledger" in found(running, now, noted)]
    assert len(alarms) == 1
    assert "broken_ledger" in found(running, turns[0], noted, is_full=True)


def test_open_cases_that_did_not_move_are_compared_in_turn(running, monkeypatch):
    monkeypatch.setattr(audit, "COMPARED_CASES", 1)
    noted = ledger.head(running)
    running.execute("update rung set target_role = 'x' where case_id = 'SML-2026-0002'")
    turns = [LATE + timedelta(minutes=5 * n) for n in range(3)]
    assert sum("tables_differ" in found(running, now, noted) for now in turns) == 1
