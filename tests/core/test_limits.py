"""Golden due times: literal in, literal out. All clocks below are Asia/Shanghai."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction

import pytest

from playbooks.core.calendar import load_calendar
from playbooks.core.limits import (
    Limit,
    LimitKind,
    Roll,
    Unit,
    consume,
    earliest_after,
    explain,
    project,
    rest_after,
)

CALENDAR = load_calendar()
EIGHT_HOURS_EAST = timezone(timedelta(hours=8))


def clock(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=EIGHT_HOURS_EAST)


def limit_of(budget: object, unit: Unit, roll: Roll = Roll.NONE) -> Limit:
    return Limit(budget, unit, LimitKind.INTERNAL, "office rule", roll)


@pytest.mark.parametrize(
    ("start", "budget", "due"),
    [
        ("2026-03-02 07:00", 1, "2026-03-02 09:30"),  # before hours
        ("2026-03-02 08:30", 3, "2026-03-02 11:30"),  # ends with the session, not after lunch
        ("2026-03-02 12:10", 1, "2026-03-02 14:00"),  # at lunch
        ("2026-03-02 11:00", 1, "2026-03-02 13:30"),  # over lunch
        ("2026-03-02 16:30", 1, "2026-03-03 09:30"),  # at closing
        ("2026-03-02 20:00", 4, "2026-03-03 14:00"),  # after hours
        ("2026-03-06 16:00", 1, "2026-03-09 09:00"),  # Friday
        ("2026-10-03 10:00", 4, "2026-10-08 14:00"),  # on a holiday
        ("2026-09-30 16:00", 8, "2026-10-09 09:30"),  # over the holiday
        ("2026-01-03 10:00", 1, "2026-01-04 09:30"),  # each make-up day of 2026 is worked
        ("2026-02-14 16:00", 1, "2026-02-24 09:00"),
        ("2026-02-28 08:00", 6.5, "2026-02-28 16:30"),
        ("2026-05-08 16:30", 1, "2026-05-09 09:30"),
        ("2026-09-19 09:00", 1, "2026-09-20 09:30"),
        ("2026-10-10 16:00", 1, "2026-10-12 09:00"),
        ("2026-03-02 08:30", 0, "2026-03-02 08:30"),
        ("2026-03-02 12:00", 0, "2026-03-02 13:00"),
        ("2026-03-02 16:30", 0, "2026-03-02 16:30"),
    ],
)
def test_working_hours(start: str, budget: float, due: str) -> None:
    limit = limit_of(Fraction(str(budget)), Unit.WORKING_HOURS)
    projection = project(limit, clock(start), CALENDAR)
    assert projection.due_at == clock(due)
    assert not projection.provisional


@pytest.mark.parametrize(
    ("start", "budget", "due"),
    [
        ("2026-03-02 07:00", 1, "2026-03-03 16:30"),  # the start day is never counted
        ("2026-03-02 20:00", 1, "2026-03-03 16:30"),
        ("2026-03-06 10:00", 1, "2026-03-09 16:30"),
        ("2026-01-03 10:00", 1, "2026-01-04 16:30"),
        ("2026-02-13 10:00", 2, "2026-02-24 16:30"),
        ("2026-02-27 10:00", 2, "2026-03-02 16:30"),
        ("2026-05-08 10:00", 1, "2026-05-09 16:30"),
        ("2026-09-18 10:00", 2, "2026-09-21 16:30"),
        ("2026-09-30 10:00", 3, "2026-10-10 16:30"),
        ("2026-10-03 10:00", 1, "2026-10-08 16:30"),
        ("2026-11-23 09:00", 15, "2026-12-14 16:30"),
        ("2026-12-10 09:00", 15, "2026-12-31 16:30"),
        ("2026-03-02 10:00", 0, "2026-03-02 16:30"),  # nothing left: until the next closing
        ("2026-03-02 20:00", 0, "2026-03-03 16:30"),
        ("2026-03-07 10:00", 0, "2026-03-09 16:30"),
    ],
)
def test_working_days_end_when_the_office_closes(start: str, budget: int, due: str) -> None:
    projection = project(limit_of(budget, Unit.WORKING_DAYS), clock(start), CALENDAR)
    assert projection.due_at == clock(due)
    assert not projection.provisional


@pytest.mark.parametrize(
    ("start", "budget", "unit", "roll", "due_on"),
    [
        ("2026-03-02 23:59", 1, Unit.CALENDAR_DAYS, Roll.NONE, date(2026, 3, 3)),
        ("2026-09-21 09:00", 14, Unit.CALENDAR_DAYS, Roll.NONE, date(2026, 10, 5)),
        ("2026-09-21 09:00", 14, Unit.CALENDAR_DAYS, Roll.NEXT_WORKDAY, date(2026, 10, 8)),
        ("2026-09-15 09:00", 5, Unit.CALENDAR_DAYS, Roll.NEXT_WORKDAY, date(2026, 9, 20)),
        ("2026-03-02 09:00", 5, Unit.CALENDAR_DAYS, Roll.NEXT_WORKDAY, date(2026, 3, 9)),
        ("2026-03-02 09:00", 4, Unit.CALENDAR_DAYS, Roll.NEXT_WORKDAY, date(2026, 3, 6)),
        ("2026-01-31 09:00", 1, Unit.MONTHS, Roll.NONE, date(2026, 2, 28)),
        ("2024-01-31 09:00", 1, Unit.MONTHS, Roll.NONE, date(2024, 2, 29)),
        ("2026-11-30 09:00", 3, Unit.MONTHS, Roll.NONE, date(2027, 2, 28)),
        ("2026-08-30 09:00", 1, Unit.MONTHS, Roll.NONE, date(2026, 9, 30)),
        ("2026-07-03 09:00", 3, Unit.MONTHS, Roll.NEXT_WORKDAY, date(2026, 10, 8)),
        ("2026-11-23 09:00", 12, Unit.MONTHS, Roll.NONE, date(2027, 11, 23)),
    ],
)
def test_days_and_months_end_with_the_day(
    start: str, budget: int, unit: Unit, roll: Roll, due_on: date
) -> None:
    projection = project(limit_of(budget, unit, roll), clock(start), CALENDAR)
    assert projection.due_on == due_on
    assert projection.due_at == clock(f"{due_on} 23:59") + timedelta(seconds=59)
    assert not projection.provisional


def test_wall_hours_never_pause() -> None:
    projection = project(limit_of(48, Unit.WALL_HOURS), clock("2026-10-01 22:00"), CALENDAR)
    assert projection.due_at == clock("2026-10-03 22:00")
    assert [day.amount for day in projection.counted] == [
        timedelta(hours=2),
        timedelta(hours=24),
        timedelta(hours=22),
    ]
    assert projection.skipped == ()
    assert not projection.provisional


@pytest.mark.parametrize(
    ("notice_on", "fifteenth", "earliest", "is_provisional"),
    [
        (date(2026, 11, 23), date(2026, 12, 14), date(2026, 12, 15), False),
        (date(2026, 12, 10), date(2026, 12, 31), date(2027, 1, 1), False),
        (date(2026, 12, 11), date(2027, 1, 4), date(2027, 1, 5), True),
    ],
)
def test_article_13_public_notice(
    notice_on: date, fifteenth: date, earliest: date, is_provisional: bool
) -> None:
    limit = Limit(15, Unit.WORKING_DAYS, LimitKind.STATUTORY, "第十三条")
    found = earliest_after(limit, notice_on, CALENDAR)
    assert (found.projection.due_on, found.day) == (fifteenth, earliest)
    assert found.provisional is is_provisional
    assert earliest_after(limit, clock(f"{notice_on} 15:00"), CALENDAR).day == earliest


def test_a_firm_date_in_the_last_days_of_the_year_carries_a_caution() -> None:
    notes = project(limit_of(15, Unit.WORKING_DAYS), clock("2026-12-10 09:00"), CALENDAR).notes
    assert notes == ("2026年12月28日至31日的安排还可能被2027年放假通知调整",)
    assert not project(limit_of(1, Unit.WORKING_DAYS), clock("2025-12-30 09:00"), CALENDAR).notes


@pytest.mark.parametrize(
    ("start", "budget", "unit", "roll"),
    [
        ("2026-12-31 09:00", 1, Unit.WORKING_DAYS, Roll.NONE),
        ("2026-12-31 16:00", 1, Unit.WORKING_HOURS, Roll.NONE),
        ("2026-12-20 09:00", 12, Unit.CALENDAR_DAYS, Roll.NEXT_WORKDAY),
        ("2026-12-01 09:00", 1, Unit.MONTHS, Roll.NEXT_WORKDAY),
        ("2027-06-01 09:00", 1, Unit.WORKING_HOURS, Roll.NONE),
    ],
)
def test_a_date_that_asks_an_unpublished_year_is_provisional(
    start: str, budget: int, unit: Unit, roll: Roll
) -> None:
    projection = project(limit_of(budget, unit, roll), clock(start), CALENDAR)
    assert projection.provisional
    assert "2027年放假通知未收录，日期暂定" in projection.notes


@pytest.mark.parametrize(
    ("budget", "unit"),
    [(30, Unit.CALENDAR_DAYS), (3, Unit.MONTHS), (800, Unit.WALL_HOURS)],
)
def test_a_date_that_asks_no_calendar_is_firm(budget: int, unit: Unit) -> None:
    assert not project(limit_of(budget, unit), clock("2026-12-11 09:00"), CALENDAR).provisional


def test_explanation_is_what_juzhen_due_prints() -> None:
    limit = Limit(2, Unit.WORKING_DAYS, LimitKind.INTERNAL, "内部工作规程")
    assert explain(project(limit, clock("2026-10-08 15:00"), CALENDAR)) == {
        "due": "2026-10-10T16:30:00+08:00",
        "due_on": "2026-10-10",
        "started": "2026-10-08T15:00:00+08:00",
        "provisional": False,
        "unit": "working_days",
        "budget": 2,
        "limit": "2个工作日(内部时限，非法定)",
        "kind": "internal",
        "kind_name": "内部时限，非法定",
        "basis": "内部工作规程",
        "roll": "none",
        "counted": [
            {"date": "2026-10-09", "reason": "工作日"},
            {"date": "2026-10-10", "reason": "国庆节调休上班"},
        ],
        "skipped": [],
        "notes": [],
        "calendar_version": CALENDAR.version,
    }


def test_explanation_of_working_hours_tells_minutes_and_rest_days() -> None:
    limit = limit_of(Decimal("1.5"), Unit.WORKING_HOURS)
    told = explain(project(limit, clock("2026-06-18 16:00"), CALENDAR))
    assert told["budget"] == 1.5
    assert told["counted"] == [
        {"date": "2026-06-18", "reason": "工作日", "minutes": 30},
        {"date": "2026-06-22", "reason": "工作日", "minutes": 60},
    ]
    assert told["skipped"] == [
        {"date": f"2026-06-{day}", "reason": "端午放假"} for day in (19, 20, 21)
    ]


def test_a_rolled_end_says_why() -> None:
    limit = limit_of(3, Unit.CALENDAR_DAYS, Roll.NEXT_WORKDAY)
    told = explain(project(limit, clock("2026-06-17 16:00"), CALENDAR))
    assert told["counted"] == [
        {"date": "2026-06-18", "reason": "工作日"},
        {"date": "2026-06-19", "reason": "端午放假"},
        {"date": "2026-06-22", "reason": "工作日"},
    ]
    assert told["skipped"] == [
        {"date": "2026-06-20", "reason": "末日遇端午放假，顺延"},
        {"date": "2026-06-21", "reason": "末日遇端午放假，顺延"},
    ]


def test_a_start_after_closing_says_so() -> None:
    told = explain(project(limit_of(1, Unit.WORKING_HOURS), clock("2026-03-02 18:00"), CALENDAR))
    assert told["skipped"] == [{"date": "2026-03-02", "reason": "起算时当日办公已结束"}]


@pytest.mark.parametrize(
    ("unit", "since", "until", "amount"),
    [
        (Unit.WALL_HOURS, "2026-03-02 09:00", "2026-03-03 09:30", Fraction(49, 2)),
        (Unit.WORKING_HOURS, "2026-03-02 09:00", "2026-03-03 09:30", Fraction(7)),
        (Unit.WORKING_HOURS, "2026-10-01 00:00", "2026-10-07 23:00", Fraction(0)),
        (Unit.WORKING_DAYS, "2026-09-30 09:00", "2026-10-10 00:00", Fraction(3)),
        (Unit.CALENDAR_DAYS, "2026-09-30 23:59", "2026-10-01 00:00", Fraction(1)),
        (Unit.MONTHS, "2026-01-31 09:00", "2026-02-28 00:00", Fraction(1)),
        (Unit.MONTHS, "2026-01-31 09:00", "2026-03-30 23:59", Fraction(1)),
    ],
)
def test_what_has_passed(unit: Unit, since: str, until: str, amount: Fraction) -> None:
    assert consume(unit, clock(since), clock(until), CALENDAR) == amount


def test_a_paused_limit_keeps_the_rest() -> None:
    limit = limit_of(4, Unit.WORKING_HOURS)
    rest = rest_after(limit, clock("2026-03-02 10:00"), clock("2026-03-02 14:00"), CALENDAR)
    assert rest.budget == Fraction(3, 2)
    assert project(rest, clock("2026-03-09 16:00"), CALENDAR).due_at == clock("2026-03-10 09:30")


def test_paused_months_leave_calendar_days() -> None:
    limit = limit_of(1, Unit.MONTHS)
    rest = rest_after(limit, clock("2026-03-02 10:00"), clock("2026-03-20 10:00"), CALENDAR)
    assert (rest.unit, rest.budget) == (Unit.CALENDAR_DAYS, 13)


def test_an_overdue_limit_rests_at_zero() -> None:
    limit = limit_of(1, Unit.WORKING_DAYS)
    rest = rest_after(limit, clock("2026-03-02 10:00"), clock("2026-04-02 10:00"), CALENDAR)
    assert rest.budget == 0


@pytest.mark.parametrize(
    ("budget", "unit", "percent", "part"),
    [
        (4, Unit.WORKING_HOURS, 75, Fraction(3)),
        (1, Unit.WALL_HOURS, 33, Fraction(33, 100)),
        (5, Unit.WORKING_DAYS, 75, Fraction(3)),
        (1, Unit.WORKING_DAYS, 75, Fraction(0)),
    ],
)
def test_a_portion_for_an_early_warning(
    budget: int, unit: Unit, percent: int, part: Fraction
) -> None:
    assert limit_of(budget, unit).portion(percent).budget == part


@pytest.mark.parametrize(
    ("budget", "unit", "roll", "complaint"),
    [
        (-1, Unit.WORKING_DAYS, Roll.NONE, "expected 0 to 2500"),
        (10**9, Unit.WORKING_DAYS, Roll.NONE, "expected 0 to 2500"),
        (Fraction(1, 2), Unit.WORKING_DAYS, Roll.NONE, "expected a whole number"),
        (Fraction(1, 2), Unit.MONTHS, Roll.NONE, "expected a whole number"),
        (0.5, Unit.WORKING_HOURS, Roll.NONE, "exact number"),
        (True, Unit.WORKING_HOURS, Roll.NONE, "exact number"),
        ("4", Unit.WORKING_HOURS, Roll.NONE, "exact number"),
        (Decimal("NaN"), Unit.WORKING_HOURS, Roll.NONE, "finite"),
        (Decimal("Infinity"), Unit.WORKING_HOURS, Roll.NONE, "finite"),
        (1, Unit.WORKING_HOURS, Roll.NEXT_WORKDAY, "cannot roll"),
    ],
)
def test_a_wrong_limit_is_refused(budget: object, unit: Unit, roll: Roll, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        limit_of(budget, unit, roll)


def test_a_limit_without_basis_is_refused() -> None:
    with pytest.raises(ValueError, match="names its basis"):
        Limit(1, Unit.WORKING_DAYS, LimitKind.STATUTORY, " ")


def test_wrong_instants_are_refused() -> None:
    limit = limit_of(1, Unit.WORKING_DAYS)
    with pytest.raises(ValueError, match="has no time zone"):
        project(limit, clock("2026-03-02 10:00").replace(tzinfo=None), CALENDAR)
    with pytest.raises(ValueError, match="outside the years"):
        project(limit, clock("9999-12-31 10:00"), CALENDAR)
    with pytest.raises(ValueError, match="is before"):
        consume(Unit.WORKING_DAYS, clock("2026-03-02 10:00"), clock("2026-03-02 09:59"), CALENDAR)
    with pytest.raises(ValueError, match="no first day after"):
        earliest_after(limit_of(1, Unit.WALL_HOURS), date(2026, 3, 2), CALENDAR)
    with pytest.raises(ValueError, match="no share of months"):
        limit_of(1, Unit.MONTHS).portion(50)
