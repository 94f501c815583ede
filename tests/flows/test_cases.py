"""A case from report to closing by the command alone, and every way of getting it wrong."""

from __future__ import annotations

import json
import shutil

import pytest

from flows.links import answer_link, notes_path
from flows.operations.boards import board_markdown, read_board
from flows.operations.case_page import case_markdown
from flows.operations.files import FileProblemError, keep_from_inbox
from tests.flows.conftest import EXAMPLES

SAYS = {
    "verify": [
        "--set",
        "verdict=impersonation",
        "--set",
        "reason=头像相同",
        "--set",
        "harm=rumour",
    ],
    "approve": ["--set", "decision=approve", "--set", "opinion=同意"],
    "sent": [
        "--set",
        "sending=sent",
        "--set",
        "sent_by=机要交换",
        "--set",
        "receipt=收〔2026〕8号",
    ],
    "gone": ["--set", "look=gone"],
    "done": ["--set", "answered_on=2026-11-26", "--set", "how=已电话答复"],
}


def open_one(desk, name="云衫新区发布", report="hotline:1", *extra):
    ran = desk.ask(
        *("open", "--set", "platform=weibo", "--set", f"display_name={name}"),
        *("--set", "channel=hotline", "--report", report, "--by", desk.people["handler"], *extra),
    )
    assert ran.code == 0, ran.err
    return ran.json


def answer(desk, case_id, step_id, says, role="handler", *extra):
    return desk.ask("answer", case_id, step_id, *SAYS[says], "--by", desk.people[role], *extra)


@pytest.fixture
def case_id(desk) -> str:
    return open_one(desk)["case_id"]


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

    assert desk.ask("cases").json == {"open_steps": []}
    kinds = [event["event_type"] for event in desk.ask("case", case_id).json["events"]]
    assert kinds[0] == "case_opened"
    assert kinds[-1] == "case_closed"
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
    early = answer(desk, case_id, "answer_reporters", "done")
    assert (early.code, "没有固定任何证据" in early.json["error"]) == (1, True)
    page = desk.home / "page.html"
    page.write_text("<p>主页</p>", encoding="utf-8")
    assert desk.ask("evidence", case_id, page, "--by", desk.people["handler"]).code == 0
    assert answer(desk, case_id, "answer_reporters", "done").code == 0
    assert desk.ask("cases").json == {"open_steps": []}


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
        ("extend", "CASE/verify/1", "--extra", "99999999", "--approved-by", "HANDLER", "--reason",
         "x", "--by", "HANDLER"),
        ("open", "--set", "platform=weibo", "--by", "HANDLER"),
        ("open", "--playbook", "../../etc", "--by", "HANDLER"),
        ("open", "--playbook", "nothing", "--by", "HANDLER"),
    ],
    ids=lambda arguments: " ".join(arguments[:3]),
)  # fmt: skip
def test_a_wrong_command_is_a_sentence_and_changes_nothing(desk, case_id, arguments):
    before = desk.one("select count(*) from case_event where event_type <> 'answer_refused'")
    names = {"CASE": case_id, "HANDLER": desk.people["handler"]}
    given = [names.get(one, one.replace("CASE/", f"{case_id}/")) for one in arguments]
    ran = desk.ask(*given)
    assert ran.code == 1
    assert ran.json.get("error") or ran.json["refusal"]
    assert "未完成" in ran.err
    after = desk.one("select count(*) from case_event where event_type <> 'answer_refused'")
    assert after == before


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

    shutil.copyfile(EXAMPLES / "office.yml", desk.home / "office.yml")
    assert len(desk.ask("sweep").json["letters"]) == 9
    assert desk.ask("draft").json["files"] == []


def test_one_case_that_cannot_be_drafted_keeps_no_other_waiting(desk):
    unknown = desk.ask(
        *(
            "open",
            "--set",
            "platform=other",
            "--set",
            "display_name=甲",
            "--set",
            "channel=citizen",
        ),
        *("--by", desk.people["handler"]),
    ).json["case_id"]
    known = open_one(desk, name="乙")["case_id"]
    office = (desk.home / "office.yml").read_text(encoding="utf-8")
    (desk.home / "office.yml").unlink()
    for case_id in (unknown, known):
        answer(desk, case_id, "verify", "verify")
    (desk.home / "office.yml").write_text(office, encoding="utf-8")

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


@pytest.mark.parametrize(
    "name", ["../office.yml", "/etc/passwd", "a/b", "..", "", "  ", "不在.png"]
)
def test_inbox_names_lead_nowhere_else(desk, name):
    desk.settings.inbox.mkdir()
    with pytest.raises(FileProblemError):
        keep_from_inbox(desk.settings, [name])


HOSTILE = [
    '=HYPERLINK("http://x","长春新区发布")',
    "<!channel> 长春新区 <script>alert(1)</script>",
    "{{ config }}{% for x in y %}",
    "../../etc/passwd",
    "\u202e布发区新\u202c\u0007",
    "云杉'; drop table outbox; --",
    "*粗体* | 表格 | [链接](http://x)",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_goes_all_the_way_and_is_only_text(desk, slack, name):
    case_id = open_one(desk, name=name)["case_id"]
    ran = answer(desk, case_id, "verify", "verify")
    assert len(ran.json["letters"]) == 9
    outbox = (desk.settings.outbox / case_id).resolve()
    for path in outbox.iterdir():
        assert path.resolve().parent == outbox
        assert not set(path.name) & set('/\\<>|"\u202e')
    for path in outbox.glob("*.html"):
        page = path.read_text(encoding="utf-8")
        assert "<script>" not in page
        assert "\u202e" not in page
    assert desk.run("dispatch").code == 0
    assert slack.messages
    for message in slack.messages:
        shown = json.dumps([message.text, message.blocks], ensure_ascii=False, default=str)
        assert "<!channel>" not in shown
        assert "<script>" not in shown
        assert "\u202e" not in shown
    link = answer_link(desk.settings)
    board = board_markdown(read_board(desk.settings, desk.now), desk.now, link)
    page = case_markdown(desk.settings, case_id, desk.now, link)
    for text in (board, page, desk.run("cases").out, desk.run("case", case_id).out):
        assert "\u202e" not in text
        assert "\u0007" not in text
    for text in (board, page):
        assert "<script>" not in text
        assert "](http://x)" not in text
        assert all(line.startswith("|") for line in text.splitlines() if line.endswith(" |"))
    assert desk.ask("verify").json["holds"] is True


def test_a_name_of_5000_characters_is_refused_with_its_length(desk):
    ran = desk.ask(
        *("open", "--set", "platform=weibo", "--set", f"display_name={'长' * 5000}"),
        *("--set", "channel=hotline", "--by", desk.people["handler"]),
    )
    assert ran.code == 1
    assert "不得超过 200 字，现有 5000 字" in ran.json["error"]
    assert len(ran.json["error"]) < 200


@pytest.mark.parametrize("note", ["", "{", "[1, 2]", "\xff", '{"impersonation/verify": 7}'])
def test_a_broken_note_of_the_forms_costs_the_link_only(desk, slack, case_id, note):
    notes_path(desk.settings).write_bytes(note.encode("latin-1"))
    assert desk.run("dispatch").code == 0
    assert desk.run("case", case_id).code == 0
    assert len(slack.messages) == 1
