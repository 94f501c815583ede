"""From the outbox to the fake Slack: delivered once, or said aloud that it was not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from connectors.simulation.faults import Fault
from flows.channels import open_sender
from flows.operations import escalation
from playbooks.core import outbox
from sql.catalogs import write
from tests.flows.steps import open_one


@pytest.fixture
def waiting(desk, slack):
    """A desk with one message to send; Slack keeps the real time, as the look-up expects."""
    slack.now = datetime.now(UTC)
    open_one(desk)
    return desk


def status(desk):
    return desk.rows("select status, attempts from outbox order by created_at, dedupe_key")


def test_a_message_is_delivered_once(waiting, slack):
    first = waiting.ask("dispatch")
    assert (first.code, first.json["delivered"]) == (0, 1)
    again = waiting.ask("dispatch")
    assert (again.code, again.json["delivered"]) == (0, 0)
    assert len(slack.messages) == 1
    assert waiting.one("select receipt from outbox") == slack.messages[0].ts
    waiting.later(minutes=6)
    silent = waiting.ask("audit").json["findings"]
    assert [(one["check"], one["examples"]) for one in silent] == [("silent_parts", ["sweep"])]
    waiting.run("sweep")
    assert waiting.ask("audit").json["clean"] is True


def test_a_limited_channel_is_asked_again_when_it_said(waiting, slack):
    slack.faults.replace([Fault("rate_limited", times=1)])
    limited = waiting.ask("dispatch")
    assert (limited.code, limited.json["queued_again"]) == (0, 1)
    assert waiting.ask("dispatch").json == dict.fromkeys(limited.json, 0)
    waiting.later(minutes=1)
    assert waiting.ask("dispatch").json["delivered"] == 1
    assert len(slack.messages) == 1


def test_a_refused_message_alarms_until_a_person_has_told_the_recipient(waiting, slack):
    waiting.monkeypatch.setenv("JUZHEN_SLACK_TOKEN", "xoxb-wrong-0000")
    refused = waiting.ask("dispatch")
    assert (refused.code, refused.json["failed"]) == (1, 1)
    waiting.later(minutes=6)
    waiting.run("sweep")
    waiting.run("dispatch")
    alarm = waiting.ask("audit")
    assert alarm.code == 1
    assert [one["check"] for one in alarm.json["findings"]] == ["unsettled_messages"]
    assert alarm.json["told"]["status"] == "refused"
    assert "xoxb-wrong" not in alarm.out + alarm.err

    (line,) = waiting.ask("messages").json["messages"]
    key, by = line.split(": ")[0], ["--by", waiting.people["handler"]]
    assert waiting.ask("told", "rung:nothing", "--remark", "x", *by).code == 1
    assert waiting.ask("told", key, "--remark", "  ", *by).code == 1
    assert waiting.ask("told", key, "--remark", "已电话告知", *by).code == 0
    assert waiting.ask("audit").code == 0
    assert waiting.ask("verify").code == 0


def test_an_unclear_sending_is_looked_up_and_never_sent_twice(waiting, slack):
    slack.faults.replace([Fault("dropped_after_accept", times=1)])
    unclear = waiting.ask("dispatch")
    assert (unclear.code, unclear.json["unknown"]) == (1, 1)
    assert len(slack.messages) == 1
    waiting.later(minutes=3)
    resolved = waiting.ask("dispatch")
    assert (resolved.code, resolved.json["delivered"]) == (0, 1)
    assert len(slack.messages) == 1
    assert status(waiting) == [("delivered", 0)]


def test_an_unclear_sending_that_never_arrived_is_sent_again(waiting, slack):
    slack.faults.replace([Fault("dropped_after_accept", times=1)])
    waiting.run("dispatch")
    slack.messages.clear()
    waiting.later(minutes=3)
    waiting.run("dispatch")
    waiting.later(minutes=1)
    assert waiting.ask("dispatch").json["delivered"] == 1
    assert len(slack.messages) == 1


def test_a_channel_that_never_lets_a_message_through_is_given_up_aloud(waiting, slack):
    for _ in range(60):
        slack.faults.replace([Fault("dropped_after_accept", endpoint="chat.postMessage")])
        waiting.run("dispatch")
        slack.messages.clear()
        waiting.later(minutes=16)
        if status(waiting)[0][0] == "failed":
            break
    assert status(waiting) == [("failed", outbox.MOST_ATTEMPTS - 1)]
    waiting.later(minutes=6)
    assert "unsettled_messages" in {one["check"] for one in waiting.ask("audit").json["findings"]}


def test_a_sender_killed_between_sending_and_settling_is_resolved_once(waiting, slack):
    sender = open_sender(waiting.settings)
    with write(waiting.settings.ops) as connection:
        (message,) = outbox.take(connection, waiting.now, 1)
    assert sender.send(message).ending is outbox.Ending.DELIVERED
    # Here the process dies. Its successor waits long enough to know that, then asks the channel.
    assert waiting.ask("dispatch").json["delivered"] == 0
    waiting.later(minutes=3)
    assert waiting.ask("dispatch").json["delivered"] == 1
    waiting.later(minutes=3)
    assert waiting.ask("dispatch").json["delivered"] == 0
    assert len(slack.messages) == 1


def test_a_webhook_cannot_look_up_so_that_the_unclear_stays_unclear_and_alarms(waiting, slack):
    for name in ("JUZHEN_SLACK_TOKEN", "JUZHEN_SLACK_CHANNEL"):
        waiting.monkeypatch.delenv(name)
    waiting.monkeypatch.setenv("JUZHEN_SLACK_WEBHOOK", slack.webhook_url)
    slack.faults.replace([Fault("dropped_after_accept", times=1)])
    for _ in range(3):
        assert waiting.run("dispatch").code in (0, 1)
        waiting.later(minutes=3)
    assert len(slack.messages) == 1
    assert status(waiting) == [("unknown", 0)]
    waiting.later(minutes=3)
    waiting.run("sweep")
    waiting.run("dispatch")
    alarm = waiting.ask("audit")
    assert [one["check"] for one in alarm.json["findings"]] == ["unsettled_messages"]
    assert alarm.json["told"]["status"] == "delivered"


def test_without_a_channel_every_message_fails_and_the_audit_says_so(desk):
    open_one(desk)
    ran = desk.ask("dispatch")
    assert (ran.code, ran.json["failed"]) == (1, 1)
    desk.later(minutes=20)
    desk.run("sweep")
    audit = desk.run("audit")
    assert audit.code == 1
    assert "没有配置聊天渠道" in audit.out


def test_two_sweeps_at_one_instant_claim_each_rung_once(waiting):
    waiting.later(hours=7)
    claimed = [sum(r.claimed for r in escalation.sweep(waiting.settings, waiting.now))]
    claimed += [sum(r.claimed for r in escalation.sweep(waiting.settings, waiting.now))]
    assert claimed[0] > 0
    assert claimed[1] == 0
    rungs = waiting.rows("select deadline_id, rung_number, count(*) from rung_claim group by all")
    assert {count for *_, count in rungs} == {1}


@pytest.mark.parametrize("text", ["", "{", "[]", '{"ledger_position": "x"}', "\xff"])
def test_a_broken_note_of_the_last_audit_is_a_finding_not_a_traceback(waiting, text):
    waiting.run("sweep")
    waiting.run("dispatch")
    assert waiting.run("audit").code == 0
    (waiting.home / "audit-heartbeat.json").write_bytes(text.encode("latin-1"))
    ran = waiting.ask("audit")
    assert ran.code == 1
    assert [one["check"] for one in ran.json["findings"]] == ["unreadable_heartbeat"]


def test_one_changed_byte_of_the_ledger_is_found_and_named(waiting):
    waiting.run("sweep")
    waiting.run("dispatch")
    noted = waiting.run("verify").out.split()[-1]
    assert waiting.run("verify", "--head", noted).code == 0
    waiting.rows(
        "update case_event set payload = replace(payload, 'weibo', 'weibp') where position = 1"
    )
    ran = waiting.ask("verify")
    assert (ran.code, ran.json["breach"]["position"]) == (1, 1)
    assert "第 1 条" in ran.err
    assert waiting.ask("audit").code == 1
    rebuilt = waiting.ask("rebuild")
    assert rebuilt.code == 1
    assert "第 1 条" in rebuilt.json["error"]


def test_a_ledger_cut_off_at_its_end_does_not_match_the_head_on_paper(waiting):
    noted = waiting.run("verify").out.split()[-1]
    waiting.rows("delete from case_event where position = (select max(position) from case_event)")
    assert waiting.run("verify").code == 0
    assert waiting.run("verify", "--head", noted).code == 1
    assert waiting.run("verify", "--head", "3").code == 1


def test_tables_that_were_tampered_with_are_found_and_rebuilt_from_the_ledger(waiting):
    waiting.run("sweep")
    waiting.run("dispatch")
    assert waiting.run("audit").code == 0
    before = waiting.rows("select * from deadline order by all")
    waiting.rows("update deadline set due_at = due_at + interval 30 day")
    found = waiting.ask("audit", "--full")
    assert [one["check"] for one in found.json["findings"]] == ["tables_differ"]
    assert waiting.ask("rebuild").code == 0
    assert waiting.rows("select * from deadline order by all") == before
    assert waiting.ask("audit", "--full").code == 0


def test_the_look_up_reaches_back_far_enough(waiting, slack):
    slack.now = datetime.now(UTC) - timedelta(days=1)
    slack.faults.replace([Fault("dropped_after_accept", times=1)])
    waiting.run("dispatch")
    waiting.later(minutes=3)
    assert waiting.ask("dispatch").json["delivered"] == 1
