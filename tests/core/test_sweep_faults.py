"""The promise under attack: processes killed at the worst points, racing each other, or gone for days.

Each rung is claimed once, each message is sent once or declared unknown, none is lost, none doubled.
"""

import random
import signal
import time
from collections import Counter
from datetime import timedelta

import duckdb
import pytest

from playbooks.core import ledger, outbox
from playbooks.core.cases import store
from playbooks.core.cases.rebuild import differences
from playbooks.core.ledger import EventType
from sql.catalogs import Catalog, open_catalog, write
from tests.support.casework import (
    DUTY,
    MONDAY_9,
    SMALL,
    answer,
    open_many,
    open_small,
    run_child,
    run_sweep,
    setting_at,
    start_child,
)

PLAIN = SMALL.replace("    on_expire: decide\n", "")
DUE = MONDAY_9 + timedelta(hours=5, minutes=30)  # 14:30, when the 100% rungs of SMALL are due
EVENING = MONDAY_9 + timedelta(hours=7, minutes=30)


@pytest.fixture
def catalog(tmp_path):
    return Catalog("ops", str(tmp_path / "ops.duckdb"))


def fill(catalog, count):
    with write(catalog) as connection:
        return open_many(connection, count, text=PLAIN)


def counts(connection):
    claimed = Counter(
        (event.payload["deadline_id"], event.payload["rung_number"])
        for event in history(connection)
        if event.event_type is EventType.RUNG_CLAIMED
    )
    rows = connection.sql("select deadline_id, rung_number from rung_claim").fetchall()
    assert set(claimed) == set(rows)
    return claimed


def history(connection):
    return [event for batch in ledger.read_all(connection) for event in batch]


def sent(tmp_path):
    path = tmp_path / "channel.txt"
    return Counter(path.read_text(encoding="utf-8").splitlines() if path.exists() else [])


def statuses(catalog):
    with open_catalog(catalog) as connection:
        return dict(connection.sql("select dedupe_key, status from outbox").fetchall())


def holds(catalog, case_ids):
    with open_catalog(catalog) as connection:
        assert ledger.verify_catalog(connection) is None
        assert list(differences(connection, case_ids)) == []


def test_a_sweep_killed_before_its_commit_has_claimed_nothing_and_the_next_claims_all(
    tmp_path, catalog
):
    case_ids = fill(catalog, 3)
    run_child(tmp_path, catalog.location, "sweep", DUE, "before_commit")
    with open_catalog(catalog) as connection:
        assert counts(connection) == Counter()
    assert run_child(tmp_path, catalog.location, "sweep", DUE) == "6"
    assert run_child(tmp_path, catalog.location, "sweep", DUE) == "0"
    with open_catalog(catalog) as connection:
        assert set(counts(connection).values()) == {1}
    holds(catalog, case_ids)


@pytest.mark.parametrize("kill_at", ["before_send", "after_send", "before_settled"])
def test_a_sender_killed_anywhere_sends_each_message_once_when_the_channel_can_tell(
    tmp_path, catalog, kill_at
):
    case_ids = fill(catalog, 3)
    run_child(tmp_path, catalog.location, "dispatch", DUE, kill_at)
    run_child(tmp_path, catalog.location, "dispatch", DUE + timedelta(minutes=3))
    if kill_at == "before_send":  # it never arrived, so it was queued again
        run_child(tmp_path, catalog.location, "dispatch", DUE + timedelta(minutes=6))
    assert statuses(catalog) == dict.fromkeys(sent(tmp_path), "delivered")
    assert sorted(sent(tmp_path).values()) == [1, 1, 1]
    holds(catalog, case_ids)


@pytest.mark.parametrize(("kill_at", "arrived"), [("before_send", 2), ("after_send", 3)])
def test_where_the_channel_cannot_tell_the_message_in_doubt_is_declared_unknown(
    tmp_path, catalog, kill_at, arrived
):
    case_ids = fill(catalog, 3)
    run_child(tmp_path, catalog.location, "dispatch", DUE, kill_at)
    later = DUE + timedelta(minutes=3)
    run_child(tmp_path, catalog.location, "dispatch", later, "--silent-channel")
    assert Counter(statuses(catalog).values()) == {"delivered": 2, "unknown": 1}
    assert Counter(sent(tmp_path).values()) == {1: arrived}
    holds(catalog, case_ids)


