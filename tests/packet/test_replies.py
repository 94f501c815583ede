"""Messages that sponsors logged: how they were answered, what they are about, what a person must see."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

import sql
from playbooks.core.calendar import load_calendar
from playbooks.core.workbook import write_workbook
from playbooks.statistics.figures import read_figures
from playbooks.statistics.replies import messages_of, reply_totals, shipped_limits
from playbooks.statistics.text_leads.evaluation import (
    LABELLED,
    evaluate,
    read_labelled,
    shipped_evaluation,
)
from playbooks.statistics.text_leads.sorting import NEGATIVE, NEUTRAL, POSITIVE, lead_of
from tests.packet.reading import xlsx_rows

LOGGED = (
    # received, kind, content, replied, handed over, sentiment, opinion
    ("2026-07-01", "咨询", "公积金怎么提取", "2026-07-03", None, "中性", None),
    ("2026-07-03", "咨询", "窗口没人理", "2026-07-13", None, None, None),
    ("2026-07-06", "投诉", "路灯不亮", None, "市政中心", "负面", "是"),
    ("2026-07-30", "投诉", '=HYPERLINK("http://x")', None, None, None, None),
    ("2026-07-08", "评论", "新区越来越好", None, None, None, None),
    ("2026-07-09", "咨询", "答复早于提问", "2026-07-01", None, None, None),
    ("2026-07-14", "咨询", "社保卡补办", "2026-07-15", None, "中性", None),
)


def log(stats, rows=LOGGED):
    keys = (
        "stat_date",
        "kind",
        "content",
        "replied_on",
        "handed_over_to",
        "sentiment",
        "is_opinion",
    )
    body = {"grain": "kept", "rows": [dict(zip(keys, row, strict=True)) for row in rows]}
    payload = {
        "payload_sha256": "m" * 64,
        "source": "manual_entry",
        "endpoint": "manual/messages",
        "account_id": "A-1",
        "fetched_at": datetime(2026, 8, 1, tzinfo=UTC),
        "body": json.dumps(body, ensure_ascii=False),
    }
    sql.insert(stats, "raw_payload", [payload])


@pytest.fixture
def found(small, request_of):
    log(small)
    asked = request_of()
    figures = read_figures(small, asked.period, asked.scope, asked.today)
    limits, _ = shipped_limits()
    return messages_of(figures, limits, load_calendar()), limits


def test_rate_median_and_overdue_by_the_limits_of_each_kind(found):
    messages, limits = found
    consulted, complained, whole = reply_totals(messages, limits)
    # 3 July is a Friday: to Monday the 13th are six workdays, one over the limit of five.
    # One, two and six: the middle one, not the mean of three.
    assert (consulted.received, consulted.replied, consulted.median_workdays) == (4, 3, 2.0)
    # The reply before its question is a slip of the pen: still open, and late since the 17th.
    assert (consulted.late, consulted.rate.ratio) == (2, 3 / 4)
    # The complaint of the 30th is open, but its seven workdays are not over on the 31st.
    assert (complained.received, complained.late, complained.handed_over) == (2, 1, 1)
    assert (whole.kind, whole.limit, whole.received, whole.late) == ("合计", None, 6, 3)


def test_a_person_decides_and_the_words_only_ask_for_a_look(found):
    waiting = [each.content for each in found[0] if each.needs_review]
    assert waiting == ["窗口没人理", '=HYPERLINK("http://x")']


def test_the_packet_prints_them_and_says_how_often_the_words_err(
    small, request_of, tmp_path, plain_charts
):
    from playbooks.statistics.packet import make_packet

    log(small)
    whole = make_packet(small, request_of())
    write_workbook(tmp_path / "figures.xlsx", whole.sheets, whole.created_at)
    limits = [row[5] for row in xlsx_rows(tmp_path / "figures.xlsx", "留言答复")]
    assert limits == ["时限（工作日）", 5, 7, "—"]
    packet = make_packet(small, request_of(reply_limits={"投诉": 3}))
    said = json.dumps([str(block) for block in packet.report.blocks], ensure_ascii=False)
    assert "应答复的网民留言2件，已答复0件，答复率0.0%，中位用时未取得，超时限1件" in said
    assert "时限由本单位设定" in said
    assert "负面提示准确率100.0%、召回率29.0%" in said
    assert "正面0件、中性2件、负面1件，未复核4件；其中2件为投诉或经词表提示可能负面" in said


@pytest.mark.parametrize(
    ("text", "topic", "mood"),
    [
        ("请问公积金怎么提取？谢谢", "社会保障与就业", NEUTRAL),
        ("感谢窗口工作人员，办理很快捷", "政务服务", POSITIVE),
        ("这次服务不满意", "其他", NEGATIVE),
        ("报修三天没人来，暖气还是凉的", "住房与城建", NEGATIVE),
        ("", "其他", NEUTRAL),
        ("{{ 7*7 }}<script>", "其他", NEUTRAL),
    ],
)
def test_leads(text, topic, mood):
    lead = lead_of(text)
    assert (lead.topic, lead.mood) == (topic, mood)


def test_of_a_text_without_end_the_beginning_counts():
    assert lead_of("感谢窗口" + "一" * 1_000_000).mood == POSITIVE
    assert lead_of("一" * 500 + "感谢窗口").mood == NEUTRAL


def test_the_stated_error_is_the_measured_one():
    found = shipped_evaluation()
    assert found.text_count == len(read_labelled(LABELLED)) == 65
    assert (found.negative.said, found.negative.there, found.negative.right) == (9, 31, 9)
    assert (found.topics.said, found.topics.there, found.topics.right) == (59, 60, 55)
    assert len(found.missed) == 22


def test_nothing_said_has_no_precision():
    (positive, _, _) = evaluate([("在哪里办", "其他", "中性")]).moods
    assert (positive.precision, positive.recall) == (None, None)
