"""What the forms do to a case, judged a second time behind the browser, without a server."""

from __future__ import annotations

import pytest

from flows import (
    acknowledge_step,
    add_evidence,
    change_deadlines,
    close_case,
    hand_over,
    settle_message,
)
from flows.case_forms import (
    AcknowledgeStep,
    AddEvidence,
    CloseCase,
    ExtendDeadline,
    HandOver,
    PauseDeadline,
    ResumeDeadline,
    SettleMessage,
)
from flows.form_checks import checked
from flows.links import NotedForm, addresses, note_boards, note_forms
from flows.operations import escalation, repair
from flows.operations.all_boards import BOARDS, all_boards
from flows.operations.audit_page import audit_markdown
from flows.operations.case_page import case_markdown
from flows.operations.files import FileProblemError
from flows.operations.named import deadline_named, open_step_named
from playbooks.core.audit import CHECKS
from playbooks.core.cases.forms import AnswerError
from tests.flows.steps import answer, open_one


def shown(desk, role):
    """A person as the forms offer them."""
    person_id = desk.people[role]
    return f"{desk.one('select name from person where person_id = ?', person_id)}({person_id})"


def deadline(desk, column):
    return desk.one(f"select {column} from deadline where step_id = 'verify'")


def test_a_form_says_all_its_faults_in_chinese_by_the_titles():
    with pytest.raises(AnswerError) as refused:
        checked(ExtendDeadline, {"case_id": "", "extra": "多一点", "reason": "长" * 501, "x": 1})
    assert str(refused.value) == (
        "「案件编号」必须填写；「延长多少」应为整数；「批准人」必须填写；"
        "「事由」不得超过 500 字；「填报人」必须填写；「x」不是这张表单的栏目"
    )
    with pytest.raises(AnswerError, match="「案件编号」含有无法保存的字符"):
        checked(ResumeDeadline, {"case_id": "A\0", "answered_by": "x"})


def test_a_deadline_is_paused_resumed_and_extended_by_its_title(desk, case_id):
    by = {"case_id": case_id, "deadline": "排查核实", "answered_by": shown(desk, "handler")}
    why = {"reason": "等待举报人补充材料"}
    paused = change_deadlines._paused(desk.settings, PauseDeadline(**by, **why), desk.now)
    assert "等待举报人补充材料" in paused.sentence
    assert (deadline(desk, "status"), deadline(desk, "pause_reason")) == (
        "paused",
        "awaiting_reporter",
    )
    with pytest.raises(AnswerError, match="已经暂停"):
        change_deadlines._paused(desk.settings, PauseDeadline(**by, **why), desk.now)
    change_deadlines._resumed(desk.settings, ResumeDeadline(**by), desk.now)
    approved = {"extra": 2, "approved_by": shown(desk, "duty_lead"), "reason": "对方要求"}
    change_deadlines._extended(desk.settings, ExtendDeadline(**by, **approved), desk.now)
    assert (deadline(desk, "status"), deadline(desk, "budget")) == ("running", 6.0)
    extended = desk.ask("case", case_id).json["events"][-1]["payload"]
    assert extended["approved_by"] == desk.people["duty_lead"]


def test_other_reasons_than_the_declared_do_not_pause(desk, case_id):
    form = PauseDeadline(case_id=case_id, reason="忙", answered_by=shown(desk, "handler"))
    with pytest.raises(AnswerError, match="暂停事由只能是"):
        change_deadlines._paused(desk.settings, form, desk.now)


def test_what_a_form_names_must_be_there(desk, case_id):
    with pytest.raises(LookupError, match="没有案件 IMP-2026-9999"):
        open_step_named(desk.settings, "IMP-2026-9999", "")
    with pytest.raises(AnswerError, match=r"没有步骤「签发」.*：排查核实"):
        open_step_named(desk.settings, case_id, "签发")
    assert open_step_named(desk.settings, case_id, " ") == "verify"
    assert deadline_named(desk.settings, case_id, f"{case_id}/verify/1") == f"{case_id}/verify/1"
    answer(desk, case_id, "verify", "verify")
    for role in ("reviewer", "signer"):
        answer(desk, case_id, "approve_letters", "approve", role)
    with pytest.raises(AnswerError, match=r"请写明步骤；.*报政务营商局备案、"):
        open_step_named(desk.settings, case_id, "")


