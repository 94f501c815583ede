"""Back-office exports of a WeChat official account, built byte by byte in the layouts found."""

import io
import json
from datetime import UTC, date, datetime

import pytest
import xlwt

from connectors.exports.payloads import export_payloads
from connectors.exports.reading import UnknownLayoutError
from connectors.exports.reading import read_export as read_any
from connectors.spreadsheet import UnreadableFileError

TODAY = date(2026, 8, 13)
NOW = datetime(2026, 8, 13, 1, 0, tzinfo=UTC)
URL = "http://mp.weixin.qq.com/s?__biz=Mz==&mid=2651234567&idx=2&sn=ab"


def read_export(content, name, platform="wechat_official"):
    return read_any(content, name, TODAY, platform=platform)


def rows_of(reading, table):
    return reading.tables[table].rows


def biff(rows):
    """Rows as {column: cell}, as the back office writes them: sheet `New Sheet1`."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("New Sheet1")
    day_style = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for number, row in enumerate(rows):
        for column, cell in row.items():
            style = [day_style] if isinstance(cell, date) else []
            sheet.write(number, column, cell, *style)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def at(column, *cells):
    return dict(enumerate(cells, column))


USERS = """<html><body><table>
<tr><td colspan="5">用户增长</td></tr>
<tr><td>时间</td><td>新关注人数</td><td>取消关注人数</td><td>净增关注人数</td><td>累积关注人数</td></tr>
<tr><td>2026-08-02</td><td>1,234</td><td>3</td><td>-2</td><td>12.5万</td></tr>
<tr><td>2026-08-01</td><td>-</td><td></td><td>0</td><td>100</td></tr>
</table></body></html>"""


def test_user_analysis_is_html_named_xls():
    reading = read_export(USERS.encode(), "user_analysis.xls")
    assert reading.layout == "user_analysis"
    assert {name: table.rows for name, table in reading.tables.items()} == {
        "daily_followers": [
            {
                "stat_date": "2026-08-02",
                "followers_new": 1234,
                "followers_cancelled": 3,
                "followers_net": -2,
                "followers_total": 125000,
            },
            {
                "stat_date": "2026-08-01",
                "followers_new": None,
                "followers_cancelled": None,
                "followers_net": 0,
                "followers_total": 100,
                "original": {"followers_new": "-"},
            },
        ]
    }
    assert reading.period == (date(2026, 8, 1), date(2026, 8, 2))
    assert (reading.unknown_columns, reading.warnings) == ([], [])


TENDENCY = [
    {},
    at(1, "数据趋势概况(2026.07.14-2026.08.12)")
    | at(5, "数据趋势概况(2026.07.14-2026.08.12)")
    | at(11, "内容明细(2026.07.14-2026.08.12)"),
    at(1, "日期", "渠道", "阅读人数")
    | at(5, "日期", "分享人数", "跳转阅读原文人数", "微信收藏人数", "发表篇数")
    | at(11, "传播渠道", "发表日期", "内容标题", "阅读人数", "阅读人数占比"),
    at(1, "2026-08-01", "全部", 10)
    | at(5, date(2026, 8, 1), 1, 0, 2, 1)
    | at(11, "全部", "20260801", "停水通知，请储水", 10, 1.0),
    at(1, 20260801, "朋友圈", 13) | at(11, "朋友圈", 46235.0, "停水通知，请储水", 3, 0.3),
]


def test_three_tables_side_by_side_are_told_apart():
    reading = read_export(biff(TENDENCY), "tendency_2026.xls")
    assert reading.layout == "content_analysis"
    assert rows_of(reading, "daily_reads") == [
        {"stat_date": "2026-08-01", "channel": "全部", "reads": 10},
        {"stat_date": "2026-08-01", "channel": "朋友圈", "reads": 13, "left_out": "朋友圈"},
    ]
    assert rows_of(reading, "daily_actions") == [
        {
            "stat_date": "2026-08-01",
            "shares": 1,
            "original_page_visits": 0,
            "collections": 2,
            "published_count": 1,
        }
    ]
    assert rows_of(reading, "article_reads")[1] == {
        "channel": "朋友圈",
        "published_on": "2026-08-01",
        "title": "停水通知，请储水",
        "reads": 3,
        "reads_ratio": 0.3,
    }
    assert reading.period == (date(2026, 7, 14), date(2026, 8, 12))


TOTAL_HEADINGS = (
    "内容标题",
    "发表日期",
    "总阅读人数",
    "总分享人数",
    "阅读后关注人数",
    "送达人数",
    "送达阅读率",
    "阅读完成率",
    "内容url",
)


def total(*rows):
    return biff([{}, at(1, "内容汇总"), at(1, *TOTAL_HEADINGS), *(at(1, *row) for row in rows)])


def test_an_article_gets_its_identity_from_its_address():
    row = ("防汛提示", "20260712", "3.4万", 12, "--", 900, "12.24%", 0.55, URL)
    reading = read_export(total(row), "total_1.xls")
    assert reading.layout == "content_total"
    assert rows_of(reading, "articles") == [
        {
            "title": "防汛提示",
            "published_on": "2026-07-12",
            "reads": 34000,
            "shares": 12,
            "followers_new_after_reading": None,
            "delivered_to": 900,
            "delivered_read_ratio": 0.1224,
            "completed_read_ratio": 0.55,
            "url": URL,
            "content_id": "2651234567_2",
            "original": {"followers_new_after_reading": "--"},
        }
    ]


def test_the_older_list_of_notified_items_has_its_own_layout():
    headings = (
        "内容标题,发表时间,总阅读人数,总阅读次数,总分享人数,总分享次数,阅读后关注人数,送达人数,"
        "公众号消息阅读次数,送达阅读率,首次分享次数,分享产生阅读次数,首次分享率,每次分享带来阅读次数,"
        "阅读完成率,内容url"
    )
    content = f"{headings}\n标题,20260712,5,7,1,1,0,90,4,0.04,1,2,0.01,2,0.5,{URL}\n"
    reading = read_export(content.encode("gb18030"), "已通知内容.xls")
    assert reading.layout == "content_notified"
    assert rows_of(reading, "articles")[0]["reads"] == 5
    assert rows_of(reading, "articles")[0]["read_times"] == 7


def test_unknown_columns_are_kept_and_reported():
    content = "时间,新关注人数,取消关注人数,累积关注人数,活跃度\n2026-08-01,1,2,3,高\n"
    reading = read_export(content.encode(), "u.csv")
    assert reading.unknown_columns == ["活跃度"]
    assert rows_of(reading, "daily_followers")[0]["other"] == {"活跃度": "高"}


def test_a_cell_that_cannot_be_read_is_missing_and_named_with_its_place():
    content = "时间,新关注人数,取消关注人数,累积关注人数\n2026-08-01,很多,2,3\n合计,1,2,3\n"
    reading = read_export(content.encode(), "u.csv")
    assert rows_of(reading, "daily_followers") == [
        {
            "stat_date": "2026-08-01",
            "followers_new": None,
            "followers_cancelled": 2,
            "followers_total": 3,
            "original": {"followers_new": "很多"},
        }
    ]
    assert reading.warnings == [
        "第 2 行「新关注人数」：不是数字：'很多'，按缺失处理",
        "第 3 行「时间」：不是日期：'合计'，按缺失处理",
        "第 3 行：缺少「时间」，该行未采用",
    ]


def test_a_file_wrong_in_every_row_is_told_in_fifty_sentences():
    content = "时间,新关注人数,取消关注人数,累积关注人数\n" + "x,1,2,3\n" * 200
    reading = read_export(content.encode(), "u.csv")
    assert len(reading.warnings) == 51
    assert reading.warnings[-1] == "另有 350 处类似问题未列出"
    assert reading.period is None


def test_an_unknown_layout_is_refused_with_the_headings_seen():
    with pytest.raises(UnknownLayoutError, match=r"读到的表头：作品名称、播放量"):
        read_export("作品名称,播放量\na,1\n".encode(), "抖音.csv")


def test_headings_that_repeat_in_one_block_are_not_guessed_apart():
    content = "时间,新关注人数,取消关注人数,累积关注人数,时间\n2026-08-01,1,2,3,2026-08-02\n"
    with pytest.raises(UnreadableFileError, match="不是已知的导出格式"):
        read_export(content.encode(), "u.csv")


def test_each_table_becomes_one_payload_for_the_archive():
    reading = read_export(biff(TENDENCY), "tendency.xls")
    payloads = list(export_payloads(reading, "A-1", NOW, date(2026, 8, 13)))
    assert [payload.endpoint for payload in payloads] == [
        "content_analysis/daily_reads",
        "content_analysis/daily_actions",
        "content_analysis/article_reads",
    ]
    first = payloads[0]
    assert (first.source, first.account_id) == ("wechat_export", "A-1")
    assert (first.ref_begin_on, first.ref_end_on) == (date(2026, 7, 14), date(2026, 8, 12))
    assert json.loads(first.body)["rows"][0] == {
        "stat_date": "2026-08-01",
        "channel": "全部",
        "reads": 10,
    }


def test_a_file_with_headings_and_no_rows_archives_nothing():
    reading = read_export(total(), "total.xls")
    assert list(export_payloads(reading, "A-1", NOW, date(2026, 8, 13))) == []


def test_a_title_that_is_an_attack_arrives_as_text():
    attack = '=HYPERLINK("http://evil.example","点我")'
    row = (attack, "20260712", 1, 1, 1, 1, 0.1, 0.1, "javascript:alert(1)")
    assert rows_of(read_export(total(row), "t.xls"), "articles")[0]["title"] == attack
