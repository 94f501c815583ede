"""Preview, import, take back: nothing is lost, and the figures fall back to what was known before."""

from __future__ import annotations

import os
from pathlib import Path

import openpyxl
import pytest

from flows.operations import message_review, packets
from flows.operations.packet_scope import packet_of
from playbooks.statistics.figures import read_figures
from sql.catalogs import open_catalog

FIRST = "日期,播放量\n2026-11-19,10\n2026-11-20,20\n"
SECOND = "日期,播放量\n2026-11-19,99\n2026-11-20,20\n"


@pytest.fixture
def files(tmp_path: Path):
    def write(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def bring(desk, path: Path, *more: str, account: str = "A0003"):
    person = desk.people["handler"]
    ran = desk.ask("import-export", path, "--account", account, "--by", person, *more)
    assert ran.code == 0, ran.out
    return ran.json


def take_back(desk, import_id: str):
    desk.later(minutes=5)
    arguments = ("revoke-import", import_id, "--reason", "账号选错", "--by", desk.people["handler"])
    return desk.ask(*arguments)


def plays(desk, account: str = "A0003") -> dict[str, tuple]:
    """Return what the mart and the view believe, day by day; they must not differ."""
    marts = desk.rows(
        "select stat_date, plays from account_day where account_id = ? and plays is not null",
        account,
        catalog="stats",
    )
    view = desk.rows(
        "select stat_date, value from observation_current where account_id = ?",
        account,
        catalog="stats",
    )
    assert sorted(marts) == sorted(view)
    return {day.isoformat(): value for day, value in marts}


def test_a_preview_tells_what_the_import_does_and_writes_nothing(desk, files):
    path = files("a.csv", FIRST)
    shown = bring(desk, path, "--dry-run")
    assert (shown["observations"], shown["written"], shown["import_id"]) == (2, False, None)
    assert desk.rows("select * from raw_payload", catalog="stats") == []
    done = bring(desk, path)
    assert (done["observations"], done["written"]) == (2, True)


def test_taking_back_falls_back_to_the_word_before_and_keeps_every_row(desk, files):
    bring(desk, files("a.csv", FIRST))
    desk.later(hours=1)
    second = bring(desk, files("b.csv", SECOND))["import_id"]
    assert plays(desk) == {"2026-11-19": 99, "2026-11-20": 20}
    rows = desk.one("select count(*) from observation", catalog="stats")
    assert take_back(desk, second).json["payload_count"] == 1
    assert plays(desk) == {"2026-11-19": 10, "2026-11-20": 20}
    assert desk.one("select count(*) from observation", catalog="stats") == rows
    again = take_back(desk, second)
    assert again.code == 1
    assert "已由" in again.out
    listed = desk.ask("imports", "--account", "A0003").json["imports"]
    assert [(one["import_id"] == second, one["reason"]) for one in listed] == [
        (True, "账号选错"),
        (False, None),
    ]


def test_what_a_later_file_repeated_outlives_the_first(desk, files):
    first = bring(desk, files("a.csv", FIRST))["import_id"]
    desk.later(hours=1)
    bring(desk, files("b.csv", SECOND))  # 20 on the second day says nothing new
    take_back(desk, first)
    assert plays(desk) == {"2026-11-19": 99, "2026-11-20": 20}


def test_the_same_figures_in_another_file_are_vouched_for_twice(desk, files):
    first = bring(desk, files("a.csv", FIRST))["import_id"]
    desk.later(hours=1)
    other = bring(desk, files("a.tsv", FIRST.replace(",", "\t")))
    assert other["observations"] == 0
    assert take_back(desk, first).json["payload_count"] == 0
    assert plays(desk) == {"2026-11-19": 10, "2026-11-20": 20}
    assert take_back(desk, other["import_id"]).json["payload_count"] == 1
    assert plays(desk) == {}


def test_a_file_taken_back_by_mistake_comes_in_again_and_a_rebuild_agrees(desk, files):
    path = files("a.csv", FIRST)
    take_back(desk, bring(desk, path)["import_id"])
    assert plays(desk) == {}
    desk.later(hours=1)
    assert bring(desk, path)["observations"] == 2
    assert bring(desk, path)["already"]
    from playbooks.statistics.build import rebuild
    from sql.catalogs import open_catalog

    with open_catalog(desk.settings.stats) as connection:
        rebuild(connection, desk.now)
    assert plays(desk) == {"2026-11-19": 10, "2026-11-20": 20}


def test_two_files_of_one_round_are_taken_back_one_by_one(desk):
    works = "作品名称,发布时间,体裁,播放量\n{0},2026-11-{1} 08:00:00,视频,{1}\n"
    for name, title, day in (("a.csv", "开工", 18), ("b.csv", "收工", 19)):
        path = desk.home / "drop" / "A0003" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(works.format(title, day), encoding="utf-8")
        os.utime(path, (0, 0))
    assert desk.ask("drop").code == 0
    by_name = {one["file_name"]: one for one in desk.ask("imports").json["imports"]}
    take_back(desk, by_name["a.csv"]["import_id"])
    assert desk.rows("select title from standing_item", catalog="stats") == [("收工",)]
    days = "select stat_date::varchar, published_count from account_day where published_count > 0"
    assert desk.rows(days, catalog="stats") == [("2026-11-19", 1)]
    assert desk.one("select count(*) from content_item", catalog="stats") == 2


def filled(desk, tmp_path: Path, account_id: str = "A0033") -> Path:
    """Fill in the blank sheet as an office does: one day of an account, two activities."""
    path = tmp_path / "填报.xlsx"
    assert desk.run("manual-template", path).code == 0
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["账号数据", "线下活动", "留言办理", "台账号对照"]
    daily = {cell.value: cell.column for cell in book["账号数据"][1]}
    for heading, value in (
        *(("台账号", account_id), ("日期", "2026-11-20"), ("发布条数", 0), ("粉丝总数", "1.2万")),
        *(("回复留言私信", 3), ("依据说明", "后台截图")),
    ):
        book["账号数据"].cell(2, daily[heading], value)
    book["线下活动"].append([account_id, "2026-11-18", "松溪镇集市义诊", "文化广场", 120, "签到表"])
    book["线下活动"].append([account_id, "2026-11-18", "政策宣讲", "镇政府", None, None])
    book.save(path)
    return path


def test_the_manual_sheet_brings_days_and_offline_activities_below_every_other_source(
    desk, tmp_path
):
    path = filled(desk, tmp_path)
    ran = desk.ask("import-export", path, "--by", desk.people["handler"])
    assert ran.code == 0, ran.out
    assert ran.json["accounts"] == ["A0033"]
    found = desk.rows(
        "select metric, stat_date::varchar, value, source from observation "
        "where account_id = 'A0033' order by metric, value, content_id",
        catalog="stats",
    )
    assert found == [
        ("followers_total", "2026-11-20", 12000, "manual_entry"),
        ("offline_activities", "2026-11-18", 1, "manual_entry"),
        ("offline_activities", "2026-11-18", 1, "manual_entry"),
        ("offline_participants", "2026-11-18", 120, "manual_entry"),
        ("published_count", "2026-11-20", 0, "manual_entry"),
        ("replies_sent", "2026-11-20", 3, "manual_entry"),
    ]
    assert desk.rows("select * from content_item", catalog="stats") == []


def messages_of(desk, asked, folder: Path):
    """Return the messages that a packet would print, and write the sheet for reviewing them."""
    with open_catalog(desk.settings.stats) as connection:
        request = packets.request_of(desk.settings, asked, desk.now)
        figures = read_figures(connection, asked.period, request.scope, request.today)
    message_review.write_review(desk.settings, figures, request, folder)
    return figures.frames["messages"].rows(named=True)


def test_a_logged_message_comes_back_for_review_and_a_person_settles_it(desk, tmp_path):
    path = tmp_path / "留言.xlsx"
    assert desk.run("manual-template", path).code == 0
    book = openpyxl.load_workbook(path)
    told = "张女士 13812345678 说路灯坏了三个月没人修"
    book["留言办理"].append(
        ["A0033", "2026-11-02", "投诉", told, None, None, None, None, None, None]
    )
    book["留言办理"].append(
        ["A0033", "2026-11-03", "投诉", None, None, None, None, None, None, None]
    )
    book.save(path)
    ran = desk.run("import-export", path, "--by", desk.people["handler"])
    assert (ran.code, "缺少「内容摘要」" in ran.out) == (0, True), ran.err
    bodies = str(desk.one("select string_agg(body, '') from raw_payload", catalog="stats"))
    assert ("138****5678" in bodies, "13812345678" in bodies) == (True, False)
    asked = packet_of("2026-11", account="A0033")
    review = tmp_path / message_review.FILE_NAME
    (message,) = messages_of(desk, asked, tmp_path)
    assert (message["kind"], message["sentiment"]) == ("投诉", None)
    book = openpyxl.load_workbook(review)
    sheet = book["留言办理"]
    headings = {cell.value: cell.column for cell in sheet[1]}
    assert sheet.cell(2, headings["系统提示"]).value.startswith("住房与城建；负面（")
    sheet.cell(2, headings["人工认定倾向"], "负面")
    sheet.cell(2, headings["转办单位"], "市政中心")
    book.save(review)
    desk.later(minutes=5)
    assert desk.run("import-export", review, "--by", desk.people["handler"]).code == 0
    (settled,) = messages_of(desk, asked, tmp_path)
    assert (settled["sentiment"], settled["handed_over_to"]) == ("负面", "市政中心")


def test_a_manual_sheet_that_names_a_stranger_is_refused_whole(desk, tmp_path):
    path = filled(desk, tmp_path, "A9999")
    ran = desk.run("import-export", path, "--by", desk.people["handler"])
    assert ran.code == 1
    assert "A9999" in ran.err
    assert not (desk.home / "stats.duckdb").exists()
