"""From a case to the facts its letters state: every fact comes from the ledger or the register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from playbooks.core.cases.state import CaseState
from playbooks.core.facts import as_instant
from playbooks.core.working_hours import local_day
from playbooks.impersonation.facts import (
    EarlierLetter,
    Evidence,
    Harm,
    ImpersonationFacts,
    ImpostorAccount,
    OfficialAccount,
)

HARMS: Mapping[str, Harm] = {
    "none": "none",
    "rumour": "rumour",
    "fraud": "fraud",
    "personal_data": "personal_data",
}


@dataclass(frozen=True)
class LetterOffice:
    """The office's names and contact as its letters use them."""

    issuer: str
    bureau: str
    public_security: str
    cyberspace_office: str
    platform_company: str
    contact_name: str
    contact_phone: str


@dataclass(frozen=True)
class Registered:
    """What the register says about the account that is being passed off."""

    sponsor_name: str
    name: str
    account_id: str | None
    verified_subject: str | None


def facts_of(  # noqa: PLR0913 - a letter draws on this many sources
    state: CaseState,
    office: LetterOffice,
    registered: Registered | None,
    people: Mapping[str, str],
    labels: Mapping[str, Mapping[str, str]],
    now: datetime,
    document_number: str | None,
) -> ImpersonationFacts:
    """Return the facts of one letter.

    Args:
        state: the case; its verdict has been given.
        office: names and contact.
        registered: the official account, ``None`` when the case names none.
        people: person id -> name.
        labels: field of the intake -> value -> Chinese label.
        now: when the letter is drafted.
        document_number: reserved for this letter.
    """
    inputs = state.inputs
    verdict = _verdict(state)
    assert state.opened_at is not None
    return ImpersonationFacts(
        case_id=state.case_id,
        issuer_name=office.issuer,
        sponsor_name=registered.sponsor_name if registered else office.issuer,
        bureau_name=office.bureau,
        public_security_name=office.public_security,
        cyberspace_office_name=office.cyberspace_office,
        platform_name=labels["platform"][str(inputs["platform"])],
        platform_company=office.platform_company,
        impostor=ImpostorAccount(
            platform=labels["platform"][str(inputs["platform"])],
            display_name=str(inputs["display_name"]),
            account_id=_optional(inputs.get("platform_account_id")),
            url=_optional(inputs.get("url")),
            certification=None,
            followers=None,
            found_on=local_day(state.opened_at),
        ),
        official_account=OfficialAccount(
            registered.name, registered.account_id, registered.verified_subject
        )
        if registered
        else None,
        report_channel=labels["channel"][str(inputs["channel"])],
        reporter_count=len(state.reporters),
        verified_by=_handler(state, people),
        verified_on=local_day(now),
        verdict_reasons=[str(verdict["reason"])],
        harm=HARMS[str(state.answers["verify"]["harm"])],
        evidence=[_evidence(file, people) for file in state.evidence],
        requests=[],
        contact_name=office.contact_name,
        contact_phone=office.contact_phone,
        document_number=document_number,
        issued_on=local_day(now),
        earlier_letter=_earlier(state),
    )


def _verdict(state: CaseState) -> Mapping[str, object]:
    """Return the answer that settled the verdict: the reviewer's where the handler was unsure."""
    return state.answers.get("decide") or state.answers["verify"]


def _handler(state: CaseState, people: Mapping[str, str]) -> str:
    acted = sorted(state.acted_as.get("handler", set()))
    return "、".join(people.get(person_id, person_id) for person_id in acted)


def _evidence(file: Mapping[str, object], people: Mapping[str, str]) -> Evidence:
    person_id = str(file.get("sealed_by", ""))
    return Evidence(
        file_name=str(file["file_name"]),
        sha256=str(file["sha256"]),
        captured_at=as_instant(file["sealed_at"]),
        captured_by=people.get(person_id, person_id) or "经办人",
    )


def _earlier(state: CaseState) -> EarlierLetter | None:
    letter = state.letters.get("platform")
    if letter is None or letter.dispatched_at is None:
        return None
    return EarlierLetter(
        document_number=letter.number,
        issued_on=local_day(letter.dispatched_at),
        receipt=_optional(state.answers.get("send_platform", {}).get("receipt")),
        reminder_number=state.visits.get("draft_reminder", 1),
    )


def _optional(value: object) -> str | None:
    return str(value) if value else None
