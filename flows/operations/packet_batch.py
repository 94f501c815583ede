"""The packets of every unit: figures read in one go, documents rendered by processes side by side."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Final

import sql
from flows.operations import packets
from flows.operations.marts import copy_register
from flows.operations.packet_scope import PacketOf
from flows.settings import Settings
from playbooks.core.working_hours import local_day
from playbooks.statistics.period import Period
from playbooks.statistics.scope import Scope, ScopeError
from sql.catalogs import open_catalog

WAITING_PER_WORKER: Final = (
    2  # units held for a worker to come: memory does not grow with the units
)
PACKETS_PER_WORKER: Final = 200  # then a fresh one: Typst remembers every page it ever set
NOTED_AT_ONCE: Final = 20  # packets in one transaction on the ledger

Made = tuple[PacketOf, Scope, packets.Written]
Waiting = dict["Future[packets.Written]", tuple[PacketOf, Scope]]


@dataclass(frozen=True)
class Batch:
    """What became of the units: where each packet lies, and why a unit has none."""

    folders: tuple[Path, ...]
    skipped: tuple[str, ...]


def make_every_unit(
    settings: Settings,
    period: Period,
    now: datetime,
    folder: Path | None,
    tell: Callable[[str], None] = lambda _: None,
    workers: int | None = None,
) -> Batch:
    """Make the packet of every unit that keeps accounts, into a folder of its own each.

    Args:
        settings: of this installation.
        period: of all of them.
        now: of the making, one instant for all.
        folder: where the units' folders are made; None for the usual place.
        tell: is called with a sentence for each unit.
        workers: processes that render; None for one per core.

    Raises:
        PeriodError: no day of the period is over.
    """
    copy_register(settings, now)
    skipped: list[str] = []
    folders: list[Path] = []
    count = workers or os.cpu_count() or 1
    with _pool(count) as pool:
        for made in _grouped(_rendered(settings, period, now, folder, (pool, count, skipped))):
            packets.note(settings, made, now)
            for _, _, written in made:
                folders.append(written.files.docx.parent)
                tell(f"已生成 {folders[-1]}")
    return Batch(tuple(sorted(folders)), tuple(skipped))


def _rendered(
    settings: Settings,
    period: Period,
    now: datetime,
    folder: Path | None,
    work: tuple[ProcessPoolExecutor, int, list[str]],
) -> Iterator[Made]:
    from playbooks.statistics.figures import narrowed, read_figures

    pool, workers, skipped = work
    asked_units = _units(settings, period)
    requests = packets.requests_of(settings, [PacketOf(period), *asked_units], now)
    with open_catalog(settings.stats) as connection:
        whole = read_figures(connection, period, requests[0].scope, local_day(now))
    waiting: Waiting = {}
    for asked, request in zip(asked_units, requests[1:], strict=True):
        try:
            figures = narrowed(whole, request.scope)
        except ScopeError as error:
            skipped.append(f"{asked.unit_id}：{error}")
            continue
        usual = packets.place_of(settings, asked)
        target = folder / asked.scope_key if folder else usual
        future = pool.submit(packets.render_and_keep, settings, figures, request, target)
        waiting[future] = (asked, request.scope)
        if len(waiting) >= workers * WAITING_PER_WORKER:
            yield from _settled(waiting)
    while waiting:
        yield from _settled(waiting)


def _settled(waiting: Waiting) -> Iterator[Made]:
    done, _ = wait(waiting, return_when=FIRST_COMPLETED)
    for future in done:
        yield (*waiting.pop(future), future.result())


def _grouped(made: Iterator[Made]) -> Iterator[list[Made]]:
    while group := list(islice(made, NOTED_AT_ONCE)):
        yield group


def _units(settings: Settings, period: Period) -> list[PacketOf]:
    with open_catalog(settings.ops) as connection:
        units = sql.rows(connection, "register/all_unit")
    return [PacketOf(period, str(row["unit_id"])) for row in units]


def _pool(workers: int) -> ProcessPoolExecutor:
    # Not forked: DuckDB and Polars keep threads, and a fork copies their locks but not their threads.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, context, max_tasks_per_child=PACKETS_PER_WORKER)
