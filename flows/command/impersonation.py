"""Subcommands of impersonation: where to complain and with what, answers, and how long it takes."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from flows import clock
from flows.command.arguments import Subparsers, add_command, add_person
from flows.command.output import Output
from flows.settings import read_settings


def add(subparsers: Subparsers) -> None:
    """Add the subcommands."""
    add_command(
        subparsers, "channels", "平台投诉渠道：入口、材料、时长、核对日期、本单位实测", channels
    )
    parser = add_command(
        subparsers, "case-times", "假冒案件用时：核实、发函、平台处理、办结、复现率", times
    )
    parser.add_argument("period", help="如 2026Q3、2026-07")
    parser = add_command(subparsers, "bundle", "生成平台投诉材料包（zip）", bundle)
    parser.add_argument("case_id")
    add_person(parser)
    parser = add_command(subparsers, "replies", "起草对每位举报人的答复", replies)
    parser.add_argument("case_id")
    parser.add_argument("--with-contact", action="store_true", help="同时显示答复联系方式")
    add_person(parser)


def channels(given: argparse.Namespace, output: Output) -> int:
    """Print the platform channels."""
    from flows.operations.channel_board import channels_markdown, channels_result

    settings, now = read_settings(), clock.now()
    output.say(channels_markdown(settings, now))
    output.result({"platforms": channels_result(settings, now)})
    return 0


def times(given: argparse.Namespace, output: Output) -> int:
    """Print the times of the cases opened in a period."""
    from flows.operations.channel_board import case_times, times_markdown
    from playbooks.core.register.columns import labels
    from playbooks.statistics.period import parse_period

    period = parse_period(given.period)
    found = case_times(read_settings(), period.begin_on, period.end_on)
    output.say(times_markdown(found, labels("platform"), period.label))
    output.result({"platforms": {name: asdict(one) for name, one in found.items()}})
    return 0


def bundle(given: argparse.Namespace, output: Output) -> int:
    """Make the complaint bundle of a case."""
    from flows.operations.bundles import make_bundle

    made = make_bundle(read_settings(), given.case_id, given.by, clock.now())
    output.say(f"已生成 {made.path}  SHA-256 {made.sha256}")
    for sentence in made.missing:
        output.say(f"  {sentence}")
    output.result({"path": str(made.path), "sha256": made.sha256, "missing": list(made.missing)})
    return 0


def replies(given: argparse.Namespace, output: Output) -> int:
    """Draft the answers to the reporters who have none yet."""
    from flows.operations.replies import draft_replies

    found = draft_replies(read_settings(), given.case_id, given.by, clock.now())
    for reply in found:
        contact = f"，联系方式 {reply.contact}" if given.with_contact and reply.contact else ""
        output.say(f"{reply.report_id}（{reply.arrived_by or '来源未记'}{contact}）  {reply.path}")
        output.say(reply.text)
    if not found:
        output.say("没有尚未答复的举报人。")
    output.result(
        {
            "replies": [
                {
                    "report_id": reply.report_id,
                    "text": reply.text,
                    "path": str(reply.path),
                    **({"contact": reply.contact} if given.with_contact else {}),
                }
                for reply in found
            ]
        }
    )
    return 0
