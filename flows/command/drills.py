"""Subcommand for drills."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

from flows.command.arguments import Subparsers, add_command
from flows.command.output import Output
from flows.settings import read_settings


def add(subparsers: Subparsers) -> None:
    """Add the subcommand."""
    parser = add_command(
        subparsers, "drill", "演练：按脚本在模拟时钟上走一遍预案，不发出任何内容，出评估报告", drill
    )
    parser.add_argument("playbook", help="预案编号")
    parser.add_argument("--script", required=True, help="脚本文件，或随预案提供的脚本名")
    parser.add_argument("--out", type=Path, required=True, help="写到哪个空文件夹")


def drill(given: argparse.Namespace, output: Output) -> int:
    """Run a drill; non-zero when the system could not do something by itself."""
    from flows.command.output import CommandError
    from flows.operations import drills
    from flows.operations.drill_script import read_script, shipped_scripts

    named = shipped_scripts().get(f"{given.playbook}/{given.script}")
    script = read_script(named or Path(given.script))
    if script.playbook != given.playbook:
        raise CommandError(f"脚本是为预案 {script.playbook} 写的，不是 {given.playbook}")
    made = drills.run(read_settings(), script, given.out)
    told = made.figures
    output.say(
        f"时限 {told['deadlines']} 项：按时 {told['met']}，超时限 {told['late']}，未完成 {told['open']}；"
        f"提醒 {told['rungs']} 次，消息 {told['messages']} 条（均未发出）"
    )
    output.say(f"评估报告在 {made.folder}")
    output.result(asdict(made))
    return 0
