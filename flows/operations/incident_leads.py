"""Leads to incidents (事件线索) that wait for a person: open a case from one, or dismiss it, once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import duckdb

import sql
from flows.operations import cases
from flows.operations.people import answerer, opening_setting
from flows.settings import Settings
from playbooks.core.cases.forms import AnswerError
from playbooks.core.number_lists import numbers_in
from playbooks.core.working_hours import OFFICE_ZONE
from playbooks.major_incident.leads import CASE_KIND
from sql.catalogs import open_catalog, write

PLAYBOOK = "major_incident"
LONGEST_TITLE, LONGEST_FACTS = 60, 2_000


@dataclass(frozen=True)
class LeadOpened:
    """The case that a lead became."""

    number: int
    case_id: str
    is_joined: bool
    undrafted: str = ""


@dataclass(frozen=True)
class Opening:
    """What a person says when a lead becomes a case; empty is what the lead suggests.

    Attributes:
        known_at: when the office first knew; empty is when the lead was put to a person.
    """

    kind: str = ""
    title: str = ""
    facts: str = ""
    known_at: str = ""


def queue(settings: Settings) -> list[sql.Row]:
    """Return the leads that wait for a person, the latest first."""
    with open_catalog(settings.ops) as connection:
        return sql.rows(connection, "incidents/queue")


def decided(settings: Settings, limit: int = 50) -> list[sql.Row]:
    """Return the leads that somebody has decided about, the latest first."""
    with open_catalog(settings.ops) as connection:
        return sql.rows(connection, "incidents/decided", limit=limit)


def lead_numbers(text: str, *, most: int | None = None) -> list[int]:
    """Return the numbers that a person typed, ``3、5-8``.

    Raises:
        AnswerError: something in it is no number, or there are more than *most*.
    """
    try:
        numbers = numbers_in(text)
    except ValueError as error:
        raise AnswerError(f"「线索编号」栏{error}") from error
    if not numbers:
        raise AnswerError("没有填写线索编号；编号见看板「事件线索」")
    if most and len(numbers) > most:
        raise AnswerError(f"立案一次只能写 {most} 个线索编号；其余的另行处理")
    return numbers


def open_lead(
    settings: Settings, number: int, asked: Opening, person: str, now: datetime
) -> LeadOpened:
    """Open the case of a lead, or join the open one of the same name; a person does it, once.

    Raises:
        AnswerError: the lead does not wait, the office has not set its limits, or the intake is refused;
            the lead then waits on.
    """
    with write(settings.ops) as connection:
        lead = _waiting(connection, number)
        who = answerer(connection, person, now)
        setting = opening_setting(settings, connection, now, f"person:{who.person_id}")
        inputs = _inputs(lead, asked)
        opened = cases.open_in(connection, PLAYBOOK, inputs, None, setting)
        _settle(connection, number, "accepted", who.person_id, now, case_id=opened.case_id)
    carried = cases.carried_on(settings, opened.case_id, now)
    return LeadOpened(number, opened.case_id, opened.is_joined, carried.undrafted)


def dismiss_leads(
    settings: Settings, numbers: Iterable[int], reason: str, person: str, now: datetime
) -> list[int]:
    """Put leads aside for a reason, all or none; what they were made of is never put to anybody again.

    Raises:
        AnswerError: one of them does not wait, none is named, or there is no reason.
    """
    wanted = list(dict.fromkeys(numbers))
    if not wanted:
        raise AnswerError("没有填写线索编号；编号见看板「事件线索」")
    if not reason.strip():
        raise AnswerError("排除线索须写明理由，理由会留痕")
    with write(settings.ops) as connection:
        who = answerer(connection, person, now)
        for number in wanted:
            _waiting(connection, number)
            _settle(connection, number, "dismissed", who.person_id, now, reason=reason.strip())
    return wanted


def _waiting(connection: duckdb.DuckDBPyConnection, number: int) -> sql.Row:
    found = sql.rows(connection, "incidents/one", number=number)
    if not found:
        raise AnswerError(f"没有 {number} 号线索；编号见看板「事件线索」或 juzhen incident-leads")
    if found[0]["status"] != "waiting":
        case_id = found[0]["case_id"]
        became = f"已立案 {case_id}" if case_id else "已排除"
        raise AnswerError(f"{number} 号线索{became}，不能再处理；请看最新的「事件线索」")
    return found[0]


def _settle(  # noqa: PLR0913 - who decided what about which, when, why
    connection: duckdb.DuckDBPyConnection,
    number: int,
    status: str,
    person_id: str,
    now: datetime,
    *,
    case_id: str | None = None,
    reason: str | None = None,
) -> None:
    sql.execute(
        connection,
        "incidents/settle",
        number=number,
        status=status,
        case_id=case_id,
        reason=reason,
        person_id=person_id,
        now=now,
    )


def _inputs(lead: sql.Row, asked: Opening) -> Mapping[str, object]:
    """Return the intake that a lead suggests, with what the person said instead."""
    kind = asked.kind or CASE_KIND[str(lead["kind"])]
    found_at = cast("datetime", lead["found_at"]).astimezone(OFFICE_ZONE)
    inputs: dict[str, object] = {
        "kind": kind,
        "title": (asked.title or str(lead["title"])).strip()[:LONGEST_TITLE],
        "facts": (asked.facts or str(lead["told"])).strip()[:LONGEST_FACTS],
        "known_at": asked.known_at or found_at.isoformat(timespec="minutes"),
        "known_from": "system",
        "source_detail": f"事件线索 {lead['number']} 号",
    }
    if lead["account_id"]:
        inputs["account_id"] = str(lead["account_id"])
    return inputs
