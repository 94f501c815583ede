"""One zip per case with everything the platform's complaint wants, its manifest, and what is missing.

Nothing is submitted. The letter is the one the ledger knows, by its digest; what accompanies it is made
anew from the same facts. Equal inputs give equal bytes. The manifest holds the SHA-256 of every file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

import sql
from flows.office import Office, read_office
from flows.operations.archives import safe_name, zipped
from flows.operations.channel_board import channels_of
from flows.operations.files import FileProblemError, keep_bytes, read_stored
from flows.operations.letter_sources import material_of
from flows.operations.people import answerer, case_setting
from flows.settings import Settings
from playbooks.core import ledger
from playbooks.core.cases import store
from playbooks.core.cases.forms import AnswerError
from playbooks.core.cases.state import CaseState
from playbooks.core.documents import Document
from playbooks.core.ledger import EventType
from playbooks.core.register.columns import labels
from playbooks.core.working_hours import OFFICE_ZONE, local_day
from playbooks.impersonation import bundle, comparison, drafting
from playbooks.impersonation.facts import ImpersonationFacts
from playbooks.impersonation.screenshots import chosen_screenshots
from sql.catalogs import open_catalog, write

if TYPE_CHECKING:
    from playbooks.impersonation.comparison_picture import Screenshots

AUTHORISED_DAYS = 180
LARGEST_BYTES = 500 * 1024 * 1024


@dataclass(frozen=True)
class Bundle:
    """A bundle that was made."""

    path: Path
    sha256: str
    missing: tuple[str, ...]


@dataclass(frozen=True)
class _Material:
    """What a bundle is made of, read in one go."""

    state: CaseState
    sources: drafting.Sources
    accounts: Sequence[sql.Row]
    head: str


def make_bundle(settings: Settings, case_id: str, person: str, now: datetime) -> Bundle:
    """Make the bundle of a case whose letter to the platform has been drafted.

    Raises:
        AnswerError: the case has no letter to a platform yet, or the person is not known.
        CaseNotFoundError: there is no such case.
        SettingsError: office.yml is missing or a kept file is gone.
    """
    office = read_office(settings)
    with open_catalog(settings.ops) as connection:
        answerer(connection, person, now)
        material = _read(settings, connection, office, case_id)
    letter = material.state.letters.get("platform")
    if letter is None:
        raise AnswerError(
            f"案件 {case_id} 还没有起草致平台的函；核实为假冒、函件起草后再生成材料包"
        )
    facts = drafting.facts_of(material.state, material.sources, now, letter.number)
    files = _files(settings, office, material, facts, now)
    present = {part for part, _ in files}
    present |= {"official_page"} if chosen_screenshots(material.state.evidence)[0] else set()
    channels, platform = channels_of(settings), str(material.state.inputs["platform"])
    channel = material.sources.channel
    warning = channels.warning(platform, local_day(now)) if channel else "未登记"
    wanted = bundle.checklist(channel, present)
    listed = bundle.checklist_text(facts, channel, wanted, warning)
    contents = {"00-材料清单.txt": listed.encode("utf-8"), **_named(files)}
    archive = zipped({**contents, "manifest.json": _manifest(material, contents, person, now)})
    digest = keep_bytes(settings, archive)
    path = _lay_out(settings, case_id, material, archive)
    _record(settings, case_id, person, now, digest, contents)
    missing = tuple(f"{item.material}：{item.state}" for item in wanted if not item.is_there)
    return Bundle(path, digest, missing)


def _read(
    settings: Settings, connection: duckdb.DuckDBPyConnection, office: Office, case_id: str
) -> _Material:
    state = store.read_state(connection, case_id)
    playbook = store.read_playbook(connection, state.playbook_digest)
    head = ledger.head(connection)
    if "platform" not in state.inputs:
        raise AnswerError(f"案件 {case_id} 不是账号案件，没有平台材料包")
    return _Material(
        state,
        drafting.sources_of(state, material_of(settings, connection, office, state, playbook)),
        sql.rows(connection, "letters/own_accounts"),
        f"{head.position}:{head.entry_hash}",
    )


def _files(
    settings: Settings,
    office: Office,
    material: _Material,
    facts: ImpersonationFacts,
    now: datetime,
) -> list[tuple[str, Mapping[str, bytes]]]:
    """Return the parts of the bundle: which part it answers, and its files by name."""
    from playbooks.core.letters import render_letter
    from playbooks.impersonation.comparison_picture import comparison_picture

    state = material.state
    watermark = "演练" if state.is_drill else None
    letter = state.letters["platform"]
    signed = "" if letter.is_signed else "（未签发）"
    until = local_day(now) + timedelta(days=AUTHORISED_DAYS)
    authorisation = render_letter(
        "impersonation/authorisation",
        {**facts.values(), "authorised_until": until},
        watermark=watermark,
    )
    rows = comparison.compare(*drafting.sides_of(state, material.sources))
    title = f"官方账号与被投诉账号对照（{state.case_id}）"
    picture = comparison_picture(rows, title, _screenshots(settings, state))
    compared = comparison.comparison_report(rows, state.case_id, local_day(now), picture)
    listed = comparison.account_list_report(
        material.accounts, labels("platform"), office.issuer, local_day(now)
    )
    name = f"01-致平台公函{signed}"
    kept = {kind: letter.files[kind] for kind in ("docx", "pdf") if kind in letter.files}
    parts: list[tuple[str, Mapping[str, bytes]]] = [
        ("letter", {f"{name}.{kind}": read_stored(settings, d) for kind, d in kept.items()}),
        ("authorisation", _rendered("02-授权委托书", authorisation, now)),
        ("account_list", _rendered("03-官方账号清单", listed, now)),
        ("comparison", {**_rendered("04-逐项对比表", compared, now), "04-对照图.png": picture}),
        ("account_facts", {"05-投诉填写要点.txt": bundle.form_text(facts).encode("utf-8")}),
    ]
    evidence = _evidence(settings, state)
    if evidence:
        listing = {"证据/00-电子证据清单.txt": bundle.evidence_text(facts).encode("utf-8")}
        parts.append(("evidence", {**listing, **evidence}))
    return [*parts, *_standing(settings, office)]


def _screenshots(settings: Settings, state: CaseState) -> Screenshots:
    from playbooks.impersonation.comparison_picture import Screenshots

    official, impostor = chosen_screenshots(state.evidence)
    return Screenshots(
        read_stored(settings, str(official["sha256"])) if official else None,
        read_stored(settings, str(impostor["sha256"])) if impostor else None,
    )


def _rendered(name: str, document: Document, now: datetime) -> dict[str, bytes]:
    from playbooks.core.documents import render_docx, render_pdf

    return {f"{name}.docx": render_docx(document, now), f"{name}.pdf": render_pdf(document, now)}


def _evidence(settings: Settings, state: CaseState) -> dict[str, bytes]:
    """Return the sealed files under names that lead nowhere, each digest once."""
    found: dict[str, bytes] = {}
    total = 0
    for number, digest in enumerate(dict.fromkeys(str(f["sha256"]) for f in state.evidence), 1):
        file = next(f for f in state.evidence if f["sha256"] == digest)
        content = read_stored(settings, digest)
        total += len(content)
        if total > LARGEST_BYTES:
            raise FileProblemError("证据文件合计超过 500 MB，材料包放不下；请挑选后另行提交")
        found[f"证据/{number:02d}-{safe_name(str(file['file_name']))}"] = content
    return found


def _standing(settings: Settings, office: Office) -> list[tuple[str, Mapping[str, bytes]]]:
    """Return the office's own papers that office.yml names, as far as they lie in the folder."""
    parts: list[tuple[str, Mapping[str, bytes]]] = []
    for part, file_name in office.materials.model_dump(exclude_none=True).items():
        path = settings.home / "materials" / str(file_name)
        if path.is_file():
            name = f"单位材料/{bundle.TITLES[part]}{path.suffix.lower()}"
            parts.append((part, {name: path.read_bytes()}))
    return parts


