"""Silence by both clocks as a problem: which rule bit when, which days were counted and which not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import cast

from playbooks.core.calendar import WorkCalendar, days_between
from playbooks.core.findings.model import Found
from playbooks.core.staleness_rule import STATE_NAMES, Staleness, StalenessRule, staleness

FIRST = {
    StalenessRule.LOCAL_7_WORKDAYS: "先触及新区线",
    StalenessRule.NATIONAL_2_WEEKS: "先触及国家线",
    StalenessRule.BOTH: "两条线同日触及",
}


def stale(rows: Iterable[Mapping[str, object]], calendar: WorkCalendar) -> Iterator[Found]:
    """Yield a problem for every account that either rule holds against.

    Args:
        rows: of ``marts/account_freshness``.
        calendar: by which the days are told.
    """
    for row in rows:
        if not (row["local_overdue"] or row["national_failed"]):
            continue
        from_on, to_on = cast("date", row["counted_from_on"]), cast("date", row["counted_to_on"])
        rule = staleness(from_on, to_on, calendar)
        unknown_days = int(str(row["unknown_days"] or 0))
        code = "stale_unproven" if unknown_days else "stale"
        yield Found(
            key=f"{code}:{row['account_id']}:{from_on}",
            code=code,
            unit_id=str(row["unit_id"]),
            account_id=str(row["account_id"]),
            detail=explained(rule, calendar, row["last_update_on"] is not None, unknown_days),
            grade=rule.state.value,
            facts=_facts(rule, calendar, unknown_days),
        )


def explained(
    rule: Staleness, calendar: WorkCalendar, is_update: bool, unknown_days: int = 0
) -> str:
    """Return both counts in one sentence, with the days that were not counted and why."""
    start = (
        f"最近更新 {rule.last_update_on}" if is_update else f"{rule.last_update_on} 以来未见更新"
    )
    parts = [
        f"{start}，至 {rule.today} 已 {rule.workdays} 个工作日、{rule.calendar_days} 个自然日",
        f"其间休息日：{_skipped(rule, calendar)}",
        f"新区线（第 8 个工作日）{rule.local_overdue_on}{_bitten(rule.is_local_overdue)}",
        f"国家线（满 14 个自然日）{rule.national_failed_on}{_bitten(rule.is_national_failed)}",
        FIRST[rule.first_rule],
    ]
    if unknown_days:
        parts.append(f"其中 {unknown_days} 天没有数据，须人工查看账号后认定")
    if rule.is_provisional:
        parts.append("跨入未公布放假安排的年份，工作日为暂定")
    return f"{STATE_NAMES[rule.state]}：" + "；".join(parts)


def by_local_rule(rule: Staleness, calendar: WorkCalendar) -> str:
    """Return the count of Article 31 alone, in one sentence."""
    return (
        f"最近更新 {rule.last_update_on}，至 {rule.today} 已 {rule.workdays} 个工作日"
        f"（休息日：{_skipped(rule, calendar)}）；第 8 个工作日 {rule.local_overdue_on}"
        f"{_bitten(rule.is_local_overdue)}"
    )


def by_national_rule(rule: Staleness) -> str:
    """Return the count of the national rule alone, in one sentence."""
    return (
        f"最近更新 {rule.last_update_on}，至 {rule.today} 已 {rule.calendar_days} 个自然日；"
        f"满 14 日 {rule.national_failed_on}{_bitten(rule.is_national_failed)}"
    )


def _bitten(is_bitten: bool) -> str:
    return "起超期" if is_bitten else "到期，尚未触及"


def _skipped(rule: Staleness, calendar: WorkCalendar) -> str:
    first = rule.last_update_on + timedelta(days=1)
    reasons = [calendar.why(day) for day in days_between(first, rule.today)]
    counts = Counter(reason.name for reason in reasons if not reason.is_workday)
    return "、".join(f"{name}{count}天" for name, count in counts.items()) or "无"


def _facts(rule: Staleness, calendar: WorkCalendar, unknown_days: int) -> dict[str, object]:
    first = rule.last_update_on + timedelta(days=1)
    return {
        "last_update_on": rule.last_update_on.isoformat(),
        "counted_to_on": rule.today.isoformat(),
        "workdays": rule.workdays,
        "calendar_days": rule.calendar_days,
        "unknown_days": unknown_days,
        "local_overdue_on": rule.local_overdue_on.isoformat(),
        "national_failed_on": rule.national_failed_on.isoformat(),
        "days": [
            {
                "day": day.isoformat(),
                "counted": calendar.is_workday(day),
                "why": calendar.why(day).text,
            }
            for day in days_between(first, rule.today)
        ],
    }
