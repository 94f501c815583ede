"""Subcommands of the list of problems: bring it up to date, list it, act on many of it."""

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
        subparsers, "findings", "问题清单：每条问题和线索的责任人、期限、状态", findings
    )
    parser.add_argument("--derive", action="store_true", help="先整理：提出新的，了结不再成立的")
    parser.add_argument("--tell", action="store_true", help="新增的和逾期的告知工作群，每条一次")
    parser.add_argument("--settled", action="store_true", help="改列已了结的")
    parser.add_argument(
        "--number", type=int, default=0, metavar="编号", help="一条的全部经过和数据"
    )
    parser.add_argument("--register", action="store_true", help="只现查台账，不看清单，不写入")
    parser.add_argument(
        "--out", type=Path, default=None, metavar="问题清单.xlsx", help="另写成表格"
    )
    parser = add_command(
        subparsers, "settle-findings", "处理问题：转整改、发整改通知、已整改、排除、改派", settle
    )
    for name, text in (
        ("accept", "转整改"),
        ("notice", "发整改通知，每个单位立一件"),
        ("fixed", "登记已整改；须写 --reason"),
        ("dismiss", "排除；须写 --reason"),
        ("assign", "改派；须写 --owner"),
    ):
        parser.add_argument(f"--{name}", default="", metavar="编号", help=f"{text}，如 3,5-8")
    parser.add_argument("--owner", default="", metavar="人员编号", help="新的责任人")
    parser.add_argument("--workdays", type=int, default=0, help="整改期限，工作日")
    parser.add_argument("--reason", default="", help="理由，或核实情况")
    add_person(parser)


def findings(given: argparse.Namespace, output: Output) -> int:
    """Show the list; non-zero when something could not be looked at."""
    if given.register:
        return _of_register(output)
    if given.number:
        return _one(given.number, output)
    problems: tuple[str, ...] = ()
    if given.derive:
        from flows.operations.findings import derive

        derived = derive(read_settings(), clock.now())
        problems = derived.problems
        output.say(derived.sentence)
        for problem in problems:
            output.note(problem)
    if given.tell:
        from flows.finding_alarms import tell_problems

        tell_problems(read_settings(), clock.now())
    _list(given, output)
    return 1 if problems else 0


def settle(given: argparse.Namespace, output: Output) -> int:
    """Act on problems."""
    from flows.operations.finding_acts import Wanted, settle

    wanted = Wanted(
        accept=given.accept,
        fixed=given.fixed,
        dismiss=given.dismiss,
        assign=given.assign,
        notice=given.notice,
        owner=given.owner,
        reason=given.reason,
        workdays=given.workdays,
    )
    done = settle(read_settings(), wanted, given.by, clock.now())
    output.say(done.sentence)
    if done.undrafted:
        output.note(f"整改通知尚未起草，下一次巡查会再试：{done.undrafted}")
    output.result({"counts": dict(done.counts), "cases": list(done.cases)})
    return 0


def _list(given: argparse.Namespace, output: Output) -> None:
    from flows.operations.finding_board import as_dict, plain_line
    from flows.operations.finding_sheet import write_findings
    from flows.operations.findings import listed

    rows = listed(read_settings())
    if given.out:
        write_findings(rows, given.out, clock.now())
        output.say(f"已写出 {given.out}")
    wanted = ("fixed", "dismissed") if given.settled else ("open", "accepted")
    chosen = [row for row in rows if row["state"] in wanted]
    for row in chosen:
        output.say(plain_line(row, clock.today()))
    if rows:
        output.say(f"共 {len(chosen)} 条。")
    else:
        output.say("清单还没有内容；先运行 juzhen findings --derive。")
    output.result({"findings": [as_dict(row) for row in chosen]})


def _one(number: int, output: Output) -> int:
    import sql
    from flows.command.output import CommandError
    from flows.operations.finding_board import as_dict, event_line, plain_line
    from sql.catalogs import open_catalog

    with open_catalog(read_settings().ops) as connection:
        rows = [row for row in sql.rows(connection, "findings/listed") if row["number"] == number]
        events = sql.rows(connection, "findings/events", numbers=[number])
    if not rows:
        raise CommandError(f"问题清单中没有 {number} 号；juzhen findings 列出全部")
    output.say(plain_line(rows[0], clock.today()))
    for event in events:
        output.say(f"  {event_line(event)}")
    facts = as_dict(rows[0])
    output.say(f"  数据：{rows[0]['facts']}")
    output.result({"finding": facts, "events": events})
    return 0


def _of_register(output: Output) -> int:
    from playbooks.core.register.findings import register_findings
    from sql.catalogs import open_catalog

    with open_catalog(read_settings().ops) as connection:
        found = [finding.as_dict() for finding in register_findings(connection, clock.today())]
    for finding in found:
        output.say("  ".join(finding.values()))
    output.say(f"共 {len(found)} 条。")
    output.result({"findings": found})
    return 0
