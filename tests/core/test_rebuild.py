"""The tables hold nothing that the ledger does not: they can be made again from it alone."""

from datetime import timedelta

import pytest

from playbooks.core import ledger, outbox
from playbooks.core.cases import deadline_changes, engine, store
from playbooks.core.cases.rebuild import FOLDED, BrokenLedgerError, Difference, differences, rebuild
from playbooks.core.outbox import Attempt, Ending
from tests.support.casework import (
    MONDAY_9,
    open_many,
    open_small,
    run_sweep,
    setting_at,
    walk_to_parallel,
    walk_to_the_end,
)


def contents(ops):
    return {
        table: sorted(ops.sql(f"select * from {table}").fetchall(), key=repr) for table in FOLDED
    }


def eventful(ops):
    """Cases in which everything happened that leaves a trace in the tables."""
    done = walk_to_the_end(ops)
    waiting = open_small(ops, "乙")
    expired = open_small(ops, "丙")
    row = deadline_changes.read_deadline(ops, f"{waiting}/look/1")
    for minutes, decide in (
        (30, lambda c: deadline_changes.pause(c, row, "awaiting_reporter")),
        (40, lambda c: engine.hand_over(c, "look", "P-9", "出差")),
    ):
        store.change(ops, waiting, setting_at(MONDAY_9 + timedelta(minutes=minutes)), decide)
    resumed = deadline_changes.read_deadline(ops, f"{waiting}/look/1")
    later = setting_at(MONDAY_9 + timedelta(hours=1))
    store.change(ops, waiting, later, lambda c: deadline_changes.resume(c, resumed))
    run_sweep(ops, MONDAY_9 + timedelta(hours=6), "t1")
    for ending in (Ending.DELIVERED, Ending.UNKNOWN, Ending.REFUSED):
        (message,) = outbox.take(ops, later.now, 1)
        outbox.settle(ops, message, Attempt(ending, "r"), later.now, "system:dispatch")
    return [done, waiting, expired]


def test_a_rebuild_gives_every_row_back(ops):
    case_ids = eventful(ops)
    before = contents(ops)
    assert list(differences(ops, case_ids)) == []
    for table in FOLDED:
        if table != "outbox":
            ops.execute(f"delete from {table}")
    count = rebuild(ops)
    assert count == ledger.head(ops).position
    assert contents(ops) == before


def test_a_rebuild_in_several_batches_gives_the_same(ops, monkeypatch):
    eventful(ops)
    before = contents(ops)
    monkeypatch.setattr(ledger, "BATCH", 7)
    rebuild(ops)
    assert contents(ops) == before


def test_what_is_on_its_way_stays_there(ops):
    open_many(ops, 3)
    first, second = outbox.take(ops, MONDAY_9, 2)
    outbox.settle(ops, second, Attempt(Ending.FAILED, detail="HTTP 500"), MONDAY_9, "x")
    before = contents(ops)["outbox"]
    rebuild(ops)
    assert contents(ops)["outbox"] == before
    assert outbox.stuck(ops, MONDAY_9 + timedelta(minutes=3)) == [first]


def test_a_message_whose_row_was_lost_is_asked_about_before_it_goes_out(ops):
    case_id = open_small(ops)
    ops.execute("delete from outbox")
    rebuild(ops)
    assert outbox.take(ops, MONDAY_9, 10) == []
    (message,) = outbox.stuck(ops, MONDAY_9 + timedelta(minutes=3))
    assert message.dedupe_key == f"your_turn:{case_id}:look:1:0"


def test_nothing_is_restored_from_a_broken_ledger(ops):
    open_small(ops)
    before = contents(ops)
    ops.execute("update case_event set payload = replace(payload, '甲', '乙') where position = 1")
    with pytest.raises(BrokenLedgerError, match="办件流水第 1 条校验不通过"):
        rebuild(ops)
    assert contents(ops) == before


@pytest.mark.parametrize(
    ("damage", "difference"),
    [
        ("delete from case_summary", Difference("case_summary SML-2026-0001", "missing")),
        (
            "update case_summary set status = 'closed'",
            Difference("case_summary SML-2026-0001", "status"),
        ),
        (
            "update deadline set due_at = due_at + interval 1 day",
            Difference("deadline SML-2026-0001/look/1", "due_at"),
        ),
        (
            "update rung set status = 'claimed', target_role = 'x' where rung_number = 2",
            Difference("rung SML-2026-0001/look/1 2", "target_role, status"),
        ),
        (
            "delete from rung where rung_number = 3",
            Difference("rung SML-2026-0001/look/1 3", "missing"),
        ),
        (
            "insert into rung_claim values ('SML-2026-0001/look/1', 1, now()::timestamp, 0, 'x')",
            Difference("rung_claim SML-2026-0001/look/1 1", "not in the ledger"),
        ),
        (
            "update outbox set recipient = 'null'",
            Difference("outbox your_turn:SML-2026-0001:look:1:0", "recipient"),
        ),
        (
            "update outbox set status = 'delivered'",
            Difference("outbox your_turn:SML-2026-0001:look:1:0", "status"),
        ),
    ],
)
def test_every_row_that_differs_is_named(ops, damage, difference):
    case_id = open_small(ops)
    ops.execute(damage)
    assert list(differences(ops, [case_id])) == [difference]


def test_entries_that_make_no_case_are_named(ops):
    sound, senseless = open_small(ops), "SML-2026-0002"
    event = ledger.NewEvent(senseless, ledger.EventType.CASE_CLOSED, "x", {"result": 1})
    ledger.append(ops, [event], MONDAY_9)
    assert list(differences(ops, [sound, senseless])) == [
        Difference(f"case {senseless}", "cannot be folded: KeyError")
    ]


def test_better_wording_is_no_difference(ops):
    case_id = open_small(ops)
    ops.execute("update outbox set title = '旧标题', body = '旧文', severity = 'warning'")
    ops.execute("update case_summary set title = '旧标题'")
    assert list(differences(ops, [case_id])) == []


def test_a_closed_case_leaves_no_step_open_and_an_approval_names_whose_turn_it_is(ops):
    walk_to_the_end(ops)
    still_open = ops.sql("select step_id from case_step where status = 'open'").fetchall()
    assert still_open == [("review",)]


def test_a_hand_over_covers_one_turn(ops):
    case_id = walk_to_parallel(ops)
    statement = (
        "select owner_role, owner_person_id from case_step where step_id = 'approve_letters'"
    )
    assert ops.sql(statement).fetchall() == [("signer", None)]
    state = store.read_state(ops, case_id)
    assert state.letters["platform"].is_signed
