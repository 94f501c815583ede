"""The packet of the small catalog, read as a person would read it."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

import sql
from playbooks.core.calendar import load_calendar
from playbooks.core.documents import render_docx
from playbooks.statistics import sections
from playbooks.statistics.compliance import compliance_of
from playbooks.statistics.figures import FRAME_NAMES, narrowed, read_figures
from playbooks.statistics.kept_inputs import packed, unpacked
from playbooks.statistics.packet import AnalysisText, Scope, make_packet, manifest_of, write_packet
from playbooks.statistics.period import PeriodError
from playbooks.statistics.scope import ScopeError
from tests.packet.reading import docx_rows, docx_text, xlsx_rows

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture
def text_of(small, request_of, tmp_path, plain_charts):
    """Make a packet and return what its .docx says."""

    def make(request=None):
        packet = make_packet(small, request or request_of())
        path = tmp_path / "report.docx"
        path.write_bytes(render_docx(packet.report, packet.created_at))
        return docx_text(path)

    return make


def test_golden_text(written):
    golden = GOLDEN / "2026-07.txt"
    text = docx_text(written.docx)
    if os.environ.get("JUZHEN_REWRITE_GOLDEN"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def test_literal_figures_in_report_and_workbook(written):
    rows = {row[0]: row[1:] for row in docx_rows(written.docx, "主要指标及环比")}
    assert rows["发布信息（条）"] == ["54", "51/114", "30", "30/90", "-53.3%（1）"]
    assert rows["期末粉丝（人）"] == ["1,810", "2/4", "1,000", "1/3", "+31.0%（1）"]
    assert rows["粉丝净增（人）"] == ["310", "1/4", "未取得", "0/3", "—"]
    assert rows["阅读（人次）"] == ["4,100", "51/114", "2,400", "30/90", "+29.2%（1）"]
    assert rows["分享（人次）"] == ["未取得", "0/114", "未取得", "0/90", "未取得"]
    sheet = {row[0]: row[1:] for row in xlsx_rows(written.xlsx, "主要指标")}
    assert sheet["阅读（人次）"][:6] == [4100, 51, 114, 2400, 30, 90]
    assert sheet["阅读（人次）"][6:8] == [pytest.approx(700 / 2400), 1]
    assert sheet["阅读（人次）"][8:] == ["未取得", 0, 93, "未取得", 0]
    assert sheet["分享（人次）"][:3] == ["未取得", 0, 114]


def test_report_and_workbook_say_the_same(written):
    """Every figure of the printed summary is in the workbook, with the same coverage."""
    sheet = {row[0]: row for row in xlsx_rows(written.xlsx, "主要指标")[1:]}
    for label, now, covered, before, covered_before, _ in docx_rows(written.docx, "主要指标及环比")[
        1:
    ]:
        row = sheet[label]
        for shown, value in ((now, row[1]), (before, row[4])):
            assert shown == (value if isinstance(value, str) else f"{value:,}")
        assert covered == ("—" if now == "无此项" else f"{row[2]}/{row[3]}")
        assert covered_before == ("—" if before == "无此项" else f"{row[5]}/{row[6]}")


def test_missing_days_are_listed_and_add_up_to_the_coverage(written):
    gaps = xlsx_rows(written.xlsx, "数据缺口")[1:]
    accounts = {row[1]: row for row in xlsx_rows(written.xlsx, "逐账号")[1:]}
    headings = xlsx_rows(written.xlsx, "逐账号")[0]
    for name, connected in (("号A-1", True), ("号A-2", True), ("号A-5", True)):
        row = dict(zip(headings, accounts[name], strict=True))
        for metric, heading in (("阅读", "阅读（人次）"), ("发布信息", "发布信息（条）")):
            missing = sum(gap[5] for gap in gaps if gap[0] == name and gap[2] == metric)
            expected, present = row[f"{heading}·应取得"], row[f"{heading}·已取得"]
            assert (expected - present, row["是否接入"]) == (missing, "已接入" if connected else "")
    assert [row[1] for row in xlsx_rows(written.xlsx, "未接入账号")[1:]] == ["号A-3"]


def test_both_update_rules_with_their_days(written):
    table = docx_rows(written.docx, "已认定的更新超期时段")
    assert len(table) == 2
    assert table[1][0] == "号A-1（微信公众号）"
    assert table[1][2:5] == ["2026-07-03至2026-07-20", "17", "11"]
    assert table[1][5] == "周六3天、周日3天"
    assert table[1][7:] == ["第三十一条、国家2周", "已恢复"]


def test_the_same_inputs_give_the_same_bytes(small, request_of, written, tmp_path):
    first = written
    again = write_packet(make_packet(small, request_of()), tmp_path / "2")
    for name in ("docx", "pdf", "html", "xlsx", "manifest"):
        assert getattr(first, name).read_bytes() == getattr(again, name).read_bytes(), name


def test_the_manifest_names_every_file_and_where_the_figures_came_from(written):
    manifest = json.loads(written.manifest.read_text(encoding="utf-8"))
    for path in (written.docx, written.pdf, written.html, written.xlsx):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        assert manifest["files"][path.name]["sha256"] == digest == written.sha256[path.name]
    assert manifest["period"]["code"] == "2026-07"
    assert manifest["coverage"]["reads"] == {"present": 51, "expected": 114, "basis": "账号日"}
    assert manifest["ledger_head"] == "12:abc"


def test_only_the_inputs_decide_the_inputs_digest(small, request_of, written):
    def digest(**changes):
        asked = request_of(**changes)
        figures = read_figures(small, asked.period, asked.scope, asked.today)
        return manifest_of(figures, asked, load_calendar())["inputs_sha256"]

    assert json.loads(written.manifest.read_text(encoding="utf-8"))["inputs_sha256"] == digest()
    later = datetime(2026, 8, 5, 2, tzinfo=UTC)
    assert digest(created_at=later) == digest()
    assert digest(analysis=AnalysisText(next_steps="加强值班")) != digest()
    small.execute("update account_day set reads = 101 where account_id = 'A-1' and reads = 100")
    changed = digest()
    small.execute("update account_day set reads = 100 where reads = 101")
    assert changed != digest()


def test_an_unfinished_quarter_says_so_and_compares_as_many_days(small, request_of, text_of):
    request = request_of("2026Q3", today=date(2026, 7, 11))
    text = text_of(request)
    assert "（截至2026年7月10日，本期未结束）" in text
    assert "本报告数据截至2026年7月10日，统计10日" in text
    figures = read_figures(small, request.period, request.scope, request.today)
    # Ten days of July beside the first ten of April.
    assert [account.expected_days for account in figures.accounts if account.is_operating] == [
        10, 10, 10,
    ]  # fmt: skip
    assert {account.expected_days for account in figures.previous if account.is_operating} == {10}


def test_an_account_opened_within_the_period_is_expected_from_its_opening(written):
    text = docx_text(written.docx)
    assert "期内开设1个账号，自开设之日起计：「号A-2」（微信公众号）" in text
    assert (
        "号A-2 | 松溪镇人民政府 | 微信公众号 | 正常（07-11开设） | 40 | 20/21 | 500 | 未取得 | 未取得"
    ) in text


def test_an_account_without_any_figure_is_missing_everywhere_and_never_zero(written):
    text = docx_text(written.docx)
    assert (
        "号A-5 | 云杉新区教育局 | 微信公众号 | 正常 | 未取得 | 0/31 | 未取得 | 未取得 | 未取得"
    ) in text
    assert "号A-5 | 微信公众号 | 全部指标 | 31 | 07-01至07-31" in text
    assert "2个账号全期未取得发布数据，无法判断" in text


def test_a_silence_with_unknown_days_is_a_lead_and_no_finding(small, text_of):
    small.execute(
        "update account_day set published_count = null "
        "where account_id = 'A-1' and stat_date = '2026-07-10'"
    )
    text = text_of()
    assert "按第三十一条认定0个账号（0段）" in text
    assert "另有1个账号的未更新时段内有缺数的日子，不能认定，列为线索，需人工核实。" in text
    assert "2026-07-03至2026-07-20 | 17 | 11 | 周六3天、周日3天 | 1 |" in text


def test_a_unit_sees_itself_and_the_units_below(small, request_of):
    small.execute("update account_snapshot set parent_unit_id = 'U-1' where unit_id = 'U-2'")

    def accounts(unit_id):
        request = request_of(scope=Scope("单位", unit_id))
        figures = read_figures(small, request.period, request.scope, request.today)
        return [account.account_id for account in figures.accounts]

    assert accounts("U-1") == ["A-1", "A-5", "A-2", "A-3", "A-4"]
    assert accounts("U-2") == ["A-2", "A-3", "A-4"]
    with pytest.raises(ScopeError, match="请先导入台账"):
        accounts("U-9")


@pytest.mark.parametrize(
    "scope", [Scope("单位", "U-1"), Scope("单位", "U-2"), Scope("号", account_id="A-2")]
)
def test_narrowing_the_district_gives_what_reading_the_unit_gives(small, request_of, scope):
    small.execute("update account_snapshot set parent_unit_id = 'U-1' where unit_id = 'U-2'")
    asked = request_of()
    read = read_figures(small, asked.period, scope, asked.today)
    whole = read_figures(small, asked.period, asked.scope, asked.today)
    ours = narrowed(whole, scope)
    for name in FRAME_NAMES:
        assert ours.frames[name].equals(read.frames[name]), name
    assert ours.digest() == read.digest()
    with pytest.raises(ScopeError, match="请先导入台账"):
        narrowed(whole, Scope("单位", "U-9"))


def test_kept_inputs_give_the_same_packet_again(small, request_of, written, tmp_path):
    asked = request_of(
        analysis=AnalysisText(next_steps="加强值班", carried={"public_opinion": "旧"})
    )
    figures = read_figures(small, asked.period, asked.scope, asked.today)
    kept = packed(figures, asked)
    assert kept == packed(figures, asked)
    found, request = unpacked(kept)
    assert (request.analysis, request.scope, request.created_at) == (
        asked.analysis,
        asked.scope,
        asked.created_at,
    )
    assert manifest_of(found, request, load_calendar()) == manifest_of(
        figures, asked, load_calendar()
    )


def test_no_packet_of_a_period_that_has_not_begun(small, request_of):
    with pytest.raises(PeriodError, match="尚无一日结束"):
        make_packet(small, request_of("2027Q1"))


def test_what_people_wrote_is_printed_and_what_they_did_not_is_pending(request_of, text_of):
    analysis = AnalysisText(public_response="反响平稳。", author="王晓岚")
    request = request_of(analysis=analysis, case_statistics=None)
    text = text_of(request)
    assert "社会反响：反响平稳。" in text
    assert "网民评论：待填写" in text
    assert "填写人：王晓岚。" in text
    assert "线下活动开展情况：未取得（须由主办单位填报）。" in text
    assert "假冒政务新媒体处置情况：未取得（未提供办件统计）。" in text


def test_created_at_needs_a_zone(small, request_of):
    request = replace(request_of(), created_at=datetime(2026, 8, 5))
    with pytest.raises(ValueError, match="time zone"):
        make_packet(small, request)


def test_a_year_before_with_figures_has_its_table(small, request_of, tmp_path, plain_charts):
    request = request_of("2027-07", today=date(2027, 8, 5))
    packet = make_packet(small, request)
    path = tmp_path / "report.docx"
    path.write_bytes(render_docx(packet.report, packet.created_at))
    rows = {row[0]: row[1:] for row in docx_rows(path, "主要指标同比")}
    assert rows["阅读（人次）"] == ["未取得", "0/124", "4,100", "51/114", "未取得"]
    assert "上年同期：各项指标均未取得" not in docx_text(path)


def test_a_unit_without_any_source_has_a_packet_without_a_single_number(small, request_of, text_of):
    small.execute("delete from account_day")
    text = text_of(request_of(scope=Scope("松溪镇人民政府", "U-2")))
    assert "未接入：微信公众号1个、微博1个，共2个运营中账号没有数据来源" in text
    assert text.count("图略：本期没有可绘制的数据。") == 3
    assert "发布信息未取得（覆盖0/52账号日）" in text
    assert "2个账号全期未取得发布数据，无法判断" in text


def test_follower_jumps_are_leads_and_never_verdicts(small, text_of):
    small.execute(
        "update account_day set followers_new = 900 "
        "where account_id = 'A-1' and stat_date = '2026-07-25'"
    )
    text = text_of()
    assert "号A-1 | 微信公众号 | 2026-07-25 | 898 | 10 | 否 | 线索，需人工核实" in text
    assert "本表不作任何认定" in text
    assert "粉丝数、阅读数、点赞数等只用于本项统计，不计入考核得分" in text
    assert [word for word in ("买粉", "造假", "刷量", "违规") if word in text] == []


def test_a_register_copied_after_the_period_says_so(small, text_of):
    small.execute("update account_snapshot set taken_on = '2026-08-04'")
    assert "统计期末没有台账副本，采用其后最早的一份" in text_of()


def test_both_clocks_agree_with_the_nightly_mart(small, request_of):
    calendar = load_calendar()
    reasons = [calendar.why(date(2026, 5, 1) + timedelta(n)) for n in range(200)]
    sql.insert(
        small,
        "work_calendar",
        [
            {"day": r.day, "is_workday": r.is_workday, "is_provisional": r.is_provisional}
            for r in reasons
        ],
    )
    small.execute("update account_snapshot set taken_on = '2026-07-01'")
    small.execute("delete from account_day where stat_date > '2026-07-20'")
    request = request_of("2026Q3", today=date(2026, 7, 22))
    figures = read_figures(small, request.period, request.scope, request.today)
    (ours,) = compliance_of(figures, calendar).findings
    night = sql.query(small, "marts/account_freshness", today=date(2026, 7, 21))
    (theirs,) = night.filter(account_id="A-1").iter_rows(named=True)
    assert ours.rule.workdays == theirs["workdays_since"] == 12
    assert ours.rule.calendar_days == theirs["calendar_days_since"] == 18
    assert (ours.is_local_overdue, ours.is_national_failed) == (
        theirs["local_overdue"],
        theirs["national_failed"],
    )
    assert ours.unknown_days == theirs["unknown_days"] == 0


def test_offline_activities_are_counted_and_listed_with_unknown_people_as_unknown(
    small, request_of, text_of
):
    assert "线下活动开展情况：未取得" in text_of(request_of())
    observed = {"account_id": "A-5", "semantics": "daily_total", "stat_date": date(2026, 7, 3), "fetched_at": datetime(2026, 7, 4, tzinfo=UTC), "source": "manual_entry", "payload_sha256": "0" * 64}  # fmt: skip
    for title, people in (("义诊", 120), ('=HYPERLINK("http://x")', None)):
        known = {"offline_activities": 1, "offline_participants": people}
        rows = [{**observed, "content_id": f"title_time:2026-07-03 {title}", "metric": metric, "value": value} for metric, value in known.items() if value is not None]  # fmt: skip
        sql.insert(small, "observation", rows)
    text = text_of(request_of())
    assert (
        "据主办单位填报，本期开展线下活动2场，参与120人次（其中1场填报了人数），明细见下表。"
        in text
    )
    assert "2026-07-03 | 云杉新区教育局 | 义诊 | 120" in text
    assert '=HYPERLINK("http://x") | 未取得' in text


def test_twenty_days_without_data_and_a_unit_founded_within_the_quarter_are_what_they_are(
    small, request_of, text_of
):
    small.execute(
        "update account_day set published_count = null, reads = null "
        "where account_id = 'A-1' and stat_date between '2026-07-05' and '2026-07-24'"
    )
    text = text_of()
    assert "号A-1 | 云杉新区教育局 | 微信公众号 | 正常 | 10 | 11/31 | 1,310 | 310 | 31.0%" in text
    assert "号A-1 | 微信公众号 | 发布信息、阅读 | 20 | 07-05至07-24" in text
    assert "阅读（人次） | 2,100 | 31/114 | 2,400 | 30/90 | 未取得" in text
    # A-2's unit keeps nothing older than 11 July: its days count from there, and nothing is compared.
    small.execute("delete from account_snapshot where account_id in ('A-3', 'A-4')")
    text = text_of(request_of(scope=Scope("松溪镇人民政府", "U-2")))
    assert "发布信息（条） | 40 | 20/21 | 未取得 | 0/0 | 未取得" in text
    assert "环比未取得，同比未取得" in text
    assert "期内开设1个账号，自开设之日起计：「号A-2」（微信公众号）" in text


def test_every_sentence_of_the_report_says_where_it_comes_from(written):
    origins = xlsx_rows(written.xlsx, "语句出处")[1:]
    said = "".join(str(row[2]) for row in origins)
    report = docx_text(written.docx).split("一、统计口径")[1].split("附表1")[0]
    sentences = [line for line in report.splitlines() if line.endswith("。") and "|" not in line]
    assert len(sentences) > 20
    assert [line for line in sentences if line not in said and "图略" not in line] == []
    templates = {row[1].removeprefix("texts/") for row in origins}
    assert templates <= {path.name for path in Path(sections.__file__).parent.glob("texts/*.j2")}
    assert ("三、信息发布", "分平台发布") in {(row[0], row[3].split("、")[0]) for row in origins}
