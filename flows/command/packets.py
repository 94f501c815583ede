"""Subcommands for packets: packet, analysis, packet-record, packets, text-leads."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from flows import clock
from flows.command.arguments import Subparsers, add_command, pairs
from flows.command.output import CommandError, Output
from flows.command.watching import parse_day
from flows.settings import read_settings

if TYPE_CHECKING:
    from flows.operations.packet_scope import PacketOf


def add(subparsers: Subparsers) -> None:
    """Add the subcommands."""
    _add_packet(subparsers)
    parser = add_command(
        subparsers, "analysis", "查看或填写数据包的分析段落，留痕，下次生成数据包时写入", analysis
    )
    _add_choice(parser)
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="栏目=内容",
        help="如 社会反响=反响平稳。可多次；内容为空即退回待填写",
    )
    parser.add_argument(
        "--take-over", action="append", default=[], metavar="栏目", help="沿用上期所写，可多次"
    )
    parser.add_argument("--by", default="", metavar="人员编号", help="填写人；填写时必填")
    parser = add_command(
        subparsers, "packet-record", "登记数据包的签发、报送、收到回执、公开、退回，留痕", record
    )
    _add_choice(parser)
    parser.add_argument("act", metavar="办理", help="签发、报送、收到回执、公开、退回")
    parser.add_argument("--who", required=True, help="签发人、收件单位、公开载体或退回人")
    parser.add_argument("--date", default="", help="办理日期，默认今天")
    parser.add_argument("--note", default="", help="文号、回执编号、网址；退回时写理由")
    parser.add_argument("--scan", default="", help="扫描件，收件目录 inbox 中的文件名")
    parser.add_argument("--by", required=True, metavar="人员编号", help="登记人")
    add_command(
        subparsers,
        "text-leads",
        "主题与倾向词表在标注文字上的准确率、召回率；漏掉的逐条列出",
        text_leads,
    )
    add_command(subparsers, "packets", "列出每份数据包：何时生成、签发报送到哪一步", packets)


def _add_packet(subparsers: Subparsers) -> None:
    parser = add_command(subparsers, "packet", "生成第三十二条数据包", packet)
    _add_choice(parser)
    parser.add_argument("--out", type=Path, default=None, help="写到哪个文件夹")
    parser.add_argument(
        "--every-unit", action="store_true", help="每个单位各一份，两个核并行，内存不随单位数增长"
    )
    parser.add_argument(
        "--as-of",
        default="",
        metavar="日期",
        help="照到那天为止最后一次生成时留存的底数重做，并核对每个文件是否与当时逐字节一致",
    )


def _add_choice(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("period", help="期间，如 2026Q3、2026-07、2026H1、2026")
    parser.add_argument("--unit", default="", help="一个单位（含下属单位、开发区），填单位编号")
    parser.add_argument("--account", default="", help="一个账号，填台账号；都不填即全区")


def packet(given: argparse.Namespace, output: Output) -> int:
    """Make the packet of one period."""
    from flows.operations import packets as making

    settings, now, asked = read_settings(), clock.now(), _asked(given)
    if given.every_unit:
        return _every_unit(given, asked, output)
    if given.as_of:
        made = making.make_again(settings, asked, parse_day(given.as_of), given.out)
    else:
        made = making.make(settings, asked, now, given.out)
    for path in made.paths:
        output.say(f"已生成 {path}")
    if given.as_of:
        output.say(
            f"与当时不一致：{'、'.join(made.differing)}"
            if made.differing
            else "每个文件都与当时逐字节一致。"
        )
    output.result({"files": [str(path) for path in made.paths], "differing": list(made.differing)})
    return 1 if made.differing else 0


def _every_unit(given: argparse.Namespace, asked: PacketOf, output: Output) -> int:
    from flows.operations.packet_batch import make_every_unit

    if given.unit or given.account or given.as_of:
        raise CommandError("--every-unit 不能与 --unit、--account、--as-of 同用")
    batch = make_every_unit(read_settings(), asked.period, clock.now(), given.out, output.say)
    for sentence in batch.skipped:
        output.say(f"未生成 {sentence}")
    output.say(f"共 {len(batch.folders)} 份，{len(batch.skipped)} 个单位没有账号。")
    folders = [str(folder) for folder in batch.folders]
    output.result({"folders": folders, "skipped": list(batch.skipped)})
    return 0


def analysis(given: argparse.Namespace, output: Output) -> int:
    """Show or write the analysis paragraphs of a packet."""
    from flows.operations import packet_analysis

    settings, asked = read_settings(), _asked(given)
    texts = packet_analysis.named_sections(pairs(given.set))
    texts |= packet_analysis.taken_over(settings, asked, given.take_over)
    if texts and not given.by:
        raise CommandError("填写分析须用 --by 写明填写人；只查看不用")
    if texts:
        entries = packet_analysis.write_analysis(settings, asked, texts, given.by, clock.now())
    else:
        entries = packet_analysis.read_analysis(settings, asked)
    for line in packet_analysis.analysis_lines(entries):
        output.say(line)
    written = [{**asdict(entry), "written_at": entry.written_at.isoformat()} for entry in entries]
    output.result({"entries": written})
    return 0


def record(given: argparse.Namespace, output: Output) -> int:
    """Record what was done with a finished packet."""
    from flows.operations.packet_records import Recorded
    from flows.operations.packet_records import record as write_record

    done_on = parse_day(given.date) if given.date else clock.today()
    done = Recorded(given.act, done_on, given.who, given.note, given.scan)
    state = write_record(read_settings(), _asked(given), done, given.by, clock.now())
    output.say(f"已登记 {_asked(given).name}：{state.text}")
    output.result({"key": state.key, "state": state.text, "acts": len(state.acts)})
    return 0


def text_leads(_: argparse.Namespace, output: Output) -> int:
    """Print how often the declared words are right."""
    from playbooks.statistics.numbers import percent
    from playbooks.statistics.text_leads.evaluation import shipped_evaluation

    found = shipped_evaluation()
    for each in (*found.moods, found.topics):
        output.say(
            f"{each.label}：提示 {each.said} 条，实有 {each.there} 条，对 {each.right} 条；"
            f"准确率 {percent(each.precision)}，召回率 {percent(each.recall)}"
        )
    output.say(f"词表第 {found.version} 版，标注文字 {found.text_count} 条。没有提示到的负面说法：")
    for text in found.missed:
        output.say(f"  {text}")
    output.result(asdict(found))
    return 0


def packets(_: argparse.Namespace, output: Output) -> int:
    """List every packet and how far it has got."""
    from flows.operations.packet_records import name_of, packet_lines, packet_states

    states = packet_states(read_settings())
    for line in packet_lines(states):
        output.say(line)
    output.say(f"共 {len(states)} 份。")
    output.result(
        {
            "packets": [
                {"name": name_of(state), "state": state.text, "made_count": state.made_count}
                for state in states
            ]
        }
    )
    return 0


def _asked(given: argparse.Namespace) -> PacketOf:
    from flows.operations.packet_scope import packet_of

    return packet_of(given.period, given.unit, given.account)
