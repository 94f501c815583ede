"""The tables about messages and topics: how they were answered, what they are about, what to review."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from playbooks.statistics.figures import Figures
from playbooks.statistics.replies import Message, ReplyTotals
from playbooks.statistics.tables import Cell, PacketColumn, PacketTable
from playbooks.statistics.text_leads.sorting import MOODS, NEGATIVE, OTHER, lead_of, shipped_words


def reply_table(totals: Sequence[ReplyTotals], basis: str) -> PacketTable:
    """Return how the messages that are owed a reply were answered."""
    columns = (
        PacketColumn("类别", weight=0.8),
        PacketColumn("登记（件）", "count"),
        PacketColumn("已答复（件）", "count"),
        PacketColumn("答复率", "percent", 0.9),
        PacketColumn("中位用时（工作日）", "count", 1.3),
        PacketColumn("时限（工作日）", "count", 1.1),
        PacketColumn("超时限（件）", "count"),
        PacketColumn("转办（件）", "count"),
    )
    rows: list[Sequence[Cell]] = [
        (
            *(each.kind, each.received, each.replied, each.rate.ratio, each.median_workdays),
            *("—" if each.limit is None else each.limit, each.late, each.handed_over),
        )
        for each in totals
    ]
    note = (
        f"由主办单位登记。时限{basis}。用时自收到次日起计工作日；超时限含已答复和未答复的，"
        "未到时限而未答复的不计。"
    )
    return PacketTable("留言答复", "网民留言答复情况", columns, rows, note=note)


def topic_table(figures: Figures, messages: Sequence[Message]) -> PacketTable:
    """Return how many publications and messages each topic has; moods only as people said."""
    published = Counter(
        lead_of(str(title or "")).topic for title in figures.frames["items"]["title"].to_list()
    )
    received = Counter(each.lead.topic for each in messages)
    negative = Counter(each.lead.topic for each in messages if each.sentiment == NEGATIVE)
    columns = (
        PacketColumn("主题", weight=1.4),
        PacketColumn("发布内容（条）", "count"),
        PacketColumn("网民留言（件）", "count"),
        PacketColumn("人工认定负面（件）", "count", 1.2),
        PacketColumn("系统提示、待复核（件）", "count", 1.4),
    )
    review = Counter(each.lead.topic for each in messages if each.needs_review)
    rows: list[Sequence[Cell]] = [
        (
            topic,
            published[topic],
            *((received[topic], negative[topic], review[topic]) if messages else (None,) * 3),
        )
        for topic in (*shipped_words().topics, OTHER)
        if published[topic] or received[topic]
    ]
    return PacketTable("主题", "发布内容与网民留言的主题", columns, rows)


def sentiment_counts(messages: Sequence[Message]) -> dict[str, int]:
    """Return how many messages people called positive, neutral and negative, and how many nobody did."""
    counts = Counter(each.sentiment for each in messages)
    return {mood: counts[mood] for mood in MOODS} | {
        "unreviewed": len(messages) - sum(counts[mood] for mood in MOODS)
    }


def opinion_table(figures: Figures, messages: Sequence[Message]) -> PacketTable:
    """Return the messages raised as public opinion or handed over, the latest last."""
    chosen = [each for each in messages if each.is_opinion or each.handed_over_to]
    columns = (
        PacketColumn("收到日期", "date", 1.3),
        PacketColumn("账号", weight=1.3),
        PacketColumn("类别", weight=0.7),
        PacketColumn("内容摘要", weight=2.8),
        PacketColumn("舆情", weight=0.6),
        PacketColumn("转办单位", weight=1.2),
        PacketColumn("人工认定", weight=0.8),
    )
    rows: list[Sequence[Cell]] = [
        (
            *(each.received_on, _name(figures, each), each.kind, each.content),
            *("是" if each.is_opinion else "—", each.handed_over_to or "—"),
            each.sentiment or "未复核",
        )
        for each in chosen
    ]
    return PacketTable("舆情与转办", "舆情线索与转办事项", columns, rows)


def message_sheet(figures: Figures, messages: Sequence[Message]) -> PacketTable:
    """Return every logged message with the lead of the words, for the workbook."""
    columns = (
        PacketColumn("收到日期", "date"),
        PacketColumn("账号"),
        PacketColumn("类别"),
        PacketColumn("内容摘要", weight=4.0),
        PacketColumn("回复日期", "date"),
        PacketColumn("用时（工作日）", "count"),
        PacketColumn("超时限"),
        PacketColumn("转办单位"),
        PacketColumn("主题（词表）"),
        PacketColumn("人工认定倾向"),
        PacketColumn("系统提示（线索）"),
        PacketColumn("提示依据的词"),
    )
    return PacketTable(
        "留言明细", None, columns, list(_message_rows(figures, messages)), where="workbook"
    )


def _message_rows(figures: Figures, messages: Sequence[Message]) -> Iterator[Sequence[Cell]]:
    for each in messages:
        yield (
            *(each.received_on, _name(figures, each), each.kind, each.content),
            *(each.replied_on, each.workdays, "是" if each.is_late else "否"),
            *(each.handed_over_to or "—", each.lead.topic, each.sentiment or "未复核"),
            *("待复核" if each.needs_review else "—", "、".join(each.lead.words) or "—"),
        )


def _name(figures: Figures, message: Message) -> str:
    return figures.account_by_id[message.account_id].name
