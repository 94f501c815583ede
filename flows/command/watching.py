"""Subcommands for deadlines: due, sweep, dispatch, audit, verify."""

from __future__ import annotations

import argparse
import re
from dataclasses import asdict
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Final

from flows import clock
from flows.command.arguments import Subparsers, add_command
from flows.command.output import CommandError, Output
from flows.settings import SettingsError, read_settings

if TYPE_CHECKING:
    from playbooks.core.limits import Limit


# What Fraction takes besides, such as 1e999999999, would not end.
AMOUNT: Final = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?", re.ASCII)


def add(subparsers: Subparsers) -> None:
    """Add the subcommands."""
    parser = add_command(subparsers, "due", "推算时限，逐日说明", due)
    parser.add_argument(
        "--from", required=True, dest="start", help="起算日期或时刻，如 2026-11-23T09:00"
    )
    parser.add_argument("--budget", required=True, help="数量")
    parser.add_argument(
        "--unit",
        required=True,
        choices=["wall_hours", "calendar_days", "working_hours", "working_days", "months"],
    )
    parser.add_argument("--roll", choices=["none", "next_workday"], default="none")
    parser.add_argument("--statutory", action="store_true", help="法定时限；须用 --basis 写明依据")
    parser.add_argument("--basis", default="", help="依据，如 民法典第二百零一条")
    add_command(subparsers, "sweep", "巡查到期时限并写好提醒", sweep)
    add_command(subparsers, "dispatch", "发送待发消息", dispatch)
    parser = add_command(subparsers, "audit", "独立审计：漏掉的提醒、卡住的消息、流水校验", audit)
    parser.add_argument("--full", action="store_true", help="逐条校验全部流水，逐件比对全部案件")
    parser = add_command(subparsers, "verify", "校验办件流水的哈希链", verify)
    parser.add_argument("--head", default="", metavar="序号:哈希", help="纸面或他处记下的流水末条")


def due(given: argparse.Namespace, output: Output) -> int:
    """Project a limit and explain every day."""
    from flows.calendars import office_calendar
    from playbooks.core.limits import explain, project

    calendar = office_calendar(read_settings())
    start = _start(given.start)
    limit = _limit(given)
    try:
        facts = explain(project(limit, start, calendar))
    except (ValueError, OverflowError) as error:
        raise CommandError(f"这个时限无法推算：{error}") from error
    output.say(f"时限：{facts['limit']}（{facts['kind_name']}；{facts['basis']}）")
    output.say(f"到期：{facts['due']}{'（暂定）' if facts['provisional'] else ''}")
    for name, title in (("counted", "计入"), ("skipped", "不计")):
        days = facts[name]
        assert isinstance(days, list)
        for day in days:  # pyright: ignore[reportUnknownVariableType]
            output.say(f"  {title} {day['date']} {day['reason']}")
    output.result(facts)
    return 0


def _limit(given: argparse.Namespace) -> Limit:
    from playbooks.core.limit_terms import LARGEST_BUDGETS
    from playbooks.core.limits import Limit, LimitKind, Roll, Unit

    if not AMOUNT.fullmatch(given.budget):
        raise CommandError(f"--budget {given.budget[:40]} 不是数；应如 7 或 2.5")
    if given.statutory and not given.basis.strip():
        raise CommandError("--statutory 须同时用 --basis 写明依据；没有依据的不是法定时限")
    kind = LimitKind.STATUTORY if given.statutory else LimitKind.INTERNAL
    unit = Unit(given.unit)
    try:
        basis = given.basis.strip() or "命令行推算"
        return Limit(Fraction(given.budget), unit, kind, basis, Roll(given.roll))
    except ValueError as error:
        raise CommandError(
            f"不能推算 {given.budget} {unit}：数量应为 0 至 {LARGEST_BUDGETS[unit]}，天数与月数须为整数，"
            "--roll 只用于 calendar_days 与 months"
        ) from error


