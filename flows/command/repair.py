"""Subcommands for after an alarm: messages, told, resend, rebuild."""

from __future__ import annotations

import argparse

from flows import clock
from flows.command.arguments import Subparsers, add_command, add_person
from flows.command.output import Output
from flows.settings import read_settings


def add(subparsers: Subparsers) -> None:
    """Add the subcommands."""
    add_command(subparsers, "messages", "列出结果不明或发送失败、待人工处理的消息", messages)
    parser = add_command(subparsers, "told", "登记已由人工告知某条消息的收件人", told)
    parser.add_argument("message", metavar="消息编号")
    parser.add_argument("--remark", required=True, help="如何告知的，如：已电话告知")
    add_person(parser)
    parser = add_command(subparsers, "resend", "把一条结果不明或失败的消息重新发送一次", resend)
    parser.add_argument("message", metavar="消息编号")
    parser.add_argument("--remark", required=True, help="为什么可以重发，如：已核实对方没有收到")
    add_person(parser)
    add_command(subparsers, "rebuild", "按办件流水重建案件、时限与消息各表", rebuild)


def messages(given: argparse.Namespace, output: Output) -> int:
    """List the messages that a person has to settle."""
    from flows.operations.repair import unsettled_messages

    found = unsettled_messages(read_settings(), clock.now())
    for line in found:
        output.say(line)
    output.say(
        f"共 {len(found)} 条；告知收件人后运行 juzhen told，或核实未收到后运行 juzhen resend"
    )
    output.result({"messages": found})
    return 0


def told(given: argparse.Namespace, output: Output) -> int:
    """Record that a person told the recipient."""
    from flows.operations.repair import acknowledge

    acknowledge(read_settings(), given.message, given.remark, given.by, clock.now())
    output.say(f"已登记 {given.message}")
    output.result({"message": given.message})
    return 0


def resend(given: argparse.Namespace, output: Output) -> int:
    """Queue a message again."""
    from flows.operations.repair import resend as queue_again

    key = queue_again(read_settings(), given.message, given.remark, given.by, clock.now())
    output.say(f"已重新排队：{key}；下一次发送时送出")
    output.result({"message": key})
    return 0


def rebuild(given: argparse.Namespace, output: Output) -> int:
    """Rebuild the tables from the ledger."""
    from flows.operations import repair

    count = repair.rebuild(read_settings())
    output.say(f"已按 {count} 条流水重建；请运行 juzhen audit 核对")
    output.result({"entries": count})
    return 0
