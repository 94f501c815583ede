"""Import the register: planned first, then written whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from connectors.spreadsheet import read_tables
from flows.operations.files import FileProblemError, hash_of, keep
from flows.settings import Settings
from playbooks.core.documents.text import visible
from playbooks.core.register.plan import ImportPlan, apply_import, prepare_import
from sql.catalogs import open_catalog, write


def change_forms_in(text: str) -> dict[str, str]:
    """Return account -> number of its change form from what a person typed: ``A0001=2026-007``.

    Raises:
        FileProblemError: a part that is not of that shape; the sentence quotes it.
    """
    forms: dict[str, str] = {}
    for part in text.replace("，", " ").replace("；", " ").replace(",", " ").split():
        account, mark, number = part.replace("＝", "=").partition("=")
        if not (account and mark and number):
            raise FileProblemError(
                f"变更审批表「{visible(part, 60)}」应写成 台账号=审批表编号，如 A0001=2026-007"
            )
        forms[account] = number
    return forms


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
