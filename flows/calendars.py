"""The work calendar of this installation: the office's own year files and its own office hours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final, cast

import yaml

from flows.settings import Settings, SettingsError
from playbooks.core.calendar import WorkCalendar, load_calendar
from playbooks.core.working_hours import CalendarError, OfficeHours, read_office_hours

HOURS_KEY: Final = "office_hours"
# At the start of a line in any encoding that contains ASCII: a comment that mentions it is none.
HOURS_LINE: Final = re.compile(rb"^office_hours\s*:", re.MULTILINE)


def office_calendar(settings: Settings) -> WorkCalendar:
    """Return the calendar by which deadlines run: year files and ``office_hours`` of ``office.yml``.

    Nothing else of ``office.yml`` is looked at: a wrong addressee must not stop a deadline.

    Raises:
        SettingsError: hours that are wrong, or that stand in a file that cannot be read. Running on
            the default hours then would move every due time without a word.
        CalendarError: a year file is wrong.
    """
    return load_calendar(settings.calendar_folder, _office_hours(settings.home / "office.yml"))


def _office_hours(path: Path) -> OfficeHours | None:
    """Return the hours in *path*; ``None`` when there is no file or it says nothing of hours."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    if not HOURS_LINE.search(content):
        return None
    try:
        return _hours_in(yaml.safe_load(content))
    except (yaml.YAMLError, UnicodeDecodeError, CalendarError) as error:
        raise SettingsError(f"{path} 的 {HOURS_KEY}（办公时间）读不出来：{error}") from error


def _hours_in(document: object) -> OfficeHours | None:
    if not isinstance(document, Mapping):
        return None
    hours = cast("Mapping[str, object]", document).get(HOURS_KEY)
    if hours is None:
        return None
    if not isinstance(hours, Mapping):
        raise CalendarError("应为 sessions 与 seasons 两项，写法见 docs/settings.md")
    return read_office_hours(cast("Mapping[str, object]", hours))
