"""Write the analysis paragraphs of a packet (填写分析): kept in the ledger, carried into every packet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import duckdb

import sql
from flows.operations.people import answerer
from flows.settings import Settings
from playbooks.core import ledger
from playbooks.core.cases import store
from playbooks.core.cases.forms import AnswerError
from playbooks.core.events import Event, EventType, NewEvent
from playbooks.statistics.analysis_entries import LONGEST, SECTIONS, AnalysisEntry
from playbooks.statistics.period import Period, parse_period
from sql.catalogs import open_catalog, write


def packet_key(period: Period, unit_id: str | None) -> str:
    """Return under which key the ledger keeps what is about one packet."""
    return f"packet:{period.code}:{unit_id or 'district'}"


def write_analysis(
    settings: Settings,
    packet: tuple[str, str | None],
    texts: Mapping[str, str],
    by: str,
    now: datetime,
) -> list[AnalysisEntry]:
    """Record paragraphs and return every one ever written for this packet, in order.

    Args:
        settings: of this installation.
        packet: the period as ``juzhen packet`` takes it, and the unit or ``None`` for the district.
        texts: by section; ``""`` takes a paragraph back. What holds already is not written again.
        by: who wrote it, an id or 「姓名(编号)」.
        now: of the writing.

    Raises:
        PeriodError: the period cannot be read.
        AnswerError: no such section, unit or person, or a text that is too long.
    """
    period, unit_id = parse_period(packet[0]), packet[1]
    given = {name: _checked(name, text) for name, text in texts.items()}
    key = packet_key(period, unit_id)
    with write(settings.ops) as connection:
        _require_unit(connection, unit_id)
        who = answerer(connection, by, now)
        held = {entry.section: entry.text for entry in entries_of(connection, period, unit_id)}
        events = [
            NewEvent(
                key,
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
        return entries_of(connection, period, unit_id)


def read_analysis(settings: Settings, period_text: str, unit_id: str | None) -> list[AnalysisEntry]:
    """Return every paragraph ever written for a packet, in order; see ``write_analysis``."""
    period = parse_period(period_text)
    with open_catalog(settings.ops) as connection:
        _require_unit(connection, unit_id)
        return entries_of(connection, period, unit_id)


def entries_of(
    connection: duckdb.DuckDBPyConnection, period: Period, unit_id: str | None
) -> list[AnalysisEntry]:
    """Return every paragraph ever written for a packet, in order."""
    events = ledger.read_case(connection, packet_key(period, unit_id))
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
    from playbooks.statistics.analysis_entries import standing
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


def _require_unit(connection: duckdb.DuckDBPyConnection, unit_id: str | None) -> None:
    units = {row["unit_id"] for row in sql.rows(connection, "register/all_unit")}
    if unit_id and unit_id not in units:
        raise AnswerError(f"台账中没有单位 {unit_id}")


def _entry(event: Event) -> AnalysisEntry:
    payload = event.payload
    return AnalysisEntry(
        str(payload["section"]), str(payload["text"]), str(payload["author"]), event.occurred_at
    )
