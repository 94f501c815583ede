"""The work calendar (工作日历): which days are worked, why, and which notice says so.

Three sources, best first: the office's year files, the shipped citations over the calendar library,
and for a year without a notice the weekday pattern with the days the law itself fixes. The last is
*provisional* and says so on every day: nothing raises, and nothing unpublished looks firm.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path

from playbooks.core.calendar_files import Notice, YearPlan, read_year_files
from playbooks.core.calendar_sources import (
    DATA_FOLDER,
    library_plans,
    projected_plan,
)
from playbooks.core.calendar_version import calendar_version
from playbooks.core.working_hours import CalendarError, OfficeHours

WEEKDAY_NAMES = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
WORKDAY_NAME = "工作日"
# A New Year holiday may begin, or be made up for, from 28 December (2007, 2011, 2018, 2022).
NEW_YEAR_TAIL_DAY = 28


class DayKind(StrEnum):
    """Why a day is worked or not; ``projected_`` means that no notice of that year is recorded."""

    WORKDAY = "workday"
    WEEKEND = "weekend"
    PUBLIC_HOLIDAY = "public_holiday"
    MAKE_UP_WORKDAY = "make_up_workday"
    PROJECTED_WORKDAY = "projected_workday"
    PROJECTED_WEEKEND = "projected_weekend"
    PROJECTED_PUBLIC_HOLIDAY = "projected_public_holiday"


WORKED = frozenset({DayKind.WORKDAY, DayKind.MAKE_UP_WORKDAY, DayKind.PROJECTED_WORKDAY})
PROJECTED = {
    DayKind.WORKDAY: DayKind.PROJECTED_WORKDAY,
    DayKind.WEEKEND: DayKind.PROJECTED_WEEKEND,
    DayKind.PUBLIC_HOLIDAY: DayKind.PROJECTED_PUBLIC_HOLIDAY,
}


@dataclass(frozen=True)
class DayReason:
    """One day, its kind, and the Chinese name that explains it (国庆节, 周六, 工作日)."""

    day: date
    kind: DayKind
    name: str

    @property
    def is_workday(self) -> bool:
        """Whether the office works on this day."""
        return self.kind in WORKED

    @property
    def is_provisional(self) -> bool:
        """Whether the year of this day has no recorded notice."""
        return self.kind in PROJECTED.values()

    @property
    def text(self) -> str:
        """The reason in Chinese, as a letter or a screen prints it."""
        ending = {
            DayKind.PUBLIC_HOLIDAY: "放假",
            DayKind.MAKE_UP_WORKDAY: "调休上班",
            DayKind.PROJECTED_PUBLIC_HOLIDAY: "法定假日",
        }.get(self.kind, "")
        caution = "（暂定：未收录当年放假通知）" if self.is_provisional else ""
        return f"{self.name}{ending}{caution}"


@dataclass(frozen=True, eq=False)
class WorkCalendar:
    """Days and office hours; build it with `load_calendar`. Years are worked out when first asked.

    ``version`` is a digest of everything it was built from: a stored date whose version differs
    must be projected again.
    """

    version: str
    office_hours: OfficeHours
    year_files: Mapping[int, YearPlan]
    _known_days: dict[int, dict[date, DayReason]] = field(
        default_factory=dict[int, dict[date, DayReason]], repr=False
    )
    _workdays: dict[int, tuple[date, ...]] = field(
        default_factory=dict[int, tuple[date, ...]], repr=False
    )

    def is_published(self, year: int) -> bool:
        """Tell whether a notice for *year* is known, from a year file or from the library."""
        return year in self.year_files or year in library_plans()

    def notice(self, year: int) -> Notice | None:
        """Return the notice that publishes *year*; None when it is not recorded here."""
        plan = self.year_files.get(year)
        return plan.notice if plan else None

    def notice_text(self, year: int) -> str:
        """Return in Chinese what *year* rests on, for a footnote."""
        if not self.is_published(year):
            return f"{year}年放假通知未收录，日期暂定"
        notice = self.notice(year)
        if notice is None:
            return f"{year}年放假安排（通知出处未登记）"
        issued = f"{notice.issued_on.isoformat()} " if notice.issued_on else ""
        number = notice.document_number or "文号未登记"
        return f"{year}年放假通知：{issued}{number} {notice.url or ''}".rstrip()

    def why(self, day: date) -> DayReason:
        """Return the reason why *day* is worked or not."""
        known = self._known_days.get(day.year)
        if known is None:
            known = self._known_days[day.year] = self._special_days(day.year)
        reason = known.get(day)
        if reason is None:
            reason = known[day] = self._ordinary(day)
        return reason

    def is_workday(self, day: date) -> bool:
        """Tell whether the office works on *day*; in an unpublished year this is a projection."""
        return self.why(day).is_workday

    def workdays(self, year: int) -> tuple[date, ...]:
        """Return the workdays of *year*, ascending."""
        if year not in self._workdays:
            self._workdays[year] = tuple(
                day
                for day in days_between(date(year, 1, 1), date(year, 12, 31))
                if self.why(day).is_workday
            )
        return self._workdays[year]

    def count_workdays(self, after: date, until: date) -> int:
        """Return how many workdays *d* there are with ``after < d <= until``; 0 if none."""
        if until <= after:
            return 0
        whole = sum(len(self.workdays(year)) for year in range(after.year, until.year))
        return (
            whole
            + bisect_right(self.workdays(until.year), until)
            - bisect_right(self.workdays(after.year), after)
        )

    def _ordinary(self, day: date) -> DayReason:
        is_weekend = day.weekday() > 4
        kind = DayKind.WEEKEND if is_weekend else DayKind.WORKDAY
        name = WEEKDAY_NAMES[day.weekday()] if is_weekend else WORKDAY_NAME
        return DayReason(day, kind if self.is_published(day.year) else PROJECTED[kind], name)

    def _special_days(self, year: int) -> dict[date, DayReason]:
        """Collect the days of *year* that its own plan, or the next year's notice, names."""
        following = self._plan(year + 1) if self.is_published(year + 1) else None
        is_published = self.is_published(year)
        special: dict[date, DayReason] = {}
        for plan in filter(None, (self._library_tail(year), self._plan(year), following)):
            for days, kind in (
                (plan.off_days, DayKind.PUBLIC_HOLIDAY),
                (plan.make_up_days, DayKind.MAKE_UP_WORKDAY),
            ):
                # A day named by the following year's notice is firm even in an unpublished year.
                is_firm = is_published or plan is following
                for day, name in days.items():
                    special[day] = DayReason(day, kind if is_firm else PROJECTED[kind], name)
        return special

    def _plan(self, year: int) -> YearPlan:
        plan = self.year_files.get(year)
        if plan is not None and not plan.is_citation:
            return plan
        return library_plans().get(year) or projected_plan(year)

    def _library_tail(self, year: int) -> YearPlan | None:
        """Return the library's last days of *year*, which the notice of the next year decides.

        A year file written in November cannot know them; a later library that has both years does.
        """
        library = library_plans()
        if year not in library or year + 1 not in library:
            return None
        off_days, make_up_days = (
            {day: name for day, name in days.items() if is_new_year_tail(day)}
            for days in (library[year].off_days, library[year].make_up_days)
        )
        return YearPlan(year, None, off_days, make_up_days)


