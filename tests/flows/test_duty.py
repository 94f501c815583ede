"""Who is on duty, which days nobody holds, handing a shift over with a trace."""

import pytest


def on_tuesday(desk, role="handler"):
    days = desk.ask("duty").json["days"]
    return days[1]["lines"][role][0]["person_id"]


def test_tonight_and_the_days_ahead_are_shown_with_masked_numbers(desk):
    shown = desk.run("duty")
    assert shown.code == 0
    assert "值班 2026-11-23" in shown.out
    assert "带班领导" in shown.out
    assert "****" in shown.out
    assert len(desk.ask("duty").json["days"]) == 14


def test_days_nobody_holds_are_named_ahead_of_time(desk):
    desk.rows(
        "update roster_shift set ends_on = '2026-11-24' where role = 'signer' "
        "and starts_on <= '2026-11-24' and ends_on >= '2026-11-24'"
    )
    ran = desk.ask("duty")
    assert ran.code == 1
    assert ran.json["gaps"] == [
        {"role": "signer", "starts_on": "2026-11-25", "ends_on": "2026-11-29"}
    ]
    assert "签发：2026-11-25 至 2026-11-29 无人可联系" in desk.run("duty").out


def test_a_shift_is_handed_over_for_its_days_with_a_trace(desk):
    before, other = desk.people["handler"], desk.people["reviewer"]
    days = ("--from", "2026-11-24", "--until", "2026-11-25")
    say = ("--reason", "出差", "--by", before)
    assert on_tuesday(desk) == before
    done = desk.ask("hand-shift", "handler", *days, "--to", other, *say)
    assert (done.code, done.json["from"]) == (0, [before])
    assert on_tuesday(desk) == other
    assert "（替 " in desk.run("duty").out
    assert desk.ask("duty").json["days"][3]["lines"]["handler"][0]["person_id"] == before
    trace = desk.rows("select from_person_id, to_person_id, reason, actor from shift_change")
    assert trace == [(before, other, "出差", f"person:{before}")] * 2
    desk.later(minutes=1)
    back = ("--reason", "提前返回", "--by", other)
    assert desk.ask("hand-shift", "handler", *days, "--to", before, *back).code == 0
    assert on_tuesday(desk) == before


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"--until": "2026-11-20"}, "起止日期不正确"),
        ({"--until": "2028-11-20"}, "起止日期不正确"),
        ({"--to": "P9999"}, "P9999"),
        ({"--reason": " "}, "理由"),
        ({"--position": "9"}, "没有排这一班"),
        ({"--by": "signer"}, "当班人本人"),
        ({"--to": "handler"}, "本来就由"),
    ],
)
def test_a_hand_over_that_is_not_right_changes_nothing(desk, changed, says):
    given = {
        "--from": "2026-11-24",
        "--until": "2026-11-25",
        "--to": desk.people["reviewer"],
        "--reason": "出差",
        "--by": desk.people["handler"],
    } | {name: desk.people.get(text, text) for name, text in changed.items()}
    ran = desk.run("hand-shift", "handler", *(part for pair in given.items() for part in pair))
    assert (ran.code, says in ran.err) == (1, True), ran.err
    assert desk.rows("select * from shift_change") == []


def test_contacts_are_set_shown_masked_and_make_a_person_reachable(desk):
    person = desk.people["handler"]
    desk.rows("update person set mobile = null, chat_user_id = null where person_id = ?", person)
    assert desk.ask("duty").json["days"][0]["lines"]["handler"][0]["person_id"] != person
    by = ("--by", desk.people["duty_lead"])
    given = ("--wecom", "lin.xiao", "--email", "lin@office.example")
    assert desk.run("contact", person, *given).code == 1
    shown = desk.ask("contact", person, *given, *by)
    assert (shown.code, shown.json["wecom_user_id"]) == (0, "li***o")
    assert desk.ask("duty").json["days"][0]["lines"]["handler"][0]["person_id"] == person
    for bad in ("@all", "a@b\nBcc: c@d", "林@x"):
        assert desk.run("contact", person, "--email", bad, *by).code == 1
    assert desk.run("contact", person, "--wecom", "all", *by).code == 1
    assert desk.run("contact", "P9999").code == 1
    desk.later(minutes=1)
    again = ("--wecom", "", "--email", "lin@office.example")  # the address is as before: no change
    assert desk.ask("contact", person, *again, *by).json["wecom_user_id"] is None
    held = desk.ask("contact", person).json
    assert held["email"] == "l***@office.example"
    lead = desk.one("select name from person where person_id = ?", desk.people["duty_lead"])
    assert held["changes"] == [
        f"2026-11-23 09:01 {lead} 删去企业微信",
        f"2026-11-23 09:00 {lead} 设置电子邮箱",
        f"2026-11-23 09:00 {lead} 设置企业微信",
    ]
    kept = str(desk.rows("select * from contact_change"))
    assert "lin" not in kept


def test_a_plan_made_from_a_declaration_is_the_sheet_that_the_import_takes(desk, tmp_path):
    first, second = desk.people["handler"], desk.people["reviewer"]
    declaration = tmp_path / "值班.yml"
    declaration.write_text(
        f"roles:\n  handler:\n    workdays: [{first}, {second}]\n"
        f"    rest_days: [{second}, {first}]\n    substitutes: 1\n",
        encoding="utf-8",
    )
    days = ("--from", "2027-03-05", "--to", "2027-03-08")
    checked = desk.ask("plan-duty", declaration, *days, "--check")
    assert [
        (shift["on"], shift["person_id"])
        for shift in checked.json["shifts"]
        if shift["position"] == 1
    ] == [
        ("2027-03-05", first),
        ("2027-03-06", second),
        ("2027-03-07", first),
        ("2027-03-08", second),
    ]
    made = desk.run("plan-duty", declaration, *days, "--out", tmp_path / "值班表.xlsx")
    assert (made.code, "已写出" in made.out) == (0, True)
    imported = desk.ask("import", tmp_path / "值班表.xlsx")
    assert (imported.code, imported.json["new"]["roster_shift"]) == (0, 8)
    assert desk.run("plan-duty", declaration, *days, "--out", tmp_path / "值班表.xlsx").code == 1


def test_a_wrong_declaration_is_refused_with_every_line(desk, tmp_path):
    declaration = tmp_path / "值班.yml"
    person = desk.people["handler"]
    declaration.write_text(
        f"roles:\n  handler:\n    workdays: [{person}, {person}]\n"
        "    rest_days: [P9999]\n    substitutes: 1\n  watchman:\n"
        f"    workdays: [{person}]\n    rest_days: [{person}]\n",
        encoding="utf-8",
    )
    ran = desk.run(
        "plan-duty", declaration, "--from", "2027-03-05", "--to", "2027-03-08", "--check"
    )
    assert ran.code == 1
    for said in (
        "值班.yml:3: " + person + " 写了两次",
        "值班.yml:3: 只有 1 人",
        "值班.yml:4: 台账中没有人员 P9999",
        "值班.yml:6: 没有角色 watchman",
    ):
        assert said in ran.err
