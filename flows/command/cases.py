"""Subcommands for cases: open, answer, evidence, hand over, deadlines, list, show, verify."""

from __future__ import annotations

import argparse
import uuid
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from flows import clock
from flows.command.arguments import Subparsers, add_command, add_person, pairs
from flows.command.output import Output
from flows.settings import read_settings

if TYPE_CHECKING:
    from flows.operations.cases import CaseChanged


def add(subparsers: Subparsers) -> None:
    """Add the subcommands."""
    parser = add_command(
        subparsers, "open", "立案（--playbook 选预案，默认假冒政务新媒体）", open_case
    )
    parser.add_argument("--set", action="append", default=[], metavar="栏目=内容", dest="answers")
    parser.add_argument("--playbook", default="impersonation", help="预案编号")
    parser.add_argument(
        "--drill", action="store_true", help="演练：函件与消息均标明，不并入真实案件"
    )
    parser.add_argument("--report", default="", help="举报编号，如 hotline:2026112200031")
    add_person(parser)
    parser = add_command(subparsers, "answer", "办理一个步骤", answer)
    parser.add_argument("case_id")
    parser.add_argument("step_id")
    parser.add_argument("--set", action="append", default=[], metavar="栏目=内容", dest="answers")
    parser.add_argument("--visit", type=int, default=None, help="第几次办理")
    parser.add_argument("--file", type=Path, action="append", default=[], help="随附证据文件")
    add_person(parser)
    parser = add_command(subparsers, "evidence", "补充登记证据文件", evidence)
    parser.add_argument("case_id")
    parser.add_argument("files", type=Path, nargs="+")
    add_person(parser)
    parser = add_command(subparsers, "hand-over", "移交一个步骤", hand_over)
    parser.add_argument("case_id")
    parser.add_argument("step_id")
    parser.add_argument("--to", required=True, metavar="人员编号")
    parser.add_argument("--reason", required=True)
    add_person(parser)
    _add_close(subparsers)
    _add_acknowledge(subparsers)
    _add_deadline_commands(subparsers)
    _add_reading_commands(subparsers)


def _add_reading_commands(subparsers: Subparsers) -> None:
    add_command(subparsers, "cases", "在办案件看板", board)
    parser = add_command(subparsers, "case", "一个案件的全部流水", show)
    parser.add_argument("case_id")
    parser = add_command(subparsers, "numbers", "发文登记：每个文号的函件、审签人、去向", numbers)
    parser.add_argument("year", type=int, nargs="?", default=None, help="不写则为今年")
    parser.add_argument(
        "--out", type=Path, default=None, metavar="发文登记.xlsx", help="另写成表格"
    )
    parser = add_command(
        subparsers, "case-file", "生成一个案件的案卷（.docx、.html、JSON、校验程序）", case_file
    )
    parser.add_argument("case_id")
    parser.add_argument("--out", type=Path, default=None, help="写到哪个空文件夹")
    add_command(subparsers, "draft", "起草尚未起草的函件", draft)


def _add_acknowledge(subparsers: Subparsers) -> None:
    parser = add_command(
        subparsers, "acknowledge", "登记已知悉一个步骤的提醒（时限与提醒照常）", acknowledge
    )
    parser.add_argument("case_id")
    parser.add_argument("step_id")
    parser.add_argument("--message", default="", metavar="消息编号", help="回应哪一条提醒")
    add_person(parser)


def _add_close(subparsers: Subparsers) -> None:
    parser = add_command(
        subparsers, "close", "提前办结（终止）一个案件，须有事由和批准人", close_case
    )
    parser.add_argument("case_id")
    parser.add_argument("--outcome", default="", help="预案的一个结论；不写为「终止」")
    parser.add_argument("--reason", required=True, help="事由，写入流水")
    parser.add_argument("--approved-by", required=True, metavar="人员编号")
    parser.add_argument("--letters", default="", help="未办完的函件如何处理；有这样的函件时必写")
    parser.add_argument("--reporters", default="", help="举报人如何答复；还有未答复的举报时必写")
    add_person(parser)


