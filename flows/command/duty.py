"""Subcommands for the duty roster: duty, plan-duty, hand-shift, contact."""

from __future__ import annotations

import argparse
from pathlib import Path

from flows import clock
from flows.command.arguments import Subparsers, add_command, add_person
from flows.command.output import CommandError, Output
from flows.command.watching import parse_day
from flows.settings import read_settings


def add(subparsers: Subparsers) -> None:
    """Add the subcommands."""
    parser = add_command(subparsers, "duty", "今晚谁值班、带班，今后 14 天有无空档", duty)
    parser.add_argument("--days", type=int, default=14, help="看几天，含今天，1 至 92")
    parser = add_command(
        subparsers, "plan-duty", "按轮班声明排值班表：工作日与休息日分开轮，写成可导入的表", plan
    )
    parser.add_argument("path", type=Path, help="轮班声明 .yml，写法见 docs/duty-plan.md")
    parser.add_argument("--from", required=True, dest="first_on", help="第一天")
    parser.add_argument("--to", required=True, dest="last_on", help="最后一天（含）")
    parser.add_argument("--out", type=Path, help="要写的 .xlsx 文件")
    parser.add_argument("--check", action="store_true", help="只检查和统计，不写文件")
    parser = add_command(subparsers, "hand-shift", "换班：把几天的值班交给另一人，留痕", hand_shift)
    parser.add_argument("role", help="handler、reviewer、signer 或 duty_lead")
    parser.add_argument("--from", required=True, dest="starts_on", help="第一天")
    parser.add_argument("--until", required=True, dest="ends_on", help="最后一天（含）")
    parser.add_argument("--position", type=int, default=1, help="1 为主班，2 起为替补")
    parser.add_argument("--to", required=True, metavar="人员编号")
    parser.add_argument("--reason", required=True)
    add_person(parser)
    parser = add_command(
        subparsers, "contact", "查看或修改一个人在各聊天平台与邮箱的联系方式", contact
    )
    parser.add_argument("person_id", metavar="人员编号")
    for name, title in (("wecom", "企业微信"), ("dingtalk", "钉钉"), ("feishu", "飞书")):
        parser.add_argument(f"--{name}", dest=f"{name}_user_id", help=f"{title}账号，空串为删去")
    parser.add_argument("--email", help="电子邮箱，空串为删去")
    parser.add_argument("--by", metavar="人员编号", help="由谁修改；修改时必填，留痕")


def duty(given: argparse.Namespace, output: Output) -> int:
    """Print tonight, the days ahead and the gaps; non-zero when there is a gap."""
    from flows.operations import duty as operation

    settings, now = read_settings(), clock.now()
    days = min(max(given.days, 1), 92)
    found = operation.read_duty(settings, now, days)
    gaps = operation.duty_gaps(settings, now, days)
    output.say(operation.duty_markdown(found, gaps))
    output.result(operation.duty_dict(found, gaps))
    return 1 if gaps else 0


def plan(given: argparse.Namespace, output: Output) -> int:
    """Plan a roster and, unless it is only checked, write it as a workbook to be imported."""
    from flows.operations import shift_plans

    if given.check == bool(given.out):
        raise CommandError("请用 --out 写明要写的 .xlsx 文件，或用 --check 只检查")
    first_on, last_on = parse_day(given.first_on), parse_day(given.last_on)
    made = shift_plans.plan_duty(read_settings(), given.path, first_on, last_on)
    output.say(shift_plans.plan_text(made))
    if given.out:
        try:
            with given.out.open("xb") as target:
                target.write(shift_plans.plan_workbook(made))
        except FileExistsError as error:
            raise CommandError(f"{given.out} 已存在；请换一个文件名，以免盖掉改过的表") from error
        output.say(f"已写出 {given.out}；核对后运行 juzhen import {given.out} --dry-run")
    output.result({**shift_plans.plan_dict(made), "path": str(given.out) if given.out else None})
    return 0


def hand_shift(given: argparse.Namespace, output: Output) -> int:
    """Hand days of a shift over."""
    from flows.operations.duty import hand_over_shift
    from playbooks.core.shift_changes import ShiftHandOver

    wanted = ShiftHandOver(
        given.role,
        given.position,
        parse_day(given.starts_on),
        parse_day(given.ends_on),
        given.to,
        given.reason,
    )
    givers = hand_over_shift(read_settings(), wanted, given.by, clock.now())
    output.say(
        f"已登记换班：{wanted.starts_on} 至 {wanted.ends_on}，{'、'.join(givers)} → {given.to}"
    )
    output.result({"from": givers, "to": given.to})
    return 0


def contact(given: argparse.Namespace, output: Output) -> int:
    """Show or change how a person is reached."""
    from flows.operations import contacts

    named = {name: getattr(given, name) for name in contacts.CONTACTS}
    changed = {name: str(text).strip() for name, text in named.items() if text is not None}
    settings = read_settings()
    if changed and not given.by:
        raise CommandError("修改联系方式须用 --by 写明由谁修改；只查看不用")
    if changed:
        found = contacts.change_contact(settings, given.person_id, changed, given.by, clock.now())
    else:
        found = contacts.read_contacts(settings, given.person_id)
    for name, value in found.shown.items():
        output.say(f"{contacts.title_of(name)}：{value or '—'}")
    for line in found.trace:
        output.say(f"  {line}")
    output.result({**found.shown, "changes": list(found.trace)})
    return 0
