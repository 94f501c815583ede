"""A message goes out at least once with its key, or is known not to have gone; never blindly twice."""

from datetime import timedelta

import pytest

from playbooks.core import ledger, outbox
from playbooks.core.cases import engine, store
from playbooks.core.ledger import EventType
from playbooks.core.outbox import Attempt, Ending
from tests.support.casework import MONDAY_9, open_small, run_sweep, setting_at

KEY = "your_turn:SML-2026-0001:look:1:0"


def at(**later):
    return MONDAY_9 + timedelta(**later)


def taken(ops, now=MONDAY_9):
    (message,) = outbox.take(ops, now, 1)
    return message


def settle(ops, message, ending, now=MONDAY_9, **attempt):
    outbox.settle(ops, message, Attempt(ending, **attempt), now, "system:dispatch")


def row(ops, key=KEY):
    columns = "status, attempts, epoch(next_attempt_at - created_at), receipt, detail"
    return ops.execute(f"select {columns} from outbox where dedupe_key = ?", [key]).fetchone()


def told(ops):
    kinds = ("message_delivered", "message_failed", "message_unknown")
    return [
        (event.event_type.value, event.payload["status"])
        for event in ledger.read_case(ops, "SML-2026-0001")
        if event.event_type in kinds
    ]


def test_the_most_severe_message_goes_first_and_each_once(ops):
    open_small(ops)
    run_sweep(ops, at(hours=7, minutes=31), "a")
    keys = []
    while message := outbox.take(ops, at(hours=8), 2):
        keys.extend(m.dedupe_key for m in message)
    rungs = [
        f"rung:SML-2026-0001/look/1:{n}" for n in (2, 3, 1)
    ]  # what has passed before what comes
    assert keys == [*rungs, KEY, "your_turn:SML-2026-0001:decide:1:0"]


def test_a_delivered_message_keeps_its_receipt(ops):
    open_small(ops)
    settle(ops, taken(ops), Ending.DELIVERED, receipt="ts-1")
    assert row(ops) == ("delivered", 0, 0.0, "ts-1", None)
    assert told(ops) == [("message_delivered", "delivered")]


def test_a_failing_channel_is_tried_eight_times_with_growing_pauses_and_then_given_up(ops):
    open_small(ops)
    now, pauses = MONDAY_9, []
    for _ in range(7):
        settle(ops, taken(ops, now), Ending.FAILED, now, detail="HTTP 500")
        due_s = row(ops)[2]
        pauses.append(due_s - (now - MONDAY_9).total_seconds())
        assert outbox.take(ops, now, 1) == []
        now = MONDAY_9 + timedelta(seconds=due_s)
    assert pauses == [15, 30, 60, 120, 240, 480, 900]
    settle(ops, taken(ops, now), Ending.FAILED, now, detail="HTTP 500")
    assert row(ops)[0] == "failed"
    assert told(ops) == [("message_failed", "failed")]


def test_a_refusal_is_final_at_once(ops):
    open_small(ops)
    settle(ops, taken(ops), Ending.REFUSED, detail="channel_not_found")
    assert row(ops)[0] == "failed"
    assert told(ops) == [("message_failed", "failed")]


@pytest.mark.parametrize(
    ("asked_s", "pause_s"),
    [(30.0, 30), (0.0, 1), (-5.0, 1), (1e300, 3600), (float("inf"), 3600), (float("nan"), 3600)],
)
def test_a_channel_that_asks_to_wait_is_obeyed_within_reason_and_no_attempt_is_counted(
    ops, asked_s, pause_s
):
    open_small(ops)
    settle(ops, taken(ops), Ending.RATE_LIMITED, retry_after_s=asked_s)
    assert row(ops)[:3] == ("queued", 0, pause_s)


def test_a_message_whose_sender_died_is_found_after_two_minutes(ops):
    open_small(ops)
    message = taken(ops)
    assert outbox.stuck(ops, at(minutes=2)) == []
    assert outbox.stuck(ops, at(minutes=2, seconds=1)) == [message]
    settle(ops, message, Ending.UNKNOWN, at(minutes=3), detail="渠道无法确认")
    assert row(ops)[0] == "unknown"
    assert outbox.take(ops, at(days=1), 10) == []


def test_a_sender_taken_for_dead_may_still_say_that_it_arrived(ops):
    open_small(ops)
    message = taken(ops)
    settle(ops, message, Ending.UNKNOWN)
    settle(ops, message, Ending.DELIVERED, receipt="ts-1")
    assert told(ops) == [("message_unknown", "unknown"), ("message_delivered", "delivered")]


@pytest.mark.parametrize(
    "late", [Ending.FAILED, Ending.RATE_LIMITED, Ending.UNKNOWN, Ending.REFUSED]
)
def test_nothing_makes_a_settled_message_go_out_again(ops, late):
    open_small(ops)
    message = taken(ops)
    settle(ops, message, Ending.DELIVERED, receipt="ts-1")
    settle(ops, message, late)
    outbox.requeue(ops, message, at(minutes=1), 1)
    assert row(ops)[0] == "delivered"
    assert outbox.take(ops, at(days=1), 10) == []
    assert told(ops) == [("message_delivered", "delivered")]


def test_a_person_closes_an_unknown_message(ops):
    open_small(ops)
    assert outbox.acknowledge(ops, KEY, "电话告知", MONDAY_9, "person:P-4") is False
    settle(ops, taken(ops), Ending.UNKNOWN)
    assert outbox.acknowledge(ops, KEY, "电话告知", MONDAY_9, "person:P-4") is True
    assert row(ops)[0] == "told"
    assert row(ops)[4] == "电话告知"
    assert outbox.acknowledge(ops, KEY, "电话告知", MONDAY_9, "person:P-4") is False
    assert outbox.acknowledge(ops, "no such key", "", MONDAY_9, "person:P-4") is False


def test_the_same_step_handed_over_twice_in_one_instant_is_two_messages(ops):
    case_id = open_small(ops)
    for person in ("P-8", "P-9"):
        store.change(
            ops,
            case_id,
            setting_at(MONDAY_9),
            lambda current, person=person: engine.hand_over(current, "look", person, "出差"),
        )
    keys = ops.sql(
        "select dedupe_key from outbox where dedupe_key like 'handed%' order by 1"
    ).fetchall()
    assert len(keys) == 2
    assert EventType.HANDED_OVER in {e.event_type for e in ledger.read_case(ops, case_id)}