def _add_deadline_commands(subparsers: Subparsers) -> None:
    parser = add_command(subparsers, "pause", "暂停一个内部时限", pause)
    parser.add_argument("deadline_id")
    parser.add_argument(
        "--reason", required=True, help="awaiting_reporter、awaiting_authority 或 force_majeure"
    )
    add_person(parser)
    parser = add_command(subparsers, "resume", "恢复一个暂停的时限", resume)
    parser.add_argument("deadline_id")
    add_person(parser)
    parser = add_command(subparsers, "extend", "延长一个内部时限", extend)
    parser.add_argument("deadline_id")
    parser.add_argument("--extra", type=int, required=True, help="延长几个单位（按该时限的单位）")
    parser.add_argument("--approved-by", required=True, metavar="人员编号")
    parser.add_argument("--reason", required=True)
    add_person(parser)


def open_case(given: argparse.Namespace, output: Output) -> int:
    """Open a case."""
    from flows.operations import cases
    from playbooks.core.cases.store import Report

    now = clock.now()
    report = Report(given.report or f"command:{uuid.uuid4().hex}")
    changed = cases.open_case(
        read_settings(),
        given.playbook,
        pairs(given.answers),
        report,
        given.by,
        now,
        is_drill=given.drill,
    )
    word = "已并入原案" if changed.is_joined else "已立案"
    output.say(f"{word}：{changed.case_id}；`juzhen case {changed.case_id}` 查看")
    output.result(asdict(changed))
    return 0


def answer(given: argparse.Namespace, output: Output) -> int:
    """Answer a step; files go to the evidence first."""
    from flows.operations import cases
    from flows.operations.files import keep

    settings = read_settings()
    files = [keep(settings, path) for path in given.file]
    changed = cases.answer_step(
        settings,
        given.case_id,
        given.step_id,
        pairs(given.answers),
        given.by,
        clock.now(),
        visit=given.visit,
        evidence=files,
    )
    output.result(asdict(changed))
    if changed.refusal:
        output.fail(changed.refusal)
        return 1
    output.say(f"已登记。{changed.case_id}")
    for path in changed.letters:
        output.say(f"  已起草 {path}")
    if changed.undrafted:
        output.fail(
            f"答案已登记，但函件尚未起草：{changed.undrafted}\n改好后运行 juzhen draft，或等下一次巡查"
        )
        return 1
    return 0


def evidence(given: argparse.Namespace, output: Output) -> int:
    """Seal files as evidence."""
    from flows.operations import cases

    kept = cases.add_evidence(read_settings(), given.case_id, given.files, given.by, clock.now())
    for file in kept:
        output.say(f"已固定 {file['file_name']}  SHA-256 {file['sha256']}")
    output.result({"files": kept})
    return 0


def hand_over(given: argparse.Namespace, output: Output) -> int:
    """Give a step to somebody."""
    from flows.operations import cases

    changed = cases.hand_over(
        read_settings(),
        given.case_id,
        given.step_id,
        given.to,
        given.reason,
        given.by,
        clock.now(),
    )
    output.say(f"已移交 {given.step_id} 给 {given.to}")
    output.result(asdict(changed))
    return 0


def acknowledge(given: argparse.Namespace, output: Output) -> int:
    """Record that somebody has taken note of a step."""
    from flows.operations.acknowledging import acknowledge as record

    done = record(
        read_settings(),
        given.case_id,
        given.step_id,
        given.by,
        clock.now(),
        message=given.message,
    )
    output.result(asdict(done))
    if done.refusal:
        output.fail(done.refusal)
        return 1
    output.say(f"{done.name} {'已登记知悉' if done.is_new else '此前已登记知悉'}；时限与提醒照常。")
    return 0


