"""A worksheet that a checker filled in: its rows as verdicts, every fault at once with its row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from connectors.cells import cell_text
from connectors.spreadsheet import read_tables
from flows.operations.spot_check_verdicts import Seen
from playbooks.core.cases.forms import AnswerError
from playbooks.core.documents.text import visible
from playbooks.spot_check.indicators import VERDICTS
from playbooks.spot_check.worksheet import NAME, Line

ASKED = ("账号编号", "指标代号", "检查结果", "检查所见", "证据")
MOST_FAULTS = 20


def read_worksheet(path: Path, lines: Sequence[Line]) -> list[Seen]:
    """Return what the filled worksheet says that is not recorded yet; rows left empty say nothing.

    Args:
        path: the workbook.
        lines: the worksheet as it stands.

    Raises:
        AnswerError: no such sheet or heading, or rows with faults, each named.
        UnreadableFileError: no spreadsheet.
    """
    sheets = [sheet for sheet in read_tables(path) if sheet.name.startswith(NAME)]
    if not sheets or not sheets[0].rows:
        raise AnswerError(
            f"「{visible(path.name, 100)}」中没有工作表「{NAME}」；请填写系统生成的底稿"
        )
    head = [cell_text(cell) for cell in sheets[0].rows[0]]
    missing = [name for name in ASKED if name not in head]
    if missing:
        raise AnswerError(f"工作表「{NAME}」缺少列：{'、'.join(missing)}")
    known = {(line.account_id, line.indicator.code): line for line in lines}
    found: list[Seen] = []
    faults: list[str] = []
    for number, row in enumerate(sheets[0].rows[1:], start=2):
        cells = {name: cell_text(_at(row, head.index(name))) for name in ASKED}
        if not cells["检查结果"]:
            continue
        fault = _fault(cells, known)
        if fault:
            faults.append(f"第 {number} 行{fault}")
        elif not _is_recorded(cells, known):
            found.append(_seen(cells))
    if faults:
        more = f"；另有 {len(faults) - MOST_FAULTS} 处" if len(faults) > MOST_FAULTS else ""
        raise AnswerError("；".join(faults[:MOST_FAULTS]) + more)
    return found


Known = Mapping[tuple[str, str], Line]


def _at(row: Sequence[object], index: int) -> object:
    return row[index] if index < len(row) else ""


def _key(cells: Mapping[str, str]) -> tuple[str, str]:
    return cells["账号编号"], cells["指标代号"]


def _fault(cells: Mapping[str, str], known: Known) -> str:
    if _key(cells) not in known:
        place = visible(" ".join(_key(cells)), 60)
        return f"：本次检查没有 {place}"
    if cells["检查结果"] not in VERDICTS.values():
        return (
            f"：检查结果「{visible(cells['检查结果'], 40)}」只能是 {'、'.join(VERDICTS.values())}"
        )
    if cells["检查结果"] == VERDICTS["failed"] and not cells["检查所见"]:
        return "：不合格的必须写明检查所见"
    return ""


def _is_recorded(cells: Mapping[str, str], known: Known) -> bool:
    line = known[_key(cells)]
    told = (VERDICTS.get(line.verdict or ""), line.note or "", line.evidence or "")
    return told == (cells["检查结果"], cells["检查所见"], cells["证据"])


def _seen(cells: Mapping[str, str]) -> Seen:
    account_id, code = _key(cells)
    verdict = next(key for key, word in VERDICTS.items() if word == cells["检查结果"])
    return Seen(account_id, [code], verdict, cells["检查所见"], cells["证据"])
