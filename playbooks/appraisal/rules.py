"""The rules of the annual appraisal: declared, versioned, and refused where they score what must not be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import yaml

from playbooks.core.facts import as_list, as_mapping, as_mappings
from playbooks.core.findings.kinds import kinds
from playbooks.core.register.columns import labels
from sql.refusal import Refusal

SHIPPED = Path(__file__).with_name("rules.yml")
MOST_GROUPS = 9
"""Letters number them 一 to 十, and units of no group stand in one more."""
LARGEST_BYTES = 100_000
SPONSORING = frozenset(labels("unit_kind")) - {"internal_office"}
FORBIDDEN = re.compile(
    "粉丝|关注量|关注数|阅读|播放|浏览|点击量|访问量|点赞|在看|转发|分享量|转评赞|评论量|下载|安装|使用率|"
    "注册量|打卡|积分|排名|榜单|指数|传播力|WCI|BCI|BVCI|DCI|VCI",
    re.IGNORECASE,
)
"""What may neither raise nor lower a score."""
WHY_FORBIDDEN = (
    "第三十条的考核不得以粉丝、阅读、点赞、转发、下载安装、积分排名、传播指数计分"
    "（国办函〔2026〕12号，《关于防治“指尖上的形式主义”的若干意见》；统计照做，只作参考）"
)
Part = Literal["veto", "deduction", "bonus"]
PARTS: Mapping[Part, str] = {"veto": "单项否决", "deduction": "扣分", "bonus": "加分"}
SECTIONS: Mapping[str, Part] = {"vetoes": "veto", "deductions": "deduction", "bonuses": "bonus"}
_MEASURE = re.compile(r"findings\.[a-z_0-9]+|spot_check\.[a-z_0-9]+|overdue|manual")


class RulesError(Refusal, ValueError):
    """The rules cannot be used; every fault in Chinese, with its place."""


@dataclass(frozen=True)
class Rule:
    """One rule.

    Attributes:
        measure: what is counted, or ``manual``.
        each: points for one of what is counted.
        cap: the most that the rule takes or gives.
    """

    code: str
    part: Part
    title: str
    article: str
    measure: str
    each: float = 0
    cap: float = 0


@dataclass(frozen=True)
class Rules:
    """The rules of a year."""

    version: int
    label: str
    source: str
    full_marks: float
    bonus_cap: float
    bonus_from: float
    grades: Sequence[tuple[str, float]]
    groups: Mapping[str, Sequence[str]]
    rules: Sequence[Rule]

    @property
    def entered(self) -> list[Rule]:
        """Return the rules that people may enter something for: all of them, as an appeal may be about any."""
        return list(self.rules)

    def group_of(self, unit_kind: str) -> str:
        """Return the group in which a unit is ranked; 其他 when no group has its kind."""
        return next((name for name, held in self.groups.items() if unit_kind in held), "其他")


def read_rules(own: Path) -> Rules:
    """Return the office's rules in *own*, or the shipped example while there are none.

    Raises:
        RulesError: the file has faults, or scores what must not be scored.
    """
    return _parse(own) if own.is_file() else _shipped()


@cache
def _shipped() -> Rules:
    return _parse(SHIPPED)


def _parse(path: Path) -> Rules:
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise RulesError(f"{path} 大于 {LARGEST_BYTES} 字节，不是考核规则")
        loaded: object = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        rules = _rules(as_mapping(loaded))
    except (yaml.YAMLError, UnicodeDecodeError, TypeError, KeyError, ValueError) as error:
        if isinstance(error, RulesError):
            raise
        raise RulesError(f"{path} 不是可读的考核规则：{type(error).__name__} {error}") from error
    faults = list(_faults(rules))
    if faults:
        raise RulesError(f"{path}：" + "；".join(faults))
    return rules


def _rules(declared: dict[str, object]) -> Rules:
    known = {field for field in Rules.__dataclass_fields__ if field != "rules"}
    unknown = set(declared) - known - set(SECTIONS)
    if unknown:
        raise RulesError(f"不认识的栏目 {'、'.join(sorted(unknown))}")
    found = [
        _rule(part, entry)
        for key, part in SECTIONS.items()
        for entry in as_mappings(declared.get(key, []))
    ]
    return Rules(
        version=int(str(declared["version"])),
        label=str(declared["label"]),
        source=str(declared["source"]),
        full_marks=float(str(declared["full_marks"])),
        bonus_cap=float(str(declared["bonus_cap"])),
        bonus_from=float(str(declared["bonus_from"])),
        grades=[
            (str(one["name"]), float(str(one["at_least"])))
            for one in as_mappings(declared["grades"])
        ],
        groups={
            name: [str(kind) for kind in as_list(held)]
            for name, held in as_mapping(declared["groups"]).items()
        },
        rules=found,
    )


def _rule(part: Part, entry: Mapping[str, object]) -> Rule:
    unknown = set(entry) - {"code", "title", "article", "measure", "each", "cap"}
    if unknown:
        raise RulesError(f"{entry.get('code')} 有不认识的栏目 {'、'.join(sorted(unknown))}")
    return Rule(
        code=str(entry["code"]),
        part=part,
        title=str(entry["title"]),
        article=str(entry["article"]),
        measure=str(entry.get("measure", "manual")),
        each=float(str(entry.get("each", 0))),
        cap=float(str(entry.get("cap", 0))),
    )


def _faults(rules: Rules) -> Iterator[str]:
    """Yield every fault: what is scored must be allowed, countable, bounded and named once."""
    codes = [rule.code for rule in rules.rules]
    yield from (f"{code} 写了两次" for code in sorted({c for c in codes if codes.count(c) > 1}))
    lowest = [at_least for _, at_least in rules.grades]
    if not lowest or lowest != sorted(lowest, reverse=True) or lowest[-1] != 0:
        yield "grades 应由高到低排列，最后一级 at_least 为 0"
    if not 0 < rules.full_marks <= 1000 or not 0 <= rules.bonus_cap <= rules.full_marks:
        yield "full_marks、bonus_cap 不合理"
    if len(rules.groups) > MOST_GROUPS:
        yield f"分组不能超过 {MOST_GROUPS} 个，现有 {len(rules.groups)} 个"
    for name, held in rules.groups.items():
        strange = sorted(set(held) - SPONSORING)
        if strange:
            yield f"分组「{name}」中没有单位类别 {'、'.join(strange)}"
    for rule in rules.rules:
        yield from (f"{rule.code}：{fault}" for fault in _faults_of(rule))


def _faults_of(rule: Rule) -> Iterator[str]:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", rule.code):
        yield "代号应为小写英文"
    if rule.part != "veto" and FORBIDDEN.search(f"{rule.title} {rule.measure}"):
        yield f"「{rule.title}」不得计分：{WHY_FORBIDDEN}"
    if not _MEASURE.fullmatch(rule.measure):
        yield f"measure 不能是 {rule.measure}：只能是 findings.…、spot_check.…、overdue、manual"
    yield from _faults_of_measure(rule)
    yield from _faults_of_points(rule)


def _faults_of_measure(rule: Rule) -> Iterator[str]:
    if not rule.measure.startswith("findings."):
        return
    kind = kinds().get(rule.measure.removeprefix("findings."))
    if kind is None:
        yield f"问题清单没有 {rule.measure}"
    elif kind.level == "lead":
        yield f"{kind.title}只是线索，未经人核实不得计分"


def _faults_of_points(rule: Rule) -> Iterator[str]:
    if rule.part == "bonus" and rule.measure != "manual":
        yield "加分项由人评定，measure 只能是 manual"
    if rule.part == "deduction" and rule.measure != "manual" and rule.each <= 0:
        yield "each 应大于 0"
    if rule.part != "veto" and rule.cap <= 0:
        yield "cap 应大于 0"
