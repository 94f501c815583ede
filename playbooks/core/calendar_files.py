"""Year files of the work calendar: the notice (放假通知) of a year and the days it names.

A year file is untrusted input: bounded in size, strict in shape, refused with file and reason.
The format is described in ``calendar_data/README.md``.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import yaml

from playbooks.core.working_hours import CalendarError

# A year takes about one; nested brackets make YAML scanning quadratic, so little more is allowed.
YEAR_FILE_SIZE_BYTES = 8_192
WEB_SCHEMES = {"http", "https"}
LONGEST_HOLIDAY_DAYS = 16  # twice the longest holiday there has been: catches a wrong month

Days = Mapping[date, str]


@dataclass(frozen=True)
class Notice:
    """The notice (放假通知) a year's days were published in, as far as it is recorded."""

    document_number: str | None
    issued_on: date | None
    url: str | None


@dataclass(frozen=True)
class YearPlan:
    """Days that differ from the weekday pattern, with the Chinese name of their holiday.

    ``is_citation`` marks a file that names the notice and leaves the days to the library.
    """

    year: int
    notice: Notice | None
    off_days: Days = field(default_factory=dict[date, str])
    make_up_days: Days = field(default_factory=dict[date, str])
    is_citation: bool = False


def read_year_files(folder: Path) -> dict[int, YearPlan]:
    """Read every ``<year>.yml`` of an office's calendar folder.

    Raises:
        CalendarError: the folder is missing, or a file is not a calendar year; names the file.
    """
    if not folder.is_dir():
        raise CalendarError(f"{folder}: no such calendar folder")
    plans: dict[int, YearPlan] = {}
    for path in sorted(folder.iterdir()):
        if path.suffix in {".yml", ".yaml"}:
            plan = read_year_file(path)
            if plan.year in plans:
                raise CalendarError(f"{path}: the year {plan.year} has two files; keep one")
            plans[plan.year] = plan
    return plans


def read_year_file(path: Path) -> YearPlan:
    """Read one year file; see ``calendar_data/README.md`` for the format.

    Raises:
        CalendarError: what is wrong, in which file, and what was expected.
    """
    try:
        return _year_plan(path.stem, load_strictly(path))
    except (ValueError, OSError) as error:
        raise CalendarError(f"{path}: {error}") from error


class _StrictLoader(yaml.SafeLoader):
    """Refuses a key given twice: plain YAML would silently drop the first list of days."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        pairs = cast("list[tuple[yaml.Node, yaml.Node]]", node.value)
        keys = [str(key.value) for key, _ in pairs]
        if len(keys) != len(set(keys)):
            raise CalendarError(f"a key is given twice among {keys}")
        return super().construct_mapping(node, deep)


def load_strictly(path: Path) -> object:
    """Return the plain values of a small YAML file; a duplicate key is an error."""
    if path.stat().st_size > YEAR_FILE_SIZE_BYTES:
        raise CalendarError(f"larger than {YEAR_FILE_SIZE_BYTES} bytes; not a calendar year")
    try:
        # _StrictLoader is a SafeLoader: it builds plain values only.
        return yaml.load(path.read_text(encoding="utf-8"), _StrictLoader)  # noqa: S506
    except (yaml.YAMLError, RecursionError) as error:
        raise CalendarError(f"not readable as YAML: {error}") from error


def _year_plan(stem: str, document: object) -> YearPlan:
    values = _mapping(document, {"year", "notice"}, {"off_days", "make_up_days"})
    year = values["year"]
    if not isinstance(year, int) or not 1992 <= year <= 2200 or str(year) != stem:
        raise CalendarError(f"year is {year!r}; it must be a year and equal the name of the file")
    notice = _notice(values["notice"])
    if "off_days" not in values and "make_up_days" not in values:
        return YearPlan(year, notice, is_citation=True)
    off_days = _off_days(year, values.get("off_days"))
    make_up_days = _make_up_days(year, values.get("make_up_days", []))
    both = sorted(set(off_days) & set(make_up_days))
    if both:
        raise CalendarError(f"{both[0]} is listed both as a rest day and as a make-up day")
    return YearPlan(year, notice, off_days, make_up_days)


def _notice(value: object) -> Notice:
    values = _mapping(value, {"document_number", "issued_on", "url"}, set())
    number, issued_on, url = values["document_number"], values["issued_on"], values["url"]
    if number is not None and not isinstance(number, str):
        raise CalendarError(f"document_number is {number!r}; it must be text or null")
    if issued_on is not None:
        issued_on = _day(issued_on, "issued_on")
    if url is not None and (not isinstance(url, str) or urlsplit(url).scheme not in WEB_SCHEMES):
        raise CalendarError(f"url is {url!r}; it must begin with https:// or http://, or be null")
    if not number and not url:
        raise CalendarError(
            "the notice needs document_number or url; without it the year is a guess"
        )
    return Notice(number, issued_on, url)


def _off_days(year: int, value: object) -> dict[date, str]:
    days: dict[date, str] = {}
    for entry in _entries(value, "off_days"):
        values = _mapping(entry, {"name", "first", "last"}, set())
        name, first, last = _name(values["name"]), _day(values["first"]), _day(values["last"])
        length_days = (last - first).days + 1
        if not 1 <= length_days <= LONGEST_HOLIDAY_DAYS:
            raise CalendarError(f"{name} runs from {first} to {last}, which is {length_days} days")
        for offset in range(length_days):
            _place(days, year, first + timedelta(days=offset), name)
    if date(year, 10, 1) not in days:
        raise CalendarError("off_days lacks National Day; an unfinished list is not a notice")
    return days


def _make_up_days(year: int, value: object) -> dict[date, str]:
    days: dict[date, str] = {}
    for entry in _entries(value, "make_up_days"):
        values = _mapping(entry, {"name", "days"}, set())
        name = _name(values["name"])
        for listed in _entries(values["days"], "days"):
            day = _day(listed)
            if day.weekday() < 5:
                raise CalendarError(f"make-up day {day} is not a Saturday or Sunday")
            _place(days, year, day, name)
    return days


def _place(days: dict[date, str], year: int, day: date, name: str) -> None:
    if day.year != year and (day.year, day.month) != (year - 1, 12):
        raise CalendarError(f"{day} is neither in {year} nor in the December before")
    if day in days:
        raise CalendarError(f"{day} is listed twice")
    days[day] = name


def _mapping(value: object, required: set[str], optional: set[str]) -> dict[str, object]:
    if not isinstance(value, dict):
        raise CalendarError(f"expected a mapping with {sorted(required)}, found {value!r:.80}")
    values = cast("dict[str, object]", value)
    missing = sorted(required - set(values))
    unknown = sorted(str(key) for key in set(values) - required - optional)
    if missing or unknown:
        raise CalendarError(f"missing keys {missing}, unknown keys {unknown}")
    return values


def _entries(value: object, name: str) -> list[object]:
    if not isinstance(value, list):
        raise CalendarError(f"{name} must be a list, found {value!r:.80}")
    return cast("list[object]", value)


def _day(value: object, name: str = "a day") -> date:
    if type(value) is not date:  # a datetime is a date too, and would compare wrongly
        raise CalendarError(f"{name} is {value!r:.80}; write it as 2026-01-31")
    return value


def _name(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= 40:
        raise CalendarError(
            f"name is {value!r:.80}; write the holiday's name, at most 40 characters"
        )
    return value
