"""From Submit to a case opened and its chat message queued, on a real server and worker.

Submission goes through the API as the interface does it; every hop is read from what Prefect and the
ledger recorded, so nothing in the path is instrumented. The reference is a flow that does nothing,
submitted to the same worker: what Prefect itself costs.
"""

from __future__ import annotations

import os
import shutil
import socket
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from prefect import flow

from benchmarks import Result

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient
    from prefect.client.schemas.objects import FlowRun

ROOT = Path(__file__).parents[1]
REPEATS = 3
PATIENCE_S = 120.0
EMPTY = "空流程"


@flow(name=EMPTY)
def do_nothing() -> None:
    """Cost nothing but Prefect's own."""


def run() -> list[Result]:
    """Start a stack in a temporary folder and measure."""
    from flows.stack import Stack
    from flows.stack_settings import StackSettings, client_environment

    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        os.environ["JUZHEN_HOME"] = folder
        person = _office(home)
        command = (sys.executable, "-m", "flows.command", "publish", "--deploy", ".")
        settings = StackSettings(home, port=_free_port(), project=ROOT, deploy_command=command)
        with Stack(settings) as stack:
            stack.start()
            os.environ.update(client_environment(settings))
            return _measured(home, person)


def _office(home: Path) -> str:
    """Import the sample register and return its handler as forms show people."""
    from flows.clock import now
    from flows.operations.imports import import_register
    from flows.operations.people import directory
    from flows.settings import read_settings
    from sql.catalogs import open_catalog

    shutil.copyfile(ROOT / "examples/office.yml", home / "office.yml")
    settings = read_settings()
    (register,) = (ROOT / "examples/register").glob("*.xlsx")
    import_register(settings, [register], "benchmark", now(), is_dry_run=False)
    with open_catalog(settings.ops) as connection:
        handler = directory(connection, now())["handler"]
        if handler:
            return f"{handler.name}({handler.person_id})"
        (name, person_id) = connection.execute(
            "select name, person_id from person where is_active order by 2"
        ).fetchall()[0]
    return f"{name}({person_id})"


def _measured(home: Path, person: str) -> list[Result]:
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        base = client.read_deployment_by_name("重建看板/重建看板")
        deployment_id = client.create_deployment(
            flow_id=client.create_flow(do_nothing),
            name=EMPTY,
            entrypoint="benchmarks.operator.do_nothing",
            pull_steps=base.pull_steps,
            work_pool_name=base.work_pool_name,
        )
        opening = client.read_deployment_by_name("立案/登记：假冒政务新媒体处置")
        empty = [_submitted(client, deployment_id, {}) for _ in range(REPEATS)]
        opened: list[tuple[FlowRun, float]] = []
        for number in range(REPEATS):
            form = {
                "platform": "微博",
                "display_name": f"云衫发布{number}",
                "channel": "12345 热线",
                "answered_by": person,
            }
            opened.append(_submitted(client, opening.id, {"form": form, **opening.parameters}))
    queued = _queued_at(home)
    reference_s = median(_until_end_s(run) for run, _ in empty)
    begins = [_at(run.start_time).timestamp() - sent for run, sent in opened]
    named = {
        "submit to flow begun": begins,
        "submit to case opened and message queued": [
            at - sent for at, (_, sent) in zip(queued, opened, strict=True)
        ],
        "submit to boards drawn": [_at(run.end_time).timestamp() - sent for run, sent in opened],
    }
    for run_, sent in empty:
        print(
            f"  empty flow: begun {_at(run_.start_time).timestamp() - sent:.2f} s", file=sys.stderr
        )
    return [
        Result(
            f"operator: {name} (median of {REPEATS})",
            median(times),
            "an empty flow, submit to end",
            reference_s,
            target="at most 10 s" if "queued" in name else "",
        )
        for name, times in named.items()
    ]


def _submitted(
    client: SyncPrefectClient, deployment_id: object, parameters: dict[str, object]
) -> tuple[FlowRun, float]:
    """Submit once, wait for the end, and return the run and when it was sent."""
    from uuid import UUID

    sent = time.time()
    identifier = UUID(str(deployment_id))
    made = client.create_flow_run_from_deployment(identifier, parameters=parameters)
    while not made.state or not made.state.is_final():
        if time.time() - sent > PATIENCE_S:
            raise TimeoutError(f"{made.name} did not end within {PATIENCE_S:.0f} s")
        time.sleep(0.2)
        made = client.read_flow_run(made.id)
    if not made.state.is_completed():
        raise RuntimeError(f"{made.name}: {made.state.message}")
    return made, sent


def _queued_at(home: Path) -> list[float]:
    """Return when each case's first message stood in the outbox, in order of the cases."""
    from flows.settings import read_settings
    from sql.catalogs import open_catalog

    with open_catalog(read_settings().ops) as connection:
        rows = connection.execute(
            "select epoch(min(created_at)) from outbox group by case_id order by case_id"
        ).fetchall()
    return [float(row[0]) for row in rows]


def _until_end_s(run: FlowRun) -> float:
    return (_at(run.end_time) - _at(run.expected_start_time)).total_seconds()


def _at(instant: datetime | None) -> datetime:
    assert instant is not None
    return instant


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    for result in run():
        print(result)
