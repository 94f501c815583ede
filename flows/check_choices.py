"""What the forms of the spot check and the appraisal offer: indicators, rules, units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sql
from flows.operations.register_tables import table_names
from flows.settings import Settings
from playbooks.appraisal.rules import RulesError, read_rules
from playbooks.core.documents.text import visible
from playbooks.spot_check.indicators import IndicatorError, read_indicators


def check_choices(settings: Settings, units: Sequence[sql.Row]) -> Mapping[str, Sequence[str]]:
    """Return the choices by the name that a form's field asks for, as 「名称(编号)」.

    A faulty file of the office leaves its field free text: the run says what is wrong with it.
    """
    return {
        "indicators": _indicators(settings),
        "appraisal_rules": _rules(settings),
        "tables": table_names(settings),
        "units": [f"{visible(str(row['name']), 60)}({row['unit_id']})" for row in units],
    }


def _indicators(settings: Settings) -> list[str]:
    try:
        found = read_indicators(settings.home / "spot_check.yml").by_code
    except IndicatorError:
        return []
    return [f"{visible(one.title, 40)}({code})" for code, one in found.items()]


def _rules(settings: Settings) -> list[str]:
    try:
        rules = read_rules(settings.home / "appraisal.yml")
    except RulesError:
        return []
    return [f"{visible(one.title, 40)}({one.code})" for one in rules.entered]
