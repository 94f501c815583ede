"""Close a case before its steps are done: one transaction, then whatever the case above does next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sql
from flows.operations.cases import CaseChanged, carried_on
from flows.operations.people import answerer, case_setting
from flows.settings import Settings
from playbooks.core.cases import closing, store
from sql.catalogs import write


@dataclass(frozen=True)
class Asked:
    """What was asked for, people as forms and commands name them.

    Attributes:
        outcome: as in ``EarlyClosing``.
        letters_note: as in ``EarlyClosing``.
        reporters_note: as in ``EarlyClosing``.
    """

    outcome: str
    reason: str
    approved_by: str
    proposed_by: str
    letters_note: str = ""
    reporters_note: str = ""


def close_early(settings: Settings, case_id: str, asked: Asked, now: datetime) -> CaseChanged:
    """Close *case_id* as *asked*.

    Raises:
        AnswerError: no such person, or the case may not be closed so; nothing was written.
        CaseNotFoundError: there is no such case.
    """
    with write(settings.ops) as connection:
        who = answerer(connection, asked.proposed_by, now)
        approver = answerer(connection, asked.approved_by, now)
        setting = case_setting(settings, connection, now, f"person:{who.person_id}")
        wanted = closing.EarlyClosing(
            asked.outcome,
            asked.reason,
            who,
            approver,
            asked.letters_note,
            asked.reporters_note,
        )
        store.change(
            connection, case_id, setting, lambda current: closing.close_early(current, wanted)
        )
        sql.execute(connection, "reports/erase_answered", case_id=case_id)
    return carried_on(settings, case_id, now)
