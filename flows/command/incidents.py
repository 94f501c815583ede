"""Subcommands for incidents: the page of one, and who stays silent."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from flows import clock
from flows.command.arguments import Subparsers, add_command
from flows.command.output import Output
from flows.settings import read_settings


def add(subparsers: Subparsers) -> None:
    """Add the subcommands."""
    parser = add_command(
        subparsers,
        "incident",
        "一个事件的总览：时限还剩多少、谁在办、哪些账号没发、下一步",
        incident,
    )
    parser.add_argument("case_id")
    parser = add_command(
        subparsers, "silence", "统一部署的账号谁已发布、谁未发布、谁情况不明", silence
    )
    parser.add_argument("case_id", nargs="?", default=None)
    parser = add_command(
        subparsers,
        "letter-sources",
        "案件各文稿中的每项事实来自哪里：办件流水第几条、台账、office.yml、统计库",
        letter_sources,
    )
    parser.add_argument("case_id")
    parser = add_command(
        subparsers,
        "content-leads",
        "近几天标题中的违禁内容线索（第十五条十三项；只是线索）",
        content_leads,
    )
    parser.add_argument("--days", type=int, default=7, choices=range(1, 93), metavar="天数")


def incident(given: argparse.Namespace, output: Output) -> int:
    """Show the page of one incident and write it as HTML."""
    from flows.operations import war_room

    settings = read_settings()
    room = war_room.war_room(settings, given.case_id, clock.now())
    path = war_room.lay_out(settings, room)
    output.say(f"{room.title}（{room.grade}）{room.since}")
    output.say(f"下一步：{room.decision}")
    for row in room.clocks:
        output.say(f"  {row.left}  {row.title}  {row.due}（{row.kind}）")
    for line in room.silence:
        output.say(f"  {line}")
    for one in room.last:
        output.say(f"  {one.at} {one.what} {one.who}")
    output.say(f"可转发的页面：{path}")
    output.result({**asdict(room), "page": str(path)})
    return 0


def letter_sources(given: argparse.Namespace, output: Output) -> int:
    """Say of every fact in every drafted document where it stands."""
    from flows.operations.letter_trace import letter_traces

    traces = letter_traces(read_settings(), given.case_id)
    for trace in traces:
        output.say(
            f"{trace.title} {trace.number}（起草：流水第 {trace.position} 条）".replace("  ", " ")
        )
        for name, place in trace.facts.items():
            output.say(f"  {name}：{place}")
    if not traces:
        output.say("本案没有注明出处的文稿。")
    output.result({"letters": [asdict(trace) for trace in traces]})
    return 0


def content_leads(given: argparse.Namespace, output: Output) -> int:
    """List the leads to prohibited content; non-zero when there are any, for a timer to notice."""
    from flows.operations.content_leads import account_names, find_leads

    settings = read_settings()
    leads = find_leads(settings, clock.now(), given.days)
    names = account_names(settings)
    for lead in leads:
        account = names.get(lead.account_id, lead.account_id)
        output.say(
            f"{lead.published_on} {account}「{lead.title}」：{lead.word}（{lead.code} {lead.item}）"
        )
    output.say(
        f"共 {len(leads)} 条线索，均须人工查看原文；系统只采集标题。" if leads else "没有线索。"
    )
    output.result({"leads": [asdict(lead) for lead in leads]})
    return 1 if leads else 0


def silence(given: argparse.Namespace, output: Output) -> int:
    """List the accounts of every open dispatch by how they stand."""
    from flows.operations.silence import STATUSES, dispatches

    found = dispatches(read_settings(), given.case_id)
    for one in found:
        output.say(f"{one.case_id}：应发布 {len(one.accounts)} 个账号")
        for status, word in STATUSES.items():
            listed = "、".join(each.account_id for each in one.of(status))
            output.say(
                f"  {word} {len(one.of(status))} 个：{listed}" if listed else f"  {word} 0 个"
            )
        if one.unpinned:
            listed = "、".join(one.unpinned)
            output.say(f"  已发布，未确认置顶 {len(one.unpinned)} 个：{listed}")
    if not found:
        output.say("没有正在监看的统一部署。")
    facts = [
        {
            "case_id": one.case_id,
            "step_id": one.step_id,
            **{status: [each.account_id for each in one.of(status)] for status in STATUSES},
            "unpinned": one.unpinned,
        }
        for one in found
    ]
    output.result({"dispatches": facts})
    return 0
