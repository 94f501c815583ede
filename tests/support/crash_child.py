"""A process that sweeps or dispatches with the real code and kills itself at a chosen point.

    python crash_child.py HOME OPS (sweep|dispatch) NOW [KILL_AT] [--silent-channel]

The channel is a file to which every send appends the message's key; it is the outward effect that
the tests count. KILL_AT: ``before_commit`` of a sweep; ``before_send``, ``after_send``,
``before_settled`` of a dispatch. Nothing in the product knows of this.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import datetime
from pathlib import Path

from flows.operations import escalation
from flows.settings import read_settings
from playbooks.core import outbox
from playbooks.core.outbox import Attempt, Ending


def die():
    os.kill(os.getpid(), signal.SIGKILL)


class FileChannel:
    def __init__(self, path, kill_at, *, is_silent):
        self.path, self.kill_at, self.is_silent = path, kill_at, is_silent

    def send(self, message):
        if self.kill_at == "before_send":
            die()
        with self.path.open("a", encoding="utf-8") as file:
            file.write(message.dedupe_key + "\n")
            file.flush()
            os.fsync(file.fileno())
        if self.kill_at == "after_send":
            die()
        return Attempt(Ending.DELIVERED, receipt=message.dedupe_key)

    def find(self, message):
        if self.is_silent:
            return None
        sent = self.path.read_text(encoding="utf-8").splitlines() if self.path.exists() else []
        if message.dedupe_key in sent:
            return Attempt(Ending.DELIVERED, receipt=message.dedupe_key)
        return Attempt(Ending.FAILED, detail="never arrived")


def act(home, ops, what, now, *rest):
    """Sweep or dispatch once and return what is printed; without KILL_AT any process may call it."""
    kill_at = next((part for part in rest if not part.startswith("-")), "")
    settings = read_settings({"JUZHEN_HOME": home, "JUZHEN_OPS": ops})
    instant = datetime.fromisoformat(now)
    if what == "sweep":
        if kill_at == "before_commit":
            # The heartbeat is the last thing a sweep writes.
            whole = escalation.sweep_core.beat
            escalation.sweep_core.beat = lambda *args: (whole(*args), die())
        return str(sum(result.claimed for result in escalation.sweep(settings, instant)))
    if kill_at == "before_settled":
        settle = outbox.settle
        outbox.settle = lambda *args: (settle(*args), die())
    channel = FileChannel(Path(home) / "channel.txt", kill_at, is_silent="--silent-channel" in rest)
    return str(escalation.dispatch(settings, channel, lambda: instant).delivered)


def main():
    sys.stdout.write(act(*sys.argv[1:]) + "\n")


if __name__ == "__main__":
    main()
