"""Subcommands of the proactive scan: run it, list the suspects, accept and dismiss them."""

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
        subparsers, "scan", "把 candidates 文件夹中的检索结果与台账比对，疑似的提交审核", scan
    )
    parser.add_argument("--tell", action="store_true", help="有新的疑似账号时告知工作群")
    parser.add_argument("--by", default=None, metavar="人员编号", help="谁运行；不写则记为系统")
    parser = add_command(subparsers, "suspects", "待审核的疑似账号", suspects)
    parser.add_argument("--dismissed", action="store_true", help="改列已排除并记住的")
    parser.add_argument(
        "--out", type=Path, default=None, metavar="疑似账号.xlsx", help="另写成表格"
    )
    parser = add_command(
        subparsers, "review-suspects", "审核疑似账号：受理立案或并案，排除并记住", review
    )
    parser.add_argument("--accept", default="", metavar="编号", help="如 3,5-8")
    parser.add_argument("--dismiss", default="", metavar="编号", help="如 3,5-8；须写 --reason")
    parser.add_argument("--reason", default="", help="排除的理由")
    add_person(parser)


def scan(given: argparse.Namespace, output: Output) -> int:
    """Scan once; non-zero when something could not be read."""
    from flows.operations.scan import scan as run
    from flows.operations.suspect_board import scan_sentence
    from flows.suspect_alarms import tell_suspects

    settings, now = read_settings(), clock.now()
    result = run(settings, now, given.by)
    for problem in result.problems:
        output.note(problem)
    output.say(scan_sentence(vars(result)))
    told_count = tell_suspects(settings, now) if given.tell else 0
    if result.raised_count:
        output.say(
            "用 juzhen suspects 查看，用 juzhen review-suspects 或表单「审核疑似账号」审核。"
        )
    output.result({**vars(result), "told_count": told_count})
    return 1 if result.problems else 0


def suspects(given: argparse.Namespace, output: Output) -> int:
    """List what waits for review, or what was dismissed."""
    from flows.operations.addresses import Addresses
    from flows.operations.suspect_board import suspect_page
    from flows.operations.suspect_queue import dismissed, queue
    from flows.operations.suspect_sheet import write_suspects

    settings = read_settings()
    if given.out:
        count = write_suspects(settings, given.out, clock.now())
        output.say(f"已写出 {given.out}，待审核 {count} 个")
    rows = dismissed(settings) if given.dismissed else queue(settings)
    output.say(suspect_page(settings, Addresses()))
    output.result({"dismissed" if given.dismissed else "suspects": rows})
    return 0


def review(given: argparse.Namespace, output: Output) -> int:
    """Accept and dismiss."""
    from flows.operations.suspect_queue import review as decide

    reviewed = decide(
        read_settings(), given.accept, given.dismiss, given.reason, given.by, clock.now()
    )
    output.say(reviewed.sentence)
    output.result(
        {
            "cases": {
                str(number): {"case_id": case_id, "is_joined": is_joined}
                for number, (case_id, is_joined) in reviewed.cases.items()
            },
            "dismissed": list(reviewed.dismissed),
        }
    )
    return 0