def close_case(given: argparse.Namespace, output: Output) -> int:
    """Close a case before its steps are done."""
    from flows.operations import closing

    asked = closing.Asked(
        given.outcome, given.reason, given.approved_by, given.by, given.letters, given.reporters
    )
    changed = closing.close_early(read_settings(), given.case_id, asked, clock.now())
    output.say(
        f"已提前办结：{changed.case_id}；在办步骤与时限随之终止，`juzhen case {changed.case_id}` 查看"
    )
    output.result(asdict(changed))
    return 0


def pause(given: argparse.Namespace, output: Output) -> int:
    """Pause a deadline."""
    from flows.operations import deadlines

    changed = deadlines.pause(
        read_settings(), given.deadline_id, given.reason, given.by, clock.now()
    )
    return _changed(given, output, changed)


def resume(given: argparse.Namespace, output: Output) -> int:
    """Resume a deadline."""
    from flows.operations import deadlines

    changed = deadlines.resume(read_settings(), given.deadline_id, given.by, clock.now())
    return _changed(given, output, changed)


def extend(given: argparse.Namespace, output: Output) -> int:
    """Extend a deadline."""
    from flows.operations import deadlines

    changed = deadlines.extend(
        read_settings(),
        given.deadline_id,
        given.extra,
        given.approved_by,
        given.reason,
        given.by,
        clock.now(),
    )
    return _changed(given, output, changed)


def _changed(given: argparse.Namespace, output: Output, changed: CaseChanged) -> int:
    output.say(f"已变更时限 {given.deadline_id}")
    output.result(asdict(changed))
    return 0


def board(given: argparse.Namespace, output: Output) -> int:
    """Print the board of open cases."""
    from flows.operations.boards import due_text, read_board

    rows = read_board(read_settings(), clock.now())
    for row in rows:
        output.say(f"{due_text(row):<28} {row.case_id}  {row.step_title}  {row.owner}  {row.title}")
    output.say(f"共 {len({row.case_id for row in rows if not row.is_closed})} 件在办。")
    output.result({"open_steps": [asdict(row) for row in rows]})
    return 0


def show(given: argparse.Namespace, output: Output) -> int:
    """Print one case."""
    from flows.links import addresses
    from flows.operations.case_page import case_events, case_markdown

    settings, now = read_settings(), clock.now()
    where = addresses(settings, settings.ui_url)
    output.say(case_markdown(settings, given.case_id, now, where))
    output.result({"case_id": given.case_id, "events": case_events(settings, given.case_id)})
    return 0


def case_file(given: argparse.Namespace, output: Output) -> int:
    """Make the file of one case."""
    from flows.operations import case_files

    made = case_files.make(read_settings(), given.case_id, clock.now(), given.out)
    output.say(f"已生成 {made.folder}，压缩包 {made.archive}")
    output.say(f"清单 SHA-256 {made.digest}；{made.masked_count} 条流水遮盖了个人信息")
    output.result(asdict(made))
    return 0


def draft(given: argparse.Namespace, output: Output) -> int:
    """Draft letters that are still owed."""
    from flows.operations.system_steps import carry_on

    files = carry_on(read_settings(), clock.now())
    for path in files:
        output.say(f"已起草 {path}")
    output.result({"files": [str(path) for path in files]})
    return 0


def numbers(given: argparse.Namespace, output: Output) -> int:
    """List the document numbers of a year and what became of each."""
    from flows.operations.addresses import Addresses
    from flows.operations.letter_register import (
        HEADINGS,
        letter_numbers,
        numbers_table,
        write_numbers,
    )

    settings, now = read_settings(), clock.now()
    year = given.year or clock.today().year
    rows = letter_numbers(settings, year)
    output.say("\n".join(numbers_table(rows, Addresses())))
    if given.out:
        write_numbers(settings, year, given.out, now)
        output.say(f"已写出 {given.out}")
    output.result({"numbers": [dict(zip(HEADINGS, row, strict=True)) for row in rows]})
    return 0
