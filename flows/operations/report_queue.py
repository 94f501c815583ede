"""Reports that wait for a person: which account one is about, or that it is about none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import duckdb

import sql
from flows.operations import cases
from flows.operations.people import answerer, case_setting
from flows.operations.report_door import CleanReport
from flows.operations.report_rows import (
    PLAYBOOK,
    Intake,
    ReportOutcome,
    description_of,
    insert_report,
    open_for,
    seal,
)
from flows.settings import Settings
from playbooks.core.cases import store
from playbooks.core.cases.forms import AnswerError
from sql.catalogs import open_catalog, write


def take_one(settings: Settings, report: CleanReport, person: str, now: datetime) -> ReportOutcome:
    """Take one report that a person typed in; it opens or joins a case.

    Raises:
        AnswerError: the number came in before, or the intake is not complete.
    """
    with write(settings.ops) as connection:
        who = answerer(connection, person, now)
        if sql.rows(connection, "reports/one", report_id=report.report_id):
            raise AnswerError(f"编号 {report.number} 已登记过；每件举报只登记一次")
        setting = case_setting(settings, connection, now, f"person:{who.person_id}")
        current = Intake(connection, setting, who.person_id, "")
        opened = open_for(current, report, report.named)
        outcome = ReportOutcome(
            report.report_id,
            report.place,
            "joined" if opened.is_joined else "opened",
            opened.case_id,
        )
        insert_report(settings, current, report, outcome)
    return outcome


def settle_report(
    settings: Settings, report_id: str, given: Mapping[str, str], person: str, now: datetime
) -> ReportOutcome:
    """Open or join a case for a report that waited, under what a person *given* says it is about.

    Raises:
        AnswerError: no such report waits, or the intake is not complete.
    """
    with write(settings.ops) as connection:
        who = answerer(connection, person, now)
        row = _waiting(connection, report_id)
        setting = case_setting(settings, connection, now, f"person:{who.person_id}")
        inputs = {
            "channel": str(row["channel"]),
            "description": description_of(str(row["subject"]), str(row["content"])),
            **given,
        }
        opened = cases.open_in(connection, PLAYBOOK, inputs, store.Report(report_id), setting)
        files = sql.rows(connection, "reports/attachments", report_id=report_id)
        seal(connection, opened.case_id, files, setting)
        status = "joined" if opened.is_joined else "opened"
        _settle(connection, report_id, status, opened.case_id, None, who.person_id, now)
    return ReportOutcome(report_id, "", status, opened.case_id)


def dismiss_report(
    settings: Settings, report_id: str, reason: str, person: str, now: datetime
) -> ReportOutcome:
    """Put a report aside that is about no impersonation; the reason and the person stay recorded.

    Raises:
        AnswerError: no such report waits, or no reason is given.
    """
    if not reason.strip():
        raise AnswerError("不予立案须写明理由")
    with write(settings.ops) as connection:
        who = answerer(connection, person, now)
        _waiting(connection, report_id)
        sql.execute(connection, "reports/erase_contact", report_id=report_id)
        _settle(connection, report_id, "dismissed", None, reason.strip(), who.person_id, now)
    return ReportOutcome(report_id, "", "dismissed", reason=reason)


def waiting_reports(settings: Settings) -> list[sql.Row]:
    """Return the reports that wait for a person, the oldest first."""
    with open_catalog(settings.ops) as connection:
        return sql.rows(connection, "reports/waiting")


def _waiting(connection: duckdb.DuckDBPyConnection, report_id: str) -> sql.Row:
    found = sql.rows(connection, "reports/one", report_id=report_id)
    if not found:
        raise AnswerError(f"没有举报 {report_id}；`juzhen reports` 列出待补充的举报")
    if found[0]["status"] != "waiting":
        where = f"，见案件 {found[0]['case_id']}" if found[0]["case_id"] else ""
        raise AnswerError(f"举报 {report_id} 已处理过{where}")
    return found[0]


def _settle(  # noqa: PLR0913 - what became of it, by whom and when
    connection: duckdb.DuckDBPyConnection,
    report_id: str,
    status: str,
    case_id: str | None,
    reason: str | None,
    person_id: str,
    now: datetime,
) -> None:
    sql.execute(
        connection,
        "reports/settle",
        report_id=report_id,
        status=status,
        case_id=case_id,
        reason=reason,
        now=now,
        person_id=person_id,
    )
