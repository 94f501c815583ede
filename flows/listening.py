"""Listen for presses and forms in the team chat and record them, until told to stop."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Event

import duckdb

from connectors.slack_socket import Press, Response, SlackListener
from flows import clock
from flows.chat_intake import ChatIntake
from flows.operations.acknowledging import acknowledge_message, person_of_chat_user
from flows.settings import Settings, SettingsError
from playbooks.core.cases.forms import AnswerError
from playbooks.core.cases.store import CaseNotFoundError
from sql.catalogs import CatalogBusyError, open_catalog

APP_TOKEN_VARIABLE = "JUZHEN_SLACK_APP_TOKEN"  # noqa: S105  # the variable's name
RETRY_S = 30.0


def app_token(settings: Settings) -> str:
    """Return the app-level token; empty when presses are not listened for."""
    return settings.variables.get(APP_TOKEN_VARIABLE, "")


def listen(settings: Settings, stop: Event, say: Callable[[str], None]) -> None:
    """Record presses until *stop* is set; a refused or lost connection is tried again.

    Raises:
        SettingsError: the tokens are not set.
    """
    if not (app_token(settings) and settings.chat.token):
        raise SettingsError(
            f"按钮回执需要 {APP_TOKEN_VARIABLE}（权限 connections:write）和 JUZHEN_SLACK_TOKEN"
        )
    listener = SlackListener(
        app_token(settings),
        settings.chat.token,
        lambda press: recorded(settings, press),
        intake=ChatIntake(settings),
        base_url=settings.chat.api_url,
    )
    try:
        while (word := listener.connect()) and not stop.is_set():
            say(f"连不上 Slack（{word}），{RETRY_S:g} 秒后再试；请核对 {APP_TOKEN_VARIABLE}")
            stop.wait(RETRY_S)
        if not stop.is_set():
            say("正在接收 Slack 中的「知悉」按钮和 /juzhen 立案，Ctrl-C 停止。")
        stop.wait()
    finally:
        listener.close()


def recorded(settings: Settings, press: Press) -> Response:
    """Record one press and return what to say; never raises for what a person can cause."""
    try:
        with open_catalog(settings.ops) as connection:
            person = person_of_chat_user(connection, press.user_id)
        done = acknowledge_message(settings, press.dedupe_key, person, clock.now(), "slack")
    except (AnswerError, CaseNotFoundError) as error:
        return Response(str(error), is_public=False)
    except (CatalogBusyError, duckdb.Error, OSError) as error:
        # One press that cannot be written must not end the listening; its presser is told to repeat it.
        logging.getLogger(__name__).warning("a press was not recorded: %s", type(error).__name__)
        return Response("系统忙，没有登记上，请稍后再按一次", is_public=False)
    if done.refusal:
        return Response(done.refusal, is_public=False)
    if not done.is_new:
        return Response(f"{done.name}，您已登记过知悉", is_public=False)
    return Response(f"{done.name} 已知悉（{done.case_id}），时限与提醒照常", is_public=True)
