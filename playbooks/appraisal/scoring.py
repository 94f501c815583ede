"""From the rules and the record of a year to each unit's sheet, and the ranking within its group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from playbooks.appraisal.rules import Rule, Rules

VETOED = "单项否决，不计分"


@dataclass(frozen=True)
class Unit:
    """A unit that sponsors accounts."""

    unit_id: str
    name: str
    unit_kind: str


@dataclass(frozen=True)
class Entry:
    """What a person entered for a unit and rule."""

    points: float | None
    words: str
    by: str


@dataclass(frozen=True)
class Record:
    """What a year holds against and for a unit.

    Attributes:
        counts: measure -> how many.
        proofs: measure -> what was counted, for the sheet.
        entries: (kind, rule) -> the entry that stands.
    """

    counts: Mapping[str, int] = field(default_factory=dict[str, int])
    proofs: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    entries: Mapping[tuple[str, str], Entry] = field(default_factory=dict[tuple[str, str], Entry])


@dataclass(frozen=True)
class Item:
    """One rule as it came out for one unit.

    Attributes:
        points: taken or given, never negative; of a veto 1 when it bites, else 0.
        because: what was counted or who gave it.
        claimed: what the unit reported of itself; ``None`` when nothing.
        appeal: what the unit appealed, and the ruling; ``""`` when nothing.
    """

    rule: Rule
    points: float
    because: str
    claimed: float | None
    claimed_words: str
    appeal: str


@dataclass(frozen=True)
class Score:
    """One unit's sheet.

    Attributes:
        total: ``None`` when a veto bites: a number is not invented for it.
        rank: within the group, equal totals share one; ``None`` for a vetoed unit.
    """

    unit: Unit
    group: str
    items: Sequence[Item]
    deduction: float
    bonus: float
    total: float | None
    grade: str
    vetoes: Sequence[str]
    rank: int | None = None


def scores(rules: Rules, units: Iterable[Unit], records: Mapping[str, Record]) -> list[Score]:
    """Return every unit's sheet with its rank, by group as declared and rank."""
    found = [_score(rules, unit, records.get(unit.unit_id, Record())) for unit in units]
    order = [*rules.groups, "其他"]
    ranked: list[Score] = []
    for group in order:
        mine = sorted(
            (one for one in found if one.group == group),
            key=lambda one: (-(one.total if one.total is not None else -1), one.unit.unit_id),
        )
        totals = [one.total for one in mine]
        ranked += [
            replace(one, rank=totals.index(one.total) + 1 if one.total is not None else None)
            for one in mine
        ]
    return ranked


def _score(rules: Rules, unit: Unit, record: Record) -> Score:
    items = [_item(rule, record) for rule in rules.rules]
    vetoes = [one.rule.title for one in items if one.rule.part == "veto" and one.points]
    deduction = sum(one.points for one in items if one.rule.part == "deduction")
    base = max(rules.full_marks - deduction, 0.0)
    given = sum(one.points for one in items if one.rule.part == "bonus")
    bonus = min(given, rules.bonus_cap) if base >= rules.bonus_from else 0.0
    total = None if vetoes else round(base + bonus, 2)
    return Score(
        unit=unit,
        group=rules.group_of(unit.unit_kind),
        items=items,
        deduction=round(rules.full_marks - base, 2),
        bonus=round(bonus, 2),
        total=total,
        grade=_grade(rules, total),
        vetoes=vetoes,
    )


def _grade(rules: Rules, total: float | None) -> str:
    if total is None:
        return rules.grades[-1][0]
    return next(name for name, at_least in rules.grades if total >= at_least)


def _item(rule: Rule, record: Record) -> Item:
    points, because = _counted(rule, record)
    claim = record.entries.get(("self_report", rule.code))
    appeal = record.entries.get(("appeal", rule.code))
    ruling = record.entries.get(("ruling", rule.code))
    told = f"申诉：{appeal.words}" if appeal else ""
    if ruling is not None and ruling.points is not None:
        points = _bounded(rule, ruling.points)
        told = "；".join(
            filter(None, (told, f"{ruling.by}裁定{_ruled(rule, points)}：{ruling.words}"))
        )
    return Item(
        rule,
        points,
        because,
        claim.points if claim else None,
        claim.words if claim else "",
        told,
    )


def _ruled(rule: Rule, points: float) -> str:
    if rule.part == "veto":
        return "维持单项否决" if points else "撤销单项否决"
    return f"{'扣' if rule.part == 'deduction' else '加'} {points:g} 分"


def _counted(rule: Rule, record: Record) -> tuple[float, str]:
    if rule.measure == "manual":
        given = record.entries.get(("score", rule.code))
        if given is None or given.points is None:
            return 0.0, ""
        return _bounded(rule, given.points), f"{given.by}评定：{given.words}"
    count = record.counts.get(rule.measure, 0)
    proofs = "；".join(record.proofs.get(rule.measure, ()))
    if rule.part == "veto":
        return float(count > 0), proofs
    return min(
        count * rule.each, rule.cap
    ), f"{count} 次 × {rule.each:g}：{proofs}" if count else ""


def _bounded(rule: Rule, points: float) -> float:
    return float(points > 0) if rule.part == "veto" else min(max(points, 0.0), rule.cap)
