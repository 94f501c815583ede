"""The history of a case as its page tells it: every entry of the ledger, in words, with who did it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flows.operations.boards import shown
from playbooks.core.cases.telling import EVENT_TITLES, actor_of, gist_of
from playbooks.core.ledger import Event
from playbooks.core.messages import local
from playbooks.core.playbook import Playbook


def history_lines(
    events: Sequence[Event], playbook: Playbook, people: Mapping[str, str]
) -> list[str]:
    """Return the section on everything that happened, in order.

    Args:
        events: of the case.
        playbook: the version that the case runs by; it names the fields.
        people: person_id -> name.
    """
    return ["### 办件流水", "", *(_line(event, playbook, people) for event in events)]


def _line(event: Event, playbook: Playbook, people: Mapping[str, str]) -> str:
    title = EVENT_TITLES.get(event.event_type, event.event_type)
    gist = shown(gist_of(event, playbook, people))
    who = shown(actor_of(event, people))
    about = f"：{gist}" if gist else ""
    return f"- {event.position}　{local(event.occurred_at)} {who} **{title}**{about}"
