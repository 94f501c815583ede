"""Reports through the command: every reporter kept once, nobody's data stored, bad rows told one by one."""

import json

from tests.flows.conftest import EXAMPLES

HOTLINE = EXAMPLES / "reports" / "12345工单.csv"


def take(desk, path, *extra):
    return desk.ask("import-reports", path, "--by", desk.people["handler"], *extra)


def statuses(ran):
    return [report["status"] for report in ran.json["reports"]]


def test_a_hotline_file_opens_what_is_plain_and_leaves_the_rest_to_a_person(desk):
    dry = take(desk, HOTLINE, "--dry-run")
    assert desk.one("select count(*) from report") == 0
    ran = take(desk, HOTLINE)
    assert (ran.code, statuses(ran)) == (0, statuses(dry))
    assert {s: statuses(ran).count(s) for s in set(statuses(ran))} == {
        "opened": 4,
        "waiting": 6,
        "repeated": 1,
    }
    assert set(statuses(take(desk, HOTLINE.with_suffix(".xlsx")))) == {"repeated"}
    assert desk.one("select count(*) from case_summary") == 4


def test_no_name_and_no_number_of_a_reporter_is_stored(desk):
    take(desk, HOTLINE)
    stored = json.dumps(
        [desk.rows("select * from report"), desk.rows("select payload from case_event")],
        default=str,
        ensure_ascii=False,
    )
    for personal in ("陈玉珍", "朱文博", "15409000001", "15409000008"):
        assert personal not in stored
    assert desk.one("select count(*) from reporter_contact") == 0


def test_two_reporters_of_one_matter_are_both_owed_an_answer(desk):
    take(desk, HOTLINE)
    given = ("--set", "platform=微信公众号", "--set", "display_name=云衫新区发布")
    outcomes = [
        desk.ask(
            *("settle-report", f"hotline:{number}", *given, "--by", desk.people["handler"])
        ).json
        for number in ("YS2026111700001", "YS2026111800003")
    ]
    assert [outcome["status"] for outcome in outcomes] == ["opened", "joined"]
    case_id = outcomes[0]["case_id"]
    joined = desk.rows(
        "select reference from case_event where case_id = ? and event_type = 'report_joined'",
        case_id,
    )
    assert joined == [("hotline:YS2026111700001",), ("hotline:YS2026111800003",)]
    again = desk.ask(
        "settle-report", "hotline:YS2026111800003", *given, "--by", desk.people["handler"]
    )
    assert (again.code, case_id in again.err) == (1, True)


def test_a_report_about_nothing_is_put_aside_with_a_reason(desk):
    take(desk, HOTLINE)
    report = "hotline:YS2026111900007"
    ran = desk.ask(
        "dismiss-report", report, "--reason", "民间爱好者", "--by", desk.people["handler"]
    )
    assert ran.code == 0
    assert report not in [row["report_id"] for row in desk.ask("reports").json["waiting"]]
    assert desk.rows("select status, reason from report where report_id = ?", report) == [
        ("dismissed", "民间爱好者")
    ]


def test_mail_keeps_its_attachments_as_evidence_and_the_address_apart(desk, tmp_path):
    from email.message import EmailMessage

    made = EmailMessage()
    made["From"], made["Subject"] = "陈玉珍 <chen@example.invalid>", "举报"
    made["Message-ID"] = "<m1@example.invalid>"
    made.set_content("微博账号“云衫发布”假冒，我是陈玉珍，chen@example.invalid")
    made.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="../../截图.png")
    path = tmp_path / "一封.eml"
    path.write_bytes(made.as_bytes())
    ran = take(desk, path)
    assert statuses(ran) == ["opened"]
    case_id = ran.json["reports"][0]["case_id"]
    assert desk.one("select contact from reporter_contact") == "chen@example.invalid"
    assert "陈玉珍" not in str(desk.rows("select content from report"))
    (sealed,) = desk.rows(
        "select payload from case_event where case_id = ? and event_type = 'evidence_sealed'",
        case_id,
    )
    assert json.loads(sealed[0])["file_name"] == "../../截图.png"
    assert (desk.home / "files").is_dir()
    assert not (desk.home.parent / "截图.png").exists()


def test_the_blank_sheet_comes_back_in(desk, tmp_path):
    blank = tmp_path / "登记表.csv"
    assert desk.ask("report-template", blank).code == 0
    heading = blank.read_text(encoding="utf-8-sig").splitlines()[0].split(",")
    name = '=HYPERLINK("http://x","云杉")'
    row = {
        "举报编号": "9",
        "平台": "微博",
        "账号名称": name,
        "情况描述": "乙\x00",
        "答复联系方式": "1390",
    }
    filled = [
        ",".join(heading),
        ",".join('"' + row.get(h, "").replace('"', '""') + '"' for h in heading),
    ]
    blank.write_text("\n".join([*filled, ",,,,,,,,,,,"]) + "\n", encoding="utf-8-sig")
    ran = take(desk, blank)
    # A NUL makes the file no text at all; without it the row comes in under its hostile name.
    assert ran.code == 1
    blank.write_text("\n".join(filled).replace("\x00", "") + "\n", encoding="utf-8-sig")
    ran = take(desk, blank)
    assert statuses(ran) == ["opened"], ran.err
    opened = desk.one("select payload from case_event where event_type = 'case_opened'")
    assert json.loads(opened)["inputs"]["display_name"] == name


def test_a_bad_row_fails_the_command_and_the_good_one_is_in(desk, tmp_path):
    path = tmp_path / "工单.csv"
    path.write_text(
        "工单编号,诉求标题,诉求内容\n,甲,微博“云衫发布”假冒\n2,甲,微博“云衫发布”假冒\n3,路灯不亮,请修\n",
        encoding="utf-8",
    )
    ran = take(desk, path)
    assert (ran.code, statuses(ran)) == (1, ["opened", "unrelated"])
    assert ran.json["problems"] == ["「工单.csv」第 2 行：「工单编号」为空；请补上编号"]
    assert desk.one("select count(*) from report") == 1
