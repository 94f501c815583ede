"""What must not be scored is refused; points, caps, vetoes, bonuses, rulings and ranks are literal."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from playbooks.appraisal.rules import SHIPPED, RulesError, read_rules
from playbooks.appraisal.scoring import Entry, Record, Unit, scores

RULES = read_rules(Path("none"))


def declared(**changes):
    rules = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    return rules | changes


def read(tmp_path, rules):
    path = tmp_path / "appraisal.yml"
    path.write_text(yaml.safe_dump(rules, allow_unicode=True), encoding="utf-8")
    return read_rules(path)


@pytest.mark.parametrize(
    "title",
    [
        *(
            "粉丝数增长",
            "阅读量 10 万以上",
            "点赞量",
            "转发上级推文",
            "WCI 指数",
            "wci",
            "APP 安装使用率",
        ),
        *("积分排名", "传播力", "下载量"),
    ],
)
@pytest.mark.parametrize("section", ["deductions", "bonuses"])
def test_what_must_not_be_scored_is_refused(tmp_path, title, section):
    rule = {"code": "x", "title": title, "article": "a", "cap": 5}
    with pytest.raises(RulesError, match="不得计分：第三十条"):
        read(tmp_path, declared(**{section: [rule | {"measure": "manual"}]}))


@pytest.mark.parametrize(
    ("rule", "word"),
    [
        ({"measure": "account.followers"}, "measure 不能是 account.followers"),
        ({"measure": "findings.follower_jump"}, "只是线索，未经人核实不得计分"),
        ({"measure": "findings.nothing"}, "问题清单没有 findings.nothing"),
        ({"measure": "findings.stale", "each": 0}, "each 应大于 0"),
        ({"measure": "manual", "cap": 0}, "cap 应大于 0"),
        ({"measure": "manual", "code": "Bad"}, "代号应为小写英文"),
        ({"measure": "manual", "points": 3}, "不认识的栏目 points"),
    ],
)
def test_faults_are_named(tmp_path, rule, word):
    whole = {"code": "x", "title": "某项", "article": "a", "each": 1, "cap": 5} | rule
    with pytest.raises(RulesError, match=word):
        read(tmp_path, declared(deductions=[whole]))


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"grades": [{"name": "合格", "at_least": 60}]}, "最后一级 at_least 为 0"),
        ({"groups": {"甲": ["internal_office"]}}, "没有单位类别 internal_office"),
        (
            {"groups": {f"组{n}": ["department"] for n in range(10)}},
            "分组不能超过 9 个，现有 10 个",
        ),
        ({"bonus_cap": 500}, "不合理"),
        ({"surprise": 1}, "不认识的栏目 surprise"),
        ({"version": "一"}, "不是可读的考核规则"),
    ],
)
def test_faults_of_the_frame_are_named(tmp_path, changes, word):
    with pytest.raises(RulesError, match=word):
        read(tmp_path, declared(**changes))


def entry(points, words="说明"):
    return Entry(points, words, "林晓")


def scored(*records, rules=RULES):
    units = [Unit(f"U{n}", f"局{n}", "department") for n in range(len(records))]
    found = scores(rules, units, {f"U{n}": record for n, record in enumerate(records)})
    return {one.unit.unit_id: one for one in found}


def test_deductions_are_capped_and_bonuses_wait_for_eighty():
    stale, services = {"findings.stale": 9}, {("score", "service"): entry(99.0)}
    found = scored(
        Record({"findings.stale": 2}),
        Record(stale),
        Record(stale | {"findings.silent_in_incident": 1}, entries=services),
        Record(entries=services),
    )
    assert [(one.total, one.bonus, one.grade, one.rank) for _, one in sorted(found.items())] == [
        (94.0, 0.0, "优秀", 2),
        (80.0, 0.0, "合格", 3),
        (75.0, 0.0, "合格", 4),  # five of bonus, but under eighty
        (105.0, 5.0, "优秀", 1),
    ]


def test_all_bonuses_together_are_capped_and_a_tie_takes_two_ranks():
    service = Record(entries={("score", "service"): entry(99.0)})
    found = scored(
        service,
        Record({"findings.stale": 1}),
        service,
        Record({"findings.stale": 2}),
        rules=replace(RULES, bonus_cap=3.0),
    )
    assert [(one.total, one.bonus, one.rank) for _, one in sorted(found.items())] == [
        (103.0, 3.0, 1),
        (97.0, 0.0, 3),
        (103.0, 3.0, 1),
        (94.0, 0.0, 4),
    ]


def test_a_veto_gives_no_number_and_no_rank_until_it_is_ruled_away():
    vetoed = Record({"spot_check.content_safe": 1}, {"spot_check.content_safe": ["2026Q3 A1"]})
    ruled = Record(
        vetoed.counts,
        entries={
            ("appeal", "unsafe_content"): entry(0, "系转载原文"),
            ("ruling", "unsafe_content"): entry(0, "申诉成立"),
        },
    )
    found = scored(vetoed, ruled, Record())
    assert (found["U0"].total, found["U0"].rank, found["U0"].grade) == (None, None, "不合格")
    assert (found["U1"].total, found["U1"].rank, found["U2"].rank) == (100.0, 1, 1)
    (item,) = [one for one in found["U1"].items if one.appeal]
    assert item.appeal == "申诉：系转载原文；林晓裁定撤销单项否决：申诉成立"


def test_a_units_own_report_scores_nothing():
    found = scored(Record(entries={("self_report", "service"): entry(5.0)}))
    (item,) = [one for one in found["U0"].items if one.rule.code == "service"]
    assert (item.points, item.claimed, found["U0"].total) == (0.0, 5.0, 100.0)
