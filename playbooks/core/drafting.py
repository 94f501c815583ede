"""How a playbook writes its letters: one small interface, found by the playbook's id.

A playbook is a folder; its module ``playbooks/<id>/drafting.py`` turns a case into the facts of its
letters. The engine hands it the case and a ``Material`` and knows nothing of what the letters say.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol, cast

from playbooks.core.cases.state import CaseState
from playbooks.core.events import Event, EventType
from playbooks.core.facts import as_mapping
from playbooks.core.playbook import Playbook
from sql.refusal import Refusal


class DraftingError(Refusal, ValueError):
    """A letter cannot be written; the sentence says in Chinese which fact is missing and where."""


@dataclass(frozen=True)
class OfficeNames:
    """The office's names and contact as letters use them.

    Attributes:
        platform_companies: platform -> the company that runs it, as printed on its seal.
    """

    issuer: str
    bureau: str
    public_security: str
    cyberspace_office: str
    contact_name: str
    contact_phone: str
    platform_companies: Mapping[str, str]


@dataclass(frozen=True)
class RegisteredAccount:
    """What the register says about one of the district's accounts."""

    account_id: str
    platform: str
    name: str
    sponsor_name: str
    platform_account_id: str | None
    verified_subject: str | None
    url: str | None


@dataclass(frozen=True)
class VolumeDay:
    """What the accounts of the district received and published on one day, all together.

    Attributes:
        comments: ``None`` where no account has a figure of that day: missing, never zero.
        account_count: how many accounts have any figure of that day.
    """

    day: date
    comments: int | None
    messages: int | None
    published: int | None
    account_count: int


def no_volume(first: date, last: date) -> Sequence[VolumeDay]:
    """Return no figures: there is no statistics catalog to ask."""
    return ()


def nothing_stored(digest: str) -> bytes:
    """Refuse: no files can be read here."""
    raise DraftingError(f"此处读不到存档文件 {digest[:12]}…")


@dataclass(frozen=True)
class Material:
    """What letters draw on beside the folded case.

    Attributes:
        events: the case's entries of the ledger, oldest first.
        people: person id -> name.
        accounts: account id -> the register's entry, for every account that the case names.
        home: the installation's folder, where a playbook keeps configuration of its own.
        volume: asks the statistics for the days from the first to the last, both included; empty when
            there is nothing, or the catalog is held by the night's work.
        stored: returns the bytes of a kept file by its SHA-256, checked.
    """

    office: OfficeNames
    playbook: Playbook
    events: Sequence[Event]
    people: Mapping[str, str]
    accounts: Mapping[str, RegisteredAccount]
    home: Path
    volume: Callable[[date, date], Sequence[VolumeDay]] = no_volume
    stored: Callable[[str], bytes] = nothing_stored

    def made(self, file_name: str) -> dict[str, object]:
        """Return the facts in the latest JSON file of that name that an action of the case sealed.

        Its digest stands in the ledger and is checked, so a letter states what was fixed then and not
        what the tables say by now.

        Raises:
            DraftingError: no action has made it.
        """
        for event in reversed(self.events):
            payload = event.payload
            is_sealed = event.event_type is EventType.EVIDENCE_SEALED and not payload["sealed_by"]
            if is_sealed and payload["file_name"] == file_name:
                return as_mapping(json.loads(self.stored(str(payload["sha256"]))))
        raise DraftingError(f"案件中没有系统固定的 {file_name}，函件无从起草")

    @property
    def labels(self) -> dict[str, Mapping[str, str]]:
        """Return field of the intake -> value -> its Chinese label."""
        return {field.name: field.values for field in self.playbook.inputs}


@dataclass(frozen=True)
class Asked:
    """One letter that is to be written.

    Attributes:
        number: its document number, ``None`` for a letter that gets none.
        now: when it is drafted.
    """

    letter: str
    number: str | None
    now: datetime


class Drafting(Protocol):
    """What ``playbooks/<id>/drafting.py`` offers."""

    def letter_facts(
        self, state: CaseState, material: Material, asked: Asked
    ) -> Mapping[str, object]:
        """Return the values of one letter's template by name.

        Under ``sources``, where a playbook gives them, stands where each fact comes from; the ledger
        keeps it with the draft. Under ``figures`` stand the pictures that the template places.

        Raises:
            DraftingError: something that the letter must state is not known.
        """
        ...

    def unchecked(self, state: CaseState, text: str) -> Sequence[str]:
        """Return what the letter's *text* states that nobody but its writer has checked."""
        ...


def drafting_of(playbook_id: str) -> Drafting:
    """Return the drafting of a playbook.

    Raises:
        DraftingError: there is none, or *playbook_id* is no playbook's id.
    """
    name = f"playbooks.{playbook_id}.drafting"
    # The id stands in the ledger; it must not be able to name any other module.
    is_plain = re.fullmatch(r"[a-z][a-z0-9_]*", playbook_id) and playbook_id != "core"
    if not is_plain or find_spec(f"playbooks.{playbook_id}") is None or find_spec(name) is None:
        raise DraftingError(f"预案 {playbook_id} 没有起草函件的模块 drafting.py")
    return cast("Drafting", import_module(name))