def _start(text: str) -> datetime:
    from playbooks.core.working_hours import OFFICE_ZONE

    try:
        start = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(
            f"--from {text} 不是日期或时刻，应如 2026-11-23 或 2026-11-23T09:00"
        ) from error
    return start if start.tzinfo else start.replace(tzinfo=OFFICE_ZONE)


def sweep(given: argparse.Namespace, output: Output) -> int:
    """Sweep once, then draft letters that are owed."""
    from flows.operations import escalation
    from flows.operations.system_steps import carry_on

    settings, now = read_settings(), clock.now()
    results = escalation.sweep(settings, now)
    claimed = sum(result.claimed for result in results)
    output.say(f"执行提醒 {claimed} 级，届满 {sum(result.expired for result in results)} 个")
    undrafted = ""
    files: list[Path] = []
    try:
        files = carry_on(settings, now)
    except SettingsError as error:
        undrafted = str(error)
    letters = [str(path) for path in files]
    output.result({"claimed": claimed, "letters": letters, "undrafted": undrafted})
    if undrafted:
        output.fail(f"巡查已完成，但有函件尚未起草：{undrafted}")
    return 1 if undrafted else 0


def dispatch(given: argparse.Namespace, output: Output) -> int:
    """Dispatch once; non-zero when something could not be sent."""
    from flows.channels import open_sender
    from flows.operations import escalation

    settings = read_settings()
    sender = open_sender(settings)
    result = escalation.dispatch(settings, sender, clock.now, sender.channels.routing)
    output.say(
        f"送达 {result.delivered}，稍后重试 {result.queued_again}，"
        f"改走其他渠道 {result.rerouted}，结果不明 {result.unknown}，失败 {result.failed}"
    )
    output.result(asdict(result))
    return 1 if result.unknown or result.failed else 0


def audit(given: argparse.Namespace, output: Output) -> int:
    """Audit once; non-zero on a finding, which also goes to the chat at once."""
    from flows.channels import tell_findings
    from flows.operations import escalation

    settings, now = read_settings(), clock.now()
    result = escalation.audit(settings, now, is_full=given.full)
    for finding in result.findings:
        output.say(f"{finding.sentence}：{'、'.join(finding.examples)}")
    output.say("全部检查通过。" if result.is_clean else "请按上列逐项处理。")
    told = None if result.is_clean else tell_findings(settings, result, now)
    if not result.is_clean:
        is_told = told is not None and told.status == "delivered"
        reason = told.detail if told else "没有配置聊天渠道"
        output.say("已告知工作群。" if is_told else f"未能告知工作群：{reason}")
    output.result(
        {
            "clean": result.is_clean,
            "findings": [asdict(finding) for finding in result.findings],
            "told": asdict(told) if told else None,
        }
    )
    return 0 if result.is_clean else 1


def verify(given: argparse.Namespace, output: Output) -> int:
    """Verify the ledger's chain; non-zero and the entry's number when it does not hold."""
    from playbooks.core import ledger
    from sql.catalogs import open_catalog

    expected = None
    if given.head:
        position, _, entry_hash = given.head.partition(":")
        if not position.isdigit() or len(entry_hash) != 64:
            raise CommandError("--head 应写成 序号:64位哈希")
        expected = ledger.Head(int(position), entry_hash)
    with open_catalog(read_settings().ops) as connection:
        breach = ledger.verify_catalog(connection, expected)
        head = ledger.head(connection)
    output.result(
        {
            "holds": breach is None,
            "entries": head.position,
            "head": head.entry_hash,
            "breach": asdict(breach) if breach else None,
        }
    )
    if breach:
        output.fail(f"办件流水第 {breach.position} 条校验不通过：{breach.what}")
        return 1
    output.say(f"校验通过，共 {head.position} 条，末条 {head.position}:{head.entry_hash}")
    return 0


def parse_day(text: str) -> date:
    """Return a day from the command line; ``CommandError`` for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{text} 不是日期，应如 2026-11-23") from error
    if day.year not in clock.YEARS:
        raise CommandError(f"{text} 超出可计算的年份（{clock.YEARS[0]} 至 {clock.YEARS[-1]}）")
    return day
