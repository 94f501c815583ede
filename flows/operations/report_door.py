"""The door that reports come in by: read the file, drop personal data, see what the text names.

Nothing behind this module sees a name or a number of a reporter, save the contact of those sources that
say to keep it. The file itself is not kept: it holds what was dropped, and stays with whoever has it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from connectors.report_feed import read_feed
from connectors.report_mail import LARGEST_FILE_BYTES, SOURCE, is_mail, read_mail
from connectors.report_model import Attachment, FeedReading, ReportRow
from connectors.report_sources import Source, Sources, read_sources
from connectors.spreadsheet import UnreadableFileError
from flows.settings import Settings, SettingsError
from playbooks.core.documents.text import visible
from playbooks.core.personal_data import without_personal_data
from playbooks.core.register.columns import labels
from playbooks.impersonation.intake import Suggestion, is_relevant, suggest

LONGEST_NAME = 200
LONGEST_CONTENT = 8_000
OFFICIAL_FIELDS = ("display_name", "platform_account_id", "url", "official_account_id")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class CleanReport:
    """One report without personal data.

    Attributes:
        report_id: source and number, as the ledger names it.
        named: intake fields that the source itself gives in columns of their own.
        contact: what reaches the reporter, to be kept apart; empty when it is not kept.
    """

    report_id: str
    source: str
    number: str
    subject: str
    content: str
    arrived_by: str
    channel: str
    received_at: datetime | None
    answer_due_at: datetime | None
    suggestion: Suggestion
    named: Mapping[str, str]
    place: str
    is_relevant: bool
    contact: str = field(default="", repr=False)
    attachments: Sequence[Attachment] = ()


@dataclass(frozen=True)
class CleanFile:
    """A file of reports behind the door; *series* is whose numbers its reports have."""

    source_id: str
    series: str
    source_title: str
    sha256: str
    reports: Sequence[CleanReport]
    problems: Sequence[str]
    unknown_headings: Sequence[str]


def sources_of(settings: Settings) -> Sources:
    """Return the shipped sources with the office's own over them; ``SourceError`` names faults."""
    return read_sources(settings.home / "report_sources.yml")


def read_reports(settings: Settings, path: Path, source_id: str | None) -> CleanFile:
    """Return what a file of reports holds, without personal data.

    Raises:
        UnreadableFileError: neither mail nor a table of a known source.
        SettingsError: there is no source of that name.
    """
    sources = sources_of(settings)
    if source_id is not None and source_id not in sources.sources:
        known = "、".join(sorted(sources.sources))
        raise SettingsError(f"没有来源 {source_id}；现有：{known}")
    with path.open("rb") as file:
        content = file.read(LARGEST_FILE_BYTES + 1)
    if not content:
        raise UnreadableFileError(path.name, "是空文件", "请重新导出")
    reading = _read(content, path.name, sources, source_id)
    source = sources.sources[reading.source_id]
    return CleanFile(
        source_id=reading.source_id,
        series=source.numbers or reading.source_id,
        source_title=source.title,
        sha256=hashlib.sha256(content).hexdigest(),
        reports=[clean(row, reading.source_id, source, sources) for row in reading.rows],
        problems=[str(problem) for problem in reading.problems],
        unknown_headings=reading.unknown_headings,
    )


def _read(content: bytes, file_name: str, sources: Sources, source_id: str | None) -> FeedReading:
    if source_id == SOURCE or (source_id is None and is_mail(content)):
        return read_mail(content, file_name)
    return read_feed(content, file_name, sources, source_id)


def clean(row: ReportRow, source_id: str, source: Source, sources: Sources) -> CleanReport:
    """Return the report without personal data, and with what its text seems to name."""
    subject, content, arrived_by = (
        storable(without_personal_data(row.text(name), row.personal))
        for name in ("subject", "content", "arrived_by")
    )
    whole = f"{subject}\n{content}"
    series = source.numbers or source_id
    return CleanReport(
        report_id=storable(f"{series}:{row.number}"),
        source=series,
        number=storable(row.number),
        subject=subject[:500],
        content=content[:LONGEST_CONTENT],
        arrived_by=arrived_by[:100],
        channel=source.channel,
        received_at=row.received_at,
        answer_due_at=row.answer_due_at,
        suggestion=suggest(whole),
        named=_named(row),
        place=row.place,
        is_relevant=bool(row.text("display_name")) or is_relevant(whole, sources.relevant_words),
        contact=storable(row.contact),
        attachments=row.attachments,
    )


def typed_report(
    *,
    number: str,
    channel: str,
    content: str,
    contact: str,
    named: Mapping[str, str],
    now: datetime,
) -> CleanReport:
    """Return a report that a person typed in, without personal data in its text."""
    text = without_personal_data(content, [contact])
    report = suggested(
        source="form",
        number=number,
        channel=channel,
        content=text,
        named=named,
        now=now,
        place="表单",
    )
    return replace(report, contact=storable(contact.strip()))


def suggested(  # noqa: PLR0913 - a report has this many sides
    *,
    source: str,
    number: str,
    channel: str,
    content: str,
    named: Mapping[str, str],
    now: datetime,
    place: str,
) -> CleanReport:
    """Return a report of the office's own making, its account named in *named*."""
    text = storable(content)
    return CleanReport(
        report_id=f"{source}:{storable(number)}",
        source=source,
        number=storable(number),
        subject="",
        content=text,
        arrived_by=channel,
        channel=channel,
        received_at=now,
        answer_due_at=None,
        suggestion=suggest(text),
        named={name: storable(value) for name, value in named.items() if value.strip()},
        place=place,
        is_relevant=True,
    )


def storable(text: str) -> str:
    """Return *text* with what no catalog can hold replaced; everything else is evidence and stays."""
    return _UNSTORABLE.sub("\ufffd", text)


def bounded(name: str) -> str:
    """Return *name* as an intake takes it: one that is too long is cut and says so."""
    return name if len(name) <= LONGEST_NAME else visible(name, LONGEST_NAME)


def suggestion_json(suggestion: Suggestion) -> str:
    """Return a suggestion as the report table keeps it."""
    facts = {
        "platforms": suggestion.platforms,
        "names": suggestion.names,
        "addresses": suggestion.addresses,
    }
    return json.dumps(facts, ensure_ascii=False)


def _named(row: ReportRow) -> dict[str, str]:
    """Return the intake fields that stand in columns of their own."""
    named = {
        name: bounded(storable(row.text(name)).strip())
        for name in OFFICIAL_FIELDS
        if row.text(name).strip()  # type: ignore[arg-type]
    }
    platform = row.text("platform").strip()
    by_label = {label: name for name, label in labels("platform").items()}
    if platform:
        named["platform"] = by_label.get(platform, platform)
    return named
