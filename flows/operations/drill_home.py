"""A drill's own installation: a throw-away folder with the office's people, and no way out."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import sql
from flows.settings import Settings, read_settings
from playbooks.core.outbox import Attempt, Ending, Message
from sql.catalogs import open_catalog, write

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
"""When the copy was imported: before every hand-over, for only those that still stand are copied."""

TABLES = ("unit", "person", "account", "roster_shift")
EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "office.yml"


@dataclass
class Recorder:
    """Stands where the chat channels stand, and keeps what it is given: nothing leaves."""

    messages: list[Message] = field(default_factory=list[Message])

    def send(self, message: Message) -> Attempt:
        """Keep the message; a drill's channel always delivers."""
        self.messages.append(message)
        return Attempt(Ending.DELIVERED, receipt=f"drill-{len(self.messages)}")

    def find(self, message: Message) -> Attempt | None:
        """Nothing is ever half-sent here."""
        return None


def make_home(settings: Settings, folder: Path, now: datetime) -> Settings:
    """Return settings of a fresh installation in *folder* with what deadlines and duties rest on here.

    That is the register, the roster with its hand-overs, the office, its calendar and its channels.
    Of the environment it reads nothing: no channel, no credential, no other catalog can be reached.
    """
    folder.mkdir(parents=True, exist_ok=True)
    own = settings.home / "office.yml"
    shutil.copyfile(own if own.is_file() else EXAMPLE, folder / "office.yml")
    channels = settings.home / "channels.yml"
    if channels.is_file():
        shutil.copyfile(channels, folder / "channels.yml")
    drill = replace(
        read_settings({"JUZHEN_HOME": str(folder)}), calendar_folder=settings.calendar_folder
    )
    with open_catalog(settings.ops) as connection:
        copied = {table: sql.rows(connection, f"register/all_{table}") for table in TABLES}
        changes = sql.rows(connection, "register/standing_shift_changes")
    with write(drill.ops) as connection:
        for table, rows in copied.items():
            if rows:
                sql.insert(connection, table, [{**row, "imported_at": BEGINNING} for row in rows])
        sql.insert(connection, "shift_change", changes)
    return drill
