"""The result sheet (考核结果) and the blank self-report as workbooks; nothing in a cell is evaluated."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from playbooks.appraisal.rules import PARTS, WHY_FORBIDDEN, Rules
from playbooks.appraisal.scoring import VETOED, Score
from playbooks.core.workbook import Sheet, SheetColumn, Value

TOTALS = (
    *(SheetColumn("分组", width=16), SheetColumn("组内名次", "integer", 9, missing="—")),
    *(SheetColumn("单位", width=40), SheetColumn("扣分", "decimal", 9)),
    *(SheetColumn("加分", "decimal", 9), SheetColumn("得分", "decimal", 10, missing=VETOED)),
    *(SheetColumn("等次", width=9), SheetColumn("单项否决", width=40, missing="")),
)
ITEMS = (
    *(SheetColumn("单位", width=40), SheetColumn("性质", width=9)),
    *(SheetColumn("考核项", width=30), SheetColumn("依据", width=20)),
    *(SheetColumn("计分", "decimal", 9), SheetColumn("事由", width=60, missing="")),
    *(
        SheetColumn("单位自评", "decimal", 9, missing=""),
        SheetColumn("自评说明", width=40, missing=""),
    ),
    SheetColumn("申诉与裁定", width=40, missing=""),
)
RULES = (
    *(SheetColumn("性质", width=9), SheetColumn("代号", width=18)),
    *(SheetColumn("考核项", width=34), SheetColumn("依据", width=24)),
    *(SheetColumn("计数来源", width=26), SheetColumn("每次", "decimal", 8, missing="")),
    SheetColumn("上限", "decimal", 8, missing=""),
)
REPORT = (
    *(SheetColumn("考核项代号", width=18), SheetColumn("性质", width=9)),
    *(SheetColumn("考核项", width=34), SheetColumn("自评分", "decimal", 9, missing="")),
    *(SheetColumn("自评说明", width=60, missing=""), SheetColumn("佐证", width=40, missing="")),
)


def result_sheets(scores: Sequence[Score], rules: Rules) -> list[Sheet]:
    """Return the sheets of the result: totals, every rule of every unit, the rules themselves."""
    return [
        Sheet("考核结果", TOTALS, [_total(one) for one in scores]),
        Sheet("逐项计分", ITEMS, [row for one in scores for row in _items(one)]),
        *rule_sheets(rules),
    ]


def rule_sheets(rules: Rules) -> list[Sheet]:
    """Return the rules as a sheet, and what is not scored and why."""
    notes = [
        f"规则版本 {rules.version}（{rules.label}）：{rules.source}",
        f"满分 {rules.full_marks:g}；扣分项得分达到 {rules.bonus_from:g} 才计加分，加分至多 {rules.bonus_cap:g}",
        "；".join(f"{name}：{at_least:g} 分以上" for name, at_least in rules.grades),
        WHY_FORBIDDEN,
        "线索未经人核实不计分；单项否决不计分，按末等",
    ]
    return [
        Sheet("考核规则", RULES, list(_rules(rules))),
        Sheet("说明", [SheetColumn("说明", width=120)], [[note] for note in notes]),
    ]


def blank_report(rules: Rules) -> Sheet:
    """Return the self-report that a unit fills in."""
    rows: list[Sequence[Value]] = [
        [rule.code, PARTS[rule.part], rule.title, None, None, None] for rule in rules.rules
    ]
    return Sheet("单位自评", REPORT, rows)


def _total(one: Score) -> list[Value]:
    return [
        *(one.group, one.rank, one.unit.name, one.deduction, one.bonus, one.total, one.grade),
        "；".join(one.vetoes) or None,
    ]


def _items(one: Score) -> Iterable[list[Value]]:
    for item in one.items:
        yield [
            *(one.unit.name, PARTS[item.rule.part], item.rule.title, item.rule.article),
            *(item.points, item.because or None, item.claimed, item.claimed_words or None),
            item.appeal or None,
        ]


def _rules(rules: Rules) -> Iterable[list[Value]]:
    for rule in rules.rules:
        yield [
            *(PARTS[rule.part], rule.code, rule.title, rule.article, rule.measure),
            *(rule.each or None, rule.cap or None),
        ]
