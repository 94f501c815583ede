"""Moves the simulated clock from event to event, breaks things, and keeps the processes going."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Final, cast

from connectors.simulation.faults import Fault, FaultKind
from connectors.simulation.slack_server import SlackServer
from flows.settings import Settings
from sql.catalogs import open_catalog

PARTS: Final = ("operators", "sweep", "dispatch", "audit")
CHAT_FAULTS: Final[tuple[FaultKind, ...]] = (
    "http_500",
    "truncated",
    "garbage",
    "empty_body",
    "rate_limited",
    "dropped_after_accept",
)
KILL_SHARE = 0.12
CHAT_FAULT_SHARE = 0.15
LONGEST_WORK_S = 300.0


@dataclass
class Worker:
    """One child process and what it was asked last."""

    home: Path
    seed: int
    part: str
    process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start the child and wait until it is ready for orders."""
        command = [sys.executable, "-m", "benchmarks.soak.worker"]
        command += [str(self.home), str(self.seed), self.part]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._read()

    def order(self, order: Mapping[str, object]) -> None:
        """Send an order without waiting."""
        assert self.process is not None
        stdin = cast("IO[str]", self.process.stdin)
        stdin.write(json.dumps(order) + "\n")
        stdin.flush()

    def answer(self) -> str:
        """Return the answer to the last order; an error when the child died by itself."""
        return self._read()

    def kill(self) -> None:
        """Kill the child as a power cut would."""
        assert self.process is not None
        self.process.kill()
        self.process.communicate()

    def stop(self) -> None:
        """Let the child end by itself."""
        if self.process is not None and self.process.poll() is None:
            cast("IO[str]", self.process.stdin).close()
            self.process.wait(LONGEST_WORK_S)

    def _read(self) -> str:
        assert self.process is not None
        line = cast("IO[str]", self.process.stdout).readline()
        if not line:
            raise RuntimeError(f"the {self.part} process ended by itself: {self.process.wait()}")
        return line.strip()


@dataclass
class Tally:
    """What was done to the system."""

    instants: int = 0
    kills: Counter[str] = field(default_factory=Counter[str])
    outages: list[timedelta] = field(default_factory=list[timedelta])
    chat_faults: Counter[str] = field(default_factory=Counter[str])
    alarms: Counter[str] = field(default_factory=Counter[str])
    last_alarms: list[str] = field(default_factory=list[str])


@dataclass
class Soak:
    """One soak under way.

    Attributes:
        opened: instant -> titles of the cases to open then.
        ends_at: when operators stop and chaos ends.
    """

    settings: Settings
    slack: SlackServer
    workers: Mapping[str, Worker]
    chance: random.Random
    opened: dict[datetime, list[str]]
    outages: Sequence[tuple[datetime, timedelta]]
    ends_at: datetime
    tally: Tally = field(default_factory=Tally)

    def run(self) -> None:
        """Go from event to event until ``ends_at``, then let the dust settle without chaos."""
        for now in self._instants():
            self._spoil_chat()
            self.step(now, self.opened.get(now, ()), acts=now in self.opened, is_chaotic=True)
        self.slack.faults.replace(())
        now = self.ends_at
        for _ in range(40):
            now += timedelta(minutes=20)
            self.step(now, (), acts=False, is_chaotic=False)
            if not self._is_under_way():
                break
        self._finish(now + timedelta(minutes=1))

    def _finish(self, now: datetime) -> None:
        """Let a person tell what is unclear; then sweep, dispatch and audit, one after the other."""
        nothing: list[str] = []
        order = {"now": now.isoformat(), "titles": nothing, "acts": False, "tells": True}
        said = ""
        for worker in self.workers.values():
            worker.order(order)
            said = worker.answer()
        self.tally.last_alarms = cast("list[str]", json.loads(said))

    def step(self, now: datetime, titles: Sequence[str], *, acts: bool, is_chaotic: bool) -> None:
        """Let every part work at *now*, all at once; kill one of them now and then."""
        self.tally.instants += 1
        self.slack.now = now
        order = {"now": now.isoformat(), "titles": list(titles), "acts": acts}
        for worker in self.workers.values():
            worker.order(order)
        if is_chaotic and self.chance.random() < KILL_SHARE:
            victim = self.workers[self.chance.choice(PARTS)]
            time.sleep(self.chance.uniform(0, 0.2))
            victim.kill()
            self.tally.kills[victim.part] += 1
            victim.start()
            victim.order(order)
        for part, worker in self.workers.items():
            said = worker.answer()
            if part == "audit":
                self.tally.alarms.update(cast("list[str]", json.loads(said)))

    def _instants(self) -> Iterator[datetime]:
        """Yield the planned instants and, in between, one soon after each rung that comes due."""
        outages = list(self.outages)
        planned = sorted(self.opened)
        now = planned[0] - timedelta(minutes=1)
        while planned:
            due_at = self._next_due()
            soon = (
                None if due_at is None else due_at + timedelta(seconds=self.chance.randint(0, 240))
            )
            if soon is None or planned[0] <= soon:
                now = planned.pop(0)
            else:
                now = max(soon, now + timedelta(seconds=30))
            if outages and now >= outages[0][0]:
                now += self._cut(outages.pop(0)[1])
                planned = self._put_off(planned, now)
            yield now

    def _put_off(self, planned: Sequence[datetime], now: datetime) -> list[datetime]:
        """Return what is left of the plan after *now*; cases that came in meanwhile wait for it."""
        missed = [instant for instant in planned if instant <= now]
        left = [instant for instant in planned if instant > now]
        if left:
            waiting = [title for instant in missed for title in self.opened[instant]]
            self.opened[left[0]] = [*waiting, *self.opened[left[0]]]
        return left

    def _cut(self, length: timedelta) -> timedelta:
        """Kill everything; the clock goes on without anybody."""
        for worker in self.workers.values():
            worker.kill()
            worker.start()
        self.tally.outages.append(length)
        return length

    def _spoil_chat(self) -> None:
        faults: list[Fault] = []
        if self.chance.random() < CHAT_FAULT_SHARE:
            kind = self.chance.choice(CHAT_FAULTS)
            faults.append(Fault(kind, times=self.chance.randint(1, 12)))
            self.tally.chat_faults[kind] += 1
        self.slack.faults.replace(faults)

    def _next_due(self) -> datetime | None:
        with open_catalog(self.settings.ops) as connection:
            found = connection.execute(
                "select min(due_at) from rung where status = 'armed'"
            ).fetchone()
        return found[0].replace(tzinfo=UTC) if found and found[0] else None

    def _is_under_way(self) -> bool:
        with open_catalog(self.settings.ops) as connection:
            found = connection.execute(
                "select count(*) from outbox where status in ('queued', 'sending')"
            ).fetchone()
        return bool(found and found[0])
