"""Match a file of the inbox with a file of it, or with the register, for the form «比对名称»."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sql
from flows.operations.candidate_files import platform_words
from flows.operations.files import inbox_paths, size_of
from flows.operations.matching import Outcome, match_files
from flows.operations.matching_sheet import write_found
from flows.operations.people import answerer
from flows.operations.scan import official_of
from flows.settings import Settings
from sql.catalogs import open_catalog

LONGEST_STEM_BYTES = 150


@dataclass(frozen=True)
class Matched:
    """A run of matching with the two files it wrote."""

    outcome: Outcome
    table: Path
    sheet: Path


def match_inbox(
    settings: Settings, candidates: str, register: str, person: str, now: datetime
) -> Matched:
    """Match two files of the inbox and write a CSV and a workbook to the outbox.

    Args:
        settings: of this installation.
        candidates: name of the file of candidates.
        register: name of the file of protected accounts; empty for the office's register.
        person: who asks; must be in the register.
        now: of the run.

    Raises:
        FileProblemError: a file is missing or its name leads elsewhere.
        UnreadableFileError: a file is no CSV or lacks a column.
        AnswerError: the register does not know the person.
    """
    paths = inbox_paths(settings, [name for name in (candidates, register) if name.strip()])
    for path in paths:
        size_of(settings, path)
    with open_catalog(settings.ops) as connection:
        answerer(connection, person, now)
        rows = sql.rows(connection, "suspects/protected")
    protected = paths[1] if len(paths) > 1 else [official_of(row) for row in rows]
    # The register names platforms by identifier; a list may say 抖音 or douyin.
    platforms = {} if len(paths) > 1 else platform_words()
    settings.outbox.mkdir(parents=True, exist_ok=True)
    table, sheet = (
        settings.outbox / f"比对结果_{_cut(paths[0].stem)}{ending}" for ending in (".csv", ".xlsx")
    )
    outcome = match_files(protected, paths[0], table, platforms=platforms)
    write_found(sheet, outcome, now)
    return Matched(outcome, table, sheet)


def _cut(stem: str) -> str:
    """Return the beginning of a name that leaves room for ours: file systems count 255 bytes."""
    return stem.encode("utf-8")[:LONGEST_STEM_BYTES].decode("utf-8", "ignore")
