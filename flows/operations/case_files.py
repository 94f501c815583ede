"""Make the file of one case (案卷): a folder, and the same as one .zip, for the archive or an auditor."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import sql
from flows.calendars import office_calendar
from flows.office import read_office
from flows.settings import Settings, SettingsError
from playbooks.core import case_file, ledger
from playbooks.core.cases import store
from playbooks.core.cases.store import CaseNotFoundError
from playbooks.core.ledger import Event, EventType
from sql.catalogs import open_catalog

if TYPE_CHECKING:
    from playbooks.core.case_file.report import CaseFile

NAME = "案卷"
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)  # a zip's own times would make equal files differ


@dataclass(frozen=True)
class CaseFileMade:
    """Where a case file lies.

    Attributes:
        digest: SHA-256 of ``manifest.json``, which names every other file's.
        masked_count: ledger entries from which personal data was taken out.
    """

    folder: Path
    archive: Path
    digest: str
    masked_count: int


def make(settings: Settings, case_id: str, now: datetime, folder: Path | None) -> CaseFileMade:
    """Make the file of *case_id* in *folder*, by default under the documents of the installation.

    Raises:
        CaseNotFoundError: there is no such case.
        SettingsError: *folder* holds something else already.
    """
    file = read(settings, case_id, now)
    contents = render(file)
    target = folder or settings.outbox / case_id / f"{NAME}-{now:%Y%m%dT%H%M%SZ}"
    if target.exists() and any(target.iterdir()):
        raise SettingsError(f"{target} 已有文件；请另选一个空文件夹")
    target.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (target / name).write_bytes(content)
    archive = target.with_name(f"{target.name}.zip")
    archive.write_bytes(_zipped(f"{case_id}-{NAME}", contents))
    entries = json.loads(contents[f"{NAME}.json"])["entries"]
    masked_count = sum(bool(entry["is_masked"]) for entry in entries)
    digest = hashlib.sha256(contents["manifest.json"]).hexdigest()
    return CaseFileMade(target, archive, digest, masked_count)


def read(settings: Settings, case_id: str, now: datetime) -> CaseFile:
    """Return everything that the file of a case is made of."""
    from playbooks.core.case_file.masked import Entry
    from playbooks.core.case_file.report import CaseFile

    with open_catalog(settings.ops) as connection:
        events = ledger.read_case(connection, case_id)
        rows = sql.rows(connection, "ledger/chain_of_case", case_id=case_id)
        summary = sql.rows(connection, "cases/summary", case_id=case_id)
        if not events or not summary:
            raise CaseNotFoundError(f"没有案件 {case_id}；`juzhen cases` 列出在办案件")
        playbook = store.read_playbook(connection, str(summary[0]["playbook_digest"]))
        names = sql.rows(connection, "letters/person_names")
        messages = sql.rows(connection, "outbox/of_case", case_id=case_id)
        head = ledger.head(connection)
    hashes = [(str(row["previous_hash"]), str(row["entry_hash"])) for row in rows]
    return CaseFile(
        title=str(summary[0]["title"]),
        issuer=_issuer(settings),
        playbook=playbook,
        entries=[Entry(event, *pair) for event, pair in zip(events, hashes, strict=True)],
        people={str(row["person_id"]): str(row["name"]) for row in names},
        messages=messages,
        head=head,
        calendar=office_calendar(settings),
        made_at=now,
    )


def render(file: CaseFile) -> dict[str, bytes]:
    """Return the files of a case file by name; equal cases at an equal instant give equal bytes."""
    from playbooks.core.case_file.masked import entry_facts, without
    from playbooks.core.case_file.report import report_of
    from playbooks.core.documents import render_docx, render_html

    document = report_of(file)
    facts = {
        "case_id": file.state.case_id,
        "title": without(file.title),
        "made_at": file.made_at.isoformat(),
        "playbook": {
            "id": file.playbook.id,
            "version": file.playbook.version,
            "digest": file.playbook.digest,
        },
        "head": {"position": file.head.position, "entry_hash": file.head.entry_hash},
        "evidence": _evidence(file.events),
        "messages": [without(_plain(row)) for row in file.messages],
        "entries": [entry_facts(entry) for entry in file.entries],
    }
    contents = {
        f"{NAME}.docx": render_docx(document, file.made_at),
        f"{NAME}.html": render_html(document).encode("utf-8"),
        f"{NAME}.json": _json(facts),
        "verify.py": _verifier().read_bytes(),
    }
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    manifest = {"case_id": file.state.case_id, "files": digests, "head": facts["head"]}
    return {**contents, "manifest.json": _json(manifest)}


def _issuer(settings: Settings) -> str:
    # A case can be filed before the office has written down its own name.
    try:
        return read_office(settings).issuer
    except SettingsError:
        return ""


def _verifier() -> Path:
    return Path(str(case_file.__file__)).with_name("verify_offline.py")


def _evidence(events: list[Event]) -> list[object]:
    from playbooks.core.case_file.masked import without

    sealed = [event for event in events if event.event_type is EventType.EVIDENCE_SEALED]
    return [without({**e.payload, "sealed_at": e.occurred_at.isoformat()}) for e in sealed]


def _plain(row: Mapping[str, object]) -> dict[str, object]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in row.items()
    }


def _json(facts: object) -> bytes:
    text = json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True)
    return (text + "\n").encode("utf-8")


def _zipped(folder: str, contents: dict[str, bytes]) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            member = zipfile.ZipInfo(f"{folder}/{name}", ZIP_EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            archive.writestr(member, content)
    return buffer.getvalue()
