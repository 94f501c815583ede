"""The eleven sections and the annexes of the Article 32 packet, as blocks of the report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from playbooks.core.documents import Block, Heading, PageBreak, Paragraph
from playbooks.statistics import annexes, content_tables, gap_tables, message_tables, pictures
from playbooks.statistics import detail_tables as details
from playbooks.statistics import packet_tables as tables
from playbooks.statistics.case_tables import case_times_table
from playbooks.statistics.composition import composition
from playbooks.statistics.facts import Material, facts_of
from playbooks.statistics.index_table import NOTE, index_table
from playbooks.statistics.labels import FOLLOWERS, GROWTH
from playbooks.statistics.pictures import Picture
from playbooks.statistics.replies import Message, reply_totals
from playbooks.statistics.sentences import Said, paragraphs
from playbooks.statistics.tables import Cell, PacketColumn, PacketTable
from playbooks.statistics.text_leads.evaluation import shipped_evaluation

Part = Block | PacketTable | Picture | Said
_NO_CHART = "图略：本期没有可绘制的数据。"


@dataclass(frozen=True)
class Section:
    """The blocks of one section, and the tables that also become sheets, in order."""

    blocks: Sequence[Block]
    tables: Sequence[PacketTable]
    said: Sequence[Said] = ()


def sections_of(material: Material) -> list[Section]:
    """Return the overview, the eleven sections and the annexes, in the order of the report."""
    figures = material.figures
    facts = facts_of(material)
    daily = pictures.daily_of(figures)
    writers: list[Iterator[Part]] = [
        _overview(material, facts),
        _sources(material, facts),
        _accounts(material, facts),
        _publishing(material, facts, daily),
        _audience(material, facts, daily),
        _interaction(material, facts),
        _reach(material, facts),
        _offline(material, facts),
        _opinion(material, facts),
        _compliance(material, facts),
        _problems(material, facts),
        _text_only("十一、下一步安排", "11_next", facts),
        _annexes(material),
    ]
    sections = [_section(writer) for writer in writers]
    return [*sections, Section((), (_origins(sections),))]


def _origins(sections: Sequence[Section]) -> PacketTable:
    """Return where each sentence comes from: its template, and the sheets with its figures."""
    columns = (
        PacketColumn("章节"),
        PacketColumn("模板"),
        PacketColumn("语句"),
        PacketColumn("数字所在工作表"),
    )
    rows: list[Sequence[Cell]] = []
    for section in sections:
        heading = next((b.text for b in section.blocks if isinstance(b, Heading)), "概述")
        sheets = "、".join(dict.fromkeys(table.name for table in section.tables)) or "—"
        rows += [
            (heading, f"texts/{each.template}.j2", sentence, sheets)
            for each in section.said
            for sentence in each.sentences
        ]
    return PacketTable("语句出处", None, columns, rows, where="workbook")


def _section(parts: Iterator[Part]) -> Section:
    """Turn every part into blocks, and remember what becomes a sheet."""
    blocks: list[Block] = []
    sheets: list[PacketTable] = []
    said: list[Said] = []
    for part in parts:
        match part:
            case Said():
                said.append(part)
                blocks.append(part.paragraph)
            case PacketTable():
                sheets += [part] if part.where != "report" else []
                blocks += [part.block()] if part.where != "workbook" else []
            case Picture():
                sheets.append(part.table)
                blocks.append(part.figure or Paragraph(_NO_CHART, "note"))
            case _:
                blocks.append(part)
    return Section(blocks, sheets, said)


def _overview(material: Material, facts: Mapping[str, object]) -> Iterator[Part]:
    yield from paragraphs("00_overview", facts)
    yield from tables.main_tables(material.figures, material.totals)
    yield from paragraphs("00_year_before", facts)


def _sources(material: Material, facts: Mapping[str, object]) -> Iterator[Part]:
    yield Heading("一、统计口径、数据来源与缺口")
    yield from paragraphs("01_sources", facts)
    yield details.source_table(material.figures)
    yield from paragraphs("01_gaps", facts)


def _accounts(material: Material, facts: Mapping[str, object]) -> Iterator[Part]:
    yield Heading("二、账号总览")
    yield from paragraphs("02_accounts", facts)
    yield tables.register_table(material.figures)
    yield tables.unit_kind_table(material.figures)


def _publishing(
    material: Material, facts: Mapping[str, object], daily: pictures.Daily
) -> Iterator[Part]:
    figures = material.figures
    yield Heading("三、信息发布")
    yield from paragraphs("03_publishing", facts)
    yield tables.platform_table(figures, "分平台发布", "分平台信息发布", ["published_count"])
    yield from composition(figures)
    yield pictures.weekly_publishing(figures, daily)
    yield pictures.publishing_calendar(figures, daily)
    yield from pictures.publishing_ranks(figures)


def _audience(
    material: Material, facts: Mapping[str, object], daily: pictures.Daily
) -> Iterator[Part]:
    figures = material.figures
    yield Heading("四、受众规模")
    first, *rest = paragraphs("04_audience", facts)
    yield first
    yield tables.platform_table(
        figures, "分平台受众", "分平台受众规模", [FOLLOWERS, GROWTH], with_growth=True
    )
    yield pictures.follower_trend(figures, daily)
    yield from rest
    if not figures.frames["jumps"].is_empty():
        yield details.jump_table(figures)


def _interaction(material: Material, facts: Mapping[str, object]) -> Iterator[Part]:
    yield Heading("五、互动交流")
    yield from paragraphs("05_interaction", facts)
    yield tables.platform_table(
        material.figures,
        "分平台互动",
        "分平台互动交流",
        ["comments", "messages_received", "replies_sent"],
    )
    replies = material.replies
    totals = reply_totals(replies.messages, replies.limits)
    yield from paragraphs("05_replies", {**facts, "reply_totals": totals})
    if totals:
        yield message_tables.reply_table(totals, replies.basis)


def _reach(material: Material, facts: Mapping[str, object]) -> Iterator[Part]:
    yield Heading("六、传播情况")
    yield from paragraphs("06_reach", facts)
    yield tables.platform_table(
        material.figures,
        "分平台传播",
        "分平台传播情况",
        ["reads", "plays", "shares"],
    )
    if not material.figures.frames["items"].is_empty():
        yield content_tables.far_reaching_table(material.figures)
    yield from paragraphs("06_indexes", facts)


def _offline(material: Material, facts: Mapping[str, object]) -> Iterator[Part]:
    yield from _text_only("七、线下活动", "07_offline", facts)
    if not material.figures.frames["offline"].is_empty():
        yield details.offline_table(material.figures)


def _opinion(material: Material, facts: Mapping[str, object]) -> Iterator[Part]:
    figures, messages = material.figures, material.replies.messages
    yield Heading("八、社会反响与舆情")
    yield from paragraphs("08_topics", {**facts, **_opinion_facts(messages)})
    if messages or not figures.frames["items"].is_empty():
        yield message_tables.topic_table(figures, messages)
    opinion = message_tables.opinion_table(figures, messages)
    if opinion.rows:
        yield opinion
    yield from paragraphs("08_opinion", facts)


def _opinion_facts(messages: Sequence[Message]) -> dict[str, object]:
    return {
        "messages": messages,
        "moods": message_tables.sentiment_counts(messages),
        "review_count": sum(each.needs_review for each in messages),
        "opinion_count": sum(each.is_opinion for each in messages),
        "handed_over_count": sum(bool(each.handed_over_to) for each in messages),
        "evaluation": shipped_evaluation(),
    }


def _text_only(title: str, template: str, facts: Mapping[str, object]) -> Iterator[Part]:
    yield Heading(title)
    yield from paragraphs(template, facts)


def _compliance(material: Material, facts: Mapping[str, object]) -> Iterator[Part]:
    compliance = material.compliance
    yield Heading("九、更新合规")
    yield from paragraphs("09_compliance", facts)
    if compliance.findings:
        yield details.silence_table(compliance.findings, "更新超期", "已认定的更新超期时段")
    if compliance.leads:
        yield details.silence_table(compliance.leads, "更新线索", "因缺数不能认定的时段（线索）")


def _problems(material: Material, facts: Mapping[str, object]) -> Iterator[Part]:
    yield Heading("十、问题整改")
    yield from paragraphs("10_problems", facts)
    if material.cases and material.figures.scope.is_district:
        yield tables.case_table(material.cases)
    if material.case_times and material.figures.scope.is_district:
        yield case_times_table(material.case_times)


def _annexes(material: Material) -> Iterator[Part]:
    figures = material.figures
    days = "覆盖为已取得/应取得的日数。"
    titles = (
        ("分单位主要指标", "按单位编号排列，不排名。粉丝的覆盖为账号数，其余为账号日。"),
        ("逐账号发布与受众", f"台账全部账号；申请中、关停、注销的不计。{days}"),
        ("逐账号传播与互动", f"运营中的账号。{days}"),
        ("数据缺口", "已接入的账号；逐段明细见数据工作簿。"),
        ("数据更正与采用", "首次取得与现在采用的数。"),
        ("传播指数（参照公式自行计算）", NOTE),
    )
    written = (
        tables.unit_table(figures),
        annexes.annex_publishing(figures),
        annexes.annex_interaction(figures),
        gap_tables.gap_table(figures),
        details.restated_table(figures),
        index_table(figures),
    )
    yield PageBreak()
    for number, ((title, note), table) in enumerate(zip(titles, written, strict=True), start=1):
        yield Heading(f"附表{number}　{title}")
        yield Paragraph(note if table.rows else "无。", "note")
        if table.rows:
            yield table
    yield gap_tables.gap_sheet(figures)
    yield annexes.account_sheet(figures)
    yield content_tables.item_sheet(figures)
    yield message_tables.message_sheet(figures, material.replies.messages)
    yield annexes.unconnected_table(figures)
