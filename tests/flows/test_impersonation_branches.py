"""Every branch of the shipped playbook, walked through the command and told in the rows it leaves."""

from __future__ import annotations

import json
from unittest.mock import ANY

import pytest

from flows.operations.packets import _case_times
from playbooks.core.letter_register import VOID
from playbooks.statistics.case_tables import CaseTimes, case_times_table
from playbooks.statistics.period import parse_period
from tests.flows.steps import answer, on_duty, open_one

SENDINGS = ("send_public_security", "send_platform", "file_with_bureau")


def steps(desk, case_id):
    """Return (step, visit, status) in the order in which the ledger has their beginnings."""
    return desk.rows(
        "select case_step.step_id, visit, case_step.status from case_step"
        " join (select reference, min(position) as position from case_event"
        "       where case_id = $1 and event_type = 'step_started' group by reference) as begun"
        " on case_step.step_id = begun.reference where case_id = $1 order by position, visit",
        case_id,
    )


def status_of(desk, case_id, step_id):
    return desk.rows(
        "select visit, status from case_step where case_id = ? and step_id = ? order by visit",
        *(case_id, step_id),
    )


def verify(desk, case_id, harm, *extra):
    return desk.ask(
        *("answer", case_id, "verify", "--set", "verdict=impersonation", "--set", "reason=同音"),
        *("--set", f"harm={harm}", *extra, "--by", on_duty(desk, "handler")),
    )


def act(desk, case_id, step_id, says, role="handler"):
    """Answer by whoever is on duty; a walk of weeks outlives a shift."""
    desk.people = {**desk.people, role: on_duty(desk, role)}
    ran = answer(desk, case_id, step_id, says, role)
    assert ran.code == 0, ran.out
    return ran


def approve(desk, case_id, step_id):
    for role in ("reviewer", "signer"):
        act(desk, case_id, step_id, "approve", role)


@pytest.mark.parametrize("harm", ["fraud", "personal_data"])
def test_fraud_or_personal_data_calls_people_out_at_once(desk, harm):
    case_id = open_one(desk)["case_id"]
    assert verify(desk, case_id, harm).json["letters"] == []
    called = desk.rows(
        "select title, severity, recipient from outbox where case_id = ? and created_at ="
        " (select max(created_at) from outbox) and title like '%公安机关%' order by title desc",
        case_id,
    )
    assert {json.loads(row[2])["person_id"] for row in called} == {desk.people["duty_lead"]}
    assert [(title.split("，")[0], severity) for title, severity, _ in called] == [
        ("请办理：电话联系公安机关", "info"),
        ("知会：涉嫌诈骗或收集个人信息", "urgent"),
    ]
    assert desk.rows(
        "select budget, unit, kind from deadline where case_id = ? and step_id = ?",
        *(case_id, "call_public_security"),
    ) == [(1.0, "wall_hours", "internal")]
    page = desk.run("case", case_id).out
    assert "云杉公安分局网安大队值班室（示例）" in page
    # Nobody records the call within the hour: the signer is told, and the letters are drafted.
    desk.later(minutes=61)
    assert desk.ask("sweep").code == 0
    assert [step for step, _, _ in steps(desk, case_id)][-4:] == [
        *("call_public_security", "call_missed", "draft_letters", "approve_letters"),
    ]
    assert desk.one("select count(*) from document_number where case_id = ?", case_id) == 3


def test_untrue_information_is_clarified_in_public_and_signed_by_others(desk):
    case_id = open_one(desk)["case_id"]
    verify(desk, case_id, "rumour", "--set", "clarify=publish")
    refused = answer(desk, case_id, "approve_letters", "approve", "handler")
    assert (refused.code, "审核人" in refused.json["error"]) == (1, True)
    approve(desk, case_id, "approve_letters")
    drafted = sorted(path.name for path in (desk.settings.outbox / case_id).glob("*声明*"))
    assert [name.rsplit(".", 1)[1] for name in drafted] == ["docx", "html", "pdf"]
    text = next((desk.settings.outbox / case_id).glob("*声明*.html")).read_text(encoding="utf-8")
    assert "请勿轻信、转发该账号发布的信息。" in text
    approve(desk, case_id, "approve_clarification")
    act(desk, case_id, "publish_clarification", "sent")
    # A statement to the public has no document number; the three letters have theirs.
    assert desk.rows(
        "select number, letter from document_number where case_id = ? order by number", case_id
    ) == [(1, "public_security"), (2, "platform"), (3, "bureau_filing")]


def test_every_number_tells_who_drafted_passed_and_signed_and_none_is_lost(desk):
    case_id = open_one(desk)["case_id"]
    verify(desk, case_id, "none")
    act(desk, case_id, "approve_letters", "approve", "reviewer")
    returned = ("--set", "decision=return", "--set", "opinion=事实部分补充")
    desk.ask("answer", case_id, "approve_letters", *returned, "--by", on_duty(desk, "signer"))
    approve(desk, case_id, "approve_letters")
    act(desk, case_id, "send_platform", "sent")
    names = {
        role: desk.one("select name from person where person_id = ?", desk.people[role])
        for role in ("handler", "reviewer", "signer")
    }
    told = desk.ask("numbers", "2026", "--out", desk.home / "发文登记.xlsx").json["numbers"]
    columns = ("文号", "函件", "状态", "拟稿", "审核", "签发", "回执")
    passed = (names["handler"], names["reviewer"], names["signer"])
    assert [tuple(row[column] for column in columns) for row in told] == [
        ("云杉政营函〔2026〕6号", "报政务营商局备案", "已签发", *passed, ""),
        ("云杉政营函〔2026〕5号", "致函平台运营方", "已发出", *passed, "收〔2026〕8号"),
        ("云杉政营函〔2026〕4号", "商请公安机关协助处置", "已签发", *passed, ""),
        *(
            (f"云杉政营函〔2026〕{n}号", ANY, VOID, names["handler"], names["reviewer"], "", "")
            for n in (3, 2, 1)
        ),
    ]
    assert len(set(names.values())) == 3
    assert (desk.home / "发文登记.xlsx").stat().st_size > 1_000