def test_hand_over_and_evidence_go_the_way_of_their_commands(desk, case_id):
    note = AcknowledgeStep(case_id=case_id, answered_by=shown(desk, "handler"))
    first = acknowledge_step._acknowledged(desk.settings, note, desk.now)
    again = acknowledge_step._acknowledged(desk.settings, note, desk.now)
    assert [done.sentence[:5] for done in (first, again)] == ["已登记知悉", "此前已登记"]
    form = HandOver(
        case_id=f" {case_id} ",
        to_person=shown(desk, "signer"),
        reason="外出",
        answered_by=shown(desk, "handler"),
    )
    assert hand_over._handed_over(desk.settings, form, desk.now).case_id == case_id
    assert desk.one("select owner_person_id from case_step") == desk.people["signer"]
    desk.settings.inbox.mkdir()
    (desk.settings.inbox / "截图.png").write_bytes(b"\x89PNG")
    by = {"case_id": case_id, "answered_by": shown(desk, "handler")}
    add_evidence._sealed(desk.settings, AddEvidence(file_names=["截图.png"], **by), desk.now)
    assert desk.one("select file_name from stored_file") == "截图.png"
    with pytest.raises(FileProblemError, match="不带路径"):
        add_evidence._sealed(
            desk.settings, AddEvidence(file_names=["../ops.duckdb"], **by), desk.now
        )


def test_a_receipt_that_comes_later_is_recorded_by_either_form(desk, case_id):
    answer(desk, case_id, "verify", "verify")
    for role in ("reviewer", "signer"):
        answer(desk, case_id, "approve_letters", "approve", role)
    sent = ["--set", "sending=sent", "--set", "sent_by=机要交换"]
    by = ["--by", desk.people["handler"]]
    steps = ("send_public_security", "send_platform")
    for step in steps:
        assert desk.ask("answer", case_id, step, *sent, *by).code == 0
    again = desk.ask("answer", case_id, steps[0], "--set", "sending=unclear", *sent[2:], *by)
    assert (again.code, "必须填写" in again.json["error"]) == (1, True)
    assert desk.ask("answer", case_id, steps[0], *sent, "--set", "receipt=收1", *by).code == 0
    assert desk.ask("answer", case_id, steps[1], "--set", "receipt=收2", *by).code == 0


def test_a_lost_message_is_told_or_sent_again_once(desk, case_id):
    for _ in range(8):  # no channel is configured: each attempt fails
        assert desk.run("dispatch").code in (0, 1)
        desk.later(minutes=20)
    key = desk.one("select dedupe_key from outbox where status = 'failed'")
    by = {"message": key, "remark": "渠道已恢复", "answered_by": shown(desk, "handler")}
    again = SettleMessage(decision="重新发送一次", **by)
    assert settle_message._settled(desk.settings, again, desk.now).case_id == case_id
    assert desk.rows("select dedupe_key, status from outbox order by 1") == [
        (key, "resent"),
        (f"{key}#again-1", "queued"),
    ]
    with pytest.raises(AnswerError, match="没有待人工处理的消息"):
        settle_message._settled(desk.settings, again, desk.now)
    assert desk.run("rebuild").code == 0
    assert desk.one("select count(*) from outbox where status = 'queued'") == 1
    assert repair.unsettled_messages(desk.settings, desk.now) == []