def test_killed_at_random_moments_again_and_again(tmp_path, catalog):
    case_ids = fill(catalog, 3)
    chance = random.Random(20261123)
    for _ in range(2):
        children = [
            start_child(tmp_path, catalog.location, what, DUE) for what in ("sweep", "dispatch")
        ]
        time.sleep(chance.uniform(0.6, 1.6))
        for child in children:
            child.send_signal(signal.SIGKILL)
            child.communicate(timeout=60)
    for minutes in (3, 6):
        run_child(tmp_path, catalog.location, "sweep", DUE + timedelta(minutes=minutes))
        run_child(tmp_path, catalog.location, "dispatch", DUE + timedelta(minutes=minutes))
    with open_catalog(catalog) as connection:
        claimed = counts(connection)
    assert claimed == Counter((f"{case_id}/look/1", n) for case_id in case_ids for n in (1, 2))
    assert statuses(catalog) == dict.fromkeys(sent(tmp_path), "delivered")
    assert Counter(sent(tmp_path).values()) == {1: 9}
    holds(catalog, case_ids)


def test_two_sweepers_and_two_dispatchers_at_once_on_one_file(tmp_path, catalog):
    case_ids = fill(catalog, 4)
    for what in ("sweep", "dispatch"):
        children = [start_child(tmp_path, catalog.location, what, DUE) for _ in range(2)]
        done = [int(child.communicate(timeout=60)[0]) for child in children]
        assert sum(done) == {"sweep": 8, "dispatch": 12}[what]
    with open_catalog(catalog) as connection:
        assert set(counts(connection).values()) == {1}
    assert Counter(sent(tmp_path).values()) == {1: 12}
    holds(catalog, case_ids)


def multiply(ops, copies):
    """Copy every case under other numbers: the sweep reads tables, and opening takes longer."""
    for number in range(copies):
        for table in ("case_summary", "case_step", "deadline", "rung"):
            names = ops.sql(f"select * from {table} limit 0").columns
            renamed = [
                f"replace({name}, 'SML-', 'S{number}-') as {name}"
                for name in names
                if name in ("case_id", "deadline_id", "dedupe_key")
            ]
            ops.execute(
                f"insert into {table} select * replace ({', '.join(renamed)}) from {table} "
                "where starts_with(case_id, 'SML-')"
            )


def test_the_expired_case_is_found_behind_ten_thousand_that_wait(ops):
    open_many(ops, 1_000, now=MONDAY_9 + timedelta(hours=3))
    multiply(ops, 9)
    last = open_small(ops, "最后")
    assert last == "SML-2026-1001"
    assert ops.sql("select count(*) from case_summary").fetchone() == (10_001,)
    first = run_sweep(ops, DUE, "a", batch=1)
    assert (first.claimed, first.is_full) == (1, True)
    result = run_sweep(ops, DUE, "b", batch=10)
    assert (result.claimed, result.expired, result.is_full) == (1, 1, False)
    assert {deadline for deadline, _ in counts(ops)} == {f"{last}/look/1"}


def test_after_an_outage_of_three_days_each_rung_fires_once_the_most_overdue_first(ops):
    open_small(ops, "早", text=PLAIN)
    open_small(ops, "晚", MONDAY_9 + timedelta(minutes=10), text=PLAIN)
    now = MONDAY_9 + timedelta(days=3)
    claims = []
    for token in "abcdefg":
        run_sweep(ops, now, token, batch=1)
        statement = (
            "select deadline_id, rung_number, lateness_s from rung_claim where claimed_by = ?"
        )
        claims.extend(ops.execute(statement, [token]).fetchall())
    early, late = "SML-2026-0001/look/1", "SML-2026-0002/look/1"
    assert claims == [
        (early, 1, 243000.0),
        (late, 1, 242400.0),
        (early, 2, 239400.0),
        (late, 2, 238800.0),
        (early, 3, 232200.0),
        (late, 3, 174000.0),
    ]
    bodies = ops.sql("select body from outbox where dedupe_key like 'rung:%'").fetchall()
    assert all("系统曾中断" in body for (body,) in bodies)
    assert counts(ops) == Counter(
        dict.fromkeys([(d, n) for d in (early, late) for n in (1, 2, 3)], 1)
    )


def test_an_answer_before_the_expiry_wins(ops):
    case_id = open_small(ops)
    assert answer(ops, case_id, "look", {"verdict": "good"}, "handler", DUE).refusal == ""
    assert run_sweep(ops, DUE, "a").claimed == 0
    assert store.read_state(ops, case_id).status == "closed"


def test_an_answer_after_the_expiry_is_refused_with_its_reason_and_kept(ops):
    case_id = open_small(ops)
    assert run_sweep(ops, DUE, "a").expired == 1
    refused = answer(ops, case_id, "look", {"verdict": "good"}, "handler", DUE, visit=1)
    assert refused.refusal == "步骤「查看」已经办理过或已超期转走"
    kinds = [event.event_type for event in ledger.read_case(ops, case_id)]
    assert kinds[-1] is EventType.ANSWER_REFUSED
    assert set(store.read_state(ops, case_id).open_steps) == {"decide"}


