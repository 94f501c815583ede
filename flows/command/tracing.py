"""Subcommands trace, checks, corrections, correct: where a figure comes from, and whether it is right."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from flows import clock
from flows.command.arguments import Subparsers, add_command, add_person
from flows.command.output import CommandError, Output
from flows.command.watching import parse_day
from flows.settings import read_settings


def add(subparsers: Subparsers) -> None:
    """Add the subcommands."""
    parser = add_command(subparsers, "trace", "追溯一个数字：从数据包、看板到原始报文", trace)
    parser.add_argument("metric", help="指标，如 reads、followers_total")
    parser.add_argument("when", help="日期 2026-07-01，或统计期 2026Q3、2026-07")
    parser.add_argument("--account", default="", metavar="台账号", help="一个账号；查日期时必填")
    parser.add_argument("--unit", default="", help="一个单位（含下属单位）；默认全区")
    add_command(
        subparsers, "corrections", "声明的更正（corrections.csv）：检查、采用、列出", corrections
    )
    _add_correcting(subparsers)
    parser = add_command(subparsers, "checks", "逐项质量检查：结果与含义", checks)
    parser.add_argument("--rows", type=int, default=3, help="每项列出几行，默认 3")


def _add_correcting(subparsers: Subparsers) -> None:
    parser = add_command(
        subparsers, "correct", "声明一条更正：来源的数有误；来源改口或到期后自动停用", correct
    )
    parser.add_argument("metric", help="指标，如 reads、followers_total")
    parser.add_argument("when", help="日期 2026-07-01")
    parser.add_argument("--account", required=True, metavar="台账号")
    parser.add_argument("--value", type=float, default=None, help="更正为多少")
    parser.add_argument("--no-figure", action="store_true", help="不采信来源的数，按没有数处理")
    parser.add_argument("--reason", required=True, help="理由，留痕")
    parser.add_argument("--until", default="", help="最后有效的一天；不写就到来源改口为止")
    add_person(parser)
    parser.add_argument("--dry-run", action="store_true", help="只看来源现在的数，不写入")
    parser = add_command(
        subparsers,
        "withdraw-correction",
        "撤回一条更正，留痕；数字退回到来源所说",
        withdraw_correction,
    )
    parser.add_argument("correction_id", metavar="更正编号", help="见 juzhen corrections")
    parser.add_argument("--reason", required=True, help="理由，留痕")
    add_person(parser)


def checks(given: argparse.Namespace, output: Output) -> int:
    """Run every check and print those that found rows; non-zero when one must not exist."""
    from flows.operations.check_text import check_lines, checks_now

    found = checks_now(read_settings(), clock.today())
    for line in check_lines(found, given.rows):
        output.say(line)
    output.result(
        {
            "checks": [
                {"name": one.name, "is_failure": one.is_failure, "rows": one.rows.to_dicts()}
                for one in found
            ]
        }
    )
    return 1 if any(one.is_failure for one in found) else 0


def corrections(_: argparse.Namespace, output: Output) -> int:
    """Judge the declared corrections again and print how each of them stands."""
    from flows.operations.corrections import standing

    rows, lines = standing(read_settings(), clock.now())
    for line in lines:
        output.say(line)
    output.result({"corrections": rows})
    return 0


def correct(given: argparse.Namespace, output: Output) -> int:
    """Declare that a source's figure is wrong."""
    from flows.operations.corrections import WantedCorrection, declare

    wanted = WantedCorrection(
        given.account,
        given.metric,
        parse_day(given.when),
        None if given.no_figure else given.value,
        given.reason,
        given.by,
        parse_day(given.until) if given.until else None,
    )
    if (given.value is None) != given.no_figure:
        raise CommandError("--value 与 --no-figure 须写一个且只写一个")
    sentence = declare(read_settings(), wanted, clock.now(), is_preview=given.dry_run)
    output.say(sentence)
    output.result({"sentence": sentence, "written": not given.dry_run})
    return 0


def withdraw_correction(given: argparse.Namespace, output: Output) -> int:
    """Take a declared correction back."""
    from flows.operations.corrections import withdraw

    sentence = withdraw(read_settings(), given.correction_id, given.reason, given.by, clock.now())
    output.say(sentence)
    output.result({"sentence": sentence})
    return 0


def trace(given: argparse.Namespace, output: Output) -> int:
    """Follow one day's figure to its payloads, or a period's figure to its days."""
    from flows.operations import trace_text

    wanted = trace_text.WantedTrace(given.metric, given.when, given.account, given.unit)
    traced = trace_text.trace(read_settings(), wanted, clock.today())
    for line in traced.lines:
        output.say(line)
    output.result(asdict(traced.found))
    return 0
