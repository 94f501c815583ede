"""Subcommands of the quarterly spot check: start one, see how far it is, record what was found."""

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
        subparsers, "spot-check", "开展季度抽查：抽取账号、预填检查底稿（写季度，如 2026Q3）", start
    )
    parser.add_argument("period", help="2026Q3")
    parser.add_argument(
        "--sample", type=int, default=None, metavar="个数", help="随机抽查几个；不写则全部检查"
    )
    parser.add_argument("--seed", default="", help="随机种子；不写由立案时间生成")
    add_person(parser)
    parser = add_command(
        subparsers, "check-progress", "季度抽查查到哪里：各账号各指标的结果", progress
    )
    parser.add_argument("case_id")
    parser.add_argument("--missing", action="store_true", help="只列还没有结果的")
    parser = add_command(
        subparsers, "check-items", "登记检查结果，一次可登记多个账号和指标", record
    )
    parser.add_argument("case_id")
    parser.add_argument(
        "--accounts", default="全部", metavar="台账号", help="如 A0001,A0003；全部即还没有结果的"
    )
    parser.add_argument(
        "--indicators", default="", metavar="指标代号", help="如 links,naming；不写则全部指标"
    )
    parser.add_argument(
        "--verdict",
        default="adopt",
        choices=["adopt", "passed", "failed", "inapplicable"],
        help="采用系统建议、合格、不合格、不适用",
    )
    parser.add_argument("--note", default="", help="检查所见；不合格的必填")
    parser.add_argument("--evidence", default="", metavar="网址", help="证据链接")
    parser.add_argument("--file", type=Path, action="append", default=[], help="证据文件，可写多次")
    parser.add_argument(
        "--worksheet", type=Path, default=None, metavar="抽查底稿.xlsx", help="改为导入填好的底稿"
    )
    add_person(parser)


def start(given: argparse.Namespace, output: Output) -> int:
    """Open the case; the system draws at once."""
    from flows.operations.cases import open_case

    settings, now = read_settings(), clock.now()
    inputs: dict[str, object] = {
        "period": given.period,
        "scope": "all" if given.sample is None else "sample",
    }
    inputs |= {} if given.sample is None else {"sample_size": given.sample}
    inputs |= {"seed": given.seed} if given.seed else {}
    opened = open_case(settings, "spot_check", inputs, None, given.by, now)
    verb = "已在办，并入" if opened.is_joined else "立案"
    output.say(f"{verb} {opened.case_id}；底稿在 {settings.outbox / opened.case_id}")
    if opened.undrafted:
        output.note(opened.undrafted)
    output.result({"case_id": opened.case_id, "is_joined": opened.is_joined})
    return 0


def progress(given: argparse.Namespace, output: Output) -> int:
    """Show every item; non-zero while some have no verdict."""
    from dataclasses import asdict

    from flows.operations.spot_check_sheets import read_lines
    from flows.operations.spot_check_verdicts import progress as so_far
    from playbooks.spot_check.indicators import SUGGESTIONS, VERDICTS, read_indicators

    settings = read_settings()
    done = so_far(settings, given.case_id)
    lines = read_lines(settings, given.case_id, read_indicators(settings.home / "spot_check.yml"))
    shown = [line for line in lines if not (given.missing and line.verdict)]
    for line in shown:
        result = VERDICTS.get(line.verdict or "", f"未查（建议：{SUGGESTIONS[line.suggestion]}）")
        output.say(
            f"{line.account_id} {line.name}（{line.platform}） {line.indicator.code} "
            f"{line.indicator.title}：{result} {line.note or line.known}"
        )
    output.say(done.sentence)
    output.result({**asdict(done), "items": [asdict(line) for line in shown]})
    return 1 if done.checked < done.total else 0


def record(given: argparse.Namespace, output: Output) -> int:
    """Record verdicts."""
    from flows.operations.files import keep
    from flows.operations.spot_check_verdicts import Seen, with_files
    from flows.operations.spot_check_verdicts import record as write_down
    from flows.operations.worksheet_intake import take_worksheet
    from playbooks.core.number_lists import words_in

    settings, now = read_settings(), clock.now()
    if given.worksheet:
        sentence = take_worksheet(settings, given.case_id, given.worksheet, given.by, now)
    else:
        indicators = words_in(given.indicators)
        seen = Seen(given.accounts, indicators, given.verdict, given.note, given.evidence)
        kept = [keep(settings, path) for path in given.file]
        seen = with_files(seen, kept)
        sentence = write_down(settings, given.case_id, [seen], given.by, now, kept).sentence
    output.say(sentence)
    output.result({"sentence": sentence})
    return 0
