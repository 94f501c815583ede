"""What is true tonight: the problems that register, figures, incidents and spot checks give away."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import cast

import sql
from flows.calendars import office_calendar
from flows.settings import Settings
from playbooks.core.findings.figure_leads import BEFORE_WINDOW, follower_jumps, mass_likes
from playbooks.core.findings.kinds import kinds
from playbooks.core.findings.model import Found, Held
from playbooks.core.findings.silent import silent
from playbooks.core.findings.stale import stale
from playbooks.core.register.findings import Finding, register_findings
from playbooks.core.working_hours import local_day
from playbooks.spot_check.indicators import titles_of
from sql.catalogs import CatalogBusyError, open_catalog

WINDOW_DAYS = 35
"""How far back what happened is looked for; what is older stays as it was listed."""
WAIT_S = 10.0
OF_FIGURES = frozenset({"stale", "stale_unproven", "follower_jump", "mass_likes"})


@dataclass(frozen=True)
class Look:
    """What a look saw.

    Attributes:
        found: key -> what is true now.
        unseen: codes that could not be looked at, so that nothing of theirs counts as ended.
        owners: account, or unit for all of its accounts, -> the responsible person who is there.
        problems: why something could not be looked at.
    """

    found: Mapping[str, Found]
    unseen: frozenset[str]
    owners: Mapping[str, str | None]
    begin: date
    problems: tuple[str, ...]

    def saw(self, held: Held) -> bool:
        """Return whether this look could have seen *held* if it were still true."""
        if held.code in self.unseen:
            return False
        kind = kinds().get(held.code)
        if kind is None or kind.is_until_true:
            return kind is not None
        # A figure that was corrected takes its lead with it, as long as its day is looked at.
        day = held.key.rsplit(":", 1)[-1]
        return held.code in ("follower_jump", "mass_likes") and day >= self.begin.isoformat()


@dataclass
class _Looking:
    settings: Settings
    now: datetime
    units: Mapping[str, str]
    unseen: set[str] = field(default_factory=set[str])
    problems: list[str] = field(default_factory=list[str])

    @property
    def begin(self) -> date:
        return local_day(self.now) - timedelta(days=WINDOW_DAYS)


def look(settings: Settings, now: datetime) -> Look:
    """Look at everything once; a statistics catalog that is held leaves its kinds unseen."""
    with open_catalog(settings.ops) as connection:
        of_register = register_findings(connection, local_day(now))
        accounts = sql.rows(connection, "register/all_account")
        owners = sql.rows(connection, "findings/owners")
        notes = sql.rows(connection, "findings/silent_in_incident")
        late = sql.rows(connection, "findings/published_late")
        failures = sql.rows(connection, "spot_check/standing_failures")
    units = {str(row["account_id"]): str(row["unit_id"]) for row in accounts}
    published = {
        (str(row["case_id"]), str(row["account_id"])): cast("datetime", row["recorded_at"])
        for row in late
    }
    looking = _Looking(settings, now, units)
    titles = titles_of(settings.home / "spot_check.yml")
    found = [
        *map(_of_register, of_register),
        *silent(notes, published, units),
        *(_of_spot_check(row, titles) for row in failures),
        *_of_figures(looking),
    ]
    return Look(
        found={one.key: one for one in found},
        unseen=frozenset(looking.unseen),
        owners=_owners(owners),
        begin=looking.begin,
        problems=tuple(looking.problems),
    )


def _owners(rows: Sequence[sql.Row]) -> dict[str, str | None]:
    """Return who answers for each account, and for a unit whoever answers for its first one."""
    owners = {str(row["account_id"]): _text(row["person_id"]) for row in rows}
    of_unit: dict[str, str | None] = {}
    for row in rows:
        unit_id = str(row["unit_id"])
        of_unit[unit_id] = of_unit.get(unit_id) or _text(row["person_id"])
    return {**of_unit, **owners}


def _of_register(one: Finding) -> Found:
    detail = f"{one.title}：{one.detail}" if one.detail else one.title
    key = f"{one.code}:{one.account_id or one.unit_id}"
    return Found(key, one.code, one.unit_id, one.account_id, detail)


def _of_spot_check(row: sql.Row, titles: Mapping[str, str]) -> Found:
    indicator = str(row["indicator"])
    note = f"：{row['note']}" if row["note"] else ""
    return Found(
        key=f"spot_check:{row['account_id']}:{row['indicator']}",
        code="spot_check",
        unit_id=str(row["unit_id"]),
        account_id=str(row["account_id"]),
        detail=f"{row['period']} 抽查「{titles.get(indicator, indicator)}」不合格{note}",
        grade=str(row["case_id"]),  # found again by the next check, it is put to a person again
        facts={"case_id": row["case_id"], "indicator": row["indicator"]},
    )


def _of_figures(looking: _Looking) -> Iterator[Found]:
    settings, today = looking.settings, local_day(looking.now)
    begin = looking.begin
    days: dict[str, object] = {"begin": begin - BEFORE_WINDOW, "end": today}

    def read() -> list[Found]:
        with open_catalog(settings.stats, wait_limit_s=WAIT_S) as connection:
            fresh = sql.rows(connection, "marts/account_freshness", today=today)
            jumps = sql.rows(connection, "marts/follower_jump", **days)
            likes = sql.rows(connection, "findings/mass_likes", **days)
        calendar = office_calendar(settings)
        return [
            *stale(fresh, calendar),
            *follower_jumps(jumps, looking.units, begin),
            *mass_likes(likes, looking.units, begin),
        ]

    yield from _tried(looking, OF_FIGURES, read)


def _tried(
    looking: _Looking, codes: frozenset[str], read: Callable[[], list[Found]]
) -> list[Found]:
    try:
        return read()
    except CatalogBusyError as error:
        looking.unseen |= codes
        looking.problems.append(str(error))
        return []


def _text(value: object) -> str | None:
    return str(value) if value else None
