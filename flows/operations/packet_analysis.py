"""Write the analysis paragraphs of a packet (填写分析): kept in the ledger, carried into every packet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import duckdb

from flows.operations.packet_scope import PacketOf, scope_of
from flows.operations.people import answerer
from flows.settings import Settings
from playbooks.core import ledger
from playbooks.core.cases import store
from playbooks.core.cases.forms import AnswerError
from playbooks.core.events import Event, EventType, NewEvent
from playbooks.statistics.analysis_entries import (
    CARRIED,
    LONGEST,
    SECTIONS,
    AnalysisEntry,
    standing,
)
from sql.catalogs import open_catalog, write


def write_analysis(
    settings: Settings,
    packet: PacketOf,
    texts: Mapping[str, str],
    by: str,
    now: datetime,
) -> list[AnalysisEntry]:
    """Record paragraphs and return every one ever written for this packet, in order.

    Args:
        settings: of this installation.
        packet: which packet.
        texts: by section; ``""`` takes a paragraph back. What holds already is not written again.
        by: who wrote it, an id or 「姓名(编号)」.
        now: of the writing.

    Raises:
        AnswerError: no such section, unit or person, or a text that is too long.
    """
    given = {name: _checked(name, text) for name, text in texts.items()}
    with write(settings.ops) as connection:
        scope_of(connection, packet, "")
        who = answerer(connection, by, now)
        held = {entry.section: entry.text for entry in entries_of(connection, packet)}
        events = [
            NewEvent(
                packet.key,
                EventType.ANALYSIS_WRITTEN,
                f"person:{who.person_id}",
                {"section": name, "text": text, "author": who.name},
                name,
            )
            for name, text in given.items()
            if text != held.get(name, "")
        ]
        if events:
            store.commit(connection, events, now)
        return entries_of(connection, packet)


def read_analysis(settings: Settings, packet: PacketOf) -> list[AnalysisEntry]:
    """Return every paragraph ever written for a packet, in order; see ``write_analysis``."""
    with open_catalog(settings.ops) as connection:
        scope_of(connection, packet, "")
        return entries_of(connection, packet)


def taken_over(settings: Settings, packet: PacketOf, titles: Sequence[str]) -> dict[str, str]:
    """Return by section what the packet of the period before says, for writing it again.

    Raises:
        AnswerError: nothing was written there, or the section is about its own period only.
    """
    with open_catalog(settings.ops) as connection:
        held = standing(carried_of(connection, packet))
    found: dict[str, str] = {}
    for name in named_sections(dict.fromkeys(titles, "")):
        if name not in CARRIED:
            raise AnswerError(f"「{SECTIONS[name]}」只说明本期情况，不能沿用上期")
        if name not in held:
            raise AnswerError(f"{packet.previous.name} 没有填写「{SECTIONS[name]}」，无可沿用")
        found[name] = held[name].text
    return found


def carried_of(connection: duckdb.DuckDBPyConnection, packet: PacketOf) -> list[AnalysisEntry]:
    """Return what was written for the same scope's packet of the period before."""
    return entries_of(connection, packet.previous)


def entries_of(connection: duckdb.DuckDBPyConnection, packet: PacketOf) -> list[AnalysisEntry]:
    """Return every paragraph ever written for a packet, in order."""
    events = ledger.read_case(connection, packet.key)
    return [_entry(event) for event in events if event.event_type is EventType.ANALYSIS_WRITTEN]


def named_sections(texts: Mapping[str, str]) -> dict[str, str]:
    """Return *texts* by section, whether they were given by name or by Chinese title.

    Raises:
        AnswerError: one that is neither.
    """
    by_title = {title: name for name, title in SECTIONS.items()}
    found: dict[str, str] = {}
    for given, text in texts.items():
        name = by_title.get(given, given)
        if name not in SECTIONS or name in found:
            raise AnswerError(
                f"「{given[:40]}」不是分析栏目，或写了两次；栏目有：{'、'.join(SECTIONS.values())}"
            )
        found[name] = text
    return found


def analysis_lines(entries: Sequence[AnalysisEntry]) -> list[str]:
    """Return one line per section: what holds and who wrote it, or 待填写."""
    from playbooks.statistics.sentences import PENDING

    held = standing(entries)
    return [
        f"{title}："
        + (f"{held[name].text}（由{held[name].author}填写）" if name in held else PENDING)
        for name, title in SECTIONS.items()
    ]


def _checked(name: str, text: str) -> str:
    if name not in SECTIONS:
        raise AnswerError(f"没有分析栏目 {name[:40]}；栏目有：{'、'.join(SECTIONS.values())}")
    if len(text) > LONGEST:
        raise AnswerError(f"「{SECTIONS[name]}」超过 {LONGEST} 字；请精简")
    return text.strip()


def _entry(event: Event) -> AnalysisEntry:
    payload = event.payload
    return AnalysisEntry(
        str(payload["section"]), str(payload["text"]), str(payload["author"]), event.occurred_at
    )