def test_boards_link_each_other_and_the_forms_and_keep_drills_apart(desk):
    real = open_one(desk, name="云衫发布13800138000")["case_id"]
    drill = open_one(desk, "云杉演练号", "hotline:2", "--drill")["case_id"]
    note_boards(desk.home, {"home": "h-1", f"case-{real.lower()}": "c-1", "overdue": "o-1"})
    titles = {"IMP/open": "登记：假冒", "移交": "移交", "暂停时限": "暂停时限"}
    note_forms(
        desk.settings, {key: NotedForm(f"id-{title}", title) for key, title in titles.items()}
    )
    desk.later(hours=2)
    pages = {
        page.key: page for page in all_boards(desk.settings, desk.now, addresses(desk.settings))
    }
    assert [key for key in pages if key in BOARDS] == list(BOARDS)
    assert "[超时限](/v2/artifacts/artifact/o-1)" in pages["home"].text
    assert "[登记：假冒](/v2/deployments/deployment/id-登记：假冒/run" in pages["home"].text
    assert "时限审计没有按时通过" in pages["home"].text
    assert f"[{real}](/v2/artifacts/artifact/c-1)" in pages["open-cases"].text
    own = pages[f"person-{desk.people['handler'].lower()}"]
    for page in (pages["open-cases"], pages["this-week"], own, pages["activity"]):
        assert real in page.text
        assert drill not in page.text
        assert "13800138000" not in page.text
        assert "138\\*\\*\\*\\*8000" in page.text
    assert drill in pages["drills"].text
    assert real not in pages["drills"].text

    page = case_markdown(desk.settings, real, desk.now, addresses(desk.settings))
    assert "还剩 工作时间 2 小时 0 分" in page
    assert "内部时限，非法定" in page
    assert "计入：11-23" in page
    assert "尚未答复 1 件" in page
    assert "%22deadline%22%3A%22%E6%8E%92%E6%9F%A5%E6%A0%B8%E5%AE%9E%22" in page
    assert "[移交](" in page
    assert "awaiting_" not in page


def test_the_audit_board_lists_every_check_and_how_far_the_ledger_was(desk, case_id):
    desk.later(hours=6)
    page = audit_markdown(escalation.audit(desk.settings, desk.now), desk.now)
    assert "时限审计：**3 项不通过**" in page
    assert "- **不通过**　有 2 级提醒到期 5 分钟仍未执行：" in page
    assert page.count("- 通过　有 0 ") == len(CHECKS) - 3
    assert page.count("- 通过　") == len(CHECKS) - 3 + 2
    assert "办件流水共 5 条，末条摘要 `" in page


def test_an_off_duty_board_names_nobody_and_the_days_ahead(desk):
    desk.later(days=400)
    pages = {
        page.key: page for page in all_boards(desk.settings, desk.now, addresses(desk.settings))
    }
    assert pages["duty"].text.count("**无人在岗**") == 10
    assert "请补充值班表并导入" in pages["duty"].text


def test_a_case_is_closed_early_by_the_form_and_its_page_says_why(desk, case_id):
    given = {"case_id": case_id, "reason": "重复立案", "answered_by": shown(desk, "handler")}
    given |= {"approved_by": shown(desk, "duty_lead"), "reporters_note": "电话告知已并案"}
    with pytest.raises(AnswerError, match="不在「签发人」的值班表上，不能批准提前办结"):
        close_case._closed(desk.settings, checked(CloseCase, given), desk.now)
    given["approved_by"] = shown(desk, "signer")
    done = close_case._closed(desk.settings, checked(CloseCase, given), desk.now)
    assert "已提前办结" in done.sentence
    assert deadline(desk, "status") == "cancelled"
    page = case_markdown(desk.settings, case_id, desk.now, addresses(desk.settings))
    assert "办结：终止" in page
    assert "提前办结，事由：重复立案" in page
    assert "随案件提前办结" in page
    again = desk.run("close", case_id, "--reason", "x", "--approved-by", desk.people["signer"],
                     "--by", desk.people["handler"])  # fmt: skip
    assert (again.code, "不必再提前办结" in again.err) == (1, True)
