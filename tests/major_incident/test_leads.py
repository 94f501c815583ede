"""Detectors raise leads from jumps, prohibited words and signs of a takeover, and say what they saw."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from playbooks.major_incident.content_leads import Lead
from playbooks.major_incident.lead_rules import RulesError, read_rules
from playbooks.major_incident.leads import Seen, find

TODAY = date(2026, 8, 12)
NAMES = {"A1": "云杉发布", "A2": "云杉教育"}
SHOWN = {"A1": "云杉发布（微博）", "A2": "云杉教育（微博）"}
SEEN = Seen(NAMES, SHOWN)


@pytest.fixture
def rules(tmp_path):
    return read_rules(tmp_path / "none.yml")


def day(before):
    return TODAY - timedelta(days=before)


def found(seen, rules, today=TODAY):
    return [(one.kind, one.account_id, one.signs) for one in find(seen, rules, today)]


def of_days(count, numbers, value=10):
    """Return a day of *count* comments with *value* on each of the days so many before it."""
    return {"A1": {day(0): count, **{day(n): value for n in numbers}}}


def comments(today_count, usual=10, known=14):
    return {"A1": {day(0): today_count, **{day(n): usual for n in range(1, known + 1)}}}


@pytest.mark.parametrize(
    ("days", "is_lead"),
    [
        (comments(50), True),  # five times the median of ten
        (comments(49), False),
        (comments(49, usual=1), False),  # forty-nine times, but below the floor
        (comments(500, usual=0), True),  # nothing before: the median counts as one
        (comments(500, known=6), False),  # too few known days to say what is usual
        # One loud day before does not make loudness usual: the median is compared, not the mean.
        ({"A1": comments(50)["A1"] | {day(7): 1_000}}, True),
        ({"A1": comments(49)["A1"] | {day(7): 0}}, False),
        (of_days(500, range(29, 43)), False),  # all that is known is older than 28 days
        (of_days(500, range(22, 29)), True),  # the 28th day before is the seventh known
        (of_days(500, range(23, 30)), False),
        (comments(500, usual=400), False),
        (
            {"A1": {day(n): 10 for n in range(1, 15)}},
            False,
        ),  # today has no figure: missing, not zero
        ({"A9": comments(500)["A1"]}, False),  # no account of the register
    ],
)
def test_a_jump_in_comments_is_many_and_many_times_the_usual(days, is_lead, rules):
    leads = found(replace(SEEN, comments=days), rules)
    assert leads == ([("comments", "A1", (f"comments|A1|{TODAY}",))] if is_lead else [])


def test_the_lead_says_what_was_compared_with_what(rules):
    days = {"A1": comments(480, usual=12)["A1"] | {day(3): 900, day(29): 900}}
    (lead,) = find(replace(SEEN, comments=days), rules, TODAY)
    assert lead.told == "云杉发布（微博） 2026-08-12 收到评论 480 条，此前 28 天的中位数为 12 条。"
    assert lead.title == "云杉发布（微博）评论突增（8月12日）"


@pytest.mark.parametrize(
    ("reports", "is_lead"),
    [
        ({day(10): 1, day(0): 5}, True),  # the quiet days between count as none
        ({day(10): 1, day(0): 4}, False),
        ({day(10): 40, day(0): 5}, True),  # one loud day is not the usual
        ({day(0): 5, **{day(n): 9 for n in range(29, 71)}}, True),  # older than 28 days
        ({day(0): 5, **{day(n): 9 for n in range(14, 29)}}, False),
        ({day(3): 1, day(0): 50}, False),  # reports have come in for three days only
        ({day(0): 50}, False),
    ],
)
def test_a_jump_in_reports(reports, is_lead, rules):
    seen = replace(SEEN, reports=reports, first_report_on=min(reports))
    assert found(seen, rules) == ([("reports", None, (f"reports|{TODAY}",))] if is_lead else [])


def post(code="15-7", number=1, published_on=TODAY):
    return Lead(code, "淫秽、色情", "赌场", "A1", f"c{number}", "赌场<b>", "", str(published_on))


TOOK = "takeover|A1|"


@pytest.mark.parametrize(
    ("seen", "signs"),
    [
        ({"profiles": {"A1": ("博彩资讯", None)}}, [f"{TOOK}name|博彩资讯"]),
        ({"profiles": {"A1": ("云杉 发布", None)}}, []),  # a space is no other name
        ({"profiles": {"A1": (None, False)}, "verified": {"A1"}}, [f"{TOOK}unverified"]),
        ({"profiles": {"A1": (None, False)}}, []),  # never was verified
        (
            {"report_texts": {"hotline:1": "云杉发布被盗了，发诈骗链接"}},
            [f"{TOOK}report|hotline:1"],
        ),
        ({"report_texts": {"hotline:1": "云杉发布更新太慢"}}, []),
        ({"content": [post()]}, []),  # one such post alone is a lead to the post
        ({"content": [post(), post(number=2)]}, [f"{TOOK}post|c1|15-7", f"{TOOK}post|c2|15-7"]),
        ({"content": [post(), post(number=2, published_on=day(5))]}, []),
        ({"content": [post("15-10"), post("15-10", 2)]}, []),  # an opinion is no sign of a thief
    ],
)
def test_signs_of_a_takeover_add_up(seen, signs, rules):
    leads = [one for one in find(replace(SEEN, **seen), rules, TODAY) if one.kind == "takeover"]
    assert [key for lead in leads for key in lead.signs] == signs
    assert all(lead.account_id == "A1" for lead in leads)


def test_every_prohibited_post_is_a_lead_of_its_own(rules):
    leads = find(replace(SEEN, content=[post(), post("15-10", 2)]), rules, TODAY)
    assert [lead.signs for lead in leads] == [("content|A1|c1|15-7",), ("content|A1|c2|15-10",)]


def test_an_office_changes_one_number_and_keeps_the_others(tmp_path):
    own = tmp_path / "lead_rules.yml"
    own.write_text("comments: {floor: 500}", encoding="utf-8")
    rules = read_rules(own)
    assert (rules.comments.floor, rules.comments.times, rules.reports.floor) == (500, 5, 5)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("commments: {floor: 5}", "commments"),
        ("comments: {flor: 5}", "comments.flor"),
        ("comments: {floor: 0}", "comments.floor"),
        ("comments: {floor: 1.5}", "comments.floor"),
        ("takeover: {words: [盗]}", "takeover.words.0"),
        ("[", "不是可读的规则文件"),
        ("comments: 5", "不是可读的规则文件"),
    ],
)
def test_rules_with_faults_say_where(tmp_path, text, place):
    own = tmp_path / "lead_rules.yml"
    own.write_text(text, encoding="utf-8")
    with pytest.raises(RulesError, match=place):
        read_rules(own)