def test_an_account_is_down_when_seen_gone_twice_and_its_return_begins_it_anew(desk):
    case_id = open_one(desk)["case_id"]
    assert open_one(desk, report="hotline:2")["case_id"] == case_id
    verify(desk, case_id, "none")
    approve(desk, case_id, "approve_letters")
    for step_id in SENDINGS:
        act(desk, case_id, step_id, "sent")
    # Gone once, then not to be seen: nothing counts but two looks in a row that say gone.
    for look in ("gone", "unknown", "gone", "still_up", "gone"):
        ran = desk.ask(
            "answer", case_id, "recheck", "--set", f"look={look}", "--by", on_duty(desk, "handler")
        )
        assert ran.code == 0
        assert status_of(desk, case_id, "recheck") == [(1, "open")]
        desk.later(days=1)
    act(desk, case_id, "recheck", "gone")
    assert status_of(desk, case_id, "recheck") == [(1, "completed")]
    for number, is_over in (("hotline:1", False), ("hotline:2", True)):
        desk.ask(
            *("answer", case_id, "answer_reporters", "--set", f"report_id={number}"),
            *("--set", "answered_on=2026-11-28", "--set", "how=电话", "--by"),
            on_duty(desk, "handler"),
        )
        assert status_of(desk, case_id, "answer_reporters") == [
            (1, "completed" if is_over else "open")
        ]
    assert status_of(desk, case_id, "watch") == [(1, "open")]
    desk.later(days=6)
    back = ("answer", case_id, "watch", "--set", "look=still_up", "--by", on_duty(desk, "handler"))
    assert desk.ask(*back).code == 0
    assert status_of(desk, case_id, "verify_again") == [(1, "open")]
    again = ("--set", "verdict=impersonation", "--set", "reason=改名后恢复")
    ran = desk.ask(*("answer", case_id, "verify_again", *again, "--by", on_duty(desk, "handler")))
    assert ran.code == 0
    assert status_of(desk, case_id, "draft_letters") == [(1, "completed"), (2, "completed")]
    assert desk.rows(
        "select number, letter, visit from document_number where case_id = ? order by number",
        case_id,
    ) == [
        *((1, "public_security", 1), (2, "platform", 1), (3, "bureau_filing", 1)),
        *((4, "public_security", 2), (5, "platform", 2), (6, "bureau_filing", 2)),
    ]
    assert len(list((desk.settings.outbox / case_id).glob("*商请*.docx"))) == 2
    approve(desk, case_id, "approve_letters")
    assert status_of(desk, case_id, "send_platform") == [(1, "completed"), (2, "open")]


def test_the_times_of_a_case_stand_in_the_packet_of_its_quarter_and_beside_the_channel(desk):
    case_id = open_one(desk)["case_id"]
    desk.later(hours=2)
    verify(desk, case_id, "none")
    approve(desk, case_id, "approve_letters")
    desk.later(days=1)
    for step_id in SENDINGS:
        act(desk, case_id, step_id, "sent")
    for _ in range(2):
        desk.later(days=1)
        act(desk, case_id, "recheck", "gone")
    weibo, whole = _case_times(desk.settings, parse_period("2026Q4"))
    assert weibo == CaseTimes(
        *("微博", 1, "2（1件）", "6.5（1件）", "2（1件）", "无样本", "0%（0/1）")
    )
    assert whole.platform == "合计"
    table = case_times_table([weibo])
    assert [column.heading for column in table.columns] == [
        *("平台", "立案（件）", "核实（工作小时）", "发函（工作小时）"),
        *("平台处理（工作日）", "办结（工作日）", "复现率"),
    ]
    channel = desk.ask("channels").json["platforms"]["weibo"]
    assert channel["measured_response_working_days"] == {"median": 2.0, "case_count": 1}
    assert (channel["usual"]["budget"], channel["warning"]) == (3, "待核实")
    # Checked by the office, and half a year later due to be checked again.
    for checked_on, warning in (("2026-11-20", ""), ("2026-05-20", "过期：2026-05-20")):
        text = CHANNELS.replace("checked_on: null", f"checked_on: {checked_on}")
        (desk.home / "channels.yml").write_text(text, encoding="utf-8")
        told = desk.ask("channels").json["platforms"]["weibo"]["warning"]
        assert told.split(" ")[0] == warning


CHANNELS = """\
platforms:
  weibo:
    title: 微博
    complaint: 冒名顶替举报
    wording: 冒用政务新媒体名义
    requests: []
    entrances:
      - {name: 客服中心, materials: [授权委托书], grade: seen, source: 平台页面}
    usual: {budget: 3, unit: working_days, note: 平台页面写明, grade: seen, source: 平台页面}
    checked_on: null
"""
