"""Import one file of figures: read it, keep it by its SHA-256, archive its rows, record the import.

A preview does all of it in one transaction and takes the transaction back, so that it tells exactly
what the import would add.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import cast

import duckdb

import sql
from connectors.exports.declaration import Table
from connectors.exports.declaring import load_tables
from connectors.exports.payloads import accounts_named, export_payloads
from connectors.exports.reading import ExportReading, UnknownLayoutError, read_export
from connectors.outcome import Fetch, FetchOutcome, Payload
from connectors.spreadsheet import UnreadableFileError
from flows.operations.files import FileProblemError, keep_bytes, size_of
from flows.operations.marts import build_marts, copy_register
from flows.operations.people import answerer
from flows.settings import Settings
from playbooks.core.cases.forms import AnswerError, identifier_in
from playbooks.core.documents.text import visible
from playbooks.core.personal_data import without_personal_data
from playbooks.core.working_hours import local_day
from playbooks.statistics import archive, build
from playbooks.statistics.import_records import ImportRecord, add_import, standing_import
from sql.catalogs import open_catalog, write

NOBODY = "投递文件夹"


@dataclass(frozen=True)
class Wanted:
    """What is to be imported, and what the operator says about it.

    Attributes:
        path: the file as it was downloaded.
        account_id: whose it is, because a file does not say; 「名称（编号）」 will do. None where
            the rows name their accounts.
        person: who imports, must be in the register; None for the drop folder.
        as_of: the day whose end the figures of items show; by default the day of the import.
        among: accounts that the rows may name; None for any of the register.
    """

    path: Path
    account_id: str | None = None
    person: str | None = None
    as_of: date | None = None
    among: Collection[str] | None = None


@dataclass(frozen=True)
class ExportImported:
    """What an import brought in, or would bring in.

    ``import_id`` is empty for a preview; ``before`` is the standing import that already brought the
    same file, and then nothing was added. ``built`` is None where the marts are built later.
    """

    reading: ExportReading
    account_ids: tuple[str, ...]
    import_id: str
    before: Mapping[str, object] | None
    built: build.Built | None = None
    findings: Mapping[str, int] = field(default_factory=dict[str, int])
    is_preview: bool = False


@dataclass(frozen=True)
class _Read:
    """A file that was understood and belongs to somebody."""

    content: bytes
    reading: ExportReading
    record: ImportRecord
    account_id: str | None


def import_export(settings: Settings, wanted: Wanted, now: datetime) -> ExportImported:
    """Import one file and bring the marts up to date.

    Raises:
        UnreadableFileError: not a table, an unknown layout, or the file of another platform.
        FileProblemError: missing, empty, too large, or a day that has not come.
        AnswerError: the register has no such account or person, or nobody said whose the file is.
        DeclarationError: a layout file of the office cannot be used.
    """
    tables = load_tables(settings.export_layouts)
    taken = archive_export(settings, wanted, now, tables)
    copy_register(settings, now)
    built, findings = build_marts(settings, now)
    return replace(taken, built=built, findings=findings)


def archive_export(
    settings: Settings, wanted: Wanted, now: datetime, tables: Sequence[Table]
) -> ExportImported:
    """Keep one file and archive its rows; ``marts.build_marts`` counts them.

    Raises as ``import_export``.
    """
    read = _read(settings, wanted, now, tables)
    keep_bytes(settings, read.content)
    with write(settings.stats) as connection:
        before, import_id = _archive(connection, read, now)
    return ExportImported(read.reading, tuple(read.record.account_ids), import_id, before)


def preview_export(
    settings: Settings, wanted: Wanted, now: datetime, tables: Sequence[Table] | None = None
) -> ExportImported:
    """Tell what importing the file would do; raises as ``import_export``."""
    read = _read(settings, wanted, now, tables or load_tables(settings.export_layouts))
    with open_catalog(settings.stats) as connection:
        connection.begin()
        try:
            before, _ = _archive(connection, read, now)
            built = build.build(connection, now, is_rehearsal=True)
        finally:
            connection.rollback()
    accounts = tuple(read.record.account_ids)
    return ExportImported(read.reading, accounts, "", before, built, is_preview=True)


def _read(settings: Settings, wanted: Wanted, now: datetime, tables: Sequence[Table]) -> _Read:
    today = local_day(now)
    as_of = wanted.as_of or today
    if as_of > today:
        raise FileProblemError(f"数据截至日 {as_of} 晚于今天；应填下载文件的那一天")
    accounts, who = _register(settings, wanted, now)
    account_id = identifier_in(wanted.account_id) if wanted.account_id else None
    if account_id is not None and account_id not in accounts:
        raise AnswerError(f"台账中没有账号 {account_id}；请核对台账号，或先导入台账")
    size_of(settings, wanted.path)
    content = wanted.path.read_bytes()
    reading = _understood(settings, wanted, content, today, accounts.get(account_id or ""), tables)
    drop_personal_data(reading)
    owners = _owners(reading, account_id, wanted.among or set(accounts))
    record = ImportRecord(
        file_sha256=_digest(content),
        file_name=visible(wanted.path.name, 100),
        source=reading.source,
        layout=reading.layout,
        account_ids=owners,
        as_of_on=as_of,
        period=reading.period,
        row_count=reading.row_count,
        is_capped=reading.is_capped,
        notes=reading.notes,
        imported_by=who,
    )
    return _Read(content, reading, record, account_id)


def drop_personal_data(reading: ExportReading) -> None:
    """Mask what people should not have written about messages: every free text of their rows.

    Columns that nobody declared and cells that could not be read are kept as well, so they are masked
    too. The words of a list (类别, 人工认定倾向) have no number in them and pass unchanged.
    """
    table = reading.tables.get("messages") if reading.source == "manual_entry" else None
    for row in table.rows if table else ():
        row.update({key: _masked(cell) for key, cell in row.items() if key != "account_id"})


def _masked(value: object) -> object:
    if isinstance(value, str):
        return without_personal_data(value)
    if isinstance(value, Mapping):
        cells = cast("Mapping[str, object]", value)
        return {without_personal_data(key): _masked(cell) for key, cell in cells.items()}
    return value


def _register(settings: Settings, wanted: Wanted, now: datetime) -> tuple[dict[str, str], str]:
    """Return the platform of every account, and the name of who imports."""
    with open_catalog(settings.ops) as connection:
        known = sql.rows(connection, "register/account_facts")
        who = answerer(connection, wanted.person, now) if wanted.person else None
    platforms = {str(row["account_id"]): str(row["platform"]) for row in known}
    return platforms, f"{who.name}（{who.person_id}）" if who else NOBODY


def _understood(
    settings: Settings,
    wanted: Wanted,
    content: bytes,
    today: date,
    platform: str | None,
    tables: Sequence[Table],
) -> ExportReading:
    try:
        return read_export(content, wanted.path.name, today, platform=platform, tables=tables)
    except UnknownLayoutError as error:
        drafts = settings.export_layouts / "drafts"
        drafts.mkdir(parents=True, exist_ok=True)
        draft = drafts / f"{_digest(content)[:12]}.yml"
        draft.write_text(error.skeleton, encoding="utf-8")
        advice = (
            f"{error.advice}：草稿 {draft.stem} 用表单「格式声明」或 juzhen map-layout 补全启用"
        )
        raise UnreadableFileError(error.file_name, error.problem, advice) from error


def _owners(reading: ExportReading, account_id: str | None, among: Collection[str]) -> list[str]:
    named = accounts_named(reading)
    owners = named or ([account_id] if account_id else [])
    if not owners and reading.source == "manual_entry":
        raise AnswerError("填报表中没有一行数据；请填写后再导入")
    if not owners:
        raise AnswerError("导出文件不写是哪个账号的；请填写台账号，或放进以台账号开头的文件夹")
    strangers = sorted(set(named) - set(among))
    if strangers:
        shown = "、".join(visible(one, 40) for one in strangers[:10])
        raise AnswerError(f"表中的台账号 {shown} 不在台账中或不属于该单位；整份未导入，请更正")
    return owners


def _archive(
    connection: duckdb.DuckDBPyConnection, read: _Read, now: datetime
) -> tuple[dict[str, object] | None, str]:
    """Write payloads and record, unless the same file already stands."""
    before = standing_import(connection, read.record)
    if before is not None:
        return before, ""
    payloads = export_payloads(read.reading, read.account_id, now, read.record.as_of_on)
    fetches = [_fetch(payload, read.record, now) for payload in payloads]
    run_id = f"import-{read.record.file_sha256[:12]}"
    written = archive.archive(connection, fetches, run_id)
    return None, add_import(connection, read.record, written.archive_id, now)


def _fetch(payload: Payload, record: ImportRecord, now: datetime) -> Fetch:
    outcome = FetchOutcome(
        source=payload.source,
        endpoint=payload.endpoint,
        account_id=payload.account_id,
        ref_begin_on=payload.ref_begin_on,
        ref_end_on=payload.ref_end_on,
        asked_at=now,
        finished_at=now,
        status="value",
        http_status=None,
        platform_code=None,
        row_count=None,
        payload_sha256=payload.payload_sha256,
        message=f"{record.file_name} SHA-256:{record.file_sha256}",
    )
    return Fetch(outcome, payload)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
