"""Acknowledge a step: from the command, a form, or a button in the team chat."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

import duckdb

import sql
from flows.operations.people import answerer, case_setting
from flows.settings import Settings
from playbooks.core.cases import acknowledging, store
from playbooks.core.cases.forms import AnswerError
from playbooks.core.cases.turn import StaleAnswerError
from playbooks.core.facts import as_int, as_mapping
from playbooks.core.ledger import EventType, NewEvent
from sql.catalogs import open_catalog, write


@dataclass(frozen=True)
class Acknowledged:
    """What became of it.

    Attributes:
        refusal: why it was not taken (stale); empty otherwise.
        is_new: false when the same person had done so already.
    """

    case_id: str
    step_id: str
    name: str
    refusal: str = ""
    is_new: bool = True


def acknowledge(  # noqa: PLR0913 - what, by whom, when, how
    settings: Settings,
    case_id: str,
    step_id: str,
    person: str,
    now: datetime,
    *,
    visit: int | None = None,
    message: str = "",
    through: str = "command",
) -> Acknowledged:
    """Record that *person* has taken note of an open step; a stale one is recorded as refused.

    Raises:
        AnswerError: no such person, or one who has nothing to do with the step.
        CaseNotFoundError: there is no such case.
    """
    with write(settings.ops) as connection:
        who = answerer(connection, person, now)
        setting = case_setting(settings, connection, now, f"person:{who.person_id}")
        current = store.load(connection, case_id, setting)
        try:
            is_new = acknowledging.acknowledge(current, step_id, visit, message, who, through)
        except StaleAnswerError as error:
            facts = {"step_id": step_id, "message": message, "reason": str(error)}
            refused = NewEvent(
                case_id, EventType.ACKNOWLEDGEMENT_REFUSED, setting.actor, facts, step_id
            )
            store.commit(connection, [refused], now)
            return Acknowledged(case_id, step_id, who.name, str(error))
        store.commit(connection, current.events, now)
    return Acknowledged(case_id, step_id, who.name, is_new=is_new)


def acknowledge_message(
    settings: Settings, dedupe_key: str, person: str, now: datetime, through: str
) -> Acknowledged:
    """Record that *person* has taken note of the step that a message called to.

    Raises:
        AnswerError: no such message, or as ``acknowledge``.
    """
    with open_catalog(settings.ops) as connection:
        found = sql.rows(connection, "outbox/one", dedupe_key=dedupe_key)
    link = as_mapping(json.loads(str(found[0]["link"]))) if found else {}
    if not link.get("step_id"):
        raise AnswerError("这条消息不对应任何待办步骤，不能登记知悉")
    return acknowledge(
        settings,
        str(found[0]["case_id"]),
        str(link["step_id"]),
        person,
        now,
        visit=as_int(link["visit"]),
        message=dedupe_key,
        through=through,
    )


def person_of_chat_user(
    connection: duckdb.DuckDBPyConnection, chat_user_id: str, undone: str = "未登记知悉"
) -> str:
    """Return the id of the one active person with this user id of the chat.

    *undone* says what was not done where there is no such person.

    Raises:
        AnswerError: the register has nobody, or several, under it.
    """
    found = sql.rows(connection, "cases/person_by_chat_user", chat_user_id=chat_user_id)
    if len(found) != 1:
        fault = "没有" if not found else "有多位"
        raise AnswerError(f"人员台账中{fault}聊天账号为 {chat_user_id} 的在岗人员，{undone}")
    return str(found[0]["person_id"])
