"""What ``do`` steps have the system do: each action makes files from what is held here."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
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


Action = Callable[[Settings, CaseState, datetime], Sequence[Made]]


def register_extract(settings: Settings, state: CaseState, now: datetime) -> Sequence[Made]:
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
    return [Made(f"台账摘录-{account_id}.json", text.encode("utf-8"))]


def case_file(settings: Settings, state: CaseState, now: datetime) -> Sequence[Made]:
    """Make the file of the case as it stands, as the .docx that goes to the archive."""
    from flows.operations.case_files import NAME, read, render

    content = render(read(settings, state.case_id, now))[f"{NAME}.docx"]
    return [Made(f"{state.case_id}-{NAME}.docx", content)]


def spot_check_draw(settings: Settings, state: CaseState, now: datetime) -> Sequence[Made]:
    """Draw the accounts of a spot check, note what the system knows, lay out the worksheets."""
    from flows.operations.spot_check_draw import draw

    return draw(settings, state, now)


def spot_check_result(settings: Settings, state: CaseState, now: datetime) -> Sequence[Made]:
    """Close the checking: every item has a verdict, the result and its worksheets are fixed."""
    from flows.operations.spot_check_result import conclude

    return conclude(settings, state, now)


def spot_check_notices(settings: Settings, state: CaseState, now: datetime) -> Sequence[Made]:
    """Open a case of rectification for every sponsor with failed items."""
    from flows.operations.spot_check_result import send_notices

    return send_notices(settings, state, now)


def appraisal_basis(settings: Settings, state: CaseState, now: datetime) -> Sequence[Made]:
    """Lay out what the year holds against and for every unit, and the blank self-report."""
    from flows.operations.appraising import lay_basis

    return lay_basis(settings, state, now)


def appraisal_result(settings: Settings, state: CaseState, now: datetime) -> Sequence[Made]:
    """Work out the result sheet of the year from the rules, the record and the entries."""
    from flows.operations.appraising import conclude

    return conclude(settings, state, now)


DONE_BY: Mapping[str, Action] = {
    "register_extract": register_extract,
    "case_file": case_file,
    "spot_check_draw": spot_check_draw,
    "spot_check_result": spot_check_result,
    "spot_check_notices": spot_check_notices,
    "appraisal_basis": appraisal_basis,
    "appraisal_result": appraisal_result,
}
"""The actions of ``playbooks.core.playbook.actions.ACTIONS``, each by who does it."""