def _named(files: Sequence[tuple[str, Mapping[str, bytes]]]) -> dict[str, bytes]:
    return {name: content for _, part in files for name, content in part.items()}


def _manifest(
    material: _Material, contents: Mapping[str, bytes], person: str, now: datetime
) -> bytes:
    facts = {
        "case_id": material.state.case_id,
        "platform": material.state.inputs["platform"],
        "is_drill": material.state.is_drill,
        "made_at": now.astimezone(OFFICE_ZONE).isoformat(timespec="seconds"),
        "made_by": person,
        "ledger_head": material.head,
        "files": [
            {"name": name, "sha256": hashlib.sha256(c).hexdigest(), "size_bytes": len(c)}
            for name, c in contents.items()
        ],
    }
    return json.dumps(facts, ensure_ascii=False, indent=1).encode("utf-8")


def _lay_out(settings: Settings, case_id: str, material: _Material, archive: bytes) -> Path:
    folder = settings.outbox / case_id
    folder.mkdir(parents=True, exist_ok=True)
    title = drafting.platform_title(material.state, material.sources)
    path = folder / f"投诉材料包-{safe_name(title)}.zip"
    partial = path.with_suffix(".part")
    partial.write_bytes(archive)
    partial.replace(path)
    return path


def _record(
    settings: Settings,
    case_id: str,
    person: str,
    now: datetime,
    digest: str,
    contents: Mapping[str, bytes],
) -> None:
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    with write(settings.ops) as connection:
        who = answerer(connection, person, now)
        setting = case_setting(settings, connection, now, f"person:{who.person_id}")
        payload = {"title": "平台投诉材料包", "sha256": digest, "files": digests}
        store.change(
            connection,
            case_id,
            setting,
            lambda current: current.record(EventType.PACKET_MADE, payload, "platform_bundle"),
        )
