"""The end of the checking: every item has a person's verdict; the result is fixed, notices are opened."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

import sql
from flows.calendars import office_calendar
from flows.operations.actions import Made
from flows.operations.cases import carried_on
from flows.operations.findings import derive, due_after, held_of, note, replaced, update
from flows.operations.people import opening_setting
from flows.operations.rectifying import open_notices
from flows.operations.shipped import parsed, playbook_path
from flows.operations.spot_check_sheets import pages, read_lines, workbook
from flows.settings import Settings, SettingsError
from playbooks.core.cases.state import CaseState
from playbooks.core.playbook.model import TIMED
from playbooks.core.quarter import quarter_of
from playbooks.core.register.columns import labels
from playbooks.spot_check.drafting import RESULT
from playbooks.spot_check.indicators import IndicatorError, read_indicators
from playbooks.spot_check.result import Checked, result_of
from playbooks.spot_check.worksheet import Line
from sql.catalogs import open_catalog, write

ACTOR = "system:spot_check"
MOST_NAMED = 10


def conclude(settings: Settings, state: CaseState, now: datetime) -> Sequence[Made]:
    """Fix the result and the filled worksheets.

    Raises:
        SettingsError: an item without a verdict; the sentence says how many and which.
    """
    try:
        indicators = read_indicators(settings.home / "spot_check.yml")
    except IndicatorError as error:
        raise SettingsError(str(error)) from error
    lines = read_lines(settings, state.case_id, indicators)
    _require_checked(lines)
    with open_catalog(settings.ops) as connection:
        accounts = sql.rows(connection, "spot_check/accounts", case_id=state.case_id)
        (check,) = sql.rows(connection, "spot_check/one", case_id=state.case_id)
    result = result_of(checked_of(accounts, lines), indicators.by_code, len(accounts))
    told = {
        **result.as_dict(),
        "case_id": state.case_id,
        "period": check["period"],
        "seed": check["seed"],
        "label": indicators.label,
        "version": indicators.version,
        "source": indicators.source,
        "reply_workdays": reply_workdays(),
    }
    text = json.dumps(told, ensure_ascii=False, indent=1)
    quarter = quarter_of(str(state.inputs["period"]))
    return [
        Made(RESULT, text.encode("utf-8")),
        workbook(lines, [], now),
        pages(settings, lines, quarter, indicators, now),
    ]


def send_notices(settings: Settings, state: CaseState, now: datetime) -> Sequence[Made]:
    """Open a case of rectification for each sponsor with failed items, and return the list of them.

    A drill opens none. Run again it joins the cases that are open: nothing is sent twice.

    Raises:
        SettingsError: the problems of a sponsor do not fit one letter, or one is not in the register.
    """
    opened: dict[str, str] = {}
    if not state.is_drill:
        derive(settings, now)
        opened = _open(settings, state, now)
        for case_id in dict.fromkeys(opened.values()):
            carried_on(settings, case_id, now)
    text = json.dumps(opened, ensure_ascii=False, indent=1)
    return [Made("整改通知清单.json", text.encode("utf-8"))]


def reply_workdays() -> int:
    """Return within how many workdays sponsors reply, from the playbook that holds them to it."""
    path = playbook_path("rectification")
    step = parsed(path.read_text(encoding="utf-8"), path.name).step("reply")
    assert isinstance(step, TIMED)
    return step.due.budget


def checked_of(accounts: Sequence[sql.Row], lines: Sequence[Line]) -> list[Checked]:
    """Return the drawn accounts with their verdicts."""
    by_account: dict[str, list[Line]] = {}
    for line in lines:
        by_account.setdefault(line.account_id, []).append(line)
    platforms = labels("platform")
    return [
        Checked(
            account_id=str(row["account_id"]),
            name=str(row["name"]),
            platform=platforms.get(str(row["platform"]), str(row["platform"])),
            unit_id=str(row["unit_id"]),
            unit_name=str(row["unit_name"]),
            verdicts={one.indicator.code: str(one.verdict) for one in theirs if one.verdict},
            notes={one.indicator.code: one.note for one in theirs if one.note},
            rechecked=[one.indicator.code for one in theirs if one.is_recheck],
        )
        for row in accounts
        if (theirs := by_account.get(str(row["account_id"])))
    ]


def _require_checked(lines: Sequence[Line]) -> None:
    missing = [line for line in lines if line.verdict is None]
    if missing:
        named = "；".join(
            f"{line.account_id} {line.indicator.title}" for line in missing[:MOST_NAMED]
        )
        raise SettingsError(
            f"还有 {len(missing)} 项没有检查结果：{named}{' 等' if len(missing) > MOST_NAMED else ''}。"
            f"请登记后再办理「逐个检查账号」"
        )


def _open(settings: Settings, state: CaseState, now: datetime) -> dict[str, str]:
    matter = f"{quarter_of(str(state.inputs['period'])).words}政务新媒体检查"
    due = due_after(reply_workdays(), now, office_calendar(settings))
    with write(settings.ops) as connection:
        rows = sql.rows(connection, "findings/latest")
        mine = [
            held
            for row in rows
            if (held := held_of(row)).code == "spot_check"
            and held.is_running
            and held.case_id is None
            and json.loads(held.facts).get("case_id") == state.case_id
        ]
        setting = opening_setting(settings, connection, now, ACTOR)
        opened = dict(open_notices(connection, mine, setting, matter))
        for held in mine:
            case_id = opened[held.unit_id]
            changed = {**due, "state": "accepted", "case_id": case_id}
            update(connection, [replaced(held, changed)])
            note(connection, held.number, "noticed", f"列入整改件 {case_id}", ACTOR, now)
    return opened
