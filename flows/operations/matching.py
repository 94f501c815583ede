"""Match a file of candidates with a file of protected names, on every core, and write the verdicts."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from connectors.name_lists import ListRow
    from playbooks.impersonation.matching.matcher import Candidate, Matcher, Verdict
    from playbooks.impersonation.matching.protected import Official

REGISTER_COLUMNS = ("official_id", "name", "platform", "unit", "region")
CANDIDATE_COLUMNS = ("candidate_id", "name", "platform")
PROFILE_COLUMNS = ("handle", "bio", "avatar", "certified_subject")
OUTPUT_COLUMNS = ("candidate_id", "score", "official_id", "alert", "reasons")
LOT = 20_000  # candidates compared at once: bounds the memory of one process
MOST_FOUND = 10_000  # alerts a workbook lists; the CSV has every one
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
POOL_FROM = 4 * LOT  # below, building the keys twice costs more than a second core saves


@dataclass(frozen=True, order=True)
class Found:
    """One alert as a person reads it; ordered by score."""

    score: float
    candidate_id: str
    name: str
    platform: str
    official_id: str
    official_name: str
    reasons: str


@dataclass(frozen=True)
class Outcome:
    """What a run of matching did.

    Attributes:
        candidates: rows of the candidates' file, bad ones included.
        formula_ids: ids that a spreadsheet program would take for a formula.
        found: the alerts with their candidates, the likeliest first; at most ``MOST_FOUND``.
        alerts: of them, how many are at or over the threshold.
        threshold: the shipped one.
        problems: sentences about rows that could not be used, file and line first.
    """

    candidates: int
    alerts: int
    threshold: float
    formula_ids: int = 0
    problems: list[str] = field(default_factory=list[str])
    found: list[Found] = field(default_factory=list["Found"])


def match_files(
    register: Path | Sequence[Official],
    candidates: Path,
    out: Path,
    processes: int = 0,
    platforms: Mapping[str, str] = MappingProxyType({}),
) -> Outcome:
    """Write one verdict per candidate to *out*, in the order of the file.

    Ids are written exactly as they were read, so that the three files join; every other text is
    made inert for spreadsheet programs.

    Args:
        register: the protected accounts, or a CSV of them with the columns of ``REGISTER_COLUMNS``,
            optionally handle, avatar, aliases.
        candidates: CSV with ``CANDIDATE_COLUMNS`` and any of ``PROFILE_COLUMNS``.
        out: written anew, plain UTF-8 that any program joins; people read the workbook.
        processes: how many; by default one for each core where the file is long.
        platforms: what the candidates' words for a platform mean in the register, in small letters.

    Raises:
        UnreadableFileError: a file is no CSV or lacks a column.
    """
    from connectors.name_lists import read_list

    problems: list[str] = []
    officials = _read_officials(register, problems) if isinstance(register, Path) else register
    rows = read_list(candidates, CANDIDATE_COLUMNS, PROFILE_COLUMNS)
    problems += [
        f"{candidates.name} 第 {row.line} 行：{row.problem}" for row in rows if row.problem
    ]
    partial = out.with_name(out.name + ".part")
    alerts, found = 0, list[Found]()
    names = {row.official_id: row.name for row in officials}
    with partial.open("w", encoding="utf-8", newline="") as target:
        table = csv.writer(target, lineterminator="\n")
        table.writerow(OUTPUT_COLUMNS)
        verdicts = _verdicts(officials, [_candidate(row, platforms) for row in rows], processes)
        for row, verdict in zip(rows, verdicts, strict=True):
            table.writerow(_line(verdict))
            if verdict.is_alert:
                alerts += 1
                _keep(found, row, verdict, names)
    partial.replace(out)
    formula_ids = sum(row.cells["candidate_id"].startswith(FORMULA_STARTS) for row in rows)
    found = sorted(found, reverse=True)[:MOST_FOUND]
    return Outcome(len(rows), alerts, _threshold(), formula_ids, problems, found)


def _keep(found: list[Found], row: ListRow, verdict: Verdict, names: Mapping[str, str]) -> None:
    """Add an alert; forget the unlikeliest where there are far more than anybody reads."""
    cells = row.cells
    reasons = "；".join(verdict.reasons)
    who = (verdict.candidate_id, cells["name"], cells["platform"])
    whom = (verdict.official_id, names.get(verdict.official_id, ""))
    found.append(Found(verdict.score, *who, *whom, reasons))
    if len(found) >= 2 * MOST_FOUND:
        found[:] = sorted(found, reverse=True)[:MOST_FOUND]


def _read_officials(path: Path, problems: list[str]) -> list[Official]:
    from connectors.name_lists import read_list

    optional = (*REGISTER_COLUMNS[3:], "handle", "avatar", "aliases")
    return _officials(read_list(path, REGISTER_COLUMNS[:3], optional), path.name, problems)


def _officials(rows: Sequence[ListRow], file_name: str, problems: list[str]) -> list[Official]:
    from playbooks.impersonation.matching.protected import Official

    officials: list[Official] = []
    for row in rows:
        if row.problem:
            problems.append(f"{file_name} 第 {row.line} 行：{row.problem}；这一行没有参加比对")
            continue
        cells = {name: row.cells.get(name, "") for name in (*REGISTER_COLUMNS, "handle", "avatar")}
        aliases = row.cells.get("aliases", "").replace("；", ";").split(";")
        officials.append(Official(**cells, aliases=tuple(name for name in aliases if name.strip())))
    return officials


def _candidate(row: ListRow, platforms: Mapping[str, str]) -> Candidate:
    from playbooks.impersonation.matching.matcher import Candidate
    from playbooks.impersonation.matching.profile import UNKNOWN, Profile

    cells = row.cells
    shown = {name: cells[name] for name in PROFILE_COLUMNS if cells.get(name)}
    known = Profile(**shown) if shown else UNKNOWN  # one object for a million rows
    platform = platforms.get(cells["platform"].casefold(), cells["platform"])
    return Candidate(cells["candidate_id"], cells["name"], platform, known)


def _line(verdict: Verdict) -> tuple[object, ...]:
    from playbooks.core.workbook import inert

    return (
        verdict.candidate_id,
        f"{verdict.score:.4f}",
        verdict.official_id,
        int(verdict.is_alert),
        inert("；".join(verdict.reasons)),
    )


def _threshold() -> float:
    from playbooks.impersonation.matching import model

    return model.load().threshold


def _verdicts(
    officials: Sequence[Official], candidates: Sequence[Candidate], processes: int
) -> Iterator[Verdict]:
    lots = [candidates[start : start + LOT] for start in range(0, len(candidates), LOT)]
    cores = processes or (len(os.sched_getaffinity(0)) if len(candidates) >= POOL_FROM else 1)
    if cores == 1:
        _prepare(officials)
        for lot in lots:
            yield from _match(lot)
        return
    # Spawned, because neither Polars nor DuckDB survives a fork.
    with ProcessPoolExecutor(cores, get_context("spawn"), _prepare, (officials,)) as pool:
        for verdicts in pool.map(_match, lots):
            yield from verdicts


_matcher: Matcher | None = None


def _prepare(officials: Sequence[Official]) -> None:
    """Build the keys of the register once in each process."""
    global _matcher
    from playbooks.impersonation.matching.matcher import Matcher
    from playbooks.impersonation.matching.protected import register

    _matcher = Matcher(register(officials))


def _match(lot: Sequence[Candidate]) -> list[Verdict]:
    if _matcher is None:
        raise RuntimeError("the process was not prepared")
    return _matcher.match(lot)
