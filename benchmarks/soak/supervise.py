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
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import IO, Final, cast

from benchmarks.soak.worker import BUSY
from connectors.simulation.faults import Fault, FaultKind
from connectors.simulation.slack_server import SlackServer
from flows.settings import Settings
from playbooks.core.working_hours import OFFICE_ZONE
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
KILL_SHARE = 0.1
CHAT_FAULT_SHARE = 0.15
AUDIT_SHARE = 0.04
LONGEST_WORK_S = 300.0
STEP: Final = timedelta(minutes=5)
"""Everything happens on this grid, so that what comes due together is claimed in one burst."""


@dataclass
class Worker:
    """One child process and what it was asked last."""

    home: Path
    seed: int
    part: str
    process: subprocess.Popen[str] | None = None
    ordered_at_s: float = 0.0
    took_s: float = 0.1
    turned_away: int = 0
    latest: Mapping[str, object] = field(default_factory=dict[str, object])

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
        self.ordered_at_s = time.monotonic()
        self.latest = order
        stdin = cast("IO[str]", self.process.stdin)
        stdin.write(json.dumps(order) + "\n")
        stdin.flush()

    def answer(self) -> str:
        """Return the answer to the last order; an error when the child died by itself."""
        said = self._read()
        while said == BUSY:
            self.turned_away += 1
            self.order(self.latest)
            said = self._read()
        self.took_s = time.monotonic() - self.ordered_at_s
        return said

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
        most_minutes: of the real clock; then the chaos ends early, and the books say how far it came.
    """

    settings: Settings
    slack: SlackServer
    workers: Mapping[str, Worker]
    chance: random.Random
    opened: dict[datetime, list[str]]
    outages: Sequence[tuple[datetime, timedelta]]
    ends_at: datetime
    most_minutes: float
    tally: Tally = field(default_factory=Tally)
    began_s: float = field(default_factory=time.monotonic)
    reported_on: date | None = None

    def run(self) -> None:
        """Go from event to event until ``ends_at``, then let the dust settle without chaos."""
        for now in self._instants():
            self._report(now)
            self._spoil_chat()
            self.step(now, self.opened.get(now, ()), acts=now in self.opened, is_chaotic=True)
            if self._minutes() > self.most_minutes:
                self.ends_at = now
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
        working = self._working(acts=acts, is_chaotic=is_chaotic)
        for worker in working:
            worker.order(order)
        if is_chaotic and self.chance.random() < KILL_SHARE:
            self._kill_one(working, order)
        for worker in working:
            said = worker.answer()
            if worker.part == "audit":
                self.tally.alarms.update(cast("list[str]", json.loads(said)))

    def _working(self, *, acts: bool, is_chaotic: bool) -> list[Worker]:
        """Return who has something to do: people at their hours, the audit now and then."""
        audits = not is_chaotic or self.chance.random() < AUDIT_SHARE
        idle = {part for part, works in (("operators", acts), ("audit", audits)) if not works}
        return [worker for part, worker in self.workers.items() if part not in idle]

    def _kill_one(self, working: Sequence[Worker], order: Mapping[str, object]) -> None:
        """Kill one somewhere within what it is likely to take, start it again and repeat the order."""
        victim = self.chance.choice(working)
        time.sleep(self.chance.uniform(0, victim.took_s))
        victim.kill()
        self.tally.kills[victim.part] += 1
        victim.start()
        victim.order(order)

    def _minutes(self) -> float:
        return (time.monotonic() - self.began_s) / 60

    def _report(self, now: datetime) -> None:
        day = now.astimezone(OFFICE_ZONE).date()
        if day != self.reported_on:
            self.reported_on = day
            kills = sum(self.tally.kills.values())
            print(
                f"{self._minutes():6.1f} min: {day}, {self.tally.instants} instants, {kills} kills",
                file=sys.stderr,
                flush=True,
            )

    def _instants(self) -> Iterator[datetime]:
        """Yield the planned instants and, in between, every step of the grid at which a rung is due."""
        outages = list(self.outages)
        planned = sorted(self.opened)
        now = planned[0] - STEP
        while planned and now < self.ends_at:
            due_at = self._next_due()
            soon = None if due_at is None else _on_grid(max(due_at, now + STEP))
            now = planned[0] if soon is None or planned[0] <= soon else soon
            if outages and now >= outages[0][0]:
                now = _on_grid(now + self._cut(outages.pop(0)[1]))
                planned = self._put_off(planned, now)
            elif now == planned[0]:
                del planned[0]
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
            # Each rate limit is waited out for a real second; a few show what many would.
            most = 3 if kind == "rate_limited" else 12
            faults.append(Fault(kind, times=self.chance.randint(1, most)))
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


def _on_grid(instant: datetime) -> datetime:
    """Return the first step of the grid that is not before *instant*."""
    step_s = STEP.total_seconds()
    return datetime.fromtimestamp(-(-instant.timestamp() // step_s) * step_s, UTC)
