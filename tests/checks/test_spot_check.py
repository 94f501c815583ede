"""The draw that anybody can repeat, what the system knows beforehand, and the result of the verdicts."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.operations.case_actions import STEP_FORMS
from flows.operations.shipped import parsed, playbook_path
from playbooks.core.calendar import load_calendar
from playbooks.core.quarter import QuarterError, quarter_of
from playbooks.spot_check.drawing import draw_key, drawn
from playbooks.spot_check.indicators import IndicatorError, read_indicators
from playbooks.spot_check.knowledge import Facts, known
from playbooks.spot_check.result import Checked, result_of

INDICATORS = read_indicators(Path("none"))
ACCOUNTS = st.lists(st.from_regex(r"A[0-9]{4}", fullmatch=True), unique=True, max_size=60)


def test_the_draw_is_the_sha_256_of_seed_and_account():
    assert draw_key("8-17-23", "A0001") == (
        "99ac2eeb36875440ba64112aea20af3d5a1a0914b11c1cf197dc86aca6b05712"
    )
    by_key = list(drawn(["A1", "A2", "A3", "A4"], "s", 2))
    # The last of the frame is rechecked beside the two, one that left the frame is not.
    chosen = drawn(["A1", "A2", "A3", "A4"], "s", 2, [by_key[3], "A9"])
    assert list(chosen.items()) == list(zip(by_key, (True, True, False, True), strict=True))


@given(ACCOUNTS, st.text(max_size=8), st.integers(0, 60), st.randoms())
def test_order_and_size_do_not_change_who_is_drawn_first(accounts, seed, size, random):
    shuffled = random.sample(accounts, len(accounts))
    first, again = drawn(accounts, seed, size), drawn(shuffled, seed, size)
    assert first == again
    assert sum(first.values()) == min(size, len(accounts))
    bigger = drawn(accounts, seed, size + 5)
    assert all(bigger[account] for account, is_drawn in first.items() if is_drawn)


@pytest.mark.parametrize("text", ["2026Q3", "2026q3", "2026年第三季度", " 2026年3季度 "])
def test_a_quarter_as_people_write_it(text):
    quarter = quarter_of(text)
    assert (quarter.text, quarter.words) == ("2026Q3", "2026年第三季度")
    assert (quarter.first_on, quarter.after_on) == (date(2026, 7, 1), date(2026, 10, 1))


@pytest.mark.parametrize("text", ["2026", "2026Q5", "Q3", "2026Q3; drop", "２０２６Ｑ３"])
def test_no_quarter(text):
    with pytest.raises(QuarterError, match="2026Q3"):
        quarter_of(text)


SILENT = {
    **{"last_update_on": date(2026, 11, 2), "counted_from_on": date(2026, 11, 2)},
    **{"counted_to_on": date(2026, 11, 20), "unknown_days": 0},
}


@pytest.mark.parametrize(
    ("name", "facts", "suggestion", "word"),
    [
        ("national_2_weeks", Facts(SILENT), "failed", "已 18 个自然日"),
        ("local_7_workdays", Facts(SILENT), "failed", "已 14 个工作日"),
        ("national_2_weeks", Facts(SILENT | {"unknown_days": 3}), "look", "3 天没有数据"),
        ("national_2_weeks", Facts(None), "look", "没有发布数据"),
        ("content_leads", Facts(None), "look", "系统看不到正文"),
        ("interaction", Facts(None), "look", "没有登记"),
        ("interaction", Facts(None, comments_open=False), "failed", "未开放"),
        ("figure_leads", Facts(None), "look", "没有粉丝数据"),
        (
            "figure_leads",
            Facts(None, has_figures=True, dismissed=1),
            "passed",
            "1 条线索已由人排除",
        ),
        ("figure_leads", Facts(None, leads={"mass_likes": ["甲"]}), "look", "待核实：甲"),
        ("people", Facts(None, {"no_administrator": "没有管理员"}), "failed", "没有管理员"),
        # 原则上: only a person can judge the exception.
        ("one_per_platform", Facts(None, {"second_account_same_platform": "两个"}), "look", "两个"),
        ("", Facts(None), "look", "无从得知"),
    ],
)
def test_what_the_system_knows(name, facts, suggestion, word):
    found = known(name, facts, load_calendar(None))
    assert found.suggestion == suggestion
    assert word in found.words


def account(number, verdicts, platform="微信公众号", **more):
    return Checked(f"A{number}", f"号{number}", platform, "U1", "某局", verdicts, **more)


def test_one_veto_fails_an_account_and_other_problems_do_not():
    result = result_of(
        [
            account(
                1,
                {"content_safe": "failed", "links": "failed"},
                notes={"links": "菜单断链；其余略"},
            ),
            account(2, {"links": "failed"}, rechecked=["links"]),
            account(3, {"links": "passed"}, "微博", rechecked=["links"]),
        ],
        INDICATORS.by_code,
        5,
    )
    assert (result.frame_count, result.checked_count, result.passed_count) == (5, 3, 2)
    assert result.platforms == [("微信公众号", 2, 1), ("微博", 1, 1)]
    assert [(one["is_veto"], one["accounts"]) for one in result.problems] == [
        (True, ["“号1”（微信公众号）"]),
        (False, ["“号1”（微信公众号）", "“号2”（微信公众号）"]),
    ]
    assert [one["problems"] for one in result.failed] == [
        "存在严重表述错误或违禁内容；存在错链、断链（菜单断链）"
    ]
    assert [one["name"] for one in result.troubled] == ["号2"]
    assert result.recheck == {
        **{"count": 2, "fixed_count": 1},
        "still": ["“号2”（微信公众号）存在错链、断链"],
    }


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("[]", "不是可读"),
        ("version: 1", "KeyError"),
        (
            "version: 一\nlabel: x\nsource: x\n"
            "indicators: {a: {title: a, article: b, problem: c, ask: d}}",
            "ValueError",
        ),
        ("version: 1\nlabel: x\nsource: x\nindicators: {}", "没有指标"),
        (
            "version: 1\nlabel: x\nsource: x\nindicators: {Bad-Code: {title: a, article: b, problem: c, ask: d}}",
            "代号应为小写英文",
        ),
        (
            "version: 1\nlabel: x\nsource: x\nindicators: {a: {title: a, article: b, problem: c, known: followers}}",
            "ask 必须填写；known 不能是 followers",
        ),
    ],
)
def test_faults_of_an_offices_own_list_are_named(tmp_path, text, word):
    path = tmp_path / "spot_check.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(IndicatorError, match=word):
        read_indicators(path)


def test_the_steps_that_have_forms_of_their_own_are_called_so():
    titles = {
        step.title
        for name in ("spot_check", "appraisal")
        for step in parsed(playbook_path(name).read_text("utf-8"), name).steps
    }
    assert set(STEP_FORMS) <= titles
