"""A case from report to closing by the command alone, and every way of getting it wrong."""

from __future__ import annotations

import pytest

from tests.flows.steps import SAYS, answer, on_duty, open_one, watch_and_close


def test_a_case_goes_from_report_to_closing(desk, tmp_path):
    case_id = open_one(desk)["case_id"]
    assert open_one(desk, report="hotline:2") == {
        **open_one(desk, report="hotline:2"),
        "case_id": case_id,
        "is_joined": True,
    }
    picture = tmp_path / "截图.png"
    picture.write_bytes(b"\x89PNG evidence")
    sealed = desk.ask("evidence", case_id, picture, "--by", desk.people["handler"])
    assert sealed.json["files"][0]["file_name"] == "截图.png"

    verified = answer(desk, case_id, "verify", "verify", "handler", "--file", picture)
    assert (verified.code, len(verified.json["letters"])) == (0, 9)
    for role in ("reviewer", "signer"):
        assert answer(desk, case_id, "approve_letters", "approve", role).code == 0
    for step in ("send_public_security", "send_platform", "file_with_bureau"):
        assert answer(desk, case_id, step, "sent").code == 0
    for _ in range(2):
        desk.later(days=1)
        assert desk.ask("sweep").code == 0
        assert answer(desk, case_id, "recheck", "gone").code == 0
    assert answer(desk, case_id, "answer_reporters", "done").code == 0
    assert watch_and_close(desk, case_id).code == 0

    assert [row["step_id"] for row in desk.ask("cases").json["open_steps"]] == ["review"]
    kinds = [event["event_type"] for event in desk.ask("case", case_id).json["events"]]
    assert kinds[0] == "case_opened"
    assert "case_closed" in kinds
    assert kinds.count("reporter_answered") == 2
    assert kinds.count("report_joined") == 2
    assert kinds.count("signed") == 1
    verdict = desk.ask("verify")
    assert (verdict.code, verdict.json["holds"]) == (0, True)
    late = answer(desk, case_id, "answer_reporters", "done")
    assert late.code == 1
    assert "已办结" in late.json["refusal"]


def test_a_letter_sent_back_is_written_again_under_its_own_number(desk, case_id):
    answer(desk, case_id, "verify", "verify")
    without = desk.ask(
        *("answer", case_id, "approve_letters", "--set", "decision=return"),
        *("--by", desk.people["reviewer"]),
    )
    assert (without.code, "意见说明" in without.json["error"]) == (1, True)
    returned = desk.ask(
        *("answer", case_id, "approve_letters", "--set", "decision=return"),
        *("--set", "opinion=补充主体信息", "--by", desk.people["reviewer"]),
    )
    assert (returned.code, len(returned.json["letters"])) == (0, 9)
    assert answer(desk, case_id, "approve_letters", "approve", "reviewer").code == 0
    unsigned = answer(desk, case_id, "send_platform", "sent")
    assert unsigned.code == 1


def test_a_case_without_evidence_cannot_be_closed_and_says_what_is_missing(desk, case_id):
    answer(desk, case_id, "verify", "verify")
    for role in ("reviewer", "signer"):
        answer(desk, case_id, "approve_letters", "approve", role)
    for step in ("send_public_security", "send_platform", "file_with_bureau"):
        answer(desk, case_id, step, "sent")
    for _ in range(2):
        desk.later(days=1)
        answer(desk, case_id, "recheck", "gone")
    assert answer(desk, case_id, "answer_reporters", "done").code == 0
    early = watch_and_close(desk, case_id)
    assert (early.code, "没有固定任何证据" in early.json["error"]) == (1, True)
    page = desk.home / "page.html"
    page.write_text("<p>主页</p>", encoding="utf-8")
    assert desk.ask("evidence", case_id, page, "--by", desk.people["handler"]).code == 0
    closing = ("answer", case_id, "confirm_close", *SAYS["closing"])
    assert desk.ask(*closing, "--by", on_duty(desk, "reviewer")).code == 0
    assert [row["step_id"] for row in desk.ask("cases").json["open_steps"]] == ["review"]


def test_two_answers_by_one_person_in_two_roles_are_refused(desk, case_id):
    answer(desk, case_id, "verify", "verify")
    ran = answer(desk, case_id, "approve_letters", "approve", "handler")
    assert ran.code == 1
    assert "值班表" in ran.json["error"]


def test_a_stale_answer_is_refused_and_on_record(desk, case_id):
    answer(desk, case_id, "verify", "verify")
    ran = answer(desk, case_id, "verify", "verify")
    assert ran.code == 1
    assert "已经办理过" in ran.json["refusal"]
    assert "已经办理过" in ran.err
    kinds = [event["event_type"] for event in desk.ask("case", case_id).json["events"]]
    assert kinds[-1] == "answer_refused"
    second = answer(desk, case_id, "approve_letters", "approve", "reviewer", "--visit", "7")
    assert (second.code, "第 7 次" in second.json["refusal"]) == (1, True)


