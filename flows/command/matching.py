"""Subcommand that compares lists of names with the protected ones."""

from __future__ import annotations

import argparse
from pathlib import Path

from flows.clock import now
from flows.command.arguments import Subparsers, add_command
from flows.command.output import CommandError, Output

PROBLEMS_SHOWN = 20


def add(subparsers: Subparsers) -> None:
    """Add the subcommand."""
    parser = add_command(subparsers, "match", "比对名称，找出疑似假冒账号", match)
    parser.add_argument(
        "--register",
        type=Path,
        required=True,
        metavar="R.csv",
        help="受保护账号：official_id,name,platform,unit,region（可加 handle,avatar,aliases）",
    )
    parser.add_argument(
        "--candidates",
        type=Path,
        required=True,
        metavar="C.csv",
        help="待查账号：candidate_id,name,platform（可加 handle,bio,avatar,certified_subject）",
    )
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="O.csv",
        help="结果：candidate_id,score,official_id,alert,reasons；每个待查账号一行，顺序不变",
    )
    parser.add_argument(
        "--sheet",
        type=Path,
        metavar="疑似.xlsx",
        help="另写一份疑似账号的工作簿，供人查看：相似度高的在前，每格都是文本",
    )
    parser.add_argument(
        "--processes", type=int, default=0, metavar="N", help="进程数；不写则按文件大小和处理器定"
    )


def match(given: argparse.Namespace, output: Output) -> int:
    """Compare and write the verdicts; bad rows are named and do not stop the others."""
    from flows.operations.matching import match_files
    from flows.operations.matching_sheet import formula_note, write_found

    if given.processes < 0:
        raise CommandError("--processes 应为正整数")
    outcome = match_files(given.register, given.candidates, given.out, given.processes)
    for problem in outcome.problems[:PROBLEMS_SHOWN]:
        output.note(problem)
    if len(outcome.problems) > PROBLEMS_SHOWN:
        output.note(f"……另有 {len(outcome.problems) - PROBLEMS_SHOWN} 行有问题")
    if outcome.formula_ids:
        output.note(formula_note(outcome.formula_ids))
    if given.sheet:
        write_found(given.sheet, outcome, now())
    output.say(
        f"比对 {outcome.candidates} 个名称，疑似假冒 {outcome.alerts} 个"
        f"（分数不低于 {outcome.threshold:.4f}）；已写出 {given.out}，请人工核实"
    )
    output.result(
        {
            "candidates": outcome.candidates,
            "alerts": outcome.alerts,
            "threshold": outcome.threshold,
            "problems": outcome.problems,
            "out": str(given.out),
        }
    )
    return 0
