"""Subcommands for reports of impersonators: import, list, settle, dismiss, the blank sheet."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

from flows import clock
from flows.command.arguments import Subparsers, add_command, add_person, pairs
from flows.command.output import Output
from flows.settings import read_settings


def add(subparsers: Subparsers) -> None:
    """Add the subcommands."""
    parser = add_command(
        subparsers, "import-reports", "导入举报（12345 工单、登记表、.eml、.mbox）", import_file
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--source", default=None, help="来源编号；不写则按列名识别")
    parser.add_argument("--all", action="store_true", help="与政务新媒体账号无关的也收下")
    parser.add_argument("--dry-run", action="store_true", help="只检查，不写入")
    add_person(parser)
    add_command(subparsers, "reports", "待补充的举报（尚未指明账号）", waiting)
    parser = add_command(subparsers, "settle-report", "为待补充的举报指明账号，立案或并案", settle)
    parser.add_argument("report_id")
    parser.add_argument("--set", action="append", default=[], metavar="栏目=内容", dest="answers")
    add_person(parser)
    parser = add_command(subparsers, "dismiss-report", "待补充的举报不予立案", dismiss)
    parser.add_argument("report_id")
    parser.add_argument("--reason", required=True)
    add_person(parser)
    parser = add_command(subparsers, "report-template", "空白举报登记表（.csv）", template)
    parser.add_argument("file", type=Path)


def import_file(given: argparse.Namespace, output: Output) -> int:
    """Import a file of reports; non-zero when a row was not taken."""
    from flows.operations.report_text import imported_text
    from flows.operations.reports import import_reports

    imported = import_reports(
        read_settings(),
        given.file,
        given.by,
        clock.now(),
        source_id=given.source,
        takes_all=given.all,
        is_dry_run=given.dry_run,
    )
    output.say(imported_text(imported, is_dry_run=given.dry_run))
    output.result(
        {
            "source": imported.file.source_id,
            "sha256": imported.file.sha256,
            "reports": [asdict(outcome) for outcome in imported.outcomes],
            "problems": list(imported.file.problems),
            "unknown_headings": list(imported.file.unknown_headings),
        }
    )
    return 1 if imported.file.problems else 0


def waiting(given: argparse.Namespace, output: Output) -> int:
    """List the reports that wait for a person."""
    from flows.operations.report_queue import waiting_reports
    from flows.operations.report_text import waiting_markdown

    rows = waiting_reports(read_settings())
    output.say(waiting_markdown(rows))
    output.result({"waiting": rows})
    return 0


def settle(given: argparse.Namespace, output: Output) -> int:
    """Say which account a waiting report is about."""
    from flows.operations.report_queue import settle_report

    outcome = settle_report(
        read_settings(), given.report_id, pairs(given.answers), given.by, clock.now()
    )
    output.say(f"{'已并入原案' if outcome.status == 'joined' else '已立案'}：{outcome.case_id}")
    output.result(asdict(outcome))
    return 0


def dismiss(given: argparse.Namespace, output: Output) -> int:
    """Put a waiting report aside."""
    from flows.operations.report_queue import dismiss_report

    outcome = dismiss_report(read_settings(), given.report_id, given.reason, given.by, clock.now())
    output.say(f"{outcome.report_id} 已登记为不予立案")
    output.result(asdict(outcome))
    return 0


def template(given: argparse.Namespace, output: Output) -> int:
    """Write the blank sheet."""
    from flows.operations.report_template import write_report_template

    path = write_report_template(given.file)
    output.say(f"已写出 {path}；填好后运行 juzhen import-reports {path} --by 人员编号")
    output.result({"file": str(path)})
    return 0
