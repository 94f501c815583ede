"""Where the days of a year come from when no year file gives them: the library, or the bare statute."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import cast

from playbooks.core.calendar_files import Days, YearPlan, load_strictly

DATA_FOLDER = Path(__file__).parent / "calendar_data"


@cache
def library_plans() -> Mapping[int, YearPlan]:
    """Return the years the calendar library publishes, each with its days."""
    # Inside the function: most commands of the project never ask for a date.
    library = import_module("chinese_calendar")
    names = {holiday.value: str(holiday.chinese) for holiday in library.Holiday}
    holidays = cast("dict[date, str]", library.holidays)
    workdays = cast("dict[date, str]", library.workdays)
    # A year counts as published by its National Day: a stray December day of a neighbour does not.
    years = sorted({day.year for day in holidays if (day.month, day.day) == (10, 1)})
    return {
        year: YearPlan(
            year,
            None,
            {day: names[holidays[day]] for day in holidays if day.year == year},
            {day: names[workdays[day]] for day in workdays if day.year == year},
        )
        for year in years
    }


@cache
def statutory_days() -> Mapping[int, Days]:
    """Return the days fixed by law, for years that may have no notice yet."""
    path = DATA_FOLDER / "statutory_days.yml"
    document = cast("dict[int, dict[str, list[date]]]", load_strictly(path))
    return {
        year: {day: name for name, days in names.items() for day in days}
        for year, names in document.items()
    }


def projected_plan(year: int) -> YearPlan:
    """Return what the law alone says about *year*; whoever uses it must call the result provisional.

    Beyond the shipped table only the days with a fixed date are known (2024 revision of the rules).
    """
    fixed = {(1, 1): "元旦", (5, 1): "劳动节", (5, 2): "劳动节"}
    fixed |= {(10, day): "国庆节" for day in (1, 2, 3)}
    days = {date(year, month, day): name for (month, day), name in fixed.items()}
    return YearPlan(year, None, statutory_days().get(year, days))
