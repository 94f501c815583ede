"""From a document to where its facts stand, as the ledger keeps it with the draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flows.settings import Settings
from playbooks.core import ledger
from playbooks.core.cases.store import CaseNotFoundError
from playbooks.core.events import EventType
from playbooks.core.facts import as_int, as_list, as_mapping
from sql.catalogs import open_catalog


@dataclass(frozen=True)
class LetterTrace:
    """One drafted document, and for each of its facts the place where it stands.

    Attributes:
        position: the entry of the draft itself.
        facts: name of the fact -> where it stands, in Chinese.
    """

    letter: str
    title: str
    number: str
    position: int
    facts: Mapping[str, str]


def letter_traces(settings: Settings, case_id: str) -> list[LetterTrace]:
    """Return the drafts of a case that say where their facts stand, oldest first.

    Raises:
        CaseNotFoundError: there is no such case.
    """
    with open_catalog(settings.ops) as connection:
        events = ledger.read_case(connection, case_id)
    if not events:
        raise CaseNotFoundError(f"没有案件 {case_id}；`juzhen cases` 列出在办案件")
    return [
        LetterTrace(
            str(event.payload["letter"]),
            str(event.payload.get("title") or ""),
            str(event.payload["number"]),
            event.position,
            dict(_place(as_mapping(source)) for source in _sources(event.payload)),
        )
        for event in events
        if event.event_type is EventType.LETTER_DRAFTED and event.payload.get("sources")
    ]


def _sources(payload: Mapping[str, object]) -> list[object]:
    return list(as_mapping(payload["sources"]).values())


def _place(source: Mapping[str, object]) -> tuple[str, str]:
    positions = [str(as_int(one)) for one in as_list(source.get("positions", []))]
    shown = "、".join(positions[:8]) + (f" 等 {len(positions)} 条" if len(positions) > 8 else "")
    ledger_text = [f"流水第 {shown} 条" if len(positions) <= 8 else f"流水第 {shown}"]
    parts = (ledger_text if positions else []) + (
        [str(source["place"])] if source.get("place") else []
    )
    return str(source["name"]), "；".join(parts)