def test_where_expiry_leads_nowhere_a_late_answer_still_counts(ops):
    case_id = open_small(ops, text=PLAIN)
    run_sweep(ops, EVENING, "a")
    assert answer(ops, case_id, "look", {"verdict": "good"}, "handler", EVENING).refusal == ""
    assert store.read_state(ops, case_id).outcome == "done"


def test_of_two_answers_the_second_is_refused(ops):
    case_id = open_small(ops)
    assert answer(ops, case_id, "look", {"verdict": "bad"}, "handler", visit=1).refusal == ""
    assert answer(ops, case_id, "look", {"verdict": "good"}, "handler", visit=1).refusal != ""
    assert store.read_state(ops, case_id).answers["look"] == {"verdict": "bad"}


def test_an_answer_within_a_microsecond_of_the_question_counts(ops):
    case_id = open_small(ops)
    just_after = MONDAY_9 + timedelta(microseconds=1)
    assert answer(ops, case_id, "look", {"verdict": "good"}, "handler", just_after).refusal == ""


def test_a_playbook_edited_mid_flight_leaves_running_cases_alone(ops):
    old = open_small(ops, "旧")
    edited = SMALL.replace("version: 1", "version: 2").replace(
        "at: 100%, to: reviewer}\n      -", "at: 100%, to: handler}\n      -"
    )
    new = open_small(ops, "新", text=edited)
    digests = [store.read_state(ops, case_id).playbook_digest for case_id in (old, new)]
    assert len(set(digests)) == 2
    run_sweep(ops, DUE, "a")
    statement = "select case_id, target_role from rung where rung_number = 2 order by 1"
    assert ops.sql(statement).fetchall() == [(old, "reviewer"), (new, "handler")]


@pytest.mark.parametrize(
    "damage", ["delete from playbook_version", "update playbook_version set body = 'x: ['"]
)
def test_one_unreadable_playbook_stops_nobody_elses_rungs(ops, damage):
    lost = open_small(ops, "失")
    store._parsed.cache_clear()
    ops.execute(damage)
    sound = open_small(ops, "好", text=PLAIN)
    result = run_sweep(ops, DUE, "a")
    assert (result.claimed, result.expired) == (4, 2)
    bodies = ops.sql("select case_id, body from outbox where dedupe_key like 'rung:%:2'").fetchall()
    assert {case_id for case_id, _ in bodies} == {lost, sound}
    statement = "select count(*) from deadline where status = 'overdue'"
    assert ops.sql(statement).fetchone() == (2,)


def test_a_way_that_cannot_be_gone_leaves_the_step_overdue_and_the_others_go_on(ops):
    """The linter refuses such a playbook today; one frozen before it did must not stop the sweep."""
    bad = SMALL.replace("on_expire: decide", "on_expire: close").replace(
        "outcome: done}", "outcome: done, requires: [evidence_sealed]}"
    )
    blocked = open_small(ops, "堵")
    digest = store.read_state(ops, blocked).playbook_digest
    ops.execute("update playbook_version set body = ? where digest = ?", [bad, digest])
    store._parsed.cache_clear()
    going = open_small(ops, "通", text=SMALL.replace("version: 1", "version: 2"))
    assert run_sweep(ops, DUE, "a").expired == 2
    assert set(store.read_state(ops, blocked).open_steps) == {"look"}
    assert set(store.read_state(ops, going).open_steps) == {"decide"}


def test_nobody_on_duty_is_said_once_a_role_and_the_rungs_are_claimed_all_the_same(ops):
    open_many(ops, 3, text=PLAIN)
    result = run_sweep(ops, DUE, "a", {**DUTY, "reviewer": None})
    assert (result.claimed, result.nobody) == (6, 1)


def test_dispatch_takes_nothing_twice_while_another_holds_it(ops):
    open_many(ops, 3)
    first = outbox.take(ops, MONDAY_9, 2)
    second = outbox.take(ops, MONDAY_9, 2)
    assert (len(first), len(second)) == (2, 1)
    assert {m.dedupe_key for m in first}.isdisjoint(m.dedupe_key for m in second)


def test_a_failed_transaction_leaves_neither_ledger_nor_tables(ops):
    case_id = open_small(ops)
    before = ledger.head(ops)
    ops.begin()
    answer(ops, case_id, "look", {"verdict": "bad"}, "handler")
    ops.rollback()
    assert ledger.head(ops) == before
    assert not list(differences(ops, [case_id]))
    with pytest.raises(duckdb.ConstraintException):
        store.commit(ops, [_armed_again(ops, case_id)], setting_at(MONDAY_9).now)


def _armed_again(ops, case_id):
    (armed,) = [e for e in ledger.read_case(ops, case_id) if e.event_type == "deadline_armed"]
    return ledger.NewEvent(case_id, armed.event_type, "x", armed.payload, armed.reference)
