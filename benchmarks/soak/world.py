"""The installation under soak: people, a roster that covers every day, and who may act as whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Final

import sql
from flows.settings import ChatSettings, Settings, read_settings
from sql.catalogs import write

ROLES: Final = ("handler", "reviewer", "signer", "duty_lead")
ADDRESS: Final = "slack.txt"


def make(home: Path, first_on: date, last_on: date, now: datetime) -> None:
    """Write two people a role, taking turns, into a fresh installation at *home*."""
    settings = read_settings({"JUZHEN_HOME": str(home)})
    people = [
        {
            "person_id": f"P-{role}-{number}",
            "name": f"{role} {number}",
            "unit_id": "U-1",
            "post": None,
            "mobile": None,
            "chat_user_id": f"U{role.upper()}{number}",
            "trained_on": None,
            "is_active": True,
            "imported_at": now,
        }
        for role in ROLES
        for number in (1, 2)
    ]
    shifts = [
        {
            "shift_id": f"S-{person['person_id']}",
            "role": str(person["person_id"]).split("-")[1],
            "person_id": person["person_id"],
            "starts_on": first_on,
            "ends_on": last_on,
            "position": int(str(person["person_id"])[-1]),
            "imported_at": now,
        }
        for person in people
    ]
    with write(settings.ops) as connection:
        sql.insert(connection, "person", people)
        sql.insert(connection, "roster_shift", shifts)


def settings_of(home: Path) -> Settings:
    """Return the settings by which every process of the soak works, the chat's address included."""
    token, api_url = (home / ADDRESS).read_text(encoding="utf-8").split()
    return replace(
        read_settings({"JUZHEN_HOME": str(home)}),
        chat=ChatSettings(token=token, channel="C0DUTY", api_url=api_url),
    )
