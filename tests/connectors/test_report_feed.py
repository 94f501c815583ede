"""Feeds of reports: which source a sheet is, what is taken of a row, and what a bad row says."""

import json
from datetime import UTC, datetime

import pytest

from connectors.report_feed import read_feed
from connectors.report_sources import SourceError, read_sources
from connectors.spreadsheet import UnreadableFileError

SOURCES = read_sources()


def csv(*lines):
    return "\n".join(lines).encode("gb18030")


def read(content, name="表.csv", source_id=None):
    return read_feed(content, name, SOURCES, source_id)


@pytest.mark.parametrize(
    ("headings", "source_id"),
    [
        ("工单编号,诉求标题,市民诉求", "hotline_appeal"),
        ("工单编号,工单标题,问题点位", "hotline_location"),
        ("工单编号,工单标题,诉求内容,诉求类型,区交办时间,区交办办结期限", "hotline_handed_over"),
        ("举报编号,平台,账号名称,情况描述,答复联系方式", "template"),
    ],
)
def test_a_sheet_is_known_by_its_headings(headings, source_id):
    row = ",".join("甲" for _ in headings.split(","))
    if "时间" in headings:
        row = "1,标题,内容,举报,2026-11-17 09:12,2026/11/22"
    assert read(csv(headings, row)).source_id == source_id


def test_the_json_of_an_interface_is_a_sheet_too():
    record = {
        "hotlineNo": "A-1",
        "appealContent": "假冒公众号",
        "contactName": "陈玉珍",
        "contactPhone": "15409000001",
        "extra": 1,
    }
    reading = read(json.dumps({"code": 0, "data": [record]}).encode(), "接口.json")
    (row,) = reading.rows
    assert (reading.source_id, row.number, row.contact) == ("hotline_interface", "A-1", "")
    assert set(row.personal) == {"陈玉珍", "15409000001"}
    assert reading.unknown_headings == ["extra"]


def test_banners_stand_above_the_headings_and_every_cell_is_found():
    reading = read(
        csv(
            "12345热线工单导出,,,,",
            ",,,,",
            "工单编号,诉求标题,诉求内容,区交办时间,联系电话",
            "YS1,标题,内容,2026-11-17 09:12:40,15409000001",
        )
    )
    (row,) = reading.rows
    assert row.place == "「表.csv」第 4 行"
    assert row.received_at == datetime(2026, 11, 17, 1, 12, 40, tzinfo=UTC)
    assert "15409000001" not in repr(row)


def test_a_day_alone_begins_when_it_comes_in_and_ends_when_it_is_due():
    headings = "工单编号,工单标题,诉求内容,区交办时间,区交办办结期限"
    (row,) = read(csv(headings, "1,甲,乙,2026年11月17日,20261122")).rows
    assert row.received_at == datetime(2026, 11, 16, 16, tzinfo=UTC)
    assert row.answer_due_at == datetime(2026, 11, 22, 15, 59, 59, tzinfo=UTC)


def test_each_bad_row_says_where_and_what_and_the_good_ones_go_on():
    reading = read(
        csv(
            "工单编号,诉求标题,诉求内容,区交办时间",
            ",无编号,内容,",
            "2,,,",
            "3,标题,内容,明天",
            f"{'9' * 81},标题,内容,",
            "5,标题,内容,2026-11-17 25:00",
            "6,标题,内容,",
        )
    )
    assert [row.number for row in reading.rows] == ["6"]
    assert [str(problem) for problem in reading.problems] == [
        "「表.csv」第 2 行：「工单编号」为空；请补上编号",
        "「表.csv」第 3 行：标题与内容都为空；请补上情况描述",
        "「表.csv」第 4 行：「区交办时间」不是日期：'明天'；请改成如 2026-11-17 09:12 的时间",
        "「表.csv」第 5 行：「工单编号」长达 81 字；请核对是否错列",
        "「表.csv」第 6 行：「区交办时间」不是时间：'2026-11-17 25:00'；请改成如 2026-11-17 09:12 的时间",
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (csv("甲,乙", "1,2"), "不属于任何已知来源"),
        (b'{"a": 1}', "没有工单数组"),
        (b'[{"a": ', "不是完整的 JSON"),
        (b"[" * 100_000, "不是完整的 JSON"),
        (b"%PDF-1.7", "PDF"),
    ],
)
def test_what_is_no_feed_is_refused_with_a_sentence(content, words):
    with pytest.raises(UnreadableFileError, match=words):
        read(content)


def test_an_office_adds_its_own_source_and_a_misspelt_key_is_refused(tmp_path):
    own = tmp_path / "report_sources.yml"
    own.write_text(
        "sources:\n  petition:\n    title: 信访\n    channel: citizen\n    required: [信访号]\n"
        "    fields: {number: [信访号], content: [内容]}\n    contact: {}\n    personal: [姓名]\n"
        "    ignored: []\n",
        encoding="utf-8",
    )
    reading = read_feed(csv("信访号,内容,姓名", "1,乙,丙"), "信.csv", read_sources(own))
    assert reading.source_id == "petition"
    assert "hotline_appeal" in read_sources(own).sources
    own.write_text("sources:\n  petition: {tilte: 信访}\n", encoding="utf-8")
    with pytest.raises(SourceError, match="tilte"):
        read_sources(own)
