"""The hours an office works, and the one time zone every rule is read in.

``OfficeHours`` is configuration: sessions of an ordinary workday, and seasons (夏令作息) that replace
them between two days of the year. Which days are worked at all is the calendar's business.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from itertools import pairwise
from typing import cast

from sql.refusal import Refusal

# Asia/Shanghai has been UTC+8 without summer time since 1992, and every rule here is younger. A fixed
# offset needs no zone files on a fresh machine.
OFFICE_ZONE = timezone(timedelta(hours=8), "Asia/Shanghai")

MonthDay = tuple[int, int]
Session = tuple[time, time]
Span = tuple[datetime, datetime]

MIDNIGHT, LAST_SECOND = time(), time(23, 59, 59)
_CLOCK = r"([01]\d|2[0-3]):([0-5]\d)"
_SESSION = re.compile(rf"{_CLOCK}-{_CLOCK}", re.ASCII)
_MONTH_DAY = re.compile(r"(\d\d)-(\d\d)", re.ASCII)


class CalendarError(Refusal, ValueError):
    """A calendar or office hours that cannot be used as written; says what and what was expected."""


def local_day(instant: datetime) -> date:
    """Return the calendar day of *instant* in Asia/Shanghai; a naive instant is refused."""
    if instant.utcoffset() is None:
        raise ValueError(f"{instant.isoformat()} has no time zone; pass an aware datetime")
    return instant.astimezone(OFFICE_ZONE).date()


def local_instant(day: date, clock: time) -> datetime:
    """Return the aware instant of *clock* on *day* in Asia/Shanghai."""
    return datetime.combine(day, clock, OFFICE_ZONE)


@dataclass(frozen=True)
class Season:
    """Sessions that hold from *first* to *last*, both ``(month, day)`` and inclusive, every year.

    A season may run over the new year: ``first=(11, 1), last=(3, 31)``.
    """

    first: MonthDay
    last: MonthDay
    sessions: tuple[Session, ...]

    def __post_init__(self) -> None:
        for month, day in (self.first, self.last):
            try:
                date(2024, month, day)  # a leap year: 29 February is a day
            except ValueError as error:
                raise CalendarError(f"office hours: {month:02}-{day:02} is no day") from error
        _require_ordered(self.sessions)

    def holds_on(self, day: date) -> bool:
        """Tell whether *day* is in the season."""
        key = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= key <= self.last
        return key >= self.first or key <= self.last


@dataclass(frozen=True)
class OfficeHours:
    """Working sessions of a workday; the default is the office's 08:30-11:30 and 13:00-16:30."""

    sessions: tuple[Session, ...] = ((time(8, 30), time(11, 30)), (time(13), time(16, 30)))
    seasons: tuple[Season, ...] = ()

    def __post_init__(self) -> None:
        _require_ordered(self.sessions)

    def sessions_on(self, day: date) -> tuple[Session, ...]:
        """Return the sessions of *day*, were it a workday; the first season that holds wins."""
        for season in self.seasons:
            if season.holds_on(day):
                return season.sessions
        return self.sessions

    @property
    def shortest_day(self) -> timedelta:
        """The least office time of any workday."""
        timetables = [self.sessions, *(season.sessions for season in self.seasons)]
        return min(_office_time(sessions) for sessions in timetables)

    def spans_on(self, day: date) -> tuple[Span, ...]:
        """Return the sessions of *day* as pairs of aware instants."""
        return tuple(
            (local_instant(day, opening), local_instant(day, closing))
            for opening, closing in self.sessions_on(day)
        )

    def closing_on(self, day: date) -> datetime:
        """Return the instant the office closes on *day*, were it a workday."""
        return local_instant(day, self.sessions_on(day)[-1][1])


def read_office_hours(settings: Mapping[str, object]) -> OfficeHours:
    """Return office hours from configuration.

    Args:
        settings: ``sessions: ["08:30-11:30", ...]`` and optionally ``seasons``, a list of
            ``{first: "07-01", last: "08-31", sessions: [...]}``.

    Raises:
        CalendarError: an unknown key, a time that is not ``HH:MM-HH:MM``, sessions out of order.
    """
    _require_keys(settings, {"sessions"}, {"seasons"}, "office hours")
    seasons: list[Season] = []
    for entry in _list_of(settings.get("seasons", []), "seasons"):
        if not isinstance(entry, Mapping):
            raise CalendarError(f"office hours: a season is a mapping, not {entry!r}")
        season = cast("Mapping[str, object]", entry)
        _require_keys(season, {"first", "last", "sessions"}, set(), "a season of office hours")
        first, last = _month_day(season["first"]), _month_day(season["last"])
        seasons.append(Season(first, last, _sessions(season["sessions"])))
    return OfficeHours(_sessions(settings["sessions"]), tuple(seasons))


def _require_keys(
    settings: Mapping[str, object], required: set[str], optional: set[str], what: str
) -> None:
    missing, unknown = required - set(settings), set(settings) - required - optional
    if missing or unknown:
        raise CalendarError(
            f"{what}: missing {sorted(missing)}, unknown {sorted(map(str, unknown))}; "
            f"expected {sorted(required)} and optionally {sorted(optional)}"
        )


def _list_of(value: object, what: str) -> list[object]:
    if not isinstance(value, list):
        raise CalendarError(f"office hours: {what} must be a list, not {value!r}")
    return cast("list[object]", value)


def _sessions(value: object) -> tuple[Session, ...]:
    found: list[Session] = []
    for text in _list_of(value, "sessions"):
        match = _SESSION.fullmatch(text) if isinstance(text, str) else None
        if match is None:
            raise CalendarError(f'office hours: {text!r} is not a session such as "08:30-11:30"')
        first_hour, first_minute, last_hour, last_minute = map(int, match.groups())
        found.append((time(first_hour, first_minute), time(last_hour, last_minute)))
    return tuple(found)


def _month_day(value: object) -> MonthDay:
    match = _MONTH_DAY.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise CalendarError(f'office hours: {value!r} is not a day of the year such as "07-01"')
    return int(match[1]), int(match[2])


def _require_ordered(sessions: tuple[Session, ...]) -> None:
    """Refuse sessions that are missing, empty, overlapping or out of order."""
    clocks = [clock for session in sessions for clock in session]
    if not clocks or any(a >= b for a, b in pairwise(clocks)):
        raise CalendarError(f"office hours: sessions must be present and ascending: {sessions}")


def _office_time(sessions: tuple[Session, ...]) -> timedelta:
    day = date(2024, 1, 1)  # any day: only the differences count
    return sum(
        (
            local_instant(day, closing) - local_instant(day, opening)
            for opening, closing in sessions
        ),
        timedelta(),
    )
