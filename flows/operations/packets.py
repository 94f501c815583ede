"""Make the Article 32 packet of a period, lay it out for people and note it in the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flows.office import read_office
from flows.operations.statistics import copy_register
from flows.settings import Settings
from playbooks.core import ledger
from playbooks.core.cases import store
from playbooks.core.ledger import EventType, NewEvent
from playbooks.core.working_hours import local_day
from sql.catalogs import open_catalog, write


@dataclass(frozen=True)
class PacketMade:
    """Where the files of a packet lie."""

    paths: tuple[Path, ...]


def make(
    settings: Settings, period_text: str, unit_id: str | None, now: datetime, folder: Path | None
) -> PacketMade:
    """Make the packet of *period_text* (2026Q3, 2026-07 …) for the district or one unit.

    Raises:
        ValueError: the period cannot be read.
        SettingsError: the office's facts are missing.
    """
    from playbooks.statistics.packet import make_packet, write_packet

    from playbooks.statistics.period import parse_period

    period = parse_period(period_text)
    office = read_office(settings)
    copy_register(settings, now)
    with open_catalog(settings.ops) as connection:
        head = ledger.head(connection)
    with open_catalog(settings.stats) as connection:
        packet = make_packet(
            connection,
            period,
            unit_id,
            office_name=office.issuer,
            ledger_head=f"{head.position}:{head.entry_hash}",
            created_at=now,
            today=local_day(now),
        )
    target = (
        folder or settings.outbox / "packets" / f"{period_text}{f'-{unit_id}' if unit_id else ''}"
    )
    files = write_packet(packet, target)
    _note(settings, period_text, unit_id, files.digests, now)
    return PacketMade(tuple(files.paths))


def _note(
    settings: Settings, period: str, unit_id: str | None, digests: dict[str, str], now: datetime
) -> None:
    case_id = f"packet:{period}:{unit_id or 'district'}"
    event = NewEvent(
        case_id,
        EventType.PACKET_MADE,
        "system:packets",
        {"period": period, "files": digests},
        period,
    )
    with write(settings.ops) as connection:
        store.commit(connection, [event], now)
