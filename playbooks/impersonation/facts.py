"""What is known about an impersonation （假冒政务新媒体） when its letters are drafted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Literal, get_args

from playbooks.core.documents.text import visible

Harm = Literal["none", "rumour", "fraud", "personal_data"]
NAME_LIMIT = 120  # characters of an outside name in a letter; the evidence keeps the whole


class _Bounded:
    """Outside texts are visible and bounded, so that a name of 5,000 characters fills no letter."""

    def __post_init__(self) -> None:
        for described in fields(self):  # type: ignore[arg-type]  # pyright: ignore
            value: object = getattr(self, described.name)
            if isinstance(value, str):
                object.__setattr__(self, described.name, visible(value, NAME_LIMIT))


@dataclass(frozen=True)
class ImpostorAccount(_Bounded):
    """The account under suspicion; None is what nobody obtained."""

    platform: str
    display_name: str
    account_id: str | None
    url: str | None
    certification: str | None
    followers: str | None
    found_on: date

    def __post_init__(self) -> None:
        """Bound everything but the address, which must stay usable up to its own limit."""
        address = None if self.url is None else visible(self.url, 500)
        super().__post_init__()
        object.__setattr__(self, "url", address)


@dataclass(frozen=True)
class OfficialAccount(_Bounded):
    """The district's own account that is being passed off."""

    name: str
    account_id: str | None
    verified_subject: str | None


@dataclass(frozen=True)
class Evidence(_Bounded):
    """One secured file; *captured_at* is an aware instant."""

    file_name: str
    sha256: str
    captured_at: datetime
    captured_by: str


@dataclass(frozen=True)
class EarlierLetter(_Bounded):
    """The letter to the platform that a reminder refers to."""

    document_number: str
    issued_on: date
    receipt: str | None
    reminder_number: int


@dataclass(frozen=True)
class ImpersonationFacts:
    """Everything the four letters of Article 28 say. Names of offices are configuration.

    ``official_account`` is None when the district has no account on that platform, ``earlier_letter``
    until there is one to remind of, ``document_number`` until the office has given one;
    ``reappeared_on`` unless the account came back after it had been closed; ``platform_wording`` and ``platform_requests`` are the platform's entry in the channel registry.
    """

    case_id: str
    issuer_name: str
    sponsor_name: str
    bureau_name: str
    public_security_name: str
    cyberspace_office_name: str
    platform_name: str
    platform_company: str
    impostor: ImpostorAccount
    official_account: OfficialAccount | None
    report_channel: str
    reporter_count: int
    verified_by: str
    verified_on: date
    verdict_reasons: Sequence[str]
    harm: Harm
    evidence: Sequence[Evidence]
    requests: Sequence[str]
    contact_name: str
    contact_phone: str
    document_number: str | None
    issued_on: date
    earlier_letter: EarlierLetter | None = None
    reappeared_on: date | None = None
    platform_wording: str = ""
    platform_requests: Sequence[str] = ()

    def __post_init__(self) -> None:
        """Refuse what no letter could say."""
        if self.harm not in get_args(Harm):
            raise ValueError(
                f"case {self.case_id}: harm {self.harm} is not one of {get_args(Harm)}"
            )
        if not self.verdict_reasons:
            raise ValueError(
                f"case {self.case_id}: a letter needs at least one reason for the verdict"
            )

    def values(self) -> dict[str, object]:
        """Return the facts by name, as :func:`playbooks.core.letters.render_letter` takes them."""
        return {described.name: getattr(self, described.name) for described in fields(self)}
