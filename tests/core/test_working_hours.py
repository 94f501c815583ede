"""Office hours from configuration."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from playbooks.core.working_hours import CalendarError, OfficeHours, local_day, read_office_hours

SUMMER = {
    "sessions": ["08:30-11:30", "13:00-16:30"],
    "seasons": [
        {"first": "07-01", "last": "08-31", "sessions": ["08:00-11:30", "14:00-17:00"]},
        {"first": "12-16", "last": "02-29", "sessions": ["09:00-16:00"]},
    ],
}


def test_default_is_the_office() -> None:
    assert OfficeHours() == read_office_hours({"sessions": ["08:30-11:30", "13:00-16:30"]})


@pytest.mark.parametrize(
    ("day", "opening", "closing"),
    [
        (date(2026, 6, 30), time(8, 30), time(16, 30)),
        (date(2026, 7, 1), time(8), time(17)),
        (date(2026, 8, 31), time(8), time(17)),
        (date(2026, 12, 16), time(9), time(16)),
        (date(2026, 2, 28), time(9), time(16)),
        (date(2026, 3, 1), time(8, 30), time(16, 30)),
    ],
)
def test_seasons_replace_the_sessions(day: date, opening: time, closing: time) -> None:
    sessions = read_office_hours(SUMMER).sessions_on(day)
    assert (sessions[0][0], sessions[-1][1]) == (opening, closing)


def test_shortest_day_looks_at_every_season() -> None:
    assert OfficeHours().shortest_day == timedelta(hours=6, minutes=30)
    hours = read_office_hours(
        {
            "sessions": ["08:30-16:30"],
            "seasons": [{"first": "07-01", "last": "07-02", "sessions": ["09:00-11:15"]}],
        }
    )
    assert hours.shortest_day == timedelta(hours=2, minutes=15)


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"sessions": []},
        {"sessions": "08:30-11:30"},
        {"sessions": [510]},
        {"sessions": ["8:30-11:30"]},
        {"sessions": ["08:30-24:00"]},
        {"sessions": ["08:30-11:30 "]},
        {"sessions": ["11:30-08:30"]},
        {"sessions": ["08:30-08:30"]},
        {"sessions": ["08:30-12:00", "11:00-16:00"]},
        {"sessions": ["13:00-16:30", "08:30-11:30"]},
        {"sessions": ["08:30-16:30"], "session": []},
        {"sessions": ["08:30-16:30"], "seasons": ["07-01"]},
        {"sessions": ["08:30-16:30"], "seasons": [{"first": "07-01", "last": "08-31"}]},
        {
            "sessions": ["08:30-16:30"],
            "seasons": [{"first": "02-30", "last": "08-31", "sessions": ["08:30-16:30"]}],
        },
    ],
)
def test_wrong_office_hours_are_refused(settings: dict[str, object]) -> None:
    with pytest.raises(CalendarError, match="office hours"):
        read_office_hours(settings)


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        local_day(datetime(2026, 1, 5, 9))
