"""From a case to the facts its letters state: every fact comes from the ledger or the register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from playbooks.core.cases.state import CaseState
from playbooks.core.documents.text import visible
from playbooks.core.drafting import Asked, DraftingError, Material, RegisteredAccount
from playbooks.core.facts import as_instant
from playbooks.core.working_hours import local_day
from playbooks.impersonation.channels import Channel, read_channels
from playbooks.impersonation.comparison import Side
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
class Sources:
    """What the letters draw on beside the case.

    Attributes:
        registered: the official account, ``None`` when the case names none.
        people: person id -> name.
        labels: field of the intake -> value -> Chinese label.
        channel: the platform's entry in the channel registry, ``None`` when it has none.
    """

    office: LetterOffice
    registered: RegisteredAccount | None
    people: Mapping[str, str]
    labels: Mapping[str, Mapping[str, str]]
    channel: Channel | None = None


def letter_facts(state: CaseState, material: Material, asked: Asked) -> Mapping[str, object]:
    """Return the facts of one letter by name; see ``playbooks.core.drafting``."""
    return facts_of(state, sources_of(state, material), asked.now, asked.number).values()


def unchecked(state: CaseState, text: str) -> list[str]:
    """Return the company of another platform, where the letter names it as it was typed in."""
    typed = state.inputs.get("platform_company")
    if state.inputs["platform"] != "other" or not typed or str(typed) not in text:
        return []
    return [f"平台运营公司「{visible(str(typed), 100)}」由登记人填写，尚未核对"]


def sources_of(state: CaseState, material: Material) -> Sources:
    """Return what the letters draw on.

    Raises:
        DraftingError: nobody has said which company runs the platform.
        ChannelError: the office's channel file has faults.
    """
    platform = str(state.inputs["platform"])
    typed = str(state.inputs.get("platform_company") or "") if platform == "other" else ""
    names = material.office
    company = typed or names.platform_companies.get(platform)
    if company is None:
        raise DraftingError(f"office.yml 的 platform_companies 缺少 {platform} 的运营公司名称")
    channels = read_channels(material.home / "channels.yml")
    return Sources(
        office=LetterOffice(
            names.issuer,
            names.bureau,
            names.public_security,
            names.cyberspace_office,
            company,
            names.contact_name,
            names.contact_phone,
        ),
        registered=material.accounts.get(str(state.inputs.get("official_account_id"))),
        people=material.people,
        labels=material.labels,
        channel=channels.platforms.get(platform),
    )


def facts_of(
    state: CaseState, sources: Sources, now: datetime, document_number: str | None
) -> ImpersonationFacts:
    """Return the facts of one letter, drafted at *now*; the case's verdict has been given."""
    office, inputs = sources.office, state.inputs
    registered = sources.registered
    settled = settled_step(state)
    assert settled is not None
    verdict = state.answered[settled]
    return ImpersonationFacts(
        case_id=state.case_id,
        issuer_name=office.issuer,
        sponsor_name=registered.sponsor_name if registered else office.issuer,
        bureau_name=office.bureau,
        public_security_name=office.public_security,
        cyberspace_office_name=office.cyberspace_office,
        platform_name=platform_title(state, sources),
        platform_company=office.platform_company,
        impostor=_impostor(state, sources),
        official_account=_official(registered),
        report_channel=sources.labels["channel"][str(inputs["channel"])],
        reporter_count=len(state.reporters),
        verified_by=sources.people.get(verdict.person_id, verdict.person_id),
        verified_on=local_day(verdict.at),
        verdict_reasons=[str(state.answers[settled]["reason"])],
        harm=HARMS[str(state.answers["verify"]["harm"])],
        evidence=[_evidence(file, sources.people) for file in state.evidence],
        requests=[],
        contact_name=office.contact_name,
        contact_phone=office.contact_phone,
        document_number=document_number,
        issued_on=local_day(now),
        earlier_letter=_earlier(state),
        reappeared_on=local_day(state.answered["verify_again"].at) if came_back(state) else None,
        platform_wording=sources.channel.wording if sources.channel else "",
        platform_requests=sources.channel.requests if sources.channel else (),
    )


def settled_step(state: CaseState) -> str | None:
    """Return the step whose verdict counts.

    That of an account that came back, else the reviewer's where the handler could not say.
    """
    if came_back(state):
        return "verify_again"
    return next((step for step in ("decide", "verify") if step in state.answers), None)


def came_back(state: CaseState) -> bool:
    """Tell whether the account came back after it was gone, as somebody verified."""
    return state.answers.get("verify_again", {}).get("verdict") == "impersonation"


def measures_taken(state: CaseState) -> str:
    """Return what the ledger says was done outwardly, as the end of 我单位已…; empty when nothing."""
    done = {
        "public_security": "商请公安机关协同处理",
        "platform": "致函平台运营方请求关停",
        "bureau_filing": "报政务营商局备案",
    }
    return "、".join(what for letter, what in done.items() if state.dispatches.get(letter))


def sides_of(state: CaseState, sources: Sources) -> tuple[Side | None, Side, str | None]:
    """Return official account and impostor as the comparison takes them, and the word on avatars."""
    registered, inputs = sources.registered, state.inputs
    official = registered and Side(
        registered.name,
        registered.platform_account_id,
        registered.verified_subject,
        registered.url,
        None,
        None,
    )
    impostor = Side(
        str(inputs["display_name"]),
        _optional(inputs.get("platform_account_id")),
        _optional(_seen(state, "seen_certification")),
        _optional(inputs.get("url")),
        _optional(_seen(state, "seen_profile")),
        _optional(_seen(state, "seen_followers")),
    )
    return official, impostor, _optional(_seen(state, "seen_avatar"))


def platform_title(state: CaseState, sources: Sources) -> str:
    """Return how letters call the platform: a known one by its label, any other as it was typed."""
    typed = state.inputs.get("platform_name")
    if state.inputs["platform"] == "other" and typed:
        return str(typed)
    return sources.labels["platform"][str(state.inputs["platform"])]


def _impostor(state: CaseState, sources: Sources) -> ImpostorAccount:
    inputs = state.inputs
    assert state.opened_at is not None
    return ImpostorAccount(
        platform=platform_title(state, sources),
        display_name=str(inputs["display_name"]),
        account_id=_optional(inputs.get("platform_account_id")),
        url=_optional(inputs.get("url")),
        certification=_optional(_seen(state, "seen_certification")),
        followers=_optional(_seen(state, "seen_followers")),
        found_on=local_day(state.opened_at),
    )


def _seen(state: CaseState, name: str) -> object:
    """Return what the handler saw on the page and wrote down at verification."""
    return state.answers.get("verify", {}).get(name)


def _official(registered: RegisteredAccount | None) -> OfficialAccount | None:
    if registered is None:
        return None
    return OfficialAccount(
        registered.name, registered.platform_account_id, registered.verified_subject
    )


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
        reminder_number=state.dispatches.get("platform_reminder", 0) + 1,
    )


def _optional(value: object) -> str | None:
    return str(value) if value else None
