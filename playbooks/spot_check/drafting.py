"""From the fixed result of a spot check to the facts of its circular (通报)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from playbooks.core.cases.state import CaseState
from playbooks.core.drafting import Asked, Material
from playbooks.core.events import EventType
from playbooks.core.facts import as_int, as_list, as_mapping, as_mappings
from playbooks.core.quarter import quarter_of
from playbooks.core.working_hours import local_day

RESULT = "抽查结果.json"


def letter_facts(state: CaseState, material: Material, asked: Asked) -> Mapping[str, object]:
    """Return the facts of the circular by name; see ``playbooks.core.drafting``."""
    office, result = material.office, material.made(RESULT)
    quarter = quarter_of(str(state.inputs["period"]))
    looked = state.answered["check"]
    recheck = as_mapping(result["recheck"])
    return {
        "issuer_name": office.issuer,
        "contact_name": office.contact_name,
        "contact_phone": office.contact_phone,
        "document_number": asked.number,
        "issued_on": local_day(asked.now),
        "quarter": quarter.words,
        "begin_on": local_day(_drawn_at(material)),
        "end_on": local_day(looked.at),
        "is_all": state.inputs["scope"] == "all",
        "seed": str(result["seed"]),
        "frame_count": as_int(result["frame_count"]),
        "checked_count": as_int(result["checked_count"]),
        "passed_count": as_int(result["passed_count"]),
        "checked_ratio": _percent(result["checked_count"], result["frame_count"]),
        "passed_ratio": _percent(result["passed_count"], result["checked_count"]),
        "platforms": [_platform(row) for row in as_list(result["platforms"])],
        "remark": str(state.answers["check"]["remark"]),
        "vetoes": [one for one in as_mappings(result["problems"]) if one["is_veto"]],
        "others": [one for one in as_mappings(result["problems"]) if not one["is_veto"]],
        "failed": as_mappings(result["failed"]),
        "troubled": as_mappings(result["troubled"]),
        "recheck_count": as_int(recheck["count"]),
        "recheck_fixed": as_int(recheck["fixed_count"]),
        "recheck_still": [str(one) for one in as_list(recheck["still"])],
        "reply_workdays": as_int(result["reply_workdays"]),
    }


def unchecked(state: CaseState, text: str) -> Sequence[str]:
    """Return nothing: every verdict was given by a person, and the result is fixed by its digest."""
    return ()


def _drawn_at(material: Material) -> datetime:
    """Return when the checking began: when the accounts were first drawn."""
    return next(
        event.occurred_at
        for event in material.events
        if event.event_type is EventType.ACTION_DONE and event.payload["step_id"] == "draw"
    )


def _platform(row: object) -> tuple[str, int, int, str]:
    name, checked, passed = as_list(row)
    return str(name), as_int(checked), as_int(passed), _percent(passed, checked)


def _percent(part: object, whole: object) -> str:
    """Return a share with two decimals at most, as circulars print it: 90.87%, 100%."""
    if not as_int(whole):
        return "—"
    return f"{100 * as_int(part) / as_int(whole):.2f}".rstrip("0").rstrip(".") + "%"
