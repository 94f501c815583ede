"""One file of every platform, literal bytes in, literal rows out."""

import json
from datetime import UTC, date, datetime
from io import BytesIO

import openpyxl
import pytest

from connectors.exports.manual_template import manual_template
from connectors.exports.payloads import accounts_named, export_payloads
from connectors.exports.reading import read_export
from connectors.exports.unknown import UnknownLayoutError
from connectors.simulation import export_items
from connectors.simulation.deterministic_xlsx import workbook_bytes
from connectors.simulation.district import build_district
from connectors.simulation.statistics import statistics_of
from connectors.spreadsheet import UnreadableFileError

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def read(content, platform, **options):
    body = content.encode() if isinstance(content, str) else content
    return read_export(body, "文件.xls", TODAY, platform=platform, **options)


def rows(reading, table):
    return reading.tables[table].rows


def test_channels_percent_seconds_and_an_identity_of_its_own():
    content = (
        "视频描述,视频ID,发布时间,完播率,平均播放时长,播放量,推荐,喜欢,评论量,分享量,关注量\r\n"
        "停水,export/UzF,2026/07/24,4.41%,14.73秒,1.2万,3,-,0,暂无,1\r\n"
    )
    reading = read(content.encode("utf-8-sig"), "wechat_channels")
    assert (reading.source, reading.layout) == ("wechat_channels_export", "videos")
    assert rows(reading, "videos") == [
        {
            "title": "停水",
            "content_id": "export/UzF",
            "published_at": "2026-07-24",
            "completed_play_ratio": 0.0441,
            "average_play_s": 14.73,
            "plays": 12000,
            "recommends": 3,
            "likes": None,
            "comments": 0,
            "shares": None,
            "followers_gained": 1,
            "original": {"likes": "-", "shares": "暂无"},
            "published_on": "2026-07-24",
        }
    ]
    assert reading.notes == []


DOUYIN = (
    *("作品名称", "发布时间", "体裁", "发布状态", "播放量", "完播率", "2s跳出率", "平均播放时长"),
    "粉丝增量",
)


def test_douyin_works_are_known_by_title_and_time_and_say_so():
    table = [
        DOUYIN,
        (
            "开工了",
            "2026-03-01 08:30:00",
            "视频",
            "公开",
            "3,481.92万",
            "0.125",
            "12.5%",
            "18秒",
            -2,
        ),
        ("开工了", "2026-03-02 08:30", "视频", "公开", "-", "45.2", "--", "-", 0),
    ]
    reading = read(workbook_bytes({"作品列表": table}), "douyin")
    first, second = rows(reading, "works")
    assert first["content_id"] == "title_time:2026-03-01T08:30:00 开工了"
    assert first["plays"] == 34_819_200
    assert (first["completed_play_ratio"], first["skipped_2s_ratio"]) == (0.125, 0.125)
    assert first["followers_net"] == -2
    assert second["content_id"] == "title_time:2026-03-02T08:30:00 开工了"
    assert second["plays"] is None
    assert second["original"] == {
        "plays": "-",
        "completed_play_ratio": "45.2",
        "skipped_2s_ratio": "--",
        "average_play_s": "-",
    }
    assert reading.warnings == [
        "工作表「作品列表」第 3 行「完播率」：比率应为 0 至 1 或带百分号：'45.2'，按缺失处理"
    ]
    assert "2 条内容没有平台编号" in reading.notes[0]


def test_douyin_totals_are_no_rows_and_net_days_may_be_negative():
    total = "发布时间,体裁,垂类,周期内投稿量,条均点击率\n2025-12-25 ~ 2026-03-25,视频,时政,9,3%\n"
    reading = read(total, "douyin")
    assert reading.row_count == 0
    assert reading.period == (date(2025, 12, 25), date(2026, 3, 25))
    assert next(export_payloads(reading, "A-1", NOW, TODAY)).body.count('"figures":{}') == 1
    daily = read("日期,评论量\n2026-03-01,-2\n2026-03-02,-\n", "douyin")
    assert [row["comments"] for row in rows(daily, "daily")] == [-2, None]
    (payload,) = export_payloads(daily, "A-1", NOW, TODAY)
    assert json.loads(payload.body)["figures"] == {"comments": "daily_net"}


