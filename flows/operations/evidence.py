"""Evidence of a case: capture a suspect page, seal what came, and put everything into one package."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sql
from connectors.capture.page import LOG, Captured, CaptureError, Way, capture, find_chromium
from connectors.capture.timestamp import TimestampError, stamp
from flows.operations.archives import safe_name, zipped
from flows.operations.files import FileProblemError, keep, keep_bytes, read_stored
from flows.operations.people import answerer, case_setting
from flows.settings import Settings
from playbooks.core import evidence, ledger
from playbooks.core.cases import store
from playbooks.core.cases.forms import AnswerError
from playbooks.core.documents.text import visible
from playbooks.core.ledger import Event, EventType
from playbooks.core.messages import case_title
from sql.catalogs import open_catalog, write

LARGEST_BYTES = 500 * 1024 * 1024
TIMESTAMP = "可信时间戳.tsr"


@dataclass(frozen=True)
class PageSealed:
    """What a capture left with the case.

    Attributes:
        notes: what a reader of the evidence must know, in Chinese.
    """

    final_url: str
    file_names: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class PackageMade:
    """A package that was laid out for people."""

    path: Path
    sha256: str
    item_count: int


def way_of(settings: Settings) -> Way:
    """Return how captures are made here; a browser run by root cannot sandbox itself.

    Raises:
        CaptureError: no browser is installed.
    """
    return Way(find_chromium(settings.capture.chromium), is_sandboxed=os.geteuid() != 0)


def capture_page(
    settings: Settings,
    case_id: str,
    url: str,
    person: str,
    now: datetime,
    way: Way | None = None,
) -> PageSealed:
    """Capture a page and seal its files as evidence of the case.

    Args:
        settings: of this installation.
        case_id: an open case.
        url: the page; empty takes the address the case was opened with.
        person: who asks for it.
        now: when.
        way: how; the machine's own unless given.

    Raises:
        AnswerError: no address, or the person is not known.
        CaseNotFoundError: there is no such case.
        CaptureError: the page was refused or did not open; the case goes on with a capture by hand.
    """
    with open_catalog(settings.ops) as connection:
        who = answerer(connection, person, now)
        state = store.read_state(connection, case_id)
    wanted = url.strip() or str(state.inputs.get("url", ""))
    if not wanted:
        raise AnswerError(f"案件 {case_id} 没有登记主页链接；请填写网址")
    with tempfile.TemporaryDirectory(prefix="capture-") as folder:
        by = f"{who.name}（{who.person_id}）"
        made = capture(wanted, Path(folder) / "page", way or way_of(settings), now, by)
        files = [keep(settings, path) for path in made.files]
        log = made.files[-1].read_bytes()
    stamped, notes = _stamped(settings, log, made)
    seal = {"sealed_by": who.person_id, "method": "capture", "source_url": made.final_url}
    with write(settings.ops) as connection:
        setting = case_setting(settings, connection, now, f"person:{who.person_id}")
        sealed = [{**file, **seal} for file in (*files, *stamped)]
        store.add_evidence(connection, case_id, sealed, setting)
    return PageSealed(made.final_url, tuple(str(file["file_name"]) for file in sealed), notes)


def _stamped(
    settings: Settings, log: bytes, made: Captured
) -> tuple[list[dict[str, object]], tuple[str, ...]]:
    """Return the timestamp's file if there is one, and the notes with what became of it."""
    chosen = settings.capture
    if not chosen.timestamp_url:
        return [], tuple(made.notes)
    try:
        token = stamp(log, chosen.timestamp_url, chosen.timestamp_root)
    except TimestampError as error:
        return [], (*made.notes, f"没有取得可信时间戳：{error}")
    digest = keep_bytes(settings, token)
    file: dict[str, object] = {
        "sha256": digest,
        "file_name": TIMESTAMP,
        "size_bytes": len(token),
    }
    return [file], (*made.notes, f"已取得对「{LOG}」的可信时间戳")


def make_package(settings: Settings, case_id: str, person: str, now: datetime) -> PackageMade:
    """Put the case's evidence, its list and a verifier into one zip, and note it in the ledger.

    Raises:
        AnswerError: nothing is sealed yet, or the person is not known.
        CaseNotFoundError: there is no such case.
        SettingsError: a sealed file is gone or was changed.
        FileProblemError: the files are too large together.
    """
    package = _read(settings, case_id, person, now)
    contents = {item.name: read_stored(settings, item.sha256) for item in package.items}
    if sum(map(len, contents.values())) > LARGEST_BYTES:
        raise FileProblemError("证据文件合计超过 500 MB，一个证据包放不下；请分批移送")
    contents |= _lists(package, now)
    archive = zipped({**contents, evidence.MANIFEST: evidence.manifest(package, contents)})
    digest = keep_bytes(settings, archive)
    path = settings.outbox / case_id / f"电子证据包-{case_id}.zip"
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".part")
    partial.write_bytes(archive)
    partial.replace(path)
    payload = {"title": "电子证据包", "sha256": digest, "files": [i.name for i in package.items]}
    with write(settings.ops) as connection:
        who = answerer(connection, person, now)
        setting = case_setting(settings, connection, now, f"person:{who.person_id}")
        store.change(
            connection,
            case_id,
            setting,
            lambda current: current.record(EventType.PACKET_MADE, payload, "evidence"),
        )
    return PackageMade(path, digest, len(package.items))


def _lists(package: evidence.Package, now: datetime) -> dict[str, bytes]:
    from playbooks.core.documents import render_docx, render_pdf

    listed = evidence.evidence_list(package)
    return {
        "电子数据清单.docx": render_docx(listed, now),
        "电子数据清单.pdf": render_pdf(listed, now),
        evidence.VERIFIER: evidence.verifier(),
    }


def _read(settings: Settings, case_id: str, person: str, now: datetime) -> evidence.Package:
    with open_catalog(settings.ops) as connection:
        who = answerer(connection, person, now)
        state = store.read_state(connection, case_id)
        events = ledger.read_case(connection, case_id)
        head = ledger.head(connection)
        names = {str(row["person_id"]): str(row["name"]) for row in sql.rows(connection, "letters/person_names")}  # fmt: skip
    sealed = {str(e.payload["sha256"]): e for e in events if e.event_type is EventType.EVIDENCE_SEALED}  # fmt: skip
    if not sealed:
        raise AnswerError(f"案件 {case_id} 还没有固定证据；请先采集网页或补充证据")
    opened = next(e for e in events if e.event_type is EventType.CASE_OPENED)
    return evidence.Package(
        case_id=case_id,
        title=case_title(opened.payload),
        made_by=who.name,
        made_at=now,
        ledger_head=f"第 {head.position} 条 {head.entry_hash}",
        is_drill=state.is_drill,
        items=[_item(n, event, names) for n, event in enumerate(sealed.values(), start=1)],
    )


def _item(number: int, event: Event, names: Mapping[str, str]) -> evidence.Item:
    payload = event.payload
    original = str(payload["file_name"])
    by = str(payload.get("sealed_by") or "")
    return evidence.Item(
        name=f"证据/{number:02d}-{safe_name(original)}",
        original_name=original,
        sha256=str(payload["sha256"]),
        size_bytes=int(str(payload["size_bytes"])),
        method=str(payload.get("method") or "by_hand"),
        source_url=visible(str(payload.get("source_url") or ""), 300),
        sealed_at=event.occurred_at,
        sealed_by=names.get(by, by),
    )


__all__ = ["CaptureError", "PackageMade", "PageSealed", "capture_page", "make_package", "way_of"]
