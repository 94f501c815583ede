"""From the fixed result of a year to the facts of its letters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby

from playbooks.core.cases.state import CaseState
from playbooks.core.drafting import Asked, Material
from playbooks.core.facts import as_list, as_mapping, as_mappings
from playbooks.core.playbook.model import TIMED
from playbooks.core.working_hours import local_day

RESULT = "考核结果.json"


def letter_facts(state: CaseState, material: Material, asked: Asked) -> Mapping[str, object]:
    """Return the facts of one letter by name; see ``playbooks.core.drafting``."""
    office, result = material.office, material.made(RESULT)
    rules = as_mapping(result["rules"])
    rows = [_row(one) for one in as_mappings(result["scores"])]
    counts = Counter(str(row["grade"]) for row in rows)
    appeals = material.playbook.step("appeals")
    assert isinstance(appeals, TIMED)
    return {
        "issuer_name": office.issuer,
        "contact_name": office.contact_name,
        "contact_phone": office.contact_phone,
        "document_number": asked.number,
        "issued_on": local_day(asked.now),
        "year": int(str(state.inputs["year"])),
        "groups": [
            (name, list(theirs)) for name, theirs in groupby(rows, key=lambda row: row["group"])
        ],
        "unit_count": len(rows),
        "grades": [(str(name), counts[str(name)]) for name in as_list(rules["grades"])],
        "vetoed": [row for row in rows if row["vetoes"]],
        "appeal_workdays": appeals.due.budget,
        "appeals": [
            (str(one["unit"]), str(one["title"]), str(one["told"]))
            for one in as_mappings(result["appeals"])
        ],
        "label": str(rules["label"]),
        "version": int(str(rules["version"])),
    }


def unchecked(state: CaseState, text: str) -> Sequence[str]:
    """Return what the reviewer must know: the office has not given rules of its own."""
    if "（示例）" not in text:
        return ()
    return ("考核规则为系统所带示例，不是本单位的规定；请先在 appraisal.yml 中写明本单位规则",)


def _row(one: Mapping[str, object]) -> dict[str, object]:
    total = one["total"]
    return {
        "group": str(one["group"]),
        "rank": str(one["rank"]) if one["rank"] is not None else "—",
        "unit": str(one["unit"]),
        "deduction": f"{float(str(one['deduction'])):g}",
        "bonus": f"{float(str(one['bonus'])):g}",
        "total": f"{float(str(total)):g}" if total is not None else "不计分",
        "grade": str(one["grade"]),
        "vetoes": "、".join(str(veto) for veto in as_list(one["vetoes"])),
    }