def test_toutiao_fractions_percents_minus_one_and_a_broken_stylesheet():
    district = build_district()
    figures = statistics_of(district, district.account("A0009"))
    items = list(export_items.items_until(figures, district.first_day, district.last_day))
    content = export_items.toutiao_workbook(iter(items))
    with pytest.raises(TypeError, match="Fill"):
        openpyxl.load_workbook(BytesIO(content))
    found = rows(read(content, "toutiao"), "works")
    assert len(found) == len(items)
    assert {row["click_ratio"] for row in found} <= {0.11, 0.12, 0}
    assert {row["completed_read_ratio"] for row in found} == {0.1655, None}
    few = next(row for row in found if row["completed_read_ratio"] is None)
    assert few["average_read_s"] is None
    assert few["original"] == {"completed_read_ratio": "-1.00", "average_read_s": "-1"}
    assert all(row["content_id"].isdigit() for row in found)


def test_toutiao_totals_in_the_first_row_are_not_a_day():
    reading = read(
        "时间,展现量,粉丝展现量,阅读（播放）量,粉丝阅读（播放）量,点赞量,评论量\n"
        "累计,900,90,100,10,5,1\n2026-11-20,90,9,10,1,-1,0\n",
        "toutiao",
    )
    assert [row.get("left_out") for row in rows(reading, "daily")] == ["累计", None]
    assert rows(reading, "daily")[1]["likes"] is None
    assert reading.row_count == 1
    assert reading.period == (date(2026, 11, 20), date(2026, 11, 20))


def test_bilibili_bounds_stars_and_columns_nobody_knows():
    content = (
        "视频标题,发布时间,播放量,点赞,封标点击率,综合评分\n"
        '反诈,2026年05月29日 12:40:34,"=""1,234""",\'7,<0.1%,★★★☆☆\n'
    )
    reading = read(content.encode("utf-8-sig"), "bilibili")
    (row,) = rows(reading, "videos")
    assert row["published_at"] == "2026-05-29T12:40:34"
    assert (row["plays"], row["likes"], row["cover_click_ratio"]) == (1234, 7, None)
    assert row["original"] == {"cover_click_ratio": "<0.1%"}
    assert row["other"] == {"综合评分": "★★★☆☆"}
    assert reading.unknown_columns == ["综合评分"]


def test_xiaohongshu_banner_and_the_silent_cut():
    heading = export_items.XIAOHONGSHU
    line = ("标题{}", "2026年06月25日14时50分00秒", "图文", 9, 8, "1%", 1, 0, 0, 0, 0, "12秒", "-")
    made = [(line[0].format(n), *line[1:]) for n in range(1000)]
    banner = (export_items.XIAOHONGSHU_BANNER,)
    whole = read(workbook_bytes({"s": [banner, heading, *made[:999]]}), "xiaohongshu")
    assert (whole.is_capped, whole.row_count) == (False, 999)
    cut = read(workbook_bytes({"s": [banner, heading, *made]}), "xiaohongshu")
    assert cut.is_capped
    assert any("前 1000 条" in note for note in cut.notes)
    assert rows(cut, "notes")[0]["published_at"] == "2026-06-25T14:50:00"


@pytest.mark.parametrize(
    ("platform", "content"),
    [
        ("weibo", "日期,粉丝总数,阅读数,发博数\n2026-11-20,132000,1.2万,3\n"),
        ("kuaishou", "作品名称,发布时间,播放数\n开工,2026-11-20 08:00:00,5\n"),
    ],
)
def test_a_layout_nobody_has_checked_says_so(platform, content):
    reading = read(content.encode("gb18030"), platform)
    assert "待核实" in reading.notes[0]
    assert reading.row_count == 1


def test_weibo_posts_take_their_identity_from_the_address():
    content = (
        "发布时间,微博内容,阅读数,URL\n2026-11-20 08:00,早安,5,https://weibo.com/123/Nabc?x=1\n"
    )
    assert rows(read(content, "weibo"), "posts")[0]["content_id"] == "Nabc"


