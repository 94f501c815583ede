"""Article 31 beside the national two weeks: which bites first in 2026, and the five states."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from playbooks.core.calendar import load_calendar
from playbooks.core.staleness_rule import (
    StalenessRule,
    StalenessState,
    staleness,
    workdays_between,
)

CALENDAR = load_calendar()

NATIONAL_FIRST_2026 = [
    (date(2026, 2, 5), date(2026, 2, 17)),
    (date(2026, 4, 21), date(2026, 4, 24)),
    (date(2026, 9, 20), date(2026, 10, 1)),
]
BOTH_2026 = {
    date(2026, 2, 18),
    date(2026, 4, 25),
    *(date(2026, 4, day) for day in (27, 28, 29, 30)),
    date(2026, 10, 2),
}


def test_which_rule_bites_first_on_every_day_of_2026() -> None:
    day = date(2026, 1, 1)
    while day.year == 2026:
        if any(first <= day <= last for first, last in NATIONAL_FIRST_2026):
            expected = StalenessRule.NATIONAL_2_WEEKS
        elif day in BOTH_2026:
            expected = StalenessRule.BOTH
        else:
            expected = StalenessRule.LOCAL_7_WORKDAYS
        assert staleness(day, day, CALENDAR).first_rule is expected, day
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("last_update_on", "local_on", "national_on"),
    [
        (date(2026, 3, 2), date(2026, 3, 12), date(2026, 3, 16)),
        (date(2026, 2, 5), date(2026, 2, 20) + timedelta(days=4), date(2026, 2, 19)),
        (date(2026, 2, 17), date(2026, 3, 4), date(2026, 3, 3)),
        (date(2026, 9, 30), date(2026, 10, 16), date(2026, 10, 14)),
        (date(2026, 10, 1), date(2026, 10, 16), date(2026, 10, 15)),
        (date(2026, 9, 20), date(2026, 10, 8), date(2026, 10, 4)),
    ],
)
def test_the_days_on_which_the_rules_bite(
    last_update_on: date, local_on: date, national_on: date
) -> None:
    found = staleness(last_update_on, last_update_on, CALENDAR)
    assert (found.local_overdue_on, found.national_failed_on) == (local_on, national_on)
    assert found.first_rule_on == min(local_on, national_on)


@pytest.mark.parametrize(
    ("today", "workdays", "calendar_days", "state"),
    [
        (date(2026, 3, 2), 0, 0, StalenessState.NORMAL),
        (date(2026, 3, 6), 4, 4, StalenessState.NORMAL),
        (date(2026, 3, 9), 5, 7, StalenessState.APPROACHING),
        (date(2026, 3, 11), 7, 9, StalenessState.APPROACHING),
        (date(2026, 3, 12), 8, 10, StalenessState.LOCAL_OVERDUE),
        (date(2026, 3, 15), 9, 13, StalenessState.LOCAL_OVERDUE),
        (date(2026, 3, 16), 10, 14, StalenessState.NATIONAL_FAILED),
        (date(2026, 6, 2), 63, 92, StalenessState.NATIONAL_FAILED),
        (date(2026, 6, 3), 64, 93, StalenessState.CLEARANCE_CANDIDATE),
    ],
)
def test_states_of_an_ordinary_account(
    today: date, workdays: int, calendar_days: int, state: StalenessState
) -> None:
    found = staleness(date(2026, 3, 2), today, CALENDAR)
    assert (found.workdays, found.calendar_days, found.state) == (workdays, calendar_days, state)


def test_around_a_holiday_the_national_rule_fails_an_account_the_district_does_not() -> None:
    found = staleness(date(2026, 9, 30), date(2026, 10, 14), CALENDAR)
    assert found.state is StalenessState.NATIONAL_FAILED
    assert (found.is_local_overdue, found.is_national_failed) == (False, True)
    assert (found.workdays, found.calendar_days) == (6, 14)
    assert [reason.day.day for reason in found.counted] == [8, 9, 10, 12, 13, 14]
    assert [reason.text for reason in found.skipped] == ["国庆节放假"] * 7 + ["周日"]


def test_the_national_rule_is_announced_before_it_bites() -> None:
    found = staleness(date(2026, 2, 13), date(2026, 2, 24), CALENDAR)
    assert found.workdays == 2
    assert found.state is StalenessState.APPROACHING


def test_a_count_into_an_unpublished_year_is_provisional() -> None:
    assert staleness(date(2026, 12, 28), date(2026, 12, 31), CALENDAR).is_provisional
    assert not staleness(date(2026, 12, 1), date(2026, 12, 31), CALENDAR).is_provisional


def test_the_day_of_the_update_is_not_counted() -> None:
    assert workdays_between(date(2026, 9, 18), date(2026, 9, 20), CALENDAR) == 1


def test_an_update_after_today_is_refused() -> None:
    with pytest.raises(ValueError, match="is after today"):
        staleness(date(2026, 3, 3), date(2026, 3, 2), CALENDAR)
