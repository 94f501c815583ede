"""Bring the list of problems up to date: open what is new, note what changed, end what is no longer true."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, cast

import duckdb

import sql
from flows.calendars import office_calendar
from flows.operations.finding_look import Look, look
from flows.settings import Settings
from playbooks.core.calendar import WorkCalendar
from playbooks.core.documents.text import visible
from playbooks.core.findings.book import Change, changes
from playbooks.core.findings.kinds import kinds
from playbooks.core.findings.model import Found, Held
from playbooks.core.limits import Limit, LimitKind, Unit, project
from sql.catalogs import open_catalog, write

ACTOR = "system:findings"
LONGEST_DETAIL = 1_000
BASIS = "内部时限，非法定"
UNCHANGING = frozenset({"key", "code", "unit_id", "account_id"})


@dataclass(frozen=True)
class Derived:
    """What one derivation did.

    Attributes:
        counts: event -> how many.
        problems: why something could not be looked at; nothing of it counts as ended.
    """

    counts: Mapping[str, int]
    problems: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """What was done, in one Chinese sentence."""
        words = {
            "settled": "随整改件办结",
            "opened": "新增",
            "changed": "加重或变化",
            "reopened": "重新提出",
            "ended": "不再成立而了结",
            "confirmed": "整改得到印证",
        }
        told = [
            f"{word} {self.counts[event]} 条"
            for event, word in words.items()
            if self.counts.get(event)
        ]
        return f"问题清单：{'，'.join(told) or '没有变化'}"


def derive(settings: Settings, now: datetime) -> Derived:
    """Look at everything and write what changed, in one transaction."""
    seen = look(settings, now)
    calendar = office_calendar(settings)
    counts: Counter[str] = Counter()
    with write(settings.ops) as connection:
        counts["settled"] = settle_by_cases(connection, now)
        held = [held_of(row) for row in sql.rows(connection, "findings/latest")]
        writing = _Writing(connection, seen, calendar, now)
        for change in changes(held, seen.found, seen.saw, now):
            writing.take(change)
            if change.event != "seen":
                counts[change.event] += 1
        writing.finish()
    return Derived(dict(counts), seen.problems)


def settle_by_cases(connection: duckdb.DuckDBPyConnection, now: datetime) -> int:
    """Settle the problems whose rectification case has closed; return how many."""
    outcomes = {str(row["case_id"]): row for row in sql.rows(connection, "findings/case_outcomes")}
    count = 0
    for row in sql.rows(connection, "findings/latest"):
        held = held_of(row)
        closed = outcomes.get(held.case_id or "")
        if closed is None or not held.is_running:
            continue
        count += 1
        if closed["outcome"] == "rectified":
            settled = {"state": "fixed", "settled_at": closed["closed_at"]}
            update(connection, [replaced(held, settled)])
            note(
                connection, held.number, "fixed", f"整改件 {held.case_id} 复查合格办结", ACTOR, now
            )
        else:
            update(connection, [replaced(held, {"state": "open", "case_id": None})])
            says = f"整改件 {held.case_id} 办结，但没有整改到位"
            note(connection, held.number, "reopened", says, ACTOR, now)
    return count


def due_after(workdays: int, now: datetime, calendar: WorkCalendar) -> dict[str, object]:
    """Return the deadline of *workdays* from *now* as the list keeps it."""
    limit = Limit(workdays, Unit.WORKING_DAYS, LimitKind.INTERNAL, BASIS)
    projection = project(limit, now, calendar)
    return {
        "due_on": projection.due_on,
        "due_basis": f"{workdays} 个工作日（{BASIS}）",
        "is_provisional": projection.provisional,
    }


def held_of(row: sql.Row) -> Held:
    """Return a row of ``finding`` as the rules read it."""
    names = {field.name for field in fields(Held)}
    known: dict[str, Any] = {name: value for name, value in row.items() if name in names}
    return Held(**known, key=str(row["finding_key"]))


def update(connection: duckdb.DuckDBPyConnection, helds: Sequence[Held]) -> None:
    """Write how *helds* stand now, in one statement: a night looks at every one that runs."""
    if not helds:
        return
    kept = [field.name for field in fields(Held) if field.name not in UNCHANGING]
    rows = [{name: getattr(held, name) for name in kept} for held in helds]
    frame = sql.frame(rows).cast({name: kind for name, kind in _kinds().items() if name in kept})
    with sql.registered(connection, changed_finding=frame):
        sql.execute(connection, "findings/update_many")


def _kinds() -> Mapping[str, Any]:
    """Return the types of the columns that may hold nothing at all."""
    import polars as pl

    return {
        **dict.fromkeys(("owner_person_id", "case_id"), pl.String),
        **dict.fromkeys(("settled_at", "ended_at"), pl.Datetime("us")),
    }


def note(
    connection: duckdb.DuckDBPyConnection,
    number: int,
    event: str,
    detail: str,
    actor: str,
    now: datetime,
) -> None:
    """Write down one thing that happened to a problem."""
    sql.insert(connection, "finding_event", [entry(number, event, detail, actor, now)])


def entry(number: int, event: str, detail: str, actor: str, now: datetime) -> dict[str, object]:
    """Return one row of ``finding_event``."""
    return {
        "event_id": uuid.uuid4().hex,
        "number": number,
        "event": event,
        "detail": visible(detail, LONGEST_DETAIL),
        "actor": actor,
        "happened_at": now,
    }


def listed(settings: Settings) -> list[sql.Row]:
    """Return every problem with its names, the most pressing first."""
    with open_catalog(settings.ops) as connection:
        return sql.rows(connection, "findings/listed")


class _Writing:
    """The rows that one derivation writes; new ones together at the end."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        seen: Look,
        calendar: WorkCalendar,
        now: datetime,
    ) -> None:
        self.connection, self.seen, self.calendar, self.now = connection, seen, calendar, now
        (last,) = sql.rows(connection, "findings/last_number")
        self.number = int(cast("int", last["number"]))
        self.new: list[dict[str, object]] = []
        self.entries: list[dict[str, object]] = []
        self.changed: list[Held] = []

    def take(self, change: Change) -> None:
        """Take one change; a new problem gets its number."""
        if change.held is None:
            assert change.found
            self.number += 1
            self.new.append(self._row(change.found))
            self._note(self.number, "opened", change.says)
            return
        held = self._with_owner(change.held)
        if change.found:
            held = replaced(held, {"facts": _json(change.found)})
        if change.event == "reopened":
            workdays = kinds()[held.code].workdays
            held = replaced(held, due_after(workdays, self.now, self.calendar))
        if change.event != "seen":
            self._note(held.number, change.event, change.says)
        self.changed.append(_bounded(held))

    def finish(self) -> None:
        """Write the new rows and every entry."""
        update(self.connection, self.changed)
        sql.insert(self.connection, "finding", self.new)
        sql.insert(self.connection, "finding_event", self.entries)

    def _note(self, number: int, event: str, says: str) -> None:
        self.entries.append(entry(number, event, says, ACTOR, self.now))

    def _owner(self, code: str, account_id: str, unit_id: str) -> str | None:
        is_sponsors = kinds()[code].owner == "sponsor"
        return self.seen.owners.get(account_id or unit_id) if is_sponsors else None

    def _with_owner(self, held: Held) -> Held:
        """Give a problem whose owner has left, or that had none, to whoever answers for it now."""
        if not held.is_running or held.owner_person_id:
            return held
        return replaced(
            held, {"owner_person_id": self._owner(held.code, held.account_id, held.unit_id)}
        )

    def _row(self, one: Found) -> dict[str, object]:
        empty = dict.fromkeys(("case_id", "settled_at", "ended_at", "told_at", "overdue_told_at"))
        return {
            "number": self.number,
            "finding_key": one.key,
            "code": one.code,
            "unit_id": one.unit_id,
            "account_id": one.account_id,
            "detail": visible(one.detail, LONGEST_DETAIL),
            "grade": one.grade,
            "facts": _json(one),
            "owner_person_id": self._owner(one.code, one.account_id, one.unit_id),
            **due_after(kinds()[one.code].workdays, self.now, self.calendar),
            "state": "open",
            "opened_at": self.now,
            "last_true_at": self.now,
            **empty,
        }


def replaced(held: Held, changed: Mapping[str, object]) -> Held:
    """Return *held* with the columns of *changed* as a query or a form gives them."""
    values: dict[str, Any] = {field.name: getattr(held, field.name) for field in fields(held)}
    values.update(changed)
    return Held(**values)


def _json(one: Found) -> str:
    return json.dumps(one.facts, ensure_ascii=False, default=str)


def _bounded(held: Held) -> Held:
    return replaced(held, {"detail": visible(held.detail, LONGEST_DETAIL)})
