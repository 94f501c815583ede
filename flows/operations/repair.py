"""What a person does after an alarm: settle a lost message by telling or sending again, rebuild."""

from __future__ import annotations

from datetime import datetime

import sql
from flows.operations.people import answerer
from flows.settings import Settings
from playbooks.core import outbox
from playbooks.core import resend as resend_core
from playbooks.core.cases import rebuild as rebuild_core
from playbooks.core.cases.forms import AnswerError
from sql.catalogs import open_catalog, write


def unsettled_messages(settings: Settings, now: datetime) -> list[str]:
    """Return the messages that nobody knows to have arrived: key and why, one line each."""
    with open_catalog(settings.ops) as connection:
        found = sql.rows(connection, "audit/unsettled_messages", before=now)
    return [str(row["what"]) for row in found]


def acknowledge(
    settings: Settings, dedupe_key: str, remark: str, person: str, now: datetime
) -> None:
    """Record that *person* told the recipient of a message that was lost or is unclear.

    Raises:
        AnswerError: no such person, no remark, or no such message waiting for a person.
    """
    if not remark.strip():
        raise AnswerError("请写明如何告知了收件人")
    with write(settings.ops) as connection:
        who = answerer(connection, person, now)
        actor = f"person:{who.person_id}"
        if not outbox.acknowledge(connection, dedupe_key, remark.strip(), now, actor):
            raise AnswerError(_not_waiting(dedupe_key))


def resend(settings: Settings, dedupe_key: str, remark: str, person: str, now: datetime) -> str:
    """Queue a lost or unclear message again because *person* decided so; return its new key.

    Raises:
        AnswerError: no such person, no remark, or no such message waiting for a person.
    """
    if not remark.strip():
        raise AnswerError("请写明为什么可以重新发送，如：渠道已恢复，已核实对方没有收到")
    with write(settings.ops) as connection:
        who = answerer(connection, person, now)
        actor = f"person:{who.person_id}"
        new_key = resend_core.resend(connection, dedupe_key, remark.strip(), now, actor)
    if new_key is None:
        raise AnswerError(_not_waiting(dedupe_key))
    return new_key


def rebuild(settings: Settings) -> int:
    """Fold the ledger into the tables again and return how many entries were folded.

    Raises:
        BrokenLedgerError: the ledger does not verify; nothing was changed.
    """
    with write(settings.ops) as connection:
        return rebuild_core.rebuild(connection)


def _not_waiting(dedupe_key: str) -> str:
    return f"没有待人工处理的消息 {dedupe_key}；看板「待处理消息」与 `juzhen messages` 列出全部"


def case_of(settings: Settings, dedupe_key: str) -> str:
    """Return the case that a message is about, empty when there is no such message."""
    with open_catalog(settings.ops) as connection:
        found = sql.rows(connection, "outbox/one", dedupe_key=dedupe_key)
    return str(found[0]["case_id"]) if found else ""
