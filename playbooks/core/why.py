"""Why somebody is called now: which clock runs and how it counts, and why it is this person."""

from __future__ import annotations

from datetime import datetime

from playbooks.core.calendar import WorkCalendar
from playbooks.core.limits import Unit
from playbooks.core.working_hours import local_day


def counting_text(unit: str, calendar: WorkCalendar, now: datetime) -> str:
    """Return how a clock counts, and by which roster somebody is called on a rest day."""
    is_working_time = unit in (Unit.WORKING_HOURS, Unit.WORKING_DAYS)
    counted = (
        "按工作时间计，夜间和休息日不计" if is_working_time else "按自然时间计，夜间和休息日照计"
    )
    return counted + rest_text(calendar, now)


def rest_text(calendar: WorkCalendar, now: datetime) -> str:
    """Return that today is no workday, and who is called then; nothing on a workday."""
    day = calendar.why(local_day(now))
    return "" if day.is_workday else f"；今日{day.text}，按值班表通知在岗人员"


def person_text(role_title: str, *, is_assigned: bool) -> str:
    """Return why it is this person: the roster, or a hand-over."""
    if is_assigned:
        return "通知您：该步骤已移交给您"
    return f"通知您：您是值班表上的「{role_title}」"


def rung_text(role_title: str, *, is_assigned: bool, is_past: bool) -> str:
    """Return why a rung of a ladder calls this person."""
    if is_past:
        return (
            f"{person_text(role_title, is_assigned=is_assigned)}，时限已到仍未办结，按预案逐级提醒"
        )
    return f"{person_text(role_title, is_assigned=is_assigned)}，时限将到，按预案提醒"
