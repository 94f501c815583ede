"""The rows of a report: what came in, what reaches the reporter, what came along, what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

import sql
from flows.operations import cases
from flows.operations.files import keep_bytes
from flows.operations.report_door import CleanReport, suggestion_json
from flows.settings import Settings
from playbooks.core.cases import store
from playbooks.core.documents.text import visible

PLAYBOOK = "impersonation"
LONGEST_DESCRIPTION = 2_000
PURPOSE = "仅用于答复举报人，答复后删除"


@dataclass(frozen=True)
class ReportOutcome:
    """What became of one report.

    Attributes:
        status: ``opened``, ``joined``, ``waiting``, ``repeated`` or ``unrelated``.
        reason: why it waits.
    """

    report_id: str
    place: str
    status: str
    case_id: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Intake:
    """One intake under way, inside its transaction."""

    connection: duckdb.DuckDBPyConnection
    setting: store.Setting
    person_id: str
    file_sha256: str


def own_names(connection: duckdb.DuckDBPyConnection) -> frozenset[tuple[str, str]]:
    """Return platform and name of every account of the office's own."""
    accounts = sql.rows(connection, "cases/accounts")
    return frozenset((str(row["platform"]), str(row["name"])) for row in accounts)


def open_for(current: Intake, report: CleanReport, named: Mapping[str, str]) -> store.Opened:
    """Open or join the case of the account that is *named*; raises as ``cases.open_case``."""
    inputs = {
        "channel": report.channel,
        "description": description_of(report.subject, report.content),
        **named,
    }
    owed = store.Report(report.report_id)
    return cases.open_in(current.connection, PLAYBOOK, inputs, owed, current.setting)


def description_of(subject: str, content: str) -> str:
    """Return the case's description from a report's texts."""
    return f"{subject}\n{content}".strip()[:LONGEST_DESCRIPTION]


def insert_report(
    settings: Settings, current: Intake, report: CleanReport, outcome: ReportOutcome
) -> None:
    """Write one report and seal what came with it; nothing personal but the contact apart."""
    now, is_settled = current.setting.now, outcome.status != "waiting"
    row = {
        "report_id": report.report_id,
        "source": report.source,
        "number": report.number,
        "subject": report.subject,
        "content": report.content,
        "arrived_by": report.arrived_by,
        "channel": report.channel,
        "received_at": report.received_at,
        "answer_due_at": report.answer_due_at,
        "suggestion": suggestion_json(report.suggestion),
        "status": outcome.status,
        "case_id": outcome.case_id or None,
        "reason": outcome.reason or None,
        "place": report.place,
        "file_sha256": current.file_sha256,
        "imported_at": now,
        "imported_by": current.person_id,
        "settled_at": now if is_settled else None,
        "settled_by": current.person_id if is_settled else None,
    }
    sql.insert(current.connection, "report", [row])
    if report.contact:
        kept = {"report_id": report.report_id, "contact": report.contact}
        sql.insert(
            current.connection, "reporter_contact", [{**kept, "purpose": PURPOSE, "kept_at": now}]
        )
    files = kept_attachments(settings, report)
    rows = [{"report_id": report.report_id, **file} for file in files]
    sql.insert(current.connection, "report_attachment", rows)
    if outcome.case_id:
        seal(current.connection, outcome.case_id, files, current.setting)


def kept_attachments(settings: Settings, report: CleanReport) -> list[dict[str, object]]:
    """Keep what came with a report by its SHA-256; two equal files are one."""
    kept = {
        keep_bytes(settings, attachment.content): attachment for attachment in report.attachments
    }
    return [
        {
            "sha256": digest,
            "file_name": visible(attachment.file_name, 100),
            "size_bytes": len(attachment.content),
        }
        for digest, attachment in kept.items()
    ]


def seal(
    connection: duckdb.DuckDBPyConnection,
    case_id: str,
    files: Sequence[Mapping[str, object]],
    setting: store.Setting,
) -> None:
    """Seal what came with a report as evidence of its case."""
    if files:
        person_id = setting.actor.removeprefix("person:")
        sealed = [{**file, "sealed_by": person_id} for file in files]
        store.add_evidence(connection, case_id, sealed, setting)
