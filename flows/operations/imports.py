"""Import files: the register, and the export files of platforms' back offices.

A register import is planned first and written whole or not at all. An export keeps its original by
SHA-256, then its rows go the way of every payload.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from connectors.outcome import Fetch, FetchOutcome
from connectors.spreadsheet import read_tables
from connectors.wechat_export import ExportReading, export_payloads, read_export
from flows.operations.files import hash_of, keep
from flows.operations.marts import build_marts, copy_register
from flows.operations.people import answerer
from flows.settings import Settings
from playbooks.core.cases.forms import AnswerError
from playbooks.core.register.plan import ImportPlan, apply_import, prepare_import
from playbooks.core.working_hours import local_day
from playbooks.statistics import archive, build
from sql.catalogs import open_catalog, write

EXPORT_SOURCE = "wechat_export"


@dataclass(frozen=True)
class ExportImported:
    """What an export file brought in."""

    reading: ExportReading
    payload_count: int
    built: build.Built
    findings: Mapping[str, int]


def import_register(
    settings: Settings,
    paths: Sequence[Path],
    actor: str,
    now: datetime,
    *,
    is_dry_run: bool,
    change_forms: Mapping[str, str] | None = None,
) -> ImportPlan:
    """Plan the import of a workbook (or of one .csv a sheet), and write it unless it is a dry run.

    Raises:
        UnreadableFileError: not a table.
        ImportRefusedError: the plan has errors and this is no dry run; nothing was written.
    """
    sheets = [sheet for path in paths for sheet in read_tables(path)]
    file_name = "、".join(path.name for path in paths)
    digest = hash_of(paths[0])
    if is_dry_run:
        with open_catalog(settings.ops) as connection:
            return prepare_import(connection, sheets, file_name, change_forms)
    for path in paths:
        keep(settings, path)
    with write(settings.ops) as connection:
        plan = prepare_import(connection, sheets, file_name, change_forms)
        apply_import(connection, plan, now=now, actor=actor, payload_sha256=digest)
    return plan


def import_export(
    settings: Settings, path: Path, account_id: str, person: str | None, now: datetime
) -> ExportImported:
    """Import one back-office export of one account.

    Args:
        settings: of this installation.
        path: the file as it was downloaded.
        account_id: whose it is, because the file does not say.
        person: who imports; must be in the register when given.
        now: when.

    Raises:
        UnreadableFileError: not a table, or an unknown layout.
        AnswerError: the register has no such account or person.
    """
    kept = keep(settings, path)
    _require_account(settings, account_id, person, now)
    reading = read_export(path.read_bytes(), path.name)
    fetches = [
        Fetch(
            FetchOutcome(
                source=payload.source,
                endpoint=payload.endpoint,
                account_id=account_id,
                ref_begin_on=payload.ref_begin_on,
                ref_end_on=payload.ref_end_on,
                asked_at=now,
                finished_at=now,
                status="value",
                http_status=None,
                platform_code=None,
                row_count=None,
                payload_sha256=payload.payload_sha256,
                message=f"{kept['file_name']} SHA-256:{kept['sha256']}",
            ),
            payload,
        )
        for payload in export_payloads(reading, account_id, now, local_day(now))
    ]
    copy_register(settings, now)
    with write(settings.stats) as connection:
        written = archive.archive(connection, fetches, f"import-{str(kept['sha256'])[:12]}")
    built, findings = build_marts(settings, now)
    return ExportImported(reading, written.payload_count, built, findings)


def _require_account(
    settings: Settings, account_id: str, person: str | None, now: datetime
) -> None:
    with open_catalog(settings.ops) as connection:
        found = connection.execute(
            "select count(*) from account where account_id = ?", [account_id]
        ).fetchone()
        if not found or not found[0]:
            raise AnswerError(f"台账中没有账号 {account_id}；请核对台账号，或先导入台账")
        if person:
            answerer(connection, person, now)
