"""What a run of matching found, as people read it: a workbook and a board's page."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

from flows.operations.boards import shown
from flows.operations.matching import FORMULA_STARTS, MOST_FOUND, Found, Outcome
from playbooks.core.documents.text import visible
from playbooks.core.workbook import Sheet, SheetColumn, Value, write_workbook

MOST_SHOWN: Final = 100
COLUMNS = (
    *(SheetColumn("相似度", "decimal", 9), SheetColumn("待查编号", width=20)),
    *(SheetColumn("名称", width=28), SheetColumn("平台"), SheetColumn("疑似仿冒编号", width=16)),
    *(SheetColumn("疑似仿冒", width=24), SheetColumn("理由", width=60)),
)


def write_found(path: Path, outcome: Outcome, now: datetime) -> None:
    """Write the alerts to a workbook, the likeliest first; every cell a text, nothing evaluated."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [_cells(one) for one in outcome.found]
    write_workbook(path, (Sheet("疑似账号", COLUMNS, rows),), now)


def found_page(outcome: Outcome, where: str) -> str:
    """Return the page of one run as Markdown: what it did, what was wrong, the likeliest alerts."""
    lines = [f"## 疑似假冒 {outcome.alerts} 个", "", found_sentence(outcome), "", where]
    if outcome.formula_ids:
        lines += ["", formula_note(outcome.formula_ids)]
    problems = [f"- {shown(problem, 300)}" for problem in outcome.problems[:MOST_SHOWN]]
    if problems:
        lines += ["", f"### 有问题的行 {len(outcome.problems)} 处", "", *problems]
    if outcome.found:
        lines += ["", "| 相似度 | 账号 | 疑似仿冒 | 理由 |", "|---|---|---|---|"]
        lines += [_line(one) for one in outcome.found[:MOST_SHOWN]]
    more = outcome.alerts - MOST_SHOWN
    return "\n".join([*lines, *([f"\n另有 {more} 个，见工作簿。"] if more > 0 else [])])


def found_sentence(outcome: Outcome) -> str:
    """Say what a run of matching did."""
    cut = f"，工作簿只列前 {MOST_FOUND} 个" if outcome.alerts > MOST_FOUND else ""
    return (
        f"比对 {outcome.candidates} 个名称，疑似假冒 {outcome.alerts} 个"
        f"（分数不低于 {outcome.threshold:.4f}）{cut}，请人工核实"
    )


def formula_note(count: int) -> str:
    """Say what to mind where ids look like formulas."""
    starts = " ".join(mark for mark in FORMULA_STARTS if mark.strip())
    return (
        f"有 {count} 个待查编号以 {starts} 等开头，为能与原文件对应已原样写出；"
        "结果 CSV 请勿用表格软件直接打开，查看请用工作簿"
    )


def _cells(one: Found) -> list[Value]:
    texts = (one.candidate_id, one.name, one.platform, one.official_id, one.official_name)
    return [one.score, *(visible(text) or None for text in texts), visible(one.reasons)]


def _line(one: Found) -> str:
    account = f"{shown(one.name, 120)}（{shown(one.platform, 40)}，{shown(one.candidate_id, 80)}）"
    official = f"{shown(one.official_name, 120)}（{shown(one.official_id, 80)}）"
    return f"| {one.score:.2f} | {account} | {official} | {shown(one.reasons, 300)} |"
