"""Subcommands for statistics: refresh, backfill, sources, try-source, health, stale."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from flows import clock
from flows.command.arguments import Subparsers, add_command
from flows.command.output import CommandError, Output
from flows.command.watching import parse_day
from flows.settings import read_settings


def add(subparsers: Subparsers) -> None:
    """Add the subcommands."""
    parser = add_command(subparsers, "refresh", "采集一夜并更新数据集市", refresh)
    parser.add_argument(
        "--date",
        default="",
        help="重取过去哪一天夜里应取的日期，如 2026-11-23；只给当时数字的接口取不回来，会列明",
    )
    parser = add_command(subparsers, "backfill", "补取过去的日期", backfill)
    parser.add_argument("--from", required=True, dest="begin")
    parser.add_argument("--to", required=True, dest="end")
    parser.add_argument(
        "--endpoint",
        action="append",
        default=[],
        help="接口名，可多次；默认为账号级接口",
    )
    add_command(
        subparsers, "sources", "每个数据源：是否已配置、账号、发布方、条款提示、待核实事项", sources
    )
    parser = add_command(
        subparsers,
        "try-source",
        "现在试取一个数据源最近的时段，逐个接口说明结果；不影响夜间采集",
        try_source,
    )
    parser.add_argument("source", help="数据源，如 weibo_api；juzhen sources 列出全部")
    parser.add_argument("--account", default="", metavar="台账号", help="默认第一个有凭据的账号")
    parser = add_command(
        subparsers, "health", "采集健康：各来源与账号最近成功、滞后、缺天、配额、错误", health
    )
    parser.add_argument(
        "--tell", action="store_true", help="把新出现和已恢复的事项告知工作群，每项一次"
    )
    parser = add_command(subparsers, "stale", "更新时钟：7 个工作日与 2 周", stale)
    parser.add_argument("--date", default="", help="截至哪一天")


ACCOUNT_ENDPOINTS = ("getusersummary", "getusercumulate", "getbizsummary", "getupstreammsg")


def refresh(given: argparse.Namespace, output: Output) -> int:
    """Run one night; non-zero when something could not be had."""
    from flows.operations import statistics
    from flows.operations.drop_folder import take_all
    from flows.operations.drop_report import drop_markdown, refused_in
    from flows.operations.night_summary import summary_markdown

    settings, now = read_settings(), clock.now()
    wanted = parse_day(given.date) if given.date else None
    if wanted and wanted > clock.today():
        raise CommandError(f"--date {wanted} 还没有到；不写 --date 即采集今天")
    dropped = take_all(settings, now, is_built_later=True)
    night = statistics.refresh(settings, now, statistics.Pace(clock.now), wanted)
    output.say(summary_markdown(settings, night, now) + "\n" + drop_markdown(dropped))
    is_complete = night.is_complete and not refused_in(dropped)
    files = [{"name": one.name, "outcome": one.outcome} for one in dropped]
    output.result({**asdict(night), "complete": is_complete, "dropped": files})
    return 0 if is_complete else 1


def backfill(given: argparse.Namespace, output: Output) -> int:
    """Ask for past days again."""
    from connectors.windows import Window
    from flows.operations import statistics

    settings, now = read_settings(), clock.now()
    days = Window(parse_day(given.begin), parse_day(given.end))
    if not days.begin_on <= days.end_on < clock.today():
        raise CommandError("--from 不得晚于 --to，--to 最晚是昨天")
    night = statistics.backfill(
        settings,
        days,
        given.endpoint or ACCOUNT_ENDPOINTS,
        now,
        statistics.Pace(clock.now),
    )
    output.say(f"补取 {night.account_count} 个账号，新增观测 {night.built.observation_count} 条")
    output.result({**asdict(night), "complete": night.is_complete})
    return 0 if night.is_complete else 1


def sources(given: argparse.Namespace, output: Output) -> int:
    """Print every source; non-zero when one the office declares cannot be asked."""
    from flows.operations.source_list import describe_sources, source_lines

    described, faults = describe_sources(read_settings(), clock.now())
    for line in source_lines(described, faults):
        output.say(line)
    output.result({"sources": [asdict(one) for one in described], "faults": faults})
    return 1 if faults else 0


def try_source(given: argparse.Namespace, output: Output) -> int:
    """Ask one source about its newest days; non-zero when it did not answer everything."""
    from connectors.source import Pace
    from flows.operations import source_trial

    trial = source_trial.try_source(
        read_settings(), given.source, given.account, clock.now(), Pace(clock.now)
    )
    for line in source_trial.trial_lines(trial):
        output.say(line)
    outcomes = [asdict(fetch.outcome) for fetch in trial.fetches]
    output.result({"account_id": trial.account_id, "outcomes": outcomes, "well": trial.is_well})
    return 0 if trial.is_well else 1


def health(given: argparse.Namespace, output: Output) -> int:
    """Print how every source and account stands; non-zero when something needs a person."""
    from flows.operations.source_board import board_lines
    from flows.operations.source_watch import look

    settings, now = read_settings(), clock.now()
    health, matters = look(settings, now)
    for line in board_lines(health, matters):
        output.say(line)
    if given.tell:
        from flows.source_alarms import tell_matters

        output.say(f"已告知工作群 {tell_matters(settings, health, matters, now)} 项。")
    output.say(f"共 {len(health.accounts)} 个账号，需要处理 {len(matters)} 项。")
    output.result({**asdict(health), "matters": [asdict(one) for one in matters]})
    return 1 if matters else 0


def stale(given: argparse.Namespace, output: Output) -> int:
    """Print accounts by both stale clocks."""
    import sql
    from sql.catalogs import open_catalog

    today = parse_day(given.date) if given.date else clock.today()
    with open_catalog(read_settings().stats) as connection:
        rows = sql.rows(connection, "marts/account_freshness", today=today)
    for row in rows:
        if row["approaching"] or row["national_failed"]:
            output.say(
                f"{row['account_id']} {row['name']}  最近更新 {row['last_update_on'] or '未取得'}  "
                f"{row['workdays_since']} 个工作日 / {row['calendar_days_since']} 个自然日"
                f"{'  新区超期' if row['local_overdue'] else ''}"
                f"{'  国家不合格' if row['national_failed'] else ''}"
            )
    unknown = [str(row["account_id"]) for row in rows if row["calendar_days_since"] is None]
    if unknown:
        output.say(f"{len(unknown)} 个账号没有发布数据，无法判断：{'、'.join(unknown)}")
    overdue = sum(bool(row["local_overdue"]) for row in rows)
    failed = sum(bool(row["national_failed"]) for row in rows)
    output.say(f"共 {len(rows)} 个账号：新区超期 {overdue} 个，国家不合格 {failed} 个。")
    output.result({"accounts": rows})
    return 0
