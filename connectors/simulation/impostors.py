"""Accounts that imitate the district's, and the 12345 hotline's work orders (工单) about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from connectors.simulation import codes, people
from connectors.simulation.district import District
from connectors.simulation.publications import OFFICE_ZONE

CLOSING_DAYS = 5
FIRST_REPORTER_NUMBER = 9_000_000  # mobile numbers apart from the staff's


@dataclass(frozen=True, slots=True)
class Impostor:
    """One account that is not the district's.

    ``trick`` names how it imitates ``imitates`` (an account id); both are None for an innocent
    account that was reported all the same.
    """

    impostor_id: str
    platform: str
    platform_account_id: str
    name: str
    url: str
    followers: int
    trick: str | None
    imitates: str | None


@dataclass(frozen=True, slots=True)
class Report:
    """One work order as the hotline hands it over; ``about`` is an impostor's id.

    ``contact_name`` and ``contact_phone`` are personal data, and the content may repeat them.
    """

    order_number: str
    title: str
    content: str
    channel: str
    contact_name: str
    contact_phone: str
    handed_over_at: datetime
    due_at: datetime
    about: str


def impostors(district: District) -> tuple[Impostor, ...]:
    """Return the imitating accounts, then the innocent ones that were reported."""
    document = _document()
    return tuple(_impostor(entry) for entry in [*document["impostors"], *document["bystanders"]])


def reports(district: District) -> tuple[Report, ...]:
    """Return the work orders in the order they came; one of them came twice, word for word."""
    return tuple(_report(district, entry) for entry in _document()["reports"])


@cache
def _document() -> Mapping[str, Any]:
    text = Path(__file__).with_name("impostors.yml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=yaml.CSafeLoader)


def _impostor(entry: Mapping[str, Any]) -> Impostor:
    platform = str(entry["platform"])
    platform_account_id = codes.platform_account_id(platform, f"impostor/{entry['id']}")
    return Impostor(
        impostor_id=entry["id"],
        platform=platform,
        platform_account_id=platform_account_id,
        name=entry["name"],
        url=f"https://{platform.replace('_', '-')}.example.invalid/{platform_account_id}",
        followers=entry["followers"],
        trick=entry.get("trick"),
        imitates=entry.get("imitates"),
    )


def _report(district: District, entry: Mapping[str, Any]) -> Report:
    day = district.last_day - timedelta(days=entry["days_ago"])
    handed_over_at = datetime.combine(day, time.fromisoformat(entry["time"]), OFFICE_ZONE)
    number = int(entry["number"])
    name, phone = people.invented_name(1_000 + number), codes.mobile(FIRST_REPORTER_NUMBER + number)
    content = str(entry["content"]).replace("{name}", name).replace("{phone}", phone)
    return Report(
        order_number=f"YS{day:%Y%m%d}{number:05d}",
        title=entry["title"],
        content=content,
        channel=entry["channel"],
        contact_name=name,
        contact_phone=phone,
        handed_over_at=handed_over_at,
        due_at=handed_over_at + timedelta(days=CLOSING_DAYS),
        about=entry["about"],
    )
