"""What is known of an incident when one of its documents is drafted; each fact stands in the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime

from playbooks.core.documents.model import Figure
from playbooks.core.drafting import VolumeDay
from playbooks.core.messages import local

LETTER_TITLES = {
    "first_report": "突发信息专报（首报）",
    "followup_report": "突发信息专报（续报）",
    "final_report": "突发信息专报（终报）",
    "minutes": "会商纪要",
    "statement": "首份声明",
    "update": "进展文稿",
    "clarification": "辟谣文稿",
    "referral": "移送公安函",
    "platform": "致平台函",
    "police_report": "报警函",
    "circular": "情况通报",
    "summary_report": "网络安全事件处置总结",
    "review_report": "复盘报告",
}


CHARTED = frozenset({"followup_report", "final_report", "circular", "review_report"})
"""Documents that show how much was said, and who published when."""


@dataclass(frozen=True)
class Affected:
    """The district's account that was taken over or published wrongly."""

    name: str
    platform: str
    sponsor_name: str
    platform_account_id: str | None
    url: str | None


@dataclass(frozen=True)
class Grade:
    """The grade a person gave, and what the decision table had suggested and why."""

    label: str
    suggested: str
    because: str
    override_reason: str | None
    decided_by: str


@dataclass(frozen=True)
class Entry:
    """One line of the timeline; *position* is its number in the ledger."""

    at: datetime
    what: str
    who: str
    position: int

    @property
    def at_text(self) -> str:
        """When, as tables print it: ``2026-01-05 09:30``."""
        return local(self.at)


@dataclass(frozen=True)
class ClockLine:
    """One limit and what became of it."""

    title: str
    due_at: datetime
    basis: str
    verdict: str

    @property
    def due_text(self) -> str:
        """When it was due, as tables print it."""
        return local(self.due_at)


@dataclass(frozen=True)
class Published:
    """What came of a unified dispatch: numbers, and the names of those that did not publish.

    Attributes:
        rows: account, when it published as tables print it, how that is known.
        times: when those published of which the time is known.
        pinned: how many were seen pinned; ``None`` where that was not asked.
    """

    required: int
    done: int
    rows: Sequence[tuple[str, str | None, str]]
    missing: Sequence[str]
    issued_at: datetime
    due_at: datetime | None
    times: Sequence[datetime]
    pinned: int | None = None


@dataclass(frozen=True)
class Measure:
    """One measure that the review decided on."""

    what: str
    owner: str
    due_on: date


@dataclass(frozen=True)
class Tally:
    """The handling in numbers, counted in the ledger."""

    deadlines: int
    met: int
    late: int
    still_open: int
    rungs: int
    nobody_reachable: int
    refused: int


@dataclass(frozen=True)
class IncidentFacts:
    """Everything the documents of an incident say. ``None`` is what nobody has given.

    ``volume`` and ``figures`` are there for the documents that show them (``CHARTED``); ``sources`` says
    of every fact where it comes from. ``written`` holds the answers of the step in which somebody wrote what this document publishes or
    transfers, texts of several lines as their paragraphs.
    """

    case_id: str
    issuer_name: str
    bureau_name: str
    public_security_name: str
    cyberspace_office_name: str
    contact_name: str
    contact_phone: str
    document_number: str | None
    issued_on: date
    title: str
    kind: str
    known_at: datetime
    known_from: str
    source_detail: str | None
    reported_facts: Sequence[str]
    verdict: str | None
    situation: Sequence[str]
    casualties: int | None
    views: int | None
    spread: str | None
    verified_by: str | None
    verified_at: datetime | None
    grade: Grade | None
    affected: Affected | None
    platform_company: str | None
    number: int
    drafted_at: datetime
    written: dict[str, object] = field(default_factory=dict[str, object])
    timeline: Sequence[Entry] = ()
    clocks: Sequence[ClockLine] = ()
    published: Published | None = None
    outcome: str | None = None
    closed_at: datetime | None = None
    measures: Sequence[Measure] = ()
    tally: Tally | None = None
    volume: Sequence[VolumeDay] = ()
    figures: Mapping[str, Figure] = field(default_factory=dict[str, Figure])
    sources: Mapping[str, object] = field(default_factory=dict[str, object])

    def values(self) -> dict[str, object]:
        """Return the facts by name, as :func:`playbooks.core.letters.render_letter` takes them."""
        return {described.name: getattr(self, described.name) for described in fields(self)}
