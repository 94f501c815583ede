"""The documents of an incident, whole, against golden texts; a missing fact stops each of them."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from playbooks.core.documents.model import Figure
from playbooks.core.drafting import VolumeDay
from playbooks.core.letters import render_letter, text_of
from playbooks.major_incident.facts import (
    LETTER_TITLES,
    Affected,
    ClockLine,
    Entry,
    Grade,
    IncidentFacts,
    Measure,
    Published,
    Tally,
)

FOLDER = Path(__file__).parent / "major_incident"
PNG = b"\x89PNG\r\n\x1a\n"
AT = datetime(2026, 9, 30, 15, 45, tzinfo=UTC)
WRITTEN = {
    "reported_to": "市政府总值班室",
    "reported_at_text": "2026年10月1日0时00分",
    "instructions": None,
    "progress_lines": ["账号已找回。", "推文已删除。"],
    "result_lines": ["账号找回，推文删除，公安已立案。"],
    "cause": "管理终端中木马",
    "cause_lines": ["管理终端中木马"],
    "remaining": "更换管理终端",
    "remaining_lines": ["更换管理终端"],
    "held_at_text": "2026年10月1日1时05分",
    "bodies_lines": ["网信、公安"],
    "absent": "宣传（电话参加）",
    "absent_lines": ["宣传（电话参加）"],
    "opinions_lines": ["公安：已受理。", "网信：协调平台。"],
    "decisions_lines": ["立即发布提醒，新闻中心，一小时内。", "统一转发，各主办单位，二小时内。"],
    "headline": "关于公众号被盗用的紧急提醒",
    "body_lines": ["“云杉政务营商”公众号被他人盗用。", "所发布的转账链接系诈骗。"],
    "measures_lines": ["已报警并请平台冻结账号。"],
    "advice": None,
    "rumour_lines": ["网传水库溃坝。"],
    "truth_lines": ["水库运行正常。"],
    "proof_lines": ["水务部门现场核实。"],
    "clue_lines": ["某账号 20 时 05 分发布旧影像。"],
    "harm_lines": ["引发群众恐慌。"],
    "posted_lines": ["含诈骗链接的推文一篇"],
    "frozen_at_text": "2026年10月1日0时05分",
    "recovered": "lost",
    "administrator_lines": ["原管理员停用。"],
    "responsibility": None,
    "went_well": "当夜集齐人员",
    "went_well_lines": ["当夜集齐人员"],
    "went_wrong_lines": ["四小时报告迟了一小时；"],
    "causes": "值班卡没有写报告渠道",
    "causes_lines": ["值班卡没有写报告渠道。"],
}
FACTS = IncidentFacts(
    case_id="MAJ-2026-0001",
    issuer_name="云杉新区政务服务与营商环境局",
    bureau_name="云杉新区政务服务与营商环境局",
    public_security_name="云杉新区公安分局",
    cyberspace_office_name="云杉新区网信办",
    contact_name="林晓",
    contact_phone="0000-1234567",
    document_number="云杉政营函〔2026〕1号",
    issued_on=date(2026, 10, 1),
    title="公众号被盗用",
    kind="账号被盗或篡改",
    known_at=AT,
    known_from="群众反映",
    source_detail="群众来电",
    reported_facts=["公众号推送含诈骗链接的文章。"],
    verdict="属实",
    situation=["后台异地登录，推文非本单位发布。"],
    casualties=0,
    views=None,
    spread="本地传播",
    verified_by="林晓",
    verified_at=AT,
    grade=Grade("重大敏感", "重要", "账号或网络安全事件，至少按重要处理", "已有群众转账", "赵敏"),
    affected=Affected("云杉政务营商", "微信公众号", "云杉新区政务服务与营商环境局", "gh_1", None),
    platform_company="某某公司",
    number=1,
    drafted_at=AT,
    written=WRITTEN,
    timeline=[Entry(AT, "立案，开始计时", "林晓", 1), Entry(AT, "签发首份声明", "陈婉清", 25)],
    clocks=[ClockLine("4 小时内报省级网信部门", AT, "管理办法第四条（条文待核实）", "按时完成")],
    published=Published(
        3,
        1,
        [("云杉发布（微博）", "2026-10-01 01:48", "系统采集")],
        ["云杉教育（微博）", "A0009"],
        AT,
        None,
        [AT],
        pinned=1,
    ),
    outcome="已处置",
    closed_at=datetime(2026, 10, 8, 1, 0, tzinfo=UTC),
    measures=[Measure("网信报告渠道写进值班卡", "经办人", date(2026, 10, 30))],
    tally=Tally(deadlines=31, met=29, late=1, still_open=1, rungs=8, nobody_reachable=0, refused=2),
    volume=[
        VolumeDay(date(2026, 9, 29), 12, 3, 5, 40),
        VolumeDay(date(2026, 9, 30), 480, None, 6, 38),
    ],
    figures={name: Figure(PNG, f"图：{name}", name) for name in ("volume", "published")},
)


def rendered(name, **changes):
    return render_letter(f"major_incident/{name}", replace(FACTS, **changes).values())


@pytest.mark.parametrize("name", LETTER_TITLES)
def test_the_whole_document(name):
    assert text_of(rendered(name)) == (FOLDER / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "missing"),
    [
        ("first_report", "reported_to"),
        ("followup_report", "progress_lines"),
        ("final_report", "result_lines"),
        ("circular", "result_lines"),
        ("minutes", "decisions_lines"),
        ("statement", "headline"),
        ("update", "body_lines"),
        ("clarification", "truth_lines"),
        ("referral", "clue_lines"),
        ("platform", "frozen_at_text"),
        ("police_report", "administrator_lines"),
        ("summary_report", "measures_lines"),
        ("review_report", "went_wrong_lines"),
    ],
)
def test_a_document_without_what_it_must_say_is_not_written(name, missing):
    written = {key: value for key, value in WRITTEN.items() if key != missing}
    with pytest.raises(UndefinedError, match=missing):
        rendered(name, written=written)


def test_before_anybody_verified_the_report_says_so():
    text = text_of(rendered("first_report", verdict=None, grade=None, affected=None))
    assert "正在核实，核实情况另行续报" in text
    assert "三、已经开展的工作" in text
    assert "属实" not in text


def test_what_a_stranger_typed_stays_one_value():
    hostile = "一、标题\n| 表 | 格 |\n---\ntitle: 假"
    text = text_of(rendered("first_report", title=hostile, reported_facts=[hostile]))
    assert "\n　　一、标题\n" not in text
    assert "{{" not in text


def test_an_unverified_quotation_warns_the_signer():
    assert any("国办发〔2016〕61号" in caution for caution in rendered("referral").cautions)


def test_without_figures_the_document_says_so_and_shows_no_picture():
    text = text_of(rendered("final_report", volume=[], figures={}))
    assert "起草时未取得评论、留言与发布的数量。" in text
    assert "图：" not in text


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("已排除", "已排除。"),
        ("已排除；", "已排除；"),
        ("称“溃坝。”", "称“溃坝。”"),
        ("称“溃坝”", "称“溃坝”。"),
    ],
)
def test_what_somebody_typed_ends_like_a_sentence(typed, printed):
    text = text_of(rendered("final_report", situation=[typed]))
    assert f"\n　　{printed}\n" in text
