"""Who is on duty, and who answers: the roster and the people as the engine needs them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

import duckdb

import sql
from flows.calendars import office_calendar
from flows.office import read_office
from flows.settings import Settings, SettingsError
from playbooks.core import roster
from playbooks.core.cases.forms import AnswerError, identifier_in
from playbooks.core.cases.store import Setting
from playbooks.core.cases.turn import Answerer, OfficeLimit, UsualTime
from playbooks.core.limits import Unit
from playbooks.core.messages import Directory, Recipient
from playbooks.core.register.columns import labels

ON_ROSTER: Final = ("handler", "reviewer", "signer", "duty_lead", "head")
SIGNING: Final = ("signer", "duty_lead", "head")
MOST_NAMED: Final = 6


def case_setting(
    settings: Settings, connection: duckdb.DuckDBPyConnection, now: datetime, actor: str
) -> Setting:
    """Return time, calendar, duty directory and actor for one transaction on cases."""
    on_duty = directory(connection, now)
    return Setting(now, office_calendar(settings), on_duty, actor, usual_times(settings))


def opening_setting(
    settings: Settings, connection: duckdb.DuckDBPyConnection, now: datetime, actor: str
) -> Setting:
    """Return the same for a transaction that opens cases: they are held to the office's own limits."""
    setting = case_setting(settings, connection, now, actor)
    return replace(setting, office_limits=office_limits(settings))


def usual_times(settings: Settings) -> dict[str, UsualTime]:
    """Return how long each platform usually takes, where its channel says so.

    A faulty channel file must not stop a deadline: the playbook's own limits count until it is mended,
    and whoever looks at the channels or drafts a letter is told what is wrong with it.
    """
    from playbooks.impersonation.channels import ChannelError, read_channels

    try:
        channels = read_channels(settings.home / "channels.yml")
    except ChannelError as error:
        logging.getLogger(__name__).warning("%s；平台通常时长暂按预案的内部时限计", error)
        return {}
    return {
        platform: UsualTime(
            channel.usual.budget,
            Unit(channel.usual.unit),
            f"{channel.title}通常时长{'' if channel.usual.grade == 'seen' else '，待核实'}",
        )
        for platform, channel in channels.platforms.items()
        if channel.usual
    }


def office_limits(settings: Settings) -> dict[str, OfficeLimit]:
    """Return the limits that the office has set itself; none while office.yml is missing or faulty.

    Whoever opens a case that needs one is told; a deadline that runs keeps the one it was armed with.
    """
    try:
        limits = read_office(settings).limits
    except SettingsError:
        return {}
    return {
        name: OfficeLimit(
            limit.minutes,
            limit.basis,
            limit.verified_on.isoformat() if limit.verified_on else "",
        )
        for name, limit in limits.items()
    }


def directory(connection: duckdb.DuckDBPyConnection, now: datetime) -> Directory:
    """Return who each roster role resolves to at *now*, and the people with handed-over steps."""
    assigned = sql.rows(connection, "cases/assigned_people")
    return {
        **{role: _recipient(duty) for role, duty in roster.all_on_duty(connection, now).items()},
        **{f"person:{row['person_id']}": _person(row) for row in assigned},
    }


def receiver(connection: duckdb.DuckDBPyConnection, person_id: str) -> Directory:
    """Return the directory entry of one person of the register."""
    found = sql.rows(connection, "cases/person", person_id=person_id)
    return {f"person:{person_id}": _person({**row, "person_id": person_id}) for row in found}


def _person(row: sql.Row) -> Recipient:
    return Recipient(str(row["person_id"]), str(row["name"]))


def answerer(connection: duckdb.DuckDBPyConnection, person: str, now: datetime) -> Answerer:
    """Return the person behind an id, or behind 「姓名（编号）」 as the forms show it.

    Raises:
        AnswerError: no such person, or one who is no longer active.
    """
    person_id = identifier_in(person)
    found = sql.rows(connection, "cases/person", person_id=person_id)
    if not found:
        raise AnswerError(f"台账中没有人员 {person_id}；请核对编号，或先导入人员表")
    if not found[0]["is_active"]:
        raise AnswerError(f"{found[0]['name']} 已离岗，不能办理")
    roles = {
        role
        for role, line in roster.duty_lines(connection, now).items()
        if any(duty.person_id == person_id for duty in line)
    }
    return Answerer(person_id, str(found[0]["name"]), frozenset(roles))


def answerer_with(
    connection: duckdb.DuckDBPyConnection,
    person: str,
    roles: Sequence[str],
    what: str,
    now: datetime,
) -> Answerer:
    """Return the person behind an id, who must hold one of *roles* on the roster at *now*.

    A case holds each step to its own role. What is recorded beside cases (a verdict, a score, a
    signature) binds other units as much, so the roster decides there too: whoever an office wants to
    take part is put on the roster (Article 6: the bureau arranges the inspection).

    Args:
        connection: the ``ops`` catalog.
        person: as ``answerer`` takes it.
        roles: any of them will do.
        what: what the person wants to do, as a Chinese verb phrase.
        now: the instant.

    Raises:
        AnswerError: no such active person, or one who holds none of *roles*: the sentence says which
            roles may, and who is there to ask.
    """
    who = answerer(connection, person, now)
    if who.roles.isdisjoint(roles):
        titles = "、".join(labels("role")[role] for role in roles)
        raise AnswerError(
            f"{who.name} 现在不在「{titles}」的值班表上，不能{what}；"
            f"{_to_ask(connection, roles, now)}，确需其办理的请先排进值班表"
        )
    return who


def _to_ask(connection: duckdb.DuckDBPyConnection, roles: Sequence[str], now: datetime) -> str:
    lines = roster.duty_lines(connection, now)
    names = list(
        dict.fromkeys(f"{one.name}（{one.person_id}）" for role in roles for one in lines[role])
    )
    if not names:
        return "现在这些岗位无人在岗，见 juzhen duty"
    return f"现在可请 {'、'.join(names[:MOST_NAMED])}{' 等' if len(names) > MOST_NAMED else ''}办理"


def _recipient(duty: roster.Duty | roster.Nobody) -> Recipient | None:
    if isinstance(duty, roster.Nobody):
        return None
    return Recipient(duty.person_id, duty.name)
