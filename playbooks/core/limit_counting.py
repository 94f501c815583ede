"""When a limit is due, which days were counted for it, and which were skipped and why.

Where a day ends (民法典 203: 截止时间为二十四时;有业务时间的,停止业务活动的时间为截止时间):
working days end when the office closes on the last of them; calendar days and months end with the
day itself. The latter is given as 23:59:59, the last second of that day, and not as the midnight
after it, because every screen and letter would print that midnight under the next day's date.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from playbooks.core.calendar import DayReason, WorkCalendar, days_between, is_new_year_tail
from playbooks.core.limit_projection import CountedDay, Earliest, Projection, SkippedDay
from playbooks.core.limit_terms import ROLLING, Limit, Roll, Unit, add_months
from playbooks.core.working_hours import (
    LAST_SECOND,
    MIDNIGHT,
    OFFICE_ZONE,
    OfficeHours,
    local_day,
    local_instant,
)

START_YEARS = range(1992, 2201)


@dataclass
class _Count:
    """What a walk over the days found; the kinds of the *consulted* days decided it."""

    due: datetime
    counted: list[CountedDay] = field(default_factory=list[CountedDay])
    skipped: list[SkippedDay] = field(default_factory=list[SkippedDay])
    consulted: list[DayReason] = field(default_factory=list[DayReason])


def project(limit: Limit, start: datetime, calendar: WorkCalendar) -> Projection:
    """Return when *limit*, running from *start* without a pause, is due.

    Args:
        limit: what to count.
        start: aware instant; its day in Asia/Shanghai is not counted for days and months.
        calendar: decides workdays and office hours.

    Raises:
        ValueError: *start* is naive or outside the years 1992 to 2200.
    """
    if local_day(start).year not in START_YEARS:
        raise ValueError(f"{start.isoformat()} is outside the years 1992 to 2200")
    local_start = start.astimezone(OFFICE_ZONE)
    if limit.unit is Unit.WALL_HOURS:
        found = _wall_hours(limit, local_start, calendar)
    elif limit.unit is Unit.WORKING_HOURS:
        found = _working_hours(limit, local_start, calendar)
    elif limit.unit is Unit.WORKING_DAYS:
        found = _working_days(limit, local_start, calendar)
    else:
        found = _days_and_months(limit, local_start, calendar)
    return Projection(
        limit,
        start.astimezone(UTC),
        found.due.astimezone(UTC),
        any(reason.is_provisional for reason in found.consulted),
        tuple(found.counted),
        tuple(found.skipped),
        calendar.version,
        _notes(found.consulted, calendar),
    )


def earliest_after(limit: Limit, start: datetime | date, calendar: WorkCalendar) -> Earliest:
    """Return the first day after a limit of "at least so many days" (公告不少于15个工作日).

    Args:
        limit: in working days, calendar days or months.
        start: the day of the notice, or an aware instant on it.
        calendar: decides workdays.
    """
    if limit.unit not in ROLLING | {Unit.WORKING_DAYS}:
        raise ValueError(f"a limit in {limit.unit} has no first day after it")
    # A day, not an instant: at its first moment, so that the day itself is never counted.
    moment = start if isinstance(start, datetime) else local_instant(start, MIDNIGHT)
    projection = project(limit, moment, calendar)
    return Earliest(projection.due_on + timedelta(days=1), projection)


def _working_days(limit: Limit, start: datetime, calendar: WorkCalendar) -> _Count:
    day, left = count_from(limit, start, calendar)
    found = _Count(start)
    while left:
        day += timedelta(days=1)
        reason = calendar.why(day)
        found.consulted.append(reason)
        if reason.is_workday:
            left -= 1
            found.counted.append(CountedDay(day, reason))
        else:
            found.skipped.append(SkippedDay(day, reason, reason.text))
    found.due = calendar.office_hours.closing_on(day)
    return found


def count_from(limit: Limit, start: datetime, calendar: WorkCalendar) -> tuple[date, int]:
    """Return the day after which workdays are counted, and how many.

    Normally the start day and the budget. Nothing left (a deadline resumed on its last day) means
    the next closing of the office, today's if it is still to come.
    """
    day, left = local_day(start), int(limit.budget)
    if left:
        return day, left
    is_before_closing = start <= calendar.office_hours.closing_on(day)
    return (day - timedelta(days=1) if is_before_closing else day), 1


def _working_hours(limit: Limit, start: datetime, calendar: WorkCalendar) -> _Count:
    day, left = local_day(start), limit.duration
    found = _Count(start)
    while True:
        reason = calendar.why(day)
        found.consulted.append(reason)
        used, due = _use_day(start, left, calendar.office_hours, reason)
        if due:
            found.counted.append(CountedDay(day, reason, used))
            found.due = due
            return found
        left -= used
        if used:
            found.counted.append(CountedDay(day, reason, used))
        else:
            text = "起算时当日办公已结束" if reason.is_workday else reason.text
            found.skipped.append(SkippedDay(day, reason, text))
        day += timedelta(days=1)


def _use_day(
    start: datetime, left: timedelta, hours: OfficeHours, reason: DayReason
) -> tuple[timedelta, datetime | None]:
    """Return how much of *left* a day uses from *start* on, and when it is used up, if it is."""
    used = timedelta()
    for opening, closing in hours.spans_on(reason.day) if reason.is_workday else ():
        begin = max(start, opening)
        if begin <= closing:
            part = min(left - used, closing - begin)
            used += part
            if used == left:
                return used, begin + part
    return used, None


def _wall_hours(limit: Limit, start: datetime, calendar: WorkCalendar) -> _Count:
    """Hours of the clock: the kind of a day is told, and decides nothing."""
    due = start + limit.duration
    found = _Count(due)
    for day in days_between(start.date(), due.date()):
        midnight = local_instant(day, MIDNIGHT)
        used = min(due, midnight + timedelta(days=1)) - max(start, midnight)
        if used or not limit.budget:
            found.counted.append(CountedDay(day, calendar.why(day), used))
    return found


def _days_and_months(limit: Limit, start: datetime, calendar: WorkCalendar) -> _Count:
    first = start.date()
    is_months = limit.unit is Unit.MONTHS
    amount = int(limit.budget)
    nominal = add_months(first, amount) if is_months else first + timedelta(days=amount)
    last, consulted = nominal, list[DayReason]()
    if limit.roll is Roll.NEXT_WORKDAY:
        consulted.append(calendar.why(last))
        while not consulted[-1].is_workday:
            last += timedelta(days=1)
            consulted.append(calendar.why(last))
    found = _Count(local_instant(last, LAST_SECOND), consulted=consulted)
    for day in days_between(first + timedelta(days=1), last):
        reason = calendar.why(day)
        if nominal <= day < last:
            found.skipped.append(SkippedDay(day, reason, f"末日遇{reason.text}，顺延"))
        else:
            found.counted.append(CountedDay(day, reason))
    return found


def _notes(consulted: list[DayReason], calendar: WorkCalendar) -> tuple[str, ...]:
    years = sorted({reason.day.year for reason in consulted if reason.is_provisional})
    notes = [calendar.notice_text(year) for year in years]
    # Firm by this year's notice, and yet the next year's may still move these few days.
    tails = {
        reason.day.year
        for reason in consulted
        if is_new_year_tail(reason.day) and not reason.is_provisional
    }
    notes.extend(
        f"{year}年12月28日至31日的安排还可能被{year + 1}年放假通知调整"
        for year in sorted(tails)
        if not calendar.is_published(year + 1)
    )
    return tuple(notes)
