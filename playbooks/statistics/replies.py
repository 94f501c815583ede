"""How messages were answered: received, answered, how soon, how many too late, by kind.

Days are workdays after the day of receipt. A message counts as late when it was answered after its
limit, or is still open when the limit has passed; one whose limit still runs is neither.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, cast

import yaml

from playbooks.core.calendar import WorkCalendar
from playbooks.statistics.numbers import Share
from playbooks.statistics.text_leads.sorting import NEGATIVE, Lead, lead_of

if TYPE_CHECKING:
    from playbooks.statistics.figures import Figures

COMPLAINT = "投诉"


@dataclass(frozen=True)
class Message:
    """One logged message with what the words say of it.

    Attributes:
        workdays: from receipt to reply; None while it is open.
        limit: workdays within which its kind is to be answered; None where no reply is owed.
        is_late: over its limit, answered or not.
    """

    account_id: str
    received_on: date
    kind: str
    content: str
    replied_on: date | None
    handed_over_to: str
    sentiment: str
    is_opinion: bool
    workdays: int | None
    limit: int | None
    is_late: bool
    lead: Lead

    @property
    def needs_review(self) -> bool:
        """Whether a person should look: it may be a complaint, and nobody has said what it is."""
        return not self.sentiment and (self.kind == COMPLAINT or self.lead.mood == NEGATIVE)


@dataclass(frozen=True)
class ReplyTotals:
    """The messages of one kind, or of all kinds that are owed a reply; ``limit`` is None for all."""

    kind: str
    limit: int | None
    received: int
    replied: int
    late: int
    handed_over: int
    median_workdays: float | None

    @property
    def rate(self) -> Share:
        """Answered over received."""
        return Share(self.replied, self.received, self.received)


@cache
def shipped_limits() -> tuple[Mapping[str, int], str]:
    """Return kind -> workdays, and on what basis."""
    text = Path(__file__).with_name("reply_limits.yml").read_text(encoding="utf-8")
    document = cast("dict[str, Any]", yaml.load(text, Loader=yaml.CSafeLoader))
    limits = {str(kind): int(days) for kind, days in document["workdays"].items()}
    return limits, str(document["basis"])


def messages_of(
    figures: Figures, limits: Mapping[str, int], calendar: WorkCalendar
) -> list[Message]:
    """Return the logged messages of the period, judged on the last day counted."""
    return [
        _message(row, limits, figures.through_on, calendar)
        for row in figures.frames["messages"].iter_rows(named=True)
    ]


def reply_totals(messages: Sequence[Message], limits: Mapping[str, int]) -> list[ReplyTotals]:
    """Return the totals of each kind that is owed a reply and occurs; where there are two, of all too."""
    totals = [
        _totals(kind, limit, [each for each in messages if each.kind == kind])
        for kind, limit in limits.items()
    ]
    totals = [each for each in totals if each.received]
    if len(totals) > 1:
        totals.append(_totals("合计", None, [each for each in messages if each.limit is not None]))
    return totals


def _totals(kind: str, limit: int | None, messages: Sequence[Message]) -> ReplyTotals:
    taken = [each.workdays for each in messages if each.workdays is not None]
    return ReplyTotals(
        kind,
        limit,
        received=len(messages),
        replied=len(taken),
        late=sum(each.is_late for each in messages),
        handed_over=sum(bool(each.handed_over_to) for each in messages),
        median_workdays=float(median(taken)) if taken else None,
    )


def _message(
    row: Mapping[str, object], limits: Mapping[str, int], through_on: date, calendar: WorkCalendar
) -> Message:
    received_on = cast("date", row["received_on"])
    replied_on = cast("date | None", row["replied_on"])
    if replied_on is not None and (replied_on > through_on or replied_on < received_on):
        replied_on = None  # not yet by then, or a slip of the pen: no reply before its question
    workdays = None if replied_on is None else calendar.count_workdays(received_on, replied_on)
    limit = limits.get(str(row["kind"]))
    waited = calendar.count_workdays(received_on, replied_on or through_on)
    content = str(row["content"])
    return Message(
        account_id=str(row["account_id"]),
        received_on=received_on,
        kind=str(row["kind"]),
        content=content,
        replied_on=replied_on,
        handed_over_to=str(row["handed_over_to"] or ""),
        sentiment=str(row["sentiment"] or ""),
        is_opinion=bool(row["is_opinion"]),
        workdays=workdays,
        limit=limit,
        is_late=limit is not None and waited > limit,
        lead=lead_of(content),
    )
