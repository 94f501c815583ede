"""A problem that is true tonight, and one that the list already holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True)
class Found:
    """A problem that is true now.

    Attributes:
        key: of the problem, whatever the figures say tonight; the same stretch of silence has one key.
        code: its kind.
        unit_id: the sponsor.
        account_id: ``""`` when the whole unit is meant.
        detail: in Chinese, with the figures that show it.
        grade: what makes it another problem when it changes (the gravest rule that bit); ``""`` else.
        facts: the figures behind it, JSON-ready.
        occurred_on: the day it happened, for what happened; ``None`` for what stands.
    """

    key: str
    code: str
    unit_id: str
    account_id: str
    detail: str
    grade: str = ""
    facts: Mapping[str, object] = field(default_factory=dict[str, object])
    occurred_on: date | None = None


@dataclass(frozen=True)
class Held:
    """A problem as the list holds it: the latest row of its key.

    Attributes:
        state: ``open``, ``accepted``, ``fixed`` or ``dismissed``.
        ended_at: when it was first seen to be no longer true, after which it can only come back anew.
    """

    number: int
    key: str
    code: str
    unit_id: str
    account_id: str
    detail: str
    grade: str
    facts: str
    owner_person_id: str | None
    due_on: date
    due_basis: str
    is_provisional: bool
    state: str
    case_id: str | None
    last_true_at: datetime
    settled_at: datetime | None
    ended_at: datetime | None

    @property
    def is_running(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.state in ("open", "accepted")
