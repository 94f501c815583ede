"""Draw a spot check: the frame and the sample, what the system knows of each account, the worksheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import duckdb

import sql
from flows.calendars import office_calendar
from flows.operations.actions import Made
from flows.operations.spot_check_facts import facts_of
from flows.operations.spot_check_sheets import sheets_made
from flows.settings import Settings, SettingsError
from playbooks.core.calendar import WorkCalendar
from playbooks.core.cases.state import CaseState
from playbooks.core.documents.text import visible
from playbooks.core.facts import as_int
from playbooks.core.quarter import Quarter, quarter_of
from playbooks.core.working_hours import local_day
from playbooks.major_incident.content_leads import WordsError
from playbooks.spot_check.drawing import draw_key, drawn
from playbooks.spot_check.indicators import IndicatorError, Indicators, read_indicators
from playbooks.spot_check.knowledge import Facts, known
from sql.catalogs import open_catalog, write

IN_SERVICE = ("active", "abnormal", "in_public_notice")
LONGEST_KNOWN = 1_500


def draw(settings: Settings, state: CaseState, now: datetime) -> Sequence[Made]:
    """Draw the accounts, once for a case: a draw that was interrupted keeps what it drew.

    Raises:
        SettingsError: the list of indicators has faults, the register has
            no account in service, or nothing is to be drawn.
    """
    try:
        quarter = quarter_of(str(state.inputs["period"]))
        indicators = read_indicators(settings.home / "spot_check.yml")
        if not _is_drawn(settings, state.case_id):
            _draw(settings, state, quarter, indicators, now)
    except (IndicatorError, WordsError) as error:
        raise SettingsError(str(error)) from error
    return sheets_made(settings, state.case_id, quarter, indicators, now)


def _is_drawn(settings: Settings, case_id: str) -> bool:
    with open_catalog(settings.ops) as connection:
        return bool(sql.rows(connection, "spot_check/one", case_id=case_id))


def _draw(
    settings: Settings, state: CaseState, quarter: Quarter, indicators: Indicators, now: datetime
) -> None:
    with open_catalog(settings.ops) as connection:
        accounts = sql.rows(connection, "register/all_account")
        units = {str(row["unit_id"]): row for row in sql.rows(connection, "register/all_unit")}
        again = _open_items(connection, state.case_id, now)
    frame = [row for row in accounts if row["status"] in IN_SERVICE]
    if not frame:
        raise SettingsError("台账中没有在用的账号，无从抽取；请先导入台账")
    facts = facts_of(settings, frame, quarter, now)
    calendar = office_calendar(settings)
    seed = str(state.inputs.get("seed") or draw_key(now.isoformat(), state.case_id)[:16])
    is_all = state.inputs["scope"] == "all"
    size = None if is_all else as_int(state.inputs["sample_size"])
    chosen = drawn([str(row["account_id"]) for row in frame], seed, size, list(again))
    rows = [_account(state.case_id, row, units, seed, chosen, again) for row in frame]
    items = [
        item
        for row in frame
        if chosen[str(row["account_id"])]
        for item in _items(state.case_id, row, (indicators, facts, calendar), again)
    ]
    check = {
        "case_id": state.case_id,
        "period": quarter.text,
        "scope": state.inputs["scope"],
        "seed": seed,
        "drawn_on": local_day(now),
        "drawn_at": now,
    }
    with write(settings.ops) as connection:
        if sql.rows(connection, "spot_check/one", case_id=state.case_id):
            return  # another process drew in the meantime
        sql.insert(connection, "spot_check", [check])
        sql.insert(connection, "spot_check_account", rows)
        sql.insert(connection, "spot_check_item", items)


def _open_items(
    connection: duckdb.DuckDBPyConnection, case_id: str, now: datetime
) -> Mapping[str, set[str]]:
    """Return what the spot check before this one found failed: account -> indicators."""
    previous = sql.rows(connection, "spot_check/previous", case_id=case_id, now=now)
    found: dict[str, set[str]] = {}
    for one in previous:
        for row in sql.rows(connection, "spot_check/failed_of", case_id=one["case_id"]):
            found.setdefault(str(row["account_id"]), set()).add(str(row["indicator"]))
    return found


def _account(
    case_id: str,
    row: sql.Row,
    units: Mapping[str, sql.Row],
    seed: str,
    chosen: Mapping[str, bool],
    again: Mapping[str, set[str]],
) -> dict[str, object]:
    account_id = str(row["account_id"])
    unit = units[str(row["unit_id"])]
    return {
        "case_id": case_id,
        "account_id": account_id,
        "unit_id": row["unit_id"],
        "unit_name": unit["name"],
        "unit_kind": unit["unit_kind"],
        "platform": row["platform"],
        "name": row["name"],
        "draw_key": draw_key(seed, account_id),
        "is_drawn": chosen[account_id],
        "is_recheck": account_id in again,
    }


def _items(
    case_id: str,
    row: sql.Row,
    knowing: tuple[Indicators, Mapping[str, Facts], WorkCalendar],
    again: Mapping[str, set[str]],
) -> list[dict[str, object]]:
    indicators, facts, calendar = knowing
    account_id = str(row["account_id"])
    items: list[dict[str, object]] = []
    for code, indicator in indicators.by_code.items():
        found = known(indicator.known, facts[account_id], calendar)
        items.append(
            {
                "case_id": case_id,
                "account_id": account_id,
                "indicator": code,
                "suggestion": found.suggestion,
                "known": visible(found.words, LONGEST_KNOWN),
                "is_recheck": code in again.get(account_id, ()),
            }
        )
    return items
