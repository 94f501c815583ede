"""立案 from the team chat: the form of a major incident as a modal, for people on the roster alone.

The command ``/juzhen`` and the shortcut on a message open the same form that the interface has; it is
checked by the same rules and opens the case in the same way.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import duckdb

from connectors.slack_modal import Asked, Modal, ModalField, Submitted
from connectors.slack_socket import Response
from flows import clock
from flows.operations import cases
from flows.operations.acknowledging import person_of_chat_user
from flows.operations.people import answerer, directory
from flows.operations.shipped import parsed, playbook_path
from flows.settings import Settings, SettingsError
from playbooks.core.cases.checks import check_starts
from playbooks.core.cases.forms import AnswerError, check_answers
from playbooks.core.cases.turn import Answerer
from playbooks.core.documents.text import visible
from playbooks.core.masking import masked
from playbooks.core.messages import TITLE_LIMIT, local
from playbooks.core.playbook import Playbook, PlaybookError
from playbooks.core.playbook.model import INPUT, FormField
from sql.catalogs import CatalogBusyError, open_catalog

PLAYBOOK: Final = "major_incident"
TITLE: Final = "重大事件立案"
NOTE: Final = (
    "提交即立案，法定时限从「首次获知时间」起按自然时间计算；时间均为北京时间。同名的事件并入原案。"
)
BUSY: Final = "系统忙，没有立案，请稍后再试，或用表单「登记：重大事件处置」"
LINE = 200
"""Texts of up to this many characters are asked for in one line."""


@dataclass(frozen=True)
class ChatIntake:
    """The forms of one installation; called from several threads."""

    settings: Settings

    def ask(self, asked: Asked) -> Modal:
        """Return the form, or a notice that says why this person gets none."""
        now = clock.now()
        try:
            self._on_roster(asked.user_id, now)
        except AnswerError as error:
            return Modal("不能立案", str(error))
        except (CatalogBusyError, duckdb.Error, OSError) as error:
            _warn("a form was not shown", error)
            return Modal("不能立案", BUSY)
        initial = _initial(asked, now)
        fields = [_field(one, initial.get(one.name, "")) for one in _playbook().inputs]
        return Modal(TITLE, NOTE, fields, "立案")

    def faults(self, submitted: Submitted) -> Mapping[str, str]:
        """Return field -> what to correct, by the playbook's own rules."""
        playbook = _playbook()
        try:
            accepted = check_answers(playbook.inputs, submitted.values)
            check_starts(playbook, INPUT, accepted, clock.now())
        except AnswerError as error:
            return _by_field(playbook, error)
        return {}

    def take(self, submitted: Submitted) -> Response:
        """Open the case, or join the open one of the same name; never raises for what a person can cause."""
        now = clock.now()
        try:
            who = self._on_roster(submitted.user_id, now)
            opened = cases.open_case(
                self.settings, PLAYBOOK, submitted.values, None, who.person_id, now
            )
        except (AnswerError, SettingsError, PlaybookError) as error:
            return Response(f"没有立案：{error}", is_public=False)
        except (CatalogBusyError, duckdb.Error, OSError) as error:
            _warn("an incident was not opened", error)
            return Response(BUSY, is_public=False)
        word = "的报告已并入在办案件" if opened.is_joined else "已立案，开始计时"
        told = f"{who.name} {word} {opened.case_id}：{visible(masked(submitted.values['title']), TITLE_LIMIT)}"
        more = f"；{opened.undrafted}" if opened.undrafted else ""
        return Response(told + more, is_public=True)

    def _on_roster(self, user_id: str, now: datetime) -> Answerer:
        """Return the person behind a chat account who holds a duty now.

        Raises:
            AnswerError: nobody of the register, or somebody who is not on the roster.
        """
        with open_catalog(self.settings.ops) as connection:
            person_id = person_of_chat_user(connection, user_id, "不能在聊天中立案")
            who = answerer(connection, person_id, now)
            on_duty = directory(connection, now)
        if not who.roles:
            handler = on_duty.get("handler")
            named = f"请告知值班经办人 {handler.name}" if handler else "请告知值班领导"
            raise AnswerError(
                f"{who.name} 现在不在值班表上，不能在聊天中立案；{named}，或用表单「登记：重大事件处置」"
            )
        return who


def _playbook() -> Playbook:
    path = playbook_path(PLAYBOOK)
    return parsed(path.read_text(encoding="utf-8"), path.name)


def _initial(asked: Asked, now: datetime) -> dict[str, str]:
    """Return what the form has filled in: the message, when it is, and where it stood."""
    named = {"known_at": local(now)}
    if asked.message_ts:
        place = f"聊天消息（频道 {asked.channel}，编号 {asked.message_ts}）"
        return {**named, "facts": asked.text, "source_detail": place}
    return {**named, "title": asked.text}


def _field(one: FormField, initial: str) -> ModalField:
    """Return a question of the playbook's intake as the modal puts it."""
    hint = one.help or ""
    if one.type == "enum":
        return ModalField(
            one.name, one.title, "choice", one.values, initial, hint, is_required=one.required
        )
    if one.type == "instant":
        hint = "北京时间，写成 2026-08-12 20:00；法定时限从这时起按自然时间计算"
    kind = "text" if one.type == "text" and one.max_length > LINE else "line"
    longest = one.max_length if one.type == "text" else LINE
    return ModalField(
        *(one.name, one.title, kind), {}, initial, hint, is_required=one.required, longest=longest
    )


def _by_field(playbook: Playbook, error: AnswerError) -> Mapping[str, str]:
    """Return every fault at its field; one of no field is about the time from which the limits run."""
    time = next(field.name for field in playbook.inputs if field.type == "instant")
    return error.by_field or {time: str(error)}


def _warn(what: str, error: Exception) -> None:
    logging.getLogger(__name__).warning("%s: %s", what, type(error).__name__)
