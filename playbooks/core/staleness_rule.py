"""How long an account has been silent, by both clocks, and which rule bit first (僵尸、睡眠).

Two rules, never merged. The district (第三十一条): 超过7个工作日未更新, overdue from the 8th workday
without an update. The national inspection (2019 indicators): 监测时间点前2周内无更新, failed at 14
calendar days. On ordinary weeks the district's bites first, around a long holiday the national one.
Both counts, both dates and every status are always reported; ``state`` only names the gravest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from playbooks.core.calendar import DayReason, WorkCalendar
from playbooks.core.limit_terms import add_months


class StalenessState(StrEnum):
    """The five states, mildest first: 正常, 临近, 新区超期, 国家不合格, 清理候选."""

    NORMAL = "normal"
    APPROACHING = "approaching"
    LOCAL_OVERDUE = "local_overdue"
    NATIONAL_FAILED = "national_failed"
    CLEARANCE_CANDIDATE = "clearance_candidate"


STATE_NAMES = {
    StalenessState.NORMAL: "正常",
    StalenessState.APPROACHING: "临近超期",
    StalenessState.LOCAL_OVERDUE: "新区超期",
    StalenessState.NATIONAL_FAILED: "国家不合格",
    StalenessState.CLEARANCE_CANDIDATE: "清理候选",
}


class StalenessRule(StrEnum):
    """The two rules that can bite first; both when they bite on the same day."""

    LOCAL_7_WORKDAYS = "local_7_workdays"
    NATIONAL_2_WEEKS = "national_2_weeks"
    BOTH = "both"


@dataclass(frozen=True)
class StalenessThresholds:
    """The numbers of the two rules, and the office's own warnings before them.

    Attributes:
        approaching_workdays: internal warning for the district's rule.
        approaching_calendar_days: internal warning for the national rule: around a long holiday it
            fails an account before five workdays have passed.
        local_workdays: 第三十一条, overdue when *more* than these have passed.
        national_calendar_days: failed when *at least* these have passed.
        clearance_months: candidate for clearing when *more* than these have passed; another
            province's practice, shown as advice.
    """

    approaching_workdays: int = 5
    approaching_calendar_days: int = 11
    local_workdays: int = 7
    national_calendar_days: int = 14
    clearance_months: int = 3


THRESHOLDS = StalenessThresholds()


@dataclass(frozen=True)
class Staleness:
    """Both clocks of one account on one day.

    Attributes:
        workdays: workdays after the last update up to and including today.
        calendar_days: the same in calendar days.
        local_overdue_on: the day the district's rule bites or bit: the 8th workday.
        national_failed_on: the day the national rule bites or bit: the 14th calendar day.
        clearance_on: the first day on which more than three months have passed.
        first_rule: which of the two rules bites first, on ``first_rule_on``.
        is_provisional: a day of the workday count lies in a year without a recorded notice.
        counted: the workdays that lead to ``local_overdue_on``, as far as today.
        skipped: the rest days between them, with their reasons.
    """

    last_update_on: date
    today: date
    workdays: int
    calendar_days: int
    state: StalenessState
    is_local_overdue: bool
    is_national_failed: bool
    is_clearance_candidate: bool
    local_overdue_on: date
    national_failed_on: date
    clearance_on: date
    first_rule: StalenessRule
    first_rule_on: date
    is_provisional: bool
    counted: tuple[DayReason, ...]
    skipped: tuple[DayReason, ...]


def workdays_between(last_update_on: date, today: date, calendar: WorkCalendar) -> int:
    """Return the workdays *d* with ``last_update_on < d <= today``: full days of silence at today's end.

    The day of the update is not counted, as the first day of no term is (民法典 201).
    """
    return calendar.count_workdays(last_update_on, today)


def staleness(
    last_update_on: date,
    today: date,
    calendar: WorkCalendar,
    thresholds: StalenessThresholds = THRESHOLDS,
) -> Staleness:
    """Return how stale an account is on *today* that was last updated on *last_update_on*.

    Raises:
        ValueError: the last update lies after today.
    """
    if last_update_on > today:
        raise ValueError(f"last update on {last_update_on} is after today, {today}")
    workdays = workdays_between(last_update_on, today, calendar)
    calendar_days = (today - last_update_on).days
    path = _path_to_local_rule(last_update_on, calendar, thresholds.local_workdays + 1)
    local_on = path[-1].day
    national_on = last_update_on + timedelta(days=thresholds.national_calendar_days)
    clearance_on = add_months(last_update_on, thresholds.clearance_months) + timedelta(days=1)
    is_near = (
        workdays >= thresholds.approaching_workdays
        or calendar_days >= thresholds.approaching_calendar_days
    )
    lived = [reason for reason in path if reason.day <= today]
    return Staleness(
        last_update_on=last_update_on,
        today=today,
        workdays=workdays,
        calendar_days=calendar_days,
        state=_gravest(is_near, today >= local_on, today >= national_on, today >= clearance_on),
        is_local_overdue=today >= local_on,
        is_national_failed=today >= national_on,
        is_clearance_candidate=today >= clearance_on,
        local_overdue_on=local_on,
        national_failed_on=national_on,
        clearance_on=clearance_on,
        first_rule=_first_rule(local_on, national_on),
        first_rule_on=min(local_on, national_on),
        is_provisional=any(reason.is_provisional for reason in path),
        counted=tuple(reason for reason in lived if reason.is_workday),
        skipped=tuple(reason for reason in lived if not reason.is_workday),
    )


def _path_to_local_rule(
    last_update_on: date, calendar: WorkCalendar, workdays: int
) -> list[DayReason]:
    """Return every day from the one after the update to the last of so many workdays."""
    path: list[DayReason] = []
    day = last_update_on
    while workdays:
        day += timedelta(days=1)
        path.append(calendar.why(day))
        workdays -= path[-1].is_workday
    return path


def _gravest(
    is_near: bool, is_local_overdue: bool, is_national_failed: bool, is_clearance_candidate: bool
) -> StalenessState:
    if is_clearance_candidate:
        return StalenessState.CLEARANCE_CANDIDATE
    if is_national_failed:
        return StalenessState.NATIONAL_FAILED
    if is_local_overdue:
        return StalenessState.LOCAL_OVERDUE
    return StalenessState.APPROACHING if is_near else StalenessState.NORMAL


def _first_rule(local_on: date, national_on: date) -> StalenessRule:
    if local_on == national_on:
        return StalenessRule.BOTH
    return (
        StalenessRule.LOCAL_7_WORKDAYS if local_on < national_on else StalenessRule.NATIONAL_2_WEEKS
    )
