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
    shown = desk.ask("contact", person, "--wecom", "lin.xiao", "--email", "lin@office.example")
    assert (shown.code, shown.json["wecom_user_id"]) == (0, "lin.xiao")
    assert desk.ask("duty").json["days"][0]["lines"]["handler"][0]["person_id"] == person
    for bad in ("@all", "a@b\nBcc: c@d", "林@x"):
        assert desk.run("contact", person, "--email", bad).code == 1
    assert desk.run("contact", person, "--wecom", "all").code == 1
    assert desk.run("contact", "P9999").code == 1
    assert desk.ask("contact", person, "--wecom", "").json["wecom_user_id"] is None
    assert desk.ask("contact", person).json["email"] == "lin@office.example"
