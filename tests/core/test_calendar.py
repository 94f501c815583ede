"""The work calendar against the 2026 notice, and years that no notice covers."""

from __future__ import annotations

from datetime import date, time

import pytest

from playbooks.core.calendar import DayKind, WorkCalendar, load_calendar
from playbooks.core.working_hours import OfficeHours

CALENDAR = load_calendar()

OFF_2026 = [
    ("元旦", date(2026, 1, 1), date(2026, 1, 3)),
    ("春节", date(2026, 2, 15), date(2026, 2, 23)),
    ("清明", date(2026, 4, 4), date(2026, 4, 6)),
    ("劳动节", date(2026, 5, 1), date(2026, 5, 5)),
    ("端午", date(2026, 6, 19), date(2026, 6, 21)),
    ("中秋", date(2026, 9, 25), date(2026, 9, 27)),
    ("国庆节", date(2026, 10, 1), date(2026, 10, 7)),
]
MAKE_UP_2026 = {
    date(2026, 1, 4): "元旦",
    date(2026, 2, 14): "春节",
    date(2026, 2, 28): "春节",
    date(2026, 5, 9): "劳动节",
    date(2026, 9, 20): "国庆节",
    date(2026, 10, 10): "国庆节",
}


def test_every_day_of_2026_is_what_the_notice_says() -> None:
    for ordinal in range(date(2026, 1, 1).toordinal(), date(2026, 12, 31).toordinal() + 1):
        day = date.fromordinal(ordinal)
        reason = CALENDAR.why(day)
        off = [name for name, first, last in OFF_2026 if first <= day <= last]
        if off:
            expected = (DayKind.PUBLIC_HOLIDAY, off[0])
        elif day in MAKE_UP_2026:
            expected = (DayKind.MAKE_UP_WORKDAY, MAKE_UP_2026[day])
        elif day.isoweekday() >= 6:
            expected = (DayKind.WEEKEND, "周六" if day.isoweekday() == 6 else "周日")
        else:
            expected = (DayKind.WORKDAY, "工作日")
        assert (reason.kind, reason.name) == expected, day
        assert not reason.is_provisional


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 10, 10), "国庆节调休上班"),
        (date(2026, 10, 3), "国庆节放假"),
        (date(2026, 10, 17), "周六"),
        (date(2026, 10, 8), "工作日"),
        (date(2027, 2, 5), "春节法定假日（暂定：未收录当年放假通知）"),
        (date(2027, 2, 27), "周六（暂定：未收录当年放假通知）"),
        (date(2027, 2, 9), "工作日（暂定：未收录当年放假通知）"),
        (date(2077, 10, 1), "国庆节法定假日（暂定：未收录当年放假通知）"),
    ],
)
def test_reason_in_chinese(day: date, text: str) -> None:
    assert CALENDAR.why(day).text == text


def test_unpublished_year_is_provisional_on_every_day_and_knows_the_statutory_days() -> None:
    days = [
        date.fromordinal(n)
        for n in range(date(2027, 1, 1).toordinal(), date(2028, 1, 1).toordinal())
    ]
    reasons = [CALENDAR.why(day) for day in days]
    assert all(reason.is_provisional for reason in reasons)
    holidays = [r.day for r in reasons if r.kind is DayKind.PROJECTED_PUBLIC_HOLIDAY]
    assert holidays == [
        date(2027, 1, 1),
        *(date(2027, 2, day) for day in (5, 6, 7, 8)),
        date(2027, 4, 5),
        date(2027, 5, 1),
        date(2027, 5, 2),
        date(2027, 6, 9),
        date(2027, 9, 15),
        *(date(2027, 10, day) for day in (1, 2, 3)),
    ]
    assert not CALENDAR.is_published(2027)


def test_a_year_before_the_library_is_provisional_too() -> None:
    assert CALENDAR.why(date(1999, 6, 1)).is_provisional


@pytest.mark.parametrize(
    ("year", "text"),
    [
        (
            2026,
            "2026年放假通知：2025-11-04 文号未登记 "
            "https://politics.gmw.cn/2025-11/04/content_38391083.htm",
        ),
        (2025, "2025年放假安排（通知出处未登记）"),
        (2027, "2027年放假通知未收录，日期暂定"),
    ],
)
def test_what_a_year_rests_on(year: int, text: str) -> None:
    assert CALENDAR.notice_text(year) == text


@pytest.mark.parametrize(
    ("after", "until", "count"),
    [
        (date(2026, 9, 30), date(2026, 10, 10), 3),  # 8, 9 and the make-up Saturday
        (date(2026, 2, 13), date(2026, 2, 28), 6),  # 14, 24-27, 28
        (date(2025, 12, 31), date(2026, 1, 4), 1),
        (date(2025, 6, 30), date(2025, 6, 30), 0),
        (date(2025, 7, 2), date(2025, 7, 1), 0),
        (date(2025, 12, 31), date(2026, 12, 31), 248),
    ],
)
def test_workdays_are_counted_after_and_until(after: date, until: date, count: int) -> None:
    assert CALENDAR.count_workdays(after, until) == count


def test_version_names_what_a_date_depends_on() -> None:
    again = load_calendar()
    other_hours = load_calendar(office_hours=OfficeHours(((time(9), time(17)),)))
    assert again.version == CALENDAR.version
    assert other_hours.version != CALENDAR.version


def test_a_calendar_works_out_only_the_years_it_is_asked_for() -> None:
    calendar: WorkCalendar = load_calendar()
    assert calendar.why(date(2026, 5, 9)).is_workday
    assert set(calendar._known_days) == {2026}
