"""From an incident to the facts of its documents: every fact comes from the ledger or the register."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from playbooks.core.cases.state import CaseState
from playbooks.core.documents.model import chinese_date
from playbooks.core.drafting import Asked, DraftingError, Material
from playbooks.core.events import EventType
from playbooks.core.facts import as_int
from playbooks.core.playbook.model import Ask
from playbooks.core.register.columns import labels
from playbooks.core.working_hours import OFFICE_ZONE, local_day
from playbooks.major_incident.afterwards import closed_by, measures_of, tally_of
from playbooks.major_incident.facts import CHARTED, Affected, Grade, IncidentFacts
from playbooks.major_incident.pictures import figures_of
from playbooks.major_incident.sources import sources_of
from playbooks.major_incident.timeline import clock_lines, published_of, timeline_of

DAYS_BEFORE = 7
"""Days before the incident in the chart of volume: without an ordinary week nobody sees a jump."""
MOST_DAYS = 62
WRITTEN = {
    "first_report": "report_call",
    "followup_report": "report_more",
    "final_report": "stand_down",
    "circular": "stand_down",
    "minutes": "consult",
    "statement": "write_statement",
    "update": "write_update",
    "clarification": "write_clarification",
    "referral": "write_referral",
    "platform": "freeze",
    "police_report": "freeze",
    "summary_report": "write_summary",
    "review_report": "review",
}
"""Letter -> the step in which a person wrote what it says."""
OPTIONAL = {
    "report_call": ("instructions",),
    "consult": ("absent",),
    "write_statement": ("advice",),
    "write_update": ("advice",),
    "stand_down": ("cause", "remaining"),
    "write_summary": ("responsibility",),
    "review": ("went_well", "causes"),
}
"""What those steps do not require; a document says it only where somebody gave it."""


def letter_facts(state: CaseState, material: Material, asked: Asked) -> Mapping[str, object]:
    """Return the facts of one document by name; see ``playbooks.core.drafting``."""
    return complete_facts(state, material, asked).values()


def complete_facts(state: CaseState, material: Material, asked: Asked) -> IncidentFacts:
    """Return the facts of one document with its charts, and where each fact comes from.

    Raises:
        DraftingError: as ``facts_of``.
    """
    facts = facts_of(state, material, asked)
    if asked.letter in CHARTED:
        first = local_day(facts.known_at) - timedelta(days=DAYS_BEFORE)
        volume = material.volume(
            first, min(local_day(asked.now), first + timedelta(days=MOST_DAYS))
        )
        figures = figures_of(volume, facts.published, asked.now)
        facts = replace(facts, volume=volume, figures=figures)
    return replace(facts, sources=sources_of(facts, material, WRITTEN[asked.letter]))


def unchecked(state: CaseState, text: str) -> Sequence[str]:
    """Return nothing: what these documents state was answered by a person of the case."""
    return ()


def facts_of(state: CaseState, material: Material, asked: Asked) -> IncidentFacts:
    """Return the facts of one document.

    Raises:
        DraftingError: the letter to the platform names an account or a company that nobody knows.
    """
    office, inputs = material.office, state.inputs
    affected = _affected(state, material)
    verify, answered = state.answers.get("verify", {}), state.answered.get("verify")
    company = _company(state, material) if asked.letter == "platform" else None
    outcome, closed_at = closed_by(material)
    return IncidentFacts(
        case_id=state.case_id,
        issuer_name=office.issuer,
        bureau_name=office.bureau,
        public_security_name=office.public_security,
        cyberspace_office_name=office.cyberspace_office,
        contact_name=office.contact_name,
        contact_phone=office.contact_phone,
        document_number=asked.number,
        issued_on=local_day(asked.now),
        title=str(inputs["title"]),
        kind=material.labels["kind"][str(inputs["kind"])],
        known_at=datetime.fromisoformat(str(inputs["known_at"])),
        known_from=material.labels["known_from"][str(inputs["known_from"])],
        source_detail=_text(inputs.get("source_detail")),
        reported_facts=paragraphs(inputs["facts"]),
        verdict=_label(material, "verify", "verdict", verify.get("verdict")),
        situation=paragraphs(verify.get("situation", "")),
        casualties=_number(verify.get("casualties")),
        views=_number(verify.get("views")),
        spread=_label(material, "verify", "spread", verify.get("spread")),
        verified_by=material.people.get(answered.person_id, answered.person_id)
        if answered
        else None,
        verified_at=answered.at if answered else None,
        grade=_grade(state, material),
        affected=affected,
        platform_company=company,
        number=state.dispatches.get(asked.letter, 0) + 1,
        drafted_at=asked.now,
        written=_written(state, asked.letter),
        timeline=timeline_of(material),
        clocks=clock_lines(material, asked.now),
        published=published_of(state, material),
        outcome=outcome,
        closed_at=closed_at,
        measures=measures_of(state, material),
        tally=tally_of(material, asked.now),
    )


def paragraphs(text: object) -> list[str]:
    """Return the paragraphs of what somebody wrote, one a line; empty lines are none."""
    return [line.strip() for line in str(text).splitlines() if line.strip()]


def _written(state: CaseState, letter: str) -> dict[str, object]:
    """Return what a person wrote for a document, by field.

    Beside each text stand its paragraphs (``<field>_lines``), beside each instant its Chinese words
    (``<field>_text``); what was left empty is ``None``.
    """
    step_id = WRITTEN[letter]
    given = state.answers.get(step_id, {})
    found: dict[str, object] = {}
    found |= dict.fromkeys(OPTIONAL.get(step_id, ()), None)
    for name, value in given.items():
        found[name] = value
        if isinstance(value, str):
            found[f"{name}_lines"] = paragraphs(value)
            found[f"{name}_text"] = _instant_text(value)
    return found


def _instant_text(value: str) -> str:
    try:
        local = datetime.fromisoformat(value).astimezone(OFFICE_ZONE)
    except ValueError:
        return value
    return f"{chinese_date(local.date())}{local.hour}时{local.minute:02d}分"


def _affected(state: CaseState, material: Material) -> Affected | None:
    known = material.accounts.get(str(state.inputs.get("account_id")))
    if known is None:
        return None
    return Affected(
        known.name,
        labels("platform").get(known.platform, known.platform),
        known.sponsor_name,
        known.platform_account_id,
        known.url,
    )


def _company(state: CaseState, material: Material) -> str:
    account = material.accounts.get(str(state.inputs.get("account_id")))
    if account is None:
        raise DraftingError("致平台函需要涉事账号；立案时没有填写，请补录台账后重新立案或人工致函")
    company = material.office.platform_companies.get(account.platform)
    if company is None:
        raise DraftingError(
            f"office.yml 的 platform_companies 缺少 {account.platform} 的运营公司名称"
        )
    return company


def _grade(state: CaseState, material: Material) -> Grade | None:
    if "confirm_grade" not in state.answers:
        return None
    taken = [e for e in material.events if e.event_type is EventType.DECISION_TAKEN]
    table = next(e for e in reversed(taken) if e.payload["step_id"] == "grade")
    given, by = state.answers["confirm_grade"], state.answered["confirm_grade"].person_id
    return Grade(
        label=str(_label(material, "confirm_grade", "grade", given["grade"])),
        suggested=str(table.payload["value_title"]),
        because=str(table.payload["reason"]),
        override_reason=_text(given.get("override_reason")),
        decided_by=material.people.get(by, by),
    )


def _label(material: Material, step_id: str, name: str, value: object) -> str | None:
    step = material.playbook.step(step_id)
    assert isinstance(step, Ask)
    field = next(field for field in step.form if field.name == name)
    return field.values[str(value)] if value else None


def _number(value: object) -> int | None:
    return None if value is None else as_int(value)


def _text(value: object) -> str | None:
    return str(value) if value else None
