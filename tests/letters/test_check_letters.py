"""The letters of spot checks, rectification and appraisal, whole, against golden texts."""

from datetime import date
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from playbooks.appraisal.drafting import unchecked
from playbooks.core.letters import render_letter, text_of

FOLDER = Path(__file__).parent
LONG = "云杉新区高新技术产业开发区人力资源和社会保障与退役军人事务综合服务中心管理办公室"  # 38 characters
OFFICE = {
    "issuer_name": "云杉新区政务服务与营商环境局",
    "contact_name": "林晓",
    "contact_phone": "0000-1234567",
    "document_number": "云杉政营函〔2026〕15号",
    "issued_on": date(2026, 10, 15),
}
LISTED = {
    **{"unit": LONG, "name": "青湖经开区", "platform": "微博"},
    **{"problems": "监测时间点前 2 周内无更新", "articles": "单项否决②"},
}
CIRCULAR = OFFICE | {
    "quarter": "2026年第三季度",
    "begin_on": date(2026, 10, 8),
    "end_on": date(2026, 10, 13),
    "is_all": False,
    "seed": "8-17-23",
    "frame_count": 38,
    "checked_count": 12,
    "passed_count": 11,
    "checked_ratio": "31.58%",
    "passed_ratio": "91.67%",
    "platforms": [("微信公众号", 10, 10, "100%"), ("微博", 2, 1, "50%")],
    "remark": "检查采取系统巡查与人工核验相结合的方式。",
    "vetoes": [{"problem": "监测时间点前 2 周内无更新", "accounts": ["“青湖经开区”（微博）"]}],
    "others": [
        {"problem": "存在错链、断链", "accounts": ["“=1+1|”（微信公众号）", "“乙”（微博）"]}
    ],
    "failed": [LISTED],
    "troubled": [LISTED | {"name": "=1+1|", "problems": "存在错链、断链", "articles": "检查指标"}],
    "recheck_count": 3,
    "recheck_fixed": 2,
    "recheck_still": ["“乙”（微博）存在错链、断链"],
    "reply_workdays": 5,
}
CLEAN = CIRCULAR | {
    **{"is_all": True, "end_on": date(2026, 10, 8), "checked_count": 38, "passed_count": 38},
    **{"checked_ratio": "100%", "passed_ratio": "100%", "recheck_count": 0},
    **{"vetoes": [], "others": [], "failed": [], "troubled": [], "recheck_still": []},
}
NOTICE = OFFICE | {
    **{"unit_name": LONG, "matter": "2026年第三季度政务新媒体检查"},
    "problems": [("青湖经开区（微博）", "抽查「2 周内有更新」不合格"), ("—", "没有在岗的负责人")],
    **{"reply_workdays": 5, "urge_workdays": 3, "notice_number": "云杉政营函〔2026〕3号"},
    **{"sent_on": date(2026, 10, 9), "rechecked_on": date(2026, 10, 16)},
    "recheck_lines": ["10 月 16 日查看，仍无更新。"],
}
ROW = {
    **{"group": "部门", "rank": "1", "unit": LONG, "deduction": "3", "bonus": "2", "total": "99"},
    **{"grade": "优秀", "vetoes": ""},
}
VETOED = ROW | {
    **{"rank": "—", "unit": "某局", "total": "不计分", "grade": "不合格", "vetoes": "内容不更新"}
}
APPRAISAL = OFFICE | {
    **{"year": 2026, "groups": [("部门", [ROW, VETOED])], "unit_count": 2},
    "grades": [("优秀", 1), ("合格", 0), ("不合格", 1)],
    **{"vetoed": [VETOED], "appeal_workdays": 5, "label": "示例", "version": 1},
    "appeals": [("某局", "内容不更新", "申诉：系统维护；林晓裁定维持单项否决：不成立")],
}
LETTERS = {
    "spot_check/circular": CIRCULAR,
    "spot_check/circular_clean": CLEAN,
    "rectification/notice": NOTICE,
    "rectification/urge": NOTICE,
    "rectification/urge_unanswered": NOTICE | {"recheck_lines": [], "notice_number": None},
    "appraisal/proposed": APPRAISAL,
    "appraisal/circular": APPRAISAL,
    "appraisal/circular_clean": APPRAISAL | {"appeals": [], "vetoed": []},
    "appraisal/handover": APPRAISAL,
}
TEMPLATES = {
    "spot_check/circular_clean": "spot_check/circular",
    "rectification/urge_unanswered": "rectification/urge",
    "appraisal/circular_clean": "appraisal/circular",
}


def rendered(name, facts):
    return render_letter(TEMPLATES.get(name, name), facts)


@pytest.mark.parametrize("name", LETTERS)
def test_the_whole_letter(name):
    text = text_of(rendered(name, LETTERS[name]))
    assert text == (FOLDER / f"{name}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "missing"),
    [
        ("spot_check/circular", "seed"),
        ("rectification/notice", "reply_workdays"),
        ("rectification/urge", "sent_on"),
        ("appraisal/proposed", "appeal_workdays"),
        ("appraisal/circular", "version"),
        ("appraisal/handover", "groups"),
    ],
)
def test_a_letter_without_what_it_must_say_is_not_written(name, missing):
    facts = {key: value for key, value in LETTERS[name].items() if key != missing}
    with pytest.raises(UndefinedError, match=missing):
        rendered(name, facts)


def test_the_circular_carries_the_caution_of_its_source_and_its_lists_as_annexes():
    letter = rendered("spot_check/circular", CIRCULAR)
    assert any("19号" in caution for caution in letter.cautions)
    assert [annex.title for annex in letter.annexes] == list(letter.attachments)
    assert [letter.annex_label(n) for n in range(2)] == ["附件1", "附件2"]


def test_rules_that_are_an_example_are_put_to_the_reviewer():
    text = text_of(rendered("appraisal/circular", APPRAISAL))
    assert unchecked(None, text)
    assert not unchecked(None, text.replace("（示例）", "（正式）"))