def test_two_rows_that_disagree_are_both_not_counted_and_one_said_twice_counts_once():
    content = (
        "日期,播放量\n2026-11-18,1\n2026-11-19,5\n2026-11-19,6\n2026-11-20,7\n2026-11-20,7\n"
        "2026-11-24,9\n"
    )
    reading = read(content, "douyin")
    assert [(row["plays"], row.get("left_out")) for row in rows(reading, "daily")] == [
        (1, None),
        (5, "重复"),
        (7, None),
    ]
    assert reading.warnings == [
        "第 4 行与第 3 行是同一天或同一内容而数值不同，均未采用",
        "第 7 行：日期 2026-11-24 晚于今天，该行未采用",
    ]


def test_a_file_of_another_platform_is_not_read_as_this_ones():
    with pytest.raises(UnreadableFileError, match="其他平台的导出文件（toutiao") as caught:
        read("时间,总粉丝数\n2026-11-20,5\n", "douyin")
    assert not isinstance(caught.value, UnknownLayoutError)


def test_a_skeleton_quotes_hostile_headings_and_is_refused_until_completed():
    from connectors.exports.declaring import parse_tables
    from connectors.yaml_lines import DeclarationError

    hostile = 'x"]}\u2028\n!!python/object/apply:os.system ["id"]'
    with pytest.raises(UnknownLayoutError) as caught:
        read(
            workbook_bytes({"s": [("日期", hostile, "热度"), ("2026-11-20", "# a\nb: c", 1)]}),
            "douyin",
        )
    with pytest.raises(DeclarationError, match="TODO"):
        parse_tables(caught.value.skeleton, "draft.yml", is_own=True)


def test_the_manual_sheet_names_its_accounts_and_keeps_activities_apart():
    sheets = {
        "账号数据": [
            ("台账号", "日期", "发布条数", "粉丝总数"),
            ("A0001", date(2026, 11, 20), 0, ""),
        ],
        "线下活动": [
            ("台账号", "活动日期", "活动名称", "参与人数"),
            ("A0002", "2026-11-20", "义诊", "约百人"),
        ],
    }
    reading = read(workbook_bytes(sheets), None)
    assert accounts_named(reading) == ["A0001", "A0002"]
    assert reading.warnings == [
        "工作表「线下活动」第 2 行「参与人数」：不是数字：'约百人'，按缺失处理"
    ]
    payloads = list(export_payloads(reading, None, NOW, TODAY))
    assert [(one.account_id, one.endpoint) for one in payloads] == [
        ("A0001", "manual/daily"),
        ("A0002", "manual/activities"),
    ]
    body = json.loads(payloads[1].body)
    assert body["figures"] == {
        "offline_participants": "daily_total",
        "offline_activities": "daily_total",
    }
    assert body["rows"][0]["offline_activities"] == 1


def test_the_log_of_messages_is_kept_and_its_formulas_are_inert():
    """A netizen's words go out for review and come back; nowhere are they anything but words."""
    told = '=HYPERLINK("http://x","点我")'
    log = [
        ("台账号", "收到日期", "类别", "内容摘要", "回复日期"),
        ("A0001", "2026-11-19", "投诉", told, "2026-11-20"),
        ("A0001", "2026-11-19", "投诉", None, None),
        ("A0001", "2026-11-30", "咨询", "明天的事", None),
    ]
    reading = read(workbook_bytes({"留言办理": log}), None)
    assert [warning.split("：", 1)[1] for warning in reading.warnings] == [
        "缺少「内容摘要」，该行未采用",
        "日期 2026-11-30 晚于今天，该行未采用",
    ]
    (payload,) = export_payloads(reading, None, NOW, TODAY)
    body = json.loads(payload.body)
    (row,) = body["rows"]
    assert (body["grain"], body["figures"], row["replied_on"]) == ("kept", {}, "2026-11-20")
    known = {"messages": [{**row, "stat_date": date(2026, 11, 19)}]}
    book = openpyxl.load_workbook(BytesIO(manual_template([("A0001", "微博", "=1+1")], known)))
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line]
    assert [cell for cell in cells if cell.data_type == "f" or cell.hyperlink] == []
    assert told in {cell.value for cell in cells}


def test_a_row_that_is_longer_than_its_headings_may_be_shifted_and_is_left_out():
    reading = read("日期,播放量,点赞量\n2026-11-19,1,234,5\n2026-11-20,7,1\n", "douyin")
    assert [row["plays"] for row in rows(reading, "daily")] == [7]
    assert reading.warnings == ["第 2 行：比表头多出内容，可能错位，该行未采用"]
