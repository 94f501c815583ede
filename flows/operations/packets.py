"""Make the Article 32 packet of a period, lay it out for people and note it in the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

import sql
from flows.calendars import office_calendar
from flows.office import read_office
from flows.operations.channel_board import case_times
from flows.operations.marts import copy_register
from flows.settings import Settings, SettingsError
from playbooks.core import ledger
from playbooks.core.cases import store
from playbooks.core.facts import as_int
from playbooks.core.ledger import EventType, NewEvent
from playbooks.core.register.columns import labels
from playbooks.core.working_hours import local_day
from playbooks.impersonation.times import ALL
from sql.catalogs import open_catalog, write

if TYPE_CHECKING:
    from playbooks.statistics.case_tables import CaseTimes
    from playbooks.statistics.period import Period


@dataclass(frozen=True)
class PacketMade:
    """Where the files of a packet lie."""

    paths: tuple[Path, ...]


def make(
    settings: Settings, period_text: str, unit_id: str | None, now: datetime, folder: Path | None
) -> PacketMade:
    """Make the packet of *period_text* (2026Q3, 2026-07 …) for the district or one unit.

    Raises:
        PeriodError: the period cannot be read, or no day of it is over.
        SettingsError: the office's facts are missing.
    """
    from flows.operations.packet_analysis import entries_of
    from playbooks.statistics.analysis_entries import analysis_of
    from playbooks.statistics.figures import read_figures
    from playbooks.statistics.packet import (
        CaseFigure,
        PacketRequest,
        Scope,
        assemble,
        write_packet,
    )
    from playbooks.statistics.period import parse_period

    period = parse_period(period_text)
    office = read_office(settings)
    copy_register(settings, now)
    with open_catalog(settings.ops) as connection:
        head = ledger.head(connection)
        entries = entries_of(connection, period, unit_id)
        counts = sql.rows(
            connection,
            "cases/counts_between",
            begin=period.begin_on,
            end=period.end_on,
            playbook_id="impersonation",
        )[0]
        scope = Scope(_unit_name(connection, unit_id) if unit_id else office.district, unit_id)
    # The catalog is held while the figures are read, not while the documents are rendered.
    with open_catalog(settings.stats) as connection:
        figures = read_figures(connection, period, scope, local_day(now))
    request = PacketRequest(
        period=period,
        scope=scope,
        office_name=office.issuer,
        ledger_head=f"{head.position}:{head.entry_hash}",
        created_at=now,
        today=local_day(now),
        analysis=analysis_of(entries),
        case_times=_case_times(settings, period),
        case_statistics=[
            CaseFigure("期内新立假冒账号案件", as_int(counts["opened_count"])),
            CaseFigure("期内办结", as_int(counts["closed_count"])),
            CaseFigure("期末在办", as_int(counts["open_count"])),
        ],
    )
    packet = assemble(figures, request, office_calendar(settings))
    name = f"{period_text}-{unit_id}" if unit_id else period_text
    files = write_packet(packet, folder or settings.outbox / "packets" / name)
    _note(settings, period_text, unit_id, files.sha256, now)
    return PacketMade((files.docx, files.pdf, files.html, files.xlsx, files.manifest))


def _case_times(settings: Settings, period: Period) -> list[CaseTimes]:
    """Return how long the cases opened in the period took, as the packet prints it."""
    from playbooks.statistics.case_tables import CaseTimes

    found = case_times(settings, period.begin_on, period.end_on)
    titles = {**labels("platform"), ALL: "合计"}
    return [
        CaseTimes(
            platform=titles.get(name, name),
            case_count=times.case_count,
            to_verify=times.to_verify.text,
            to_letter=times.to_letter.text,
            response=times.response.text,
            to_close=times.to_close.text,
            reappearance=times.reappearance,
        )
        for name, times in found.items()
    ]


def _unit_name(connection: duckdb.DuckDBPyConnection, unit_id: str) -> str:
    found = [row for row in sql.rows(connection, "register/all_unit") if row["unit_id"] == unit_id]
    if not found:
        raise SettingsError(f"台账中没有单位 {unit_id}")
    return str(found[0]["name"])


def _note(
    settings: Settings, period: str, unit_id: str | None, digests: Mapping[str, str], now: datetime
) -> None:
    case_id = f"packet:{period}:{unit_id or 'district'}"
    event = NewEvent(
        case_id,
        EventType.PACKET_MADE,
        "system:packets",
        {"period": period, "files": dict(digests)},
        period,
    )
    with write(settings.ops) as connection:
        store.commit(connection, [event], now)
