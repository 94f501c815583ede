"""The books of the soak see every fault that a soak could end with."""

from datetime import timedelta

import pytest

from benchmarks.soak.account import account
from benchmarks.soak.playbook import playbook_text
from connectors.simulation.slack_message import SlackMessage
from playbooks.core import outbox
from playbooks.core.cases import store
from playbooks.core.playbook import parse_playbook
from tests.support.casework import MONDAY_9, run_sweep, setting_at

EVENING = MONDAY_9 + timedelta(hours=7, minutes=30)


def sent(dedupe_key):
    metadata = {"event_type": "juzhen", "event_payload": {"dedupe_key": dedupe_key}}
    return SlackMessage("C0DUTY", "1.0", "text", (), metadata)


@pytest.fixture
def channel(ops):
    """A case, everything due claimed, everything queued delivered; what the channel holds."""
    text = playbook_text()
    playbook = parse_playbook(text, "soak.json")
    store.open_case(ops, playbook, text, {"title": "case"}, None, setting_at(MONDAY_9))
    run_sweep(ops, EVENING, "token")
    messages = outbox.take(ops, EVENING, 100)
    for message in messages:
        outbox.settle(ops, message, outbox.Attempt(outbox.Ending.DELIVERED), EVENING, "test")
    return [sent(message.dedupe_key) for message in messages]


def faults(ops, channel):
    lines = account(ops, channel, EVENING)
    return {line.what.strip(): line.count for line in lines if line.must_be_zero and line.count}


def test_books_in_order_show_no_fault(ops, channel):
    assert faults(ops, channel) == {}
    counts = {line.what.strip(): line.count for line in account(ops, channel, EVENING)}
    assert counts["claimed"] == 3
    assert counts["delivered"] == len(channel) == 5
    assert counts["cases"] == 1


@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        ("update rung set status = 'armed' where rung_number = 1", "due and never claimed: LOST"),
        ("delete from rung_claim", "claimed in only one of ledger and table"),
        ("delete from outbox where dedupe_key like 'rung:%'", "rungs claimed without a message"),
        ("update outbox set status = 'queued'", "still under way"),
        ("update outbox set status = 'unknown'", "given up or unclear, and no person was told"),
        ("update case_event set payload = '{}' where position = 2", "where the chain breaks"),
        ("update deadline set status = 'met'", "tables that differ from a fold of the ledger"),
    ],
)
def test_a_planted_fault_is_booked(ops, channel, damage, fault):
    ops.execute(damage)
    assert faults(ops, channel)[fault] > 0


def test_what_the_channel_holds_is_compared_with_what_we_say(ops, channel):
    first, *others = channel
    assert faults(ops, [first, *channel]) == {"arrived twice": 1}
    assert faults(ops, others) == {"delivered by our word and not in the channel": 1}
    strange = [*channel, sent("nobody's")]
    assert faults(ops, strange) == {"in the channel and not known to the outbox": 1}


def test_a_digest_that_arrived_answers_for_each_of_its_parts(ops, channel):
    keys = [message.metadata["event_payload"]["dedupe_key"] for message in channel]
    bundled, alone = keys[:3], channel[3:]
    row = ("a", "slack", "digest:1", 3, EVENING.replace(tzinfo=None))
    ops.execute("insert into channel_attempt values (?, ?, ?, ?, ?)", row)
    under = "update outbox set sending_key = 'digest:1' where dedupe_key = ?"
    ops.executemany(under, [[key] for key in bundled])
    assert faults(ops, [sent("digest:1"), *alone]) == {}
    assert faults(ops, alone) == {"delivered by our word and not in the channel": 3}
    ops.execute("update outbox set sending_key = null where dedupe_key = ?", [bundled[0]])
    assert faults(ops, [sent("digest:1"), sent(bundled[0]), *alone]) == {"arrived twice": 1}