def days_between(first: date, last: date) -> Iterator[date]:
    """Yield every day from *first* to *last*, both included; nothing when *last* is before."""
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def is_new_year_tail(day: date) -> bool:
    """Tell whether the notice of the following year may still change *day*."""
    return day.month == 12 and day.day >= NEW_YEAR_TAIL_DAY


def load_calendar(
    overrides_folder: Path | None = None, office_hours: OfficeHours | None = None
) -> WorkCalendar:
    """Return the calendar of the library, the shipped citations and the office's own year files.

    Args:
        overrides_folder: folder of ``<year>.yml`` files (``calendar_data/README.md``); an office's
            file replaces the library's and the shipped year.
        office_hours: defaults to 08:30-11:30 and 13:00-16:30.

    Raises:
        CalendarError: a year file is wrong, or cites a year that the library does not have.
    """
    hours = office_hours or OfficeHours()
    own = read_year_files(overrides_folder) if overrides_folder else {}
    for year, plan in own.items():
        if plan.is_citation and year not in library_plans():
            raise CalendarError(
                f"{overrides_folder}: {year}.yml has no off_days and make_up_days, and the library "
                f"has no {year}; list the days of the notice"
            )
    year_files = {**_shipped_years(), **own}
    return WorkCalendar(calendar_version(hours, year_files), hours, year_files)


@cache
def _shipped_years() -> Mapping[int, YearPlan]:
    return read_year_files(DATA_FOLDER / "years")
