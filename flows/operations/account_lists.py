"""Fields that name several accounts: what somebody typed becomes account ids of the register."""

from __future__ import annotations

import re
from collections.abc import Mapping

import duckdb

import sql
from playbooks.core.cases import store
from playbooks.core.cases.forms import AnswerError, form_of, identifier_in
from playbooks.core.playbook.model import TIMED

EVERY = "全部"
BETWEEN = re.compile(r"[、,，;；\s]+")


def with_accounts(
    connection: duckdb.DuckDBPyConnection,
    case_id: str,
    step_id: str,
    answers: Mapping[str, object],
) -> dict[str, object]:
    """Return *answers* with every field of type ``accounts`` as a list of account ids.

    Raises:
        AnswerError: an account is not in the register, or no longer in service.
        CaseNotFoundError: there is no such case.
    """
    found = dict(answers)
    if not any(isinstance(value, str) and value.strip() for value in answers.values()):
        return found
    playbook = store.read_playbook(
        connection, store.read_state(connection, case_id).playbook_digest
    )
    step = next((step for step in playbook.every_step() if step.id == step_id), None)
    fields = form_of(step) if isinstance(step, TIMED) else ()
    for field in fields:
        typed = found.get(field.name)
        if field.type == "accounts" and isinstance(typed, str) and typed.strip():
            found[field.name] = accounts_in(connection, typed)
    return found


def accounts_in(connection: duckdb.DuckDBPyConnection, typed: str) -> list[str]:
    """Return the account ids that somebody typed; 「全部」 are all accounts in service.

    Raises:
        AnswerError: one of them is not in the register, or no longer in service.
    """
    known = [str(row["account_id"]) for row in sql.rows(connection, "letters/own_accounts")]
    if typed.strip() == EVERY:
        return known
    wanted = list(dict.fromkeys(identifier_in(part) for part in BETWEEN.split(typed) if part))
    strangers = [account for account in wanted if account not in set(known)]
    if strangers:
        raise AnswerError(
            f"台账中没有在用账号 {'、'.join(strangers[:10])}；请核对台账号，或写「全部」"
        )
    return wanted
