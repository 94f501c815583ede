"""Subcommands of the annual appraisal: how a year stands, and what people enter."""

from __future__ import annotations

import argparse
from pathlib import Path

from flows import clock
from flows.command.arguments import Subparsers, add_command, add_person
from flows.command.output import Output
from flows.settings import read_settings


def add(subparsers: Subparsers) -> None:
    """Add the subcommands."""
    parser = add_command(
        subparsers, "appraisal", "年度考核现在算出来是怎样：各组名次、扣分、否决", show
    )
    parser.add_argument("year", type=int)
    parser.add_argument("--out", type=Path, default=None, metavar="考核.xlsx", help="另写成表格")
    parser = add_command(
        subparsers,
        "appraise",
        "登记单位自评、人工打分（值班表上的经办、审核）、申诉、裁定（审核、签发、带班领导，非评分人）",
        enter,
    )
    parser.add_argument("kind", choices=["self_report", "score", "appeal", "ruling"])
    parser.add_argument("year", type=int)
    parser.add_argument("--unit", required=True, metavar="单位编号")
    parser.add_argument("--rule", required=True, metavar="考核项代号")
    parser.add_argument("--points", type=float, default=0.0, help="正数；性质按考核项")
    parser.add_argument("--words", required=True, help="说明、理由")
    parser.add_argument("--evidence", default="", help="佐证链接或文件名")
    add_person(parser)


def show(given: argparse.Namespace, output: Output) -> int:
    """Show every unit's sheet as the record stands now."""
    from flows.operations.appraising import preview
    from playbooks.appraisal.scoring import VETOED
    from playbooks.appraisal.sheet import result_sheets
    from playbooks.core.workbook import write_workbook

    rules, found = preview(read_settings(), given.year, clock.now())
    output.say(f"考核规则第 {rules.version} 版（{rules.label}）：{rules.source}")
    for one in found:
        total = VETOED if one.total is None else f"{one.total:g} 分"
        vetoes = f"（{'、'.join(one.vetoes)}）" if one.vetoes else ""
        output.say(f"{one.group}  {one.rank or '—'}  {one.unit.name}  {total}  {one.grade}{vetoes}")
        for item in one.items:
            if item.points:
                output.say(f"    {item.rule.title} {item.points:g}：{item.because}")
    if given.out:
        given.out.parent.mkdir(parents=True, exist_ok=True)
        write_workbook(given.out, result_sheets(found, rules), clock.now())
        output.say(f"已写出 {given.out}")
    facts = [
        {"unit_id": one.unit.unit_id, "group": one.group, "rank": one.rank, "total": one.total,
         "grade": one.grade, "vetoes": list(one.vetoes)}
        for one in found
    ]  # fmt: skip
    output.result({"version": rules.version, "label": rules.label, "scores": facts})
    return 0


def enter(given: argparse.Namespace, output: Output) -> int:
    """Write down one entry."""
    from flows.operations.appraisal_entries import enter as write_down

    facts = {
        "year": given.year,
        "unit_id": given.unit,
        "rule": given.rule,
        "points": given.points,
        "words": given.words,
        "evidence": given.evidence,
    }
    sentence = write_down(read_settings(), given.kind, facts, given.by, clock.now())
    output.say(sentence)
    output.result({"sentence": sentence})
    return 0
