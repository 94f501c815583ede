"""A dispatch that takes long, beside another one: every message goes out once."""

from datetime import UTC, datetime, timedelta

import sql
from flows.operations import escalation
from flows.settings import read_settings
from playbooks.core.outbox import Attempt, Ending, Message
from sql.catalogs import write

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def queue(settings, count):
    rows = [
        {
            "dedupe_key": f"k{number}",
            "case_id": "IMP-2026-0001",
            "channel": "duty",
            "recipient": "null",
            "severity": "info",
            "title": "请办理",
            "body": "",
            "link": "{}",
            "status": "queued",
            "attempts": 0,
            "created_at": MONDAY,
            "next_attempt_at": MONDAY,
            "sending_since_at": None,
            "finished_at": None,
            "receipt": None,
            "detail": None,
        }
        for number in range(count)
    ]
    with write(settings.ops) as connection:
        sql.insert(connection, "outbox", rows)


class SlowChannel:
    """Takes 35 seconds a message, and lets another dispatch run while the fourth is on its way."""

    def __init__(self, settings):
        self.settings = settings
        self.now = MONDAY
        self.sent: list[str] = []

    def clock(self):
        return self.now

    def send(self, message: Message) -> Attempt:
        self.now += timedelta(seconds=35)
        if len(self.sent) == 3:
            escalation.dispatch(self.settings, QuickChannel(self), self.clock)
        self.sent.append(message.dedupe_key)
        return Attempt(Ending.DELIVERED, "ts")

    def find(self, message: Message) -> Attempt | None:
        return Attempt(Ending.FAILED, detail="not in the history")


class QuickChannel:
    def __init__(self, slow: SlowChannel):
        self.slow = slow

    def send(self, message: Message) -> Attempt:
        self.slow.sent.append(message.dedupe_key)
        return Attempt(Ending.DELIVERED, "ts")

    def find(self, message: Message) -> Attempt | None:
        return self.slow.find(message)


def test_a_message_taken_late_in_a_long_run_is_not_taken_for_stuck(tmp_path):
    settings = read_settings({"JUZHEN_HOME": str(tmp_path)})
    queue(settings, 5)
    channel = SlowChannel(settings)
    escalation.dispatch(settings, channel, channel.clock)
    assert sorted(channel.sent) == ["k0", "k1", "k2", "k3", "k4"]


class RateLimited(QuickChannel):
    def send(self, message: Message) -> Attempt:
        self.slow.sent.append(message.dedupe_key)
        return Attempt(Ending.RATE_LIMITED, retry_after_s=1)


def test_a_clock_that_stands_still_does_not_wait_for_a_pause_to_end(monkeypatch, tmp_path):
    monkeypatch.setenv("JUZHEN_HOME", str(tmp_path))
    settings = read_settings()
    queue(settings, 2)
    slow = SlowChannel(settings)
    waits: list[float] = []
    monkeypatch.setattr(escalation.time, "sleep", waits.append)
    escalation.dispatch(settings, RateLimited(slow), lambda: MONDAY)
    assert slow.sent == ["k0"]
    assert len(waits) <= 1
