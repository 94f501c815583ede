"""Subcommands for leads to incidents: list, look, open a case from one, put them aside."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from datetime import datetime
from typing import cast

from flows import clock
from flows.command.arguments import Subparsers, add_command, add_person
from flows.command.output import Output
from flows.settings import read_settings


def add(subparsers: Subparsers) -> None:
    """Add the subcommands."""
    parser = add_command(
        subparsers,
        "incident-leads",
        "待处理的事件线索：评论或举报突增、违禁内容、账号疑似被盗；只是线索，由人立案或排除",
        leads,
    )
    parser.add_argument("--look", action="store_true", help="先看一遍新采集的数据和举报")
    parser.add_argument("--tell", action="store_true", help="新线索告知工作群（一次）")
    parser.add_argument("--decided", action="store_true", help="列出已立案和已排除的")
    parser = add_command(subparsers, "open-lead", "从一条事件线索立案，开始计时", open_one)
    parser.add_argument("number", type=int, metavar="线索编号")
    parser.add_argument("--kind", default="", help="事件类型；不写按线索建议")
    parser.add_argument("--title", default="", help="事件名称；不写用线索的名称")
    parser.add_argument("--facts", default="", help="已知情况；不写用线索的内容")
    parser.add_argument(
        "--known-at", default="", help="首次获知时间，如 2026-08-12T20:00；不写即线索首次发现的时间"
    )
    add_person(parser)
    parser = add_command(
        subparsers, "dismiss-leads", "排除事件线索，写明理由，以后不再提示", dismiss
    )
    parser.add_argument("numbers", metavar="线索编号", help="可写多个，如 3、5-8")
    parser.add_argument("--reason", required=True)
    add_person(parser)


def leads(given: argparse.Namespace, output: Output) -> int:
    """List the leads that wait; non-zero when there are any, for a timer to notice."""
    from flows.lead_alarms import tell_leads
    from flows.operations.incident_lead_board import KINDS
    from flows.operations.incident_leads import decided, queue
    from flows.operations.incident_look import look
    from playbooks.core.messages import local

    settings, moment = read_settings(), clock.now()
    looked = look(settings, moment) if given.look else None
    told = tell_leads(settings, moment) if given.tell else 0
    rows = decided(settings) if given.decided else queue(settings)
    if looked:
        output.say(f"新提出 {looked.raised} 条，补充 {looked.renewed} 条。")
        output.say(looked.problem) if looked.problem else None
    for row in rows:
        what = row.get("told") or f"{row['title']}：{row['case_id'] or row['reason']}"
        at = local(cast("datetime", row.get("found_at") or row["decided_at"]))
        output.say(f"{row['number']} 号 {at} {KINDS[str(row['kind'])]}：{what}")
    if not rows:
        output.say("没有已处理的线索。" if given.decided else "没有待处理的事件线索。")
    output.result({"leads": rows, "told": told, "looked": asdict(looked) if looked else None})
    return 1 if rows and not given.decided else 0


def open_one(given: argparse.Namespace, output: Output) -> int:
    """Open the case of one lead."""
    from flows.operations.incident_leads import Opening, open_lead

    asked = Opening(given.kind, given.title, given.facts, given.known_at)
    opened = open_lead(read_settings(), given.number, asked, given.by, clock.now())
    word = "已并入" if opened.is_joined else "已立案，开始计时"
    output.say(f"{opened.number} 号线索{word}：{opened.case_id}")
    output.say(opened.undrafted) if opened.undrafted else None
    output.result(asdict(opened))
    return 0


def dismiss(given: argparse.Namespace, output: Output) -> int:
    """Put leads aside."""
    from flows.operations.incident_leads import dismiss_leads, lead_numbers

    numbers = lead_numbers(given.numbers)
    dismiss_leads(read_settings(), numbers, given.reason, given.by, clock.now())
    output.say(f"已排除 {len(numbers)} 条线索，以后不再提示。")
    output.result({"dismissed": numbers})
    return 0
