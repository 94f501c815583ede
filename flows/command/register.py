"""Subcommands for the register: template, import, changes."""

from __future__ import annotations

import argparse
from pathlib import Path

from flows import clock
from flows.command.arguments import Subparsers, add_command, pairs
from flows.command.output import CommandError, Output
from flows.settings import read_settings


def add(subparsers: Subparsers) -> None:
    """Add the subcommands."""
    parser = add_command(subparsers, "template", "写出空白台账模板", template)
    parser.add_argument("path", type=Path, help="要写的 .xlsx 文件")
    parser = add_command(subparsers, "import", "导入台账（.xlsx，或每张表一个 .csv）", import_files)
    parser.add_argument("paths", type=Path, nargs="+", help="台账文件")
    parser.add_argument("--dry-run", action="store_true", help="只检查，不写入")
    parser.add_argument("--by", default="命令行", help="导入人")
    parser.add_argument(
        "--change-form",
        action="append",
        default=[],
        metavar="台账号=审批表编号",
        help="变更分管领导或管理员所依据的审批表（第十三条）",
    )
    parser = add_command(
        subparsers, "table", "备案台账、全国系统报送数据表（.xlsx 和 .csv），列由单位映射", table
    )
    parser.add_argument("name", nargs="?", default="", help="不写则列出有哪些表")
    parser.add_argument("--out", type=Path, default=None, metavar="文件夹", help="写到哪里")
    parser = add_command(subparsers, "register-changes", "台账变更：何人何时改了什么", changes)
    parser.add_argument("key", nargs="?", default="", help="台账号、单位编号或人员编号；不写则全部")


def template(given: argparse.Namespace, output: Output) -> int:
    """Write the blank register."""
    from playbooks.core.register.template import template_workbook

    try:
        with given.path.open("xb") as target:
            target.write(template_workbook())
    except FileExistsError as error:
        raise CommandError(f"{given.path} 已存在；请换一个文件名，以免盖掉已填的台账") from error
    output.say(f"已写出 {given.path}；填写后运行 juzhen import {given.path} --dry-run")
    output.result({"path": str(given.path)})
    return 0


def import_files(given: argparse.Namespace, output: Output) -> int:
    """Plan an import and, unless it is a dry run, write it."""
    from flows.operations.imports import import_register
    from playbooks.core.register.report import plan_dict, plan_text

    settings, now = read_settings(), clock.now()
    forms = pairs(given.change_form)
    plan = import_register(
        settings, given.paths, given.by, now, is_dry_run=True, change_forms=forms
    )
    output.say(plan_text(plan))
    if not given.dry_run and not plan.has_errors:
        import_register(settings, given.paths, given.by, now, is_dry_run=False, change_forms=forms)
        output.say("已导入。")
    output.result({**plan_dict(plan), "written": not given.dry_run and not plan.has_errors})
    return 1 if plan.has_errors else 0


def changes(given: argparse.Namespace, output: Output) -> int:
    """List what imports changed, the latest first, with the change form a change rests on."""
    from dataclasses import asdict

    from flows.operations.register_changes import changes_markdown, register_changes

    settings = read_settings()
    output.say(changes_markdown(settings, given.key))
    found = register_changes(settings, given.key)
    output.result({"changes": [asdict(one) for one in found]})
    return 0


def table(given: argparse.Namespace, output: Output) -> int:
    """Make one of the tables that the office hands in, or list them."""
    from flows.operations.register_tables import make_table, table_names

    settings = read_settings()
    if not given.name:
        names = table_names(settings)
        output.say("；".join(names))
        output.result({"tables": names})
        return 0
    mapping, paths, count = make_table(settings, given.name, clock.now(), given.out)
    output.say(f"{mapping.title}（{mapping.label}）{count} 行")
    output.say(f"  {mapping.source}")
    for path in paths:
        output.say(f"  {path}")
    output.result({"rows": count, "label": mapping.label, "paths": [str(path) for path in paths]})
    return 0
