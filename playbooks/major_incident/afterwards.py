"""What the documents after an incident say of its handling: its end, its figures, its measures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from playbooks.core.case_file.clocks import clocks_of
from playbooks.core.cases.reviewing import measures
from playbooks.core.cases.state import CaseState
from playbooks.core.drafting import Material
from playbooks.core.events import Event, EventType
from playbooks.core.playbook.model import REVIEW
from playbooks.major_incident.facts import Measure, Tally


def closed_by(material: Material) -> tuple[str | None, datetime | None]:
    """Return how the case ended and when; nothing while it runs."""
    ends = [event for event in material.events if event.event_type is EventType.CASE_CLOSED]
    if not ends:
        return None, None
    return str(ends[-1].payload["outcome_title"]), ends[-1].occurred_at


def measures_of(state: CaseState, material: Material) -> list[Measure]:
    """Return what the review decided on, each with the role that carries it out and its day."""
    review, answers = material.playbook.review, state.answers.get(REVIEW, {})
    if review is None:
        return []
    owner = material.playbook.roles[review.measures_owner].title
    return [
        Measure(what, owner, date.fromisoformat(str(answers[f"due_on_{number}"])))
        for number, what in measures(answers)
    ]


def tally_of(material: Material, now: datetime) -> Tally:
    """Return the handling in numbers as of *now*."""
    clocks = clocks_of(material.events)
    done = [clock for clock in clocks if clock.ending == "satisfied" and clock.ended_at]
    late = [clock for clock in done if clock.ended_at and clock.ended_at > clock.due_at]
    return Tally(
        deadlines=len(clocks),
        met=len(done) - len(late),
        late=len(late),
        still_open=sum(not clock.ending for clock in clocks),
        rungs=_count(material.events, EventType.RUNG_CLAIMED),
        nobody_reachable=_count(material.events, EventType.NOBODY_REACHABLE),
        refused=_count(material.events, EventType.ANSWER_REFUSED),
    )


def _count(events: Sequence[Event], kind: EventType) -> int:
    return sum(event.event_type is kind for event in events)
