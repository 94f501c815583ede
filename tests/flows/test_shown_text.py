"""What leaves the door or reaches a screen: no personal number, no escape sequence, nothing left out unsaid."""

from datetime import date

from connectors.exports.reading import read_export
from connectors.simulation.deterministic_xlsx import workbook_bytes
from flows import finding_alarms
from flows.command.output import Output
from flows.operations import finding_board
from flows.operations.exports import drop_personal_data

DAY = date(2026, 11, 23)
MOBILE = "13812345678"


def test_every_text_of_a_message_is_masked_before_it_is_archived():
    heads = ("台账号", "收到日期", "类别", "内容摘要", "转办单位", "依据说明", "回访")
    row = ("A0001", DAY, "投诉", f"路灯不亮，{MOBILE}", f"住建局 {MOBILE}", MOBILE, MOBILE)
    reading = read_export(
        workbook_bytes({"留言办理": [heads, row]}), "填报.xlsx", DAY, platform=None
    )
    (before,) = [dict(one) for one in reading.tables["messages"].rows]
    assert MOBILE in str(before["handed_over_to"])
    drop_personal_data(reading)
    (after,) = reading.tables["messages"].rows
    assert MOBILE not in str(after)
    assert after["handed_over_to"] == "住建局 138****5678"
    assert after["other"] == {"回访": "138****5678"}
    same = ("account_id", "stat_date", "kind")
    assert [after[key] for key in same] == [before[key] for key in same]


def test_a_command_prints_no_escape_sequence_and_keeps_its_layout(capsys):
    Output().say("甲\t乙\n    \x1b[2J改写\n")
    Output().note("注\x1b]0;x\x07")
    assert capsys.readouterr() == ("甲\t乙\n    ‹U+001B›[2J改写\n\n", "注‹U+001B›]0;x‹U+0007›\n")


def problem(number):
    return {
        **{"number": number, "code": "comments_closed", "state": "open", "due_on": DAY},
        **{"account_id": "A1", "account_name": f"办事{MOBILE}", "platform": "weibo"},
        **{"unit_name": "甲局", "unit_id": "U1", "owner_name": f"张三{MOBILE}", "told_at": None},
        **{"detail": "评论已关", "is_provisional": False, "case_id": None},
    }


def test_the_chat_of_problems_shows_no_number_of_a_person():
    told = "\n".join(finding_alarms._lines([problem(1)]))
    assert (MOBILE in told, told.count("138****5678")) == (False, 2)


def test_the_board_says_how_many_problems_of_a_kind_it_leaves_out():
    assert finding_board._more(0) == []
    assert "另有 2 条" in finding_board._more(2)[1]
