"""Letters when the office's own facts are missing or faulty: the answer stays, the sentence helps."""

from __future__ import annotations

import shutil

import pytest

from tests.flows.conftest import EXAMPLES
from tests.flows.steps import answer, open_one


def test_without_office_facts_the_answer_stays_and_the_next_sweep_drafts(desk, case_id):
    (desk.home / "office.yml").unlink()
    ran = answer(desk, case_id, "verify", "verify")
    assert ran.code == 1
    assert "office.yml" in ran.json["undrafted"]
    assert "答案已登记" in ran.err
    assert "juzhen draft" in ran.err
    kinds = [event["event_type"] for event in desk.ask("case", case_id).json["events"]]
    assert "step_answered" in kinds
    assert "letter_drafted" not in kinds
    assert desk.run("draft").code == 1
    swept = desk.ask("sweep")
    assert (swept.code, swept.json["claimed"]) == (1, 0)
    assert "office.yml" in swept.json["undrafted"]
    told = [
        event["payload"]
        for event in desk.ask("case", case_id).json["events"]
        if event["event_type"] == "message_queued" and event["payload"]["kind"] == "blocked"
    ]
    assert [(one["role"], "office.yml" in one["reason"]) for one in told] == [("duty_lead", True)]
    assert "**系统未能办理「起草函件」**" in desk.run("case", case_id).out

    shutil.copyfile(EXAMPLES / "office.yml", desk.home / "office.yml")
    assert len(desk.ask("sweep").json["letters"]) == 9
    assert desk.ask("draft").json["files"] == []


def test_one_case_that_cannot_be_drafted_keeps_no_other_waiting(desk):
    unknown = open_one(desk, name="甲")["case_id"]
    known = desk.ask(
        *("open", "--set", "platform=douyin", "--set", "display_name=乙"),
        *("--set", "channel=citizen", "--by", desk.people["handler"]),
    ).json["case_id"]
    office = (desk.home / "office.yml").read_text(encoding="utf-8")
    (desk.home / "office.yml").unlink()
    for case_id in (unknown, known):
        answer(desk, case_id, "verify", "verify")
    # A company that is missing keeps the cases of that platform waiting, and no others.
    without_weibo = office.replace("  weibo: 北京微梦创科网络技术有限公司\n", "")
    (desk.home / "office.yml").write_text(without_weibo, encoding="utf-8")

    ran = desk.ask("draft")
    assert ran.code == 1
    assert unknown in ran.json["error"]
    assert "letter_drafted" in {e["event_type"] for e in desk.ask("case", known).json["events"]}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("district: [", "YAML"),
        ("", "office.yml"),
        ("district: 云杉新区\n", "issuer"),
        ("PLUS unknown_key: 1\n", "unknown_key"),
        ("PLUS contact: 12345\n", "contact"),
    ],
    ids=["broken", "empty", "incomplete", "unknown key", "wrong type"],
)
def test_faults_of_the_office_file_are_named(desk, case_id, text, word):
    path = desk.home / "office.yml"
    known = path.read_text(encoding="utf-8")
    if text.startswith("PLUS "):
        kept = [line for line in known.splitlines(True) if not line.startswith("contact")]
        text = "".join(kept if "contact" in text else [known]) + text.removeprefix("PLUS ")
    path.write_text(text, encoding="utf-8")
    ran = answer(desk, case_id, "verify", "verify")
    assert ran.code == 1
    assert word in ran.json["undrafted"]
    assert "office.yml" in ran.json["undrafted"]


def test_an_office_file_in_another_encoding_is_named(desk, case_id):
    path = desk.home / "office.yml"
    path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))
    assert "UTF-8" in answer(desk, case_id, "verify", "verify").json["undrafted"]


def test_nobody_signs_under_facts_that_nobody_has_checked(desk, case_id):
    answer(desk, case_id, "verify", "verify")
    approve = ("answer", case_id, "approve_letters", "--set", "decision=approve")
    assert desk.ask(*approve, "--by", desk.people["reviewer"]).code == 0
    refused = desk.ask(*approve, "--by", desk.people["signer"])
    assert refused.code == 1
    assert "平台运营公司「北京微梦创科网络技术有限公司」尚未核对" in refused.json["error"]
    assert "office.yml" in refused.json["error"]
    page = desk.run("case", case_id).out
    assert "平台运营公司「北京微梦创科网络技术有限公司」尚未核对" in page
    assert "（已核对）" not in page
    (preview,) = (desk.home / "documents" / case_id).glob("*请求关停*.html")
    assert "尚未核对" in preview.read_text(encoding="utf-8")

    signed = desk.ask(*approve, "--set", "confirmed=checked", "--by", desk.people["signer"])
    assert signed.code == 0, signed.err
    assert "尚未核对（已核对）" in desk.run("case", case_id).out


def test_what_the_reviewer_checked_needs_no_second_check_and_the_other_letters_say_nothing(
    desk, case_id
):
    answer(desk, case_id, "verify", "verify")
    assert answer(desk, case_id, "approve_letters", "approve", "reviewer").code == 0
    signed = desk.ask(
        *("answer", case_id, "approve_letters", "--set", "decision=approve"),
        *("--by", desk.people["signer"]),
    )
    assert signed.code == 0, signed.err
    drafted = [
        event["payload"]
        for event in desk.ask("case", case_id).json["events"]
        if event["event_type"] == "letter_drafted"
    ]
    assert [bool(each["unverified"]) for each in drafted] == [
        each["letter"] in ("platform", "bureau_filing") for each in drafted
    ]


def test_a_misspelt_unverified_entry_is_a_fault(desk, case_id):
    path = desk.home / "office.yml"
    text = path.read_text(encoding="utf-8").replace("[platform_companies]", "[platform_company]")
    path.write_text(text, encoding="utf-8")
    assert "platform_company" in answer(desk, case_id, "verify", "verify").json["undrafted"]


def test_a_case_on_another_platform_asks_for_its_company_and_is_drafted(desk):
    opening = ("open", "--set", "platform=other", "--set", "display_name=甲", "--set")
    by = ("channel=citizen", "--by", desk.people["handler"])
    refused = desk.ask(*opening, *by)
    assert refused.code == 1
    assert "「所在平台」为其他平台时，「平台运营公司（其他平台）」必须填写" in refused.json["error"]
    named = ("--set", "platform_name=知乎", "--set", "platform_company=北京智者天下科技有限公司")
    case_id = desk.ask(*opening, *by, *named).json["case_id"]
    assert len(answer(desk, case_id, "verify", "verify").json["letters"]) == 9
    (preview,) = (desk.home / "documents" / case_id).glob("*请求关停*.html")
    text = preview.read_text(encoding="utf-8")
    assert "知乎平台上出现" in text
    assert "由登记人填写，尚未核对" in text
