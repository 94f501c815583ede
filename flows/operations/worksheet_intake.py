"""Take in a worksheet that a checker filled in; the file itself becomes evidence of the case."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from flows.operations.files import keep
from flows.operations.spot_check_sheets import read_lines
from flows.operations.spot_check_verdicts import progress, record
from flows.operations.worksheet_file import read_worksheet
from flows.settings import Settings
from playbooks.spot_check.indicators import read_indicators


def take_worksheet(settings: Settings, case_id: str, path: Path, person: str, now: datetime) -> str:
    """Record what a filled worksheet says and return how far the checking has come.

    Raises:
        AnswerError: the case is no spot check, or the worksheet has faults, each with its row.
    """
    before = progress(settings, case_id)  # refuses another case before the file is looked at
    kept = keep(settings, path)
    lines = read_lines(settings, case_id, read_indicators(settings.home / "spot_check.yml"))
    seen = read_worksheet(path, lines)
    if not seen:
        return f"底稿中没有新的结果；{before.sentence}"
    return record(settings, case_id, seen, person, now, [kept]).sentence
