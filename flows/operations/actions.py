"""What ``do`` steps have the system do: each action makes one file from what is held here."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import sql
from flows.settings import Settings, SettingsError
from playbooks.core.cases.state import CaseState
from playbooks.core.working_hours import OFFICE_ZONE
from sql.catalogs import open_catalog


@dataclass(frozen=True)
class Made:
    """A file that an action made."""

    file_name: str
    content: bytes


Action = Callable[[Settings, CaseState, datetime], Made]


def register_extract(settings: Settings, state: CaseState, now: datetime) -> Made:
    """Write down what the register says now about the account that is being passed off.

    The register changes; a case that refers to it keeps what it said at the time.

    Raises:
        SettingsError: the case names no official account, or the register has none of that id.
    """
    account_id = state.inputs.get("official_account_id")
    if not account_id:
        raise SettingsError("本案没有填写疑被冒用的官方账号，无从摘录台账")
    with open_catalog(settings.ops) as connection:
        found = sql.rows(connection, "letters/official_account", account_id=str(account_id))
    if not found:
        raise SettingsError(f"台账中没有账号 {account_id}")
    facts = {
        "case_id": state.case_id,
        "account_id": account_id,
        "extracted_at": now.astimezone(OFFICE_ZONE).isoformat(timespec="seconds"),
        **found[0],
    }
    text = json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True, default=str)
    return Made(f"台账摘录-{account_id}.json", text.encode("utf-8"))


def case_file(settings: Settings, state: CaseState, now: datetime) -> Made:
    """Make the file of the case as it stands, as the .docx that goes to the archive."""
    from flows.operations.case_files import NAME, read, render

    content = render(read(settings, state.case_id, now))[f"{NAME}.docx"]
    return Made(f"{state.case_id}-{NAME}.docx", content)


DONE_BY: Mapping[str, Action] = {"register_extract": register_extract, "case_file": case_file}
"""The actions of ``playbooks.core.playbook.actions.ACTIONS``, each by who does it."""
