"""Subcommands for playbooks: list, lint, diagram."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

from flows.command.arguments import Subparsers, add_command
from flows.command.output import Output
from flows.settings import read_settings

ACTIONS = {
    "list": "现有各版预案，与仍按其办理的案件数",
    "lint": "检查预案，逐条指出文件与行号",
    "diagram": "流程图（Mermaid）；--write 更新 docs/playbooks",
    "export": "导出为 CACAO 2.0（JSON），逐条核对其规则",
}


def add(subparsers: Subparsers) -> None:
    """Add the subcommand and what it can do."""
    parser = add_command(
        subparsers,
        "playbooks",
        "预案：" + "；".join(f"{name} {text}" for name, text in ACTIONS.items()),
        run,
    )
    parser.add_argument("action", choices=list(ACTIONS))
    parser.add_argument("names", nargs="*", metavar="预案", help="预案编号；lint 时为文件")
    parser.add_argument("--cacao", action="store_true", help="export：格式，现只有这一种")
    parser.add_argument("--write", action="store_true", help="diagram：写入 docs/playbooks")


def run(given: argparse.Namespace, output: Output) -> int:
    """Do one of the actions."""
    return _RUN[given.action](given, output)


def _list(given: argparse.Namespace, output: Output) -> int:
    from flows.operations.playbooks import versions

    found = versions(read_settings())
    for each in found:
        mark = "现行" if each.is_current else "旧版"
        origin = f" 由 {each.derived_from} 修订" if each.derived_from else ""
        output.say(
            f"{mark}  {each.playbook_id}@{each.version}  {each.digest[:12]}  "
            f"在办 {each.open_count} 件，共 {each.case_count} 件  {each.title}{origin}"
        )
    output.result({"versions": [asdict(each) for each in found]})
    return 0


def _lint(given: argparse.Namespace, output: Output) -> int:
    from flows.operations.playbooks import lint_all

    faults = lint_all([Path(name) for name in given.names])
    output.result({"sound": not faults, "faults": faults})
    if faults:
        output.fail("\n".join(faults))
        return 1
    output.say("没有发现问题。")
    return 0


def _diagram(given: argparse.Namespace, output: Output) -> int:
    from flows.operations.playbooks import write_pages
    from flows.operations.shipped import playbook_path
    from playbooks.core.playbook import load_playbook
    from playbooks.core.playbook.diagram import mermaid

    if given.write:
        paths = write_pages()
        for path in paths:
            output.say(f"已写入 {path}")
        output.result({"files": [str(path) for path in paths]})
        return 0
    names = given.names or ["impersonation"]
    charts = {name: mermaid(load_playbook(playbook_path(name))) for name in names}
    for chart in charts.values():
        output.say(chart)
    output.result({"diagrams": charts})
    return 0


def _export(given: argparse.Namespace, output: Output) -> int:
    import json

    from flows import clock
    from flows.calendars import office_calendar
    from flows.operations.shipped import playbook_path
    from playbooks.core.playbook import load_playbook
    from playbooks.core.playbook.cacao import cacao
    from playbooks.core.playbook.cacao_rules import faults

    now = clock.now()
    name = given.names[0] if given.names else "impersonation"
    playbook = load_playbook(playbook_path(name))
    document = cacao(playbook, office_calendar(read_settings()), now)
    found = faults(document)
    output.say(json.dumps(document, ensure_ascii=False, indent=1))
    output.result(document)
    if found:
        output.fail("\n".join(found))
    return 1 if found else 0


_RUN = {"list": _list, "lint": _lint, "diagram": _diagram, "export": _export}
