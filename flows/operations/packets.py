"""Make the Article 32 packet of a period, lay it out for people and note it in the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

import duckdb

import sql
from flows.calendars import office_calendar
from flows.office import Office, read_office
from flows.operations.channel_board import case_times
from flows.operations.files import keep_bytes, read_stored
from flows.operations.marts import copy_register
from flows.operations.message_review import write_review
from flows.operations.packet_scope import PacketOf, scope_of
from flows.settings import Settings
from playbooks.core import ledger
from playbooks.core.cases import store
from playbooks.core.cases.forms import AnswerError
from playbooks.core.facts import as_int
from playbooks.core.ledger import EventType, NewEvent
from playbooks.core.register.columns import labels
from playbooks.core.working_hours import local_day
from playbooks.impersonation.times import ALL
from sql.catalogs import open_catalog, write

if TYPE_CHECKING:
    from playbooks.statistics.case_tables import CaseTimes
    from playbooks.statistics.figures import Figures
    from playbooks.statistics.packet import PacketFiles, PacketRequest
    from playbooks.statistics.packet_tables import CaseFigure
    from playbooks.statistics.period import Period
    from playbooks.statistics.scope import Scope


@dataclass(frozen=True)
class PacketMade:
    """Where the files of a packet lie.

    Attributes:
        differing: of a packet made again, the files that are not byte for byte what they were.
    """

    paths: tuple[Path, ...]
    differing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Written:
    """The files of a packet, under which digest its inputs are kept, and what waits for review."""

    files: PacketFiles
    inputs_sha256: str
    review: Path | None = None


def make(settings: Settings, asked: PacketOf, now: datetime, folder: Path | None) -> PacketMade:
    """Make a packet and keep what it was made from.

    Raises:
        PeriodError: no day of the period is over.
        AnswerError: the register has no such unit or account.
        ScopeError: the statistics know no account of it yet.
        SettingsError: the office's facts are missing.
    """
    from playbooks.statistics.figures import read_figures

    copy_register(settings, now)
    request = request_of(settings, asked, now)
    # The catalog is held while the figures are read, not while the documents are rendered.
    with open_catalog(settings.stats) as connection:
        figures = read_figures(connection, asked.period, request.scope, request.today)
    target = folder or place_of(settings, asked)
    written = render_and_keep(settings, figures, request, target)
    note(settings, [(asked, request.scope, written)], now)
    return PacketMade((*_paths(written.files), *([written.review] if written.review else [])))


def make_again(
    settings: Settings, asked: PacketOf, made_on: date, folder: Path | None
) -> PacketMade:
    """Make the packet again as it was on *made_on*, from the inputs kept then.

    Raises:
        AnswerError: none had been made by then.
        PacketError: another version kept them.
    """
    from playbooks.statistics.kept_inputs import unpacked

    with open_catalog(settings.ops) as connection:
        made = [
            event
            for event in ledger.read_case(connection, asked.key)
            if event.event_type is EventType.PACKET_MADE
            and "inputs" in event.payload
            and local_day(event.occurred_at) <= made_on
        ]
    if not made:
        raise AnswerError(f"到 {made_on} 还没有生成过数据包 {asked.name}，或当时没有留存底数")
    last = made[-1]
    figures, request = unpacked(read_stored(settings, str(last.payload["inputs"])))
    target = place_of(settings, asked)
    target = folder or target.with_name(f"{target.name}-{local_day(last.occurred_at)}")
    files = render(settings, figures, request, target)
    then = cast("Mapping[str, str]", last.payload["files"])
    differing = tuple(name for name, sha256 in files.sha256.items() if then.get(name) != sha256)
    return PacketMade(_paths(files), differing)


def request_of(settings: Settings, asked: PacketOf, now: datetime) -> PacketRequest:
    """Return everything of a packet but its figures: names, paragraphs, cases, head of the ledger."""
    return requests_of(settings, [asked], now)[0]


def requests_of(
    settings: Settings, all_asked: Sequence[PacketOf], now: datetime
) -> list[PacketRequest]:
    """Return the requests of several packets, read in one opening of the catalog."""
    office = read_office(settings)
    with open_catalog(settings.ops) as connection:
        head = ledger.head(connection)
        requests = [
            _request(connection, asked, office, f"{head.position}:{head.entry_hash}", now)
            for asked in all_asked
        ]
    return [
        replace(request, case_times=_case_times(settings, request.period))
        if request.scope.is_district
        else request
        for request in requests
    ]


def _request(
    connection: duckdb.DuckDBPyConnection,
    asked: PacketOf,
    office: Office,
    ledger_head: str,
    now: datetime,
) -> PacketRequest:
    from flows.operations.packet_analysis import carried_of, entries_of
    from playbooks.statistics.analysis_entries import analysis_of
    from playbooks.statistics.packet import PacketRequest

    scope = scope_of(connection, asked, office.district)
    return PacketRequest(
        period=asked.period,
        scope=scope,
        office_name=office.issuer,
        ledger_head=ledger_head,
        created_at=now,
        today=local_day(now),
        analysis=analysis_of(entries_of(connection, asked), carried_of(connection, asked)),
        reply_limits=office.reply_limits or None,
        case_statistics=_case_figures(connection, asked.period) if scope.is_district else None,
    )


def render(
    settings: Settings, figures: Figures, request: PacketRequest, folder: Path
) -> PacketFiles:
    """Write the files of a packet."""
    from playbooks.statistics.packet import assemble, write_packet

    return write_packet(assemble(figures, request, office_calendar(settings)), folder)


def render_and_keep(
    settings: Settings, figures: Figures, request: PacketRequest, folder: Path
) -> Written:
    """Write the files of a packet, keep what it was made from, lay out what a person must review."""
    from playbooks.statistics.kept_inputs import packed

    files = render(settings, figures, request, folder)
    inputs_sha256 = keep_bytes(settings, packed(figures, request))
    return Written(files, inputs_sha256, write_review(settings, figures, request, folder))


def place_of(settings: Settings, asked: PacketOf) -> Path:
    """Return the folder where a packet lies when nobody names another."""
    return settings.outbox / "packets" / asked.name


def note(
    settings: Settings, made: Sequence[tuple[PacketOf, Scope, Written]], now: datetime
) -> None:
    """Write into the ledger that packets were made, with every digest."""
    events = [
        NewEvent(
            asked.key,
            EventType.PACKET_MADE,
            "system:packets",
            {
                "period": asked.period.code,
                "scope": asked.scope_key,
                "scope_name": scope.shown_name,
                "files": dict(written.files.sha256),
                "inputs": written.inputs_sha256,
            },
            asked.period.code,
        )
        for asked, scope, written in made
    ]
    with write(settings.ops) as connection:
        store.commit(connection, events, now)


def _paths(files: PacketFiles) -> tuple[Path, ...]:
    return (files.docx, files.pdf, files.html, files.xlsx, files.manifest)


def _case_figures(connection: duckdb.DuckDBPyConnection, period: Period) -> list[CaseFigure]:
    from playbooks.statistics.packet_tables import CaseFigure

    counts = sql.rows(
        connection,
        "cases/counts_between",
        begin=period.begin_on,
        end=period.end_on,
        playbook_id="impersonation",
    )[0]
    return [
        CaseFigure("期内新立假冒账号案件", as_int(counts["opened_count"])),
        CaseFigure("期内办结", as_int(counts["closed_count"])),
        CaseFigure("期末在办", as_int(counts["open_count"])),
    ]


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