def test_hand_over_lets_somebody_off_duty_answer(desk, case_id):
    stranger = next(
        person
        for (person,) in desk.rows("select person_id from person where is_active order by 1 desc")
        if person not in desk.people.values()
    )
    refused = desk.ask("answer", case_id, "verify", *SAYS["verify"], "--by", stranger)
    assert refused.code == 1
    assert "值班表" in refused.json["error"]
    handed = desk.ask(
        *("hand-over", case_id, "verify", "--to", stranger, "--reason", "外出培训"),
        *("--by", desk.people["handler"]),
    )
    assert handed.code == 0, handed.err
    assert desk.ask("answer", case_id, "verify", *SAYS["verify"], "--by", stranger).code == 0


def test_a_deadline_is_paused_resumed_and_extended(desk, case_id):
    deadline, by = f"{case_id}/verify/1", ["--by", desk.people["handler"]]
    before = desk.one("select due_at from deadline where deadline_id = ?", deadline)
    wrong = desk.ask("pause", deadline, "--reason", "想歇会儿", *by)
    assert (wrong.code, "等待举报人补充材料" in wrong.json["error"]) == (1, True)
    assert desk.ask("resume", deadline, *by).code == 1
    assert desk.ask("pause", deadline, "--reason", "awaiting_reporter", *by).code == 0
    desk.later(days=1)
    assert desk.ask("sweep").json["claimed"] == 0
    assert desk.ask("resume", deadline, *by).code == 0
    extra = ["--extra", "2", "--approved-by", desk.people["signer"], "--reason", "取证困难"]
    assert desk.ask("extend", deadline, *extra, *by).code == 0
    after = desk.one("select due_at from deadline where deadline_id = ?", deadline)
    assert (after - before).total_seconds() / 3600 == 24 + 2  # type: ignore[operator]
    unapproved = ["--extra", "2", "--approved-by", "P9999", "--reason", "x"]
    assert "P9999" in desk.ask("extend", deadline, *unapproved, *by).json["error"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("case", "IMP-2026-9999"),
        ("answer", "IMP-2026-9999", "verify", "--by", "HANDLER"),
        ("answer", "CASE", "no_such_step", "--by", "HANDLER"),
        ("answer", "CASE", "verify", "--by", "P9999"),
        ("answer", "CASE", "verify", "--set", "verdict=maybe", "--by", "HANDLER"),
        ("answer", "CASE", "verify", "--set", "no equals sign", "--by", "HANDLER"),
        ("answer", "CASE", "verify", "--set", "a=1", "--set", "a=2", "--by", "HANDLER"),
        ("answer", "CASE", "verify", "--file", "/no/such/file", "--by", "HANDLER"),
        ("answer", "CASE", "approve_letters", "--set", "decision=approve", "--by", "HANDLER"),
        ("answer", "CASE", "draft_letters", "--by", "HANDLER"),
        ("evidence", "CASE", "/etc", "--by", "HANDLER"),
        ("evidence", "IMP-2026-9999", __file__, "--by", "HANDLER"),
        ("hand-over", "CASE", "verify", "--to", "P9999", "--reason", "x", "--by", "HANDLER"),
        ("hand-over", "CASE", "nowhere", "--to", "HANDLER", "--reason", "x", "--by", "HANDLER"),
        ("pause", "CASE/nowhere/1", "--reason", "force_majeure", "--by", "HANDLER"),
        ("resume", "nothing at all", "--by", "HANDLER"),
        ("extend", "CASE/verify/1", "--extra", "-3", "--approved-by", "HANDLER", "--reason", "x",
         "--by", "HANDLER"),
        ("extend", "CASE/verify/1", "--extra", "99999999", "--approved-by", "SIGNER", "--reason",
         "x", "--by", "HANDLER"),
        ("open", "--set", "platform=weibo", "--by", "HANDLER"),
        ("open", "--playbook", "../../etc", "--by", "HANDLER"),
        ("open", "--playbook", "nothing", "--by", "HANDLER"),
    ],
    ids=lambda arguments: " ".join(arguments[:3]),
)  # fmt: skip
def test_a_wrong_command_is_a_sentence_and_changes_nothing(desk, case_id, arguments):
    before = desk.one("select count(*) from case_event where event_type <> 'answer_refused'")
    names = {"CASE": case_id, "HANDLER": desk.people["handler"], "SIGNER": desk.people["signer"]}
    given = [names.get(one, one.replace("CASE/", f"{case_id}/")) for one in arguments]
    ran = desk.ask(*given)
    assert ran.code == 1
    assert ran.json.get("error") or ran.json["refusal"]
    assert "未完成" in ran.err
    after = desk.one("select count(*) from case_event where event_type <> 'answer_refused'")
    assert after == before
