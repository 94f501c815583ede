"""What the simulated district is made of: units, accounts, people, shifts; plain frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Unit:
    """One sponsor or supervising body; ids point at other units of the same district."""

    unit_id: str
    name: str
    short_name: str
    unit_kind: str
    parent_unit_id: str | None
    supervisor_unit_id: str | None
    uscc: str
    region: str


@dataclass(frozen=True, slots=True)
class Account:
    """One account as the register (台账) knows it, with the traits only the simulation knows.

    ``base_followers`` is the follower count on the eve of the first simulated day.
    """

    account_id: str
    unit_id: str
    platform: str
    platform_account_id: str
    name: str
    account_kind: str
    verification_status: str
    verified_subject: str | None
    verification_expires_on: date | None
    url: str | None
    opened_on: date | None
    status: str
    operator: str | None
    comments_open: bool
    responsible_person_id: str
    administrator_person_id: str
    approval_number: str | None
    phone: str
    base_followers: int
    traits: frozenset[str]


@dataclass(frozen=True, slots=True)
class Person:
    """One member of staff; ``mobile`` lies in a range no carrier has been given."""

    person_id: str
    name: str
    unit_id: str
    post: str
    mobile: str
    chat_user_id: str | None
    trained_on: date | None
    is_active: bool


@dataclass(frozen=True, slots=True)
class Shift:
    """One person's week in one role; ``position`` 1 is on duty, 2 and later are substitutes."""

    shift_id: str
    role: str
    person_id: str
    starts_on: date
    ends_on: date
    position: int
