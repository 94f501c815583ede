"""Matching end to end beside ``rapidfuzz.process.cdist``, which scores all pairs and explains none.

``make bench`` takes a size that ends in a minute or two; the size of the design is
``python -m benchmarks.matching speed``.
"""

from __future__ import annotations

import csv
import os
import resource
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks import Result
from benchmarks.matching import development
from flows.operations.matching import REGISTER_COLUMNS, match_files
from playbooks.impersonation.matching.protected import Official

SAMPLE = 200  # candidates scored against everybody by the reference; the rest is proportional


def run() -> list[Result]:
    """Measure a size for every day."""
    return measure(candidates=30_000, protected=10_000)


def measure(candidates: int, protected: int) -> list[Result]:
    """Match generated files from the first byte read to the last written, and the reference."""
    officials = development.many_officials(protected)
    names = mixed_names(candidates, officials)
    with TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("R.csv", "C.csv", "O.csv")]
        _write(
            files[0],
            REGISTER_COLUMNS,
            [[getattr(row, name) for name in REGISTER_COLUMNS] for row in officials],
        )
        _write(
            files[1],
            ("candidate_id", "name", "platform"),
            [[f"C{at}", name, "抖音"] for at, name in enumerate(names)],
        )
        began = perf_counter()
        outcome = match_files(files[0], files[1], files[2])
        took_s = perf_counter() - began
    print(_cost(), flush=True)
    title = f"{candidates:,} candidates x {protected:,} protected, {outcome.alerts:,} alerts with reasons"
    reference = f"cdist ratio, one core, from {SAMPLE} candidates"
    target = "1,000,000 x 100,000 in 600 s, 6 GB"
    return [Result(title, took_s, reference, reference_s(names, officials), "s", target)]


def _cost() -> str:
    """Say what the run took besides time: on a machine with other work, processor time tells more."""
    mine, theirs = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    processor_s = sum(one.ru_utime + one.ru_stime for one in (mine, theirs))
    cores = len(os.sched_getaffinity(0))
    largest = [one.ru_maxrss / 1024 for one in (mine, theirs)]
    return (
        f"processor time {processor_s:.0f} s on {cores} cores; memory: this process {largest[0]:.0f} MiB,"
        f" the largest of the others {largest[1]:.0f} MiB, at most {largest[0] + cores * largest[1]:.0f} MiB"
    )


def mixed_names(count: int, officials: Sequence[Official]) -> list[str]:
    """Return ordinary names with one in twenty taken from an official and decorated."""
    ordinary = development.background("test", count)
    for at in range(0, count, 20):
        ordinary[at] = (
            officials[at * 7 % len(officials)].name + ("服务号", "客服", "美食", "")[at // 20 % 4]
        )
    return ordinary


def reference_s(names: Sequence[str], officials: Sequence[Official]) -> float:
    """Return what scoring every pair once would take."""
    from rapidfuzz import fuzz, process

    began = perf_counter()
    process.cdist(names[:SAMPLE], [row.name for row in officials], scorer=fuzz.ratio, workers=1)
    return (perf_counter() - began) * len(names) / SAMPLE


def _write(path: Path, heading: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as target:
        table = csv.writer(target)
        table.writerow(heading)
        table.writerows(rows)
