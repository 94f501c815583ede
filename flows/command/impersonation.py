"""Subcommands of impersonation: where to complain, and how long it takes."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from flows import clock
from flows.command.arguments import Subparsers, add_command
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
