"""One long-lived process of the soak: reads instants, does its part at each, says when it is done.

    python -m benchmarks.soak.worker HOME SEED (sweep|dispatch|audit|operators)

A line on standard input is one JSON object with ``now`` and, for operators, ``titles``, ``acts``, ``tells``;
each is answered with one line. The supervisor may kill the process at any moment.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

from benchmarks.soak import operators
from benchmarks.soak.world import settings_of
from flows.channels import open_sender
from flows.operations import escalation
from flows.settings import Settings
from sql.catalogs import CatalogBusyError
from sql.instance import instance

BUSY = "busy"

Order = Mapping[str, object]


def main() -> None:
    """Serve until standard input ends."""
    home, seed, part = sys.argv[1:]
    # Five processes share the machine: with a thread for each core DuckDB spends three times the CPU.
    instance().widest = 1
    settings = settings_of(Path(home))
    work = {
        "sweep": _sweep,
        "dispatch": _dispatch,
        "audit": _audit,
        "operators": _operators(int(seed)),
    }
    print("ready", flush=True)
    for line in sys.stdin:
        order = cast("Order", json.loads(line))
        now = datetime.fromisoformat(str(order["now"]))
        try:
            print(work[part](settings, order, now), flush=True)
        except CatalogBusyError:
            print(BUSY, flush=True)  # on a busy machine; a timer would simply come again


def _sweep(settings: Settings, order: Order, now: datetime) -> str:
    return str(sum(result.claimed for result in escalation.sweep(settings, now)))


def _dispatch(settings: Settings, order: Order, now: datetime) -> str:
    sender = open_sender(settings)
    began_s = time.monotonic()

    def clock() -> datetime:
        # It goes on while we work: a channel that asked for a pause opens again within one order.
        return now + timedelta(seconds=time.monotonic() - began_s)

    done = escalation.dispatch(settings, sender, clock, sender.channels.routing)
    return str(done.delivered)


def _audit(settings: Settings, order: Order, now: datetime) -> str:
    return json.dumps([finding.check for finding in escalation.audit(settings, now).findings])


def _operators(seed: int) -> Callable[[Settings, Order, datetime], str]:
    def work(settings: Settings, order: Order, now: datetime) -> str:
        operators.open_cases(settings, cast("list[str]", order["titles"]), now)
        if order["acts"]:
            operators.act(settings, seed, now)
        if order["acts"] or order.get("tells"):
            operators.tell(settings, now)
        return "done"

    return work


if __name__ == "__main__":
    main()
