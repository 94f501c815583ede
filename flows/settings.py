"""What this installation is: folders, catalogs, channels, office. Read once from the environment.

Only ``flows`` reads the environment and secrets; everything below is handed values. Secrets stay out
of ``repr`` and out of every message.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sql.catalogs import Catalog
from sql.refusal import Refusal

MOST_SUSPECTS = 1_000


class SettingsError(Refusal, ValueError):
    """A setting is missing or wrong; the sentence says which variable or file to correct."""


@dataclass(frozen=True)
class ChatSettings:
    """How the team chat is reached; with neither token nor webhook there is no channel.

    Attributes:
        token: bot token of the Web API.
        channel: the duty channel's id or name.
        webhook_url: incoming webhook, used when there is no token.
        api_url: base address of the Web API; only a test or a proxy changes it.
    """

    token: str = field(default="", repr=False)
    channel: str = ""
    webhook_url: str = field(default="", repr=False)
    api_url: str = "https://slack.com/api/"

    @property
    def is_configured(self) -> bool:
        """Whether a message can go anywhere."""
        return bool((self.token and self.channel) or self.webhook_url)


@dataclass(frozen=True)
class CaptureSettings:
    """How suspect pages are captured.

    Attributes:
        chromium: the browser's program; empty looks for Debian's.
        timestamp_url: an RFC 3161 authority; empty asks for no timestamps.
        timestamp_root: PEM certificates the authority's answers must lead to.
    """

    chromium: str = ""
    timestamp_url: str = ""
    timestamp_root: Path | None = None


@dataclass(frozen=True)
class Settings:
    """One installation.

    Attributes:
        home: the data folder; holds both catalogs in embedded mode, stored files and ``office.yml``.
        calendar_folder: override files of the work calendar; ``None`` when there are none.
        ui_url: where operators reach the Prefect UI, for links in messages.
        source_urls: base addresses of sources reached elsewhere than declared, by source name.
        credentials: file of ``source: {account_id: {…}}``, or ``prefect-secret:<block>``; empty when
            not configured.
        wechat_credentials: file of ``account_id: {appid, secret}``; ``None`` when not configured.
        scan_limit: how many suspects one scan puts to a person; the rest get their turn later.
        variables: every ``JUZHEN_*`` variable, secrets among them, for the channels.
    """

    home: Path
    ops: Catalog
    stats: Catalog
    chat: ChatSettings
    calendar_folder: Path | None
    ui_url: str
    source_urls: Mapping[str, str]
    credentials: str
    wechat_credentials: Path | None
    capture: CaptureSettings = CaptureSettings()
    scan_limit: int = 10
    variables: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)

    @property
    def files(self) -> Path:
        """Where stored files lie, named by their SHA-256."""
        return self.home / "files"

    @property
    def inbox(self) -> Path:
        """Where operators drop files for the forms to pick up."""
        return self.home / "inbox"

    @property
    def sources(self) -> Path:
        """Where the office declares interfaces of its own, one ``.yml`` each."""
        return self.home / "sources"

    @property
    def drop(self) -> Path:
        """Where units drop export files, a folder an account or unit; emptied by every night."""
        return self.home / "drop"

    @property
    def candidates(self) -> Path:
        """Where what searches on platforms found is laid for the nightly scan."""
        return self.home / "candidates"

    @property
    def export_layouts(self) -> Path:
        """Where an office declares layouts of export files that the package does not know."""
        return self.home / "export_layouts"

    @property
    def outbox(self) -> Path:
        """Where finished letters and packets are laid for people to fetch."""
        return self.home / "documents"


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings that the ``JUZHEN_*`` variables describe; see ``docs/settings.md``."""
    given = os.environ if environment is None else environment
    home = Path(given.get("JUZHEN_HOME", ".juzhen")).resolve()
    credentials = given.get("JUZHEN_WECHAT_CREDENTIALS", "")
    calendar_folder = given.get("JUZHEN_CALENDAR", "")
    root = given.get("JUZHEN_TIMESTAMP_ROOT", "")
    return Settings(
        home=home,
        ops=Catalog("ops", given.get("JUZHEN_OPS", str(home / "ops.duckdb"))),
        stats=Catalog(
            "stats",
            given.get("JUZHEN_STATS", str(home / "stats.duckdb")),
            given.get("JUZHEN_STATS_DATA", ""),
        ),
        chat=ChatSettings(
            token=given.get("JUZHEN_SLACK_TOKEN", ""),
            channel=given.get("JUZHEN_SLACK_CHANNEL", ""),
            webhook_url=given.get("JUZHEN_SLACK_WEBHOOK", ""),
            api_url=given.get("JUZHEN_SLACK_API", "https://slack.com/api/"),
        ),
        calendar_folder=Path(calendar_folder) if calendar_folder else None,
        ui_url=given.get("JUZHEN_UI_URL", "http://127.0.0.1:4200"),
        source_urls={
            name.removeprefix("JUZHEN_").lower(): address
            for name, address in given.items()
            if name.startswith("JUZHEN_") and name.endswith("_API") and address
        },
        credentials=given.get("JUZHEN_CREDENTIALS", ""),
        wechat_credentials=Path(credentials) if credentials else None,
        capture=CaptureSettings(
            chromium=given.get("JUZHEN_CHROMIUM", ""),
            timestamp_url=given.get("JUZHEN_TIMESTAMP_URL", ""),
            timestamp_root=Path(root) if root else None,
        ),
        scan_limit=_count(given, "JUZHEN_SCAN_LIMIT", 10),
        variables={name: value for name, value in given.items() if name.startswith("JUZHEN_")},
    )


def _count(given: Mapping[str, str], name: str, default: int) -> int:
    text = given.get(name, "").strip()
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= MOST_SUSPECTS):
        raise SettingsError(f"{name} 应为 1 至 {MOST_SUSPECTS} 的整数，现为「{text[:40]}」")
    return int(text)
