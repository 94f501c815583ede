"""``python -m benchmarks.soak``: run a soak, print its table, exit 1 when anything was lost or doubled."""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

from benchmarks.soak import world
from benchmarks.soak.account import Line, account
from benchmarks.soak.supervise import PARTS, Soak, Worker
from connectors.simulation.slack_server import SlackServer
from playbooks.core.working_hours import OFFICE_ZONE
from sql.catalogs import open_catalog

FIRST_ON = date(2026, 9, 14)  # make-up days and both autumn holidays of 2026 lie ahead
OFFICE_TIMES = (time(9), time(10, 30), time(14), time(15, 30))
LONGEST_OUTAGE = timedelta(days=3)


def main(given: Sequence[str]) -> int:
    """Run one soak."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--cases", type=int, default=2_000)
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--minutes", type=float, default=float("inf"), help="end the chaos after so long"
    )
    asked = parser.parse_args(given)
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        lines = soak(Path(folder), asked.cases, asked.days, asked.seed, asked.minutes)
    print(f"soak: {asked.cases} cases, {asked.days} simulated days, seed {asked.seed}")
    for line in lines:
        mark = "" if not line.must_be_zero else "  ok" if line.count == 0 else "  FAULT"
        print(f"{line.what:<64}{line.count:>10,}{mark}")
    return int(any(line.must_be_zero and line.count for line in lines))


def soak(home: Path, case_count: int, day_count: int, seed: int, most_minutes: float) -> list[Line]:
    """Run a soak in *home* and return its table."""
    chance = random.Random(seed)
    begins_at = datetime.combine(FIRST_ON, OFFICE_TIMES[0], OFFICE_ZONE)
    ends_at = begins_at + timedelta(days=day_count)
    world.make(home, FIRST_ON - timedelta(days=2), ends_at.date() + timedelta(days=9), begins_at)
    with SlackServer(now=begins_at) as slack:
        (home / world.ADDRESS).write_text(f"{slack.token}\n{slack.api_url}", encoding="utf-8")
        workers = {part: Worker(home, seed, part) for part in PARTS}
        for worker in workers.values():
            worker.start()
        settings = world.settings_of(home)
        opened = _plan(chance, case_count, day_count)
        running = Soak(
            settings,
            slack,
            workers,
            chance,
            opened,
            _outages(chance, begins_at, day_count),
            ends_at,
            most_minutes,
        )
        try:
            running.run()
        finally:
            for worker in workers.values():
                worker.stop()
        with open_catalog(settings.ops) as connection:
            books = account(connection, tuple(slack.messages), slack.now)
    return [*_done_to_it(running, begins_at), *books]


def _plan(chance: random.Random, case_count: int, day_count: int) -> dict[datetime, list[str]]:
    """Return every instant at which people work -> the cases that come in, all in the first three quarters."""
    instants = [
        datetime.combine(FIRST_ON + timedelta(days=day), at, OFFICE_ZONE)
        for day in range(day_count)
        for at in OFFICE_TIMES
    ]
    opened: dict[datetime, list[str]] = {instant: [] for instant in instants}
    early = instants[: max(1, len(instants) * 3 // 4)]
    for number in range(case_count):
        opened[chance.choice(early)].append(f"case {number:05d}")
    return opened


def _outages(
    chance: random.Random, begins_at: datetime, day_count: int
) -> list[tuple[datetime, timedelta]]:
    """Return an outage a fortnight or so, the longest of three days."""
    count = max(1, day_count // 15)
    spread = day_count / (count + 1)
    return [
        (
            begins_at + timedelta(days=spread * (n + 1), hours=chance.uniform(0, 24)),
            LONGEST_OUTAGE if n == 0 and day_count > 10 else timedelta(hours=chance.uniform(1, 30)),
        )
        for n in range(count)
    ]


def _done_to_it(running: Soak, begins_at: datetime) -> list[Line]:
    tally = running.tally
    return [
        Line("simulated days of chaos", (running.ends_at - begins_at).days),
        Line("instants at which everything worked at once", tally.instants),
        *(Line(f"  {part} killed", tally.kills[part]) for part in PARTS),
        Line("asked again after 30 s without the catalog", sum(worker.turned_away for worker in running.workers.values())),
        Line("outages of everything", len(tally.outages)),
        Line("  the longest, hours", int(max(tally.outages, default=timedelta()) / timedelta(hours=1))),
        Line("chat failures switched on", sum(tally.chat_faults.values())),
        *(Line(f"audit alarms meanwhile: {check}", n) for check, n in sorted(tally.alarms.items())),
        Line("audit alarms at the end", len(tally.last_alarms), must_be_zero=True),
    ]  # fmt: skip


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
