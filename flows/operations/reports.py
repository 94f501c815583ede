"""Reports of impersonators (举报线索): bring them in, open or join cases, keep every reporter.

A report that names one account plainly opens a case, or joins the open case of the same matter; any
other waits (``report_queue``) until a person says which account it is about, or that it is about none.
A number of a source comes in once: importing a file again changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import duckdb

import sql
from flows.operations.people import answerer, case_setting
from flows.operations.report_door import CleanFile, CleanReport, read_reports
from flows.operations.report_rows import (
    Intake,
    ReportOutcome,
    insert_report,
    open_for,
    own_names,
)
from flows.settings import Settings
from playbooks.core.cases.forms import AnswerError
from playbooks.core.documents.text import visible
from sql.catalogs import open_catalog, write

OwnNames = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class ReportsImported:
    """What a file of reports brought in, row by row."""

    file: CleanFile
    outcomes: Sequence[ReportOutcome]

    def count(self, status: str) -> int:
        """Return how many reports ended as *status*."""
        return sum(outcome.status == status for outcome in self.outcomes)


def import_reports(  # noqa: PLR0913 - a file, how to read it, and who does
    settings: Settings,
    path: Path,
    person: str,
    now: datetime,
    *,
    source_id: str | None = None,
    takes_all: bool = False,
    is_dry_run: bool = False,
) -> ReportsImported:
    """Import a file of reports in one transaction.

    Args:
        settings: of this installation.
        path: spreadsheet, CSV, JSON, .eml or .mbox.
        person: who imports; must be in the register.
        now: when.
        source_id: which source it is; ``None`` recognises it.
        takes_all: whether reports are taken that speak of no account.
        is_dry_run: read and judge everything, write nothing.

    Raises:
        UnreadableFileError: neither mail nor a table of a known source.
        AnswerError: the register does not know the person.
    """
    file = read_reports(settings, path, source_id)
    if is_dry_run:
        with open_catalog(settings.ops) as connection:
            answerer(connection, person, now)
            outcomes = _judged(connection, file, own_names(connection), takes_all=takes_all)
        return ReportsImported(file, outcomes)
    with write(settings.ops) as connection:
        who = answerer(connection, person, now)
        setting = case_setting(settings, connection, now, f"person:{who.person_id}")
        current = Intake(connection, setting, who.person_id, file.sha256)
        own = own_names(connection)
        judged = _judged(connection, file, own, takes_all=takes_all)
        outcomes = [
            _take(settings, current, report, outcome, own)
            if outcome.status in ("opened", "waiting")
            else outcome
            for report, outcome in zip(file.reports, judged, strict=True)
        ]
    return ReportsImported(file, outcomes)


def _judged(
    connection: duckdb.DuckDBPyConnection,
    file: CleanFile,
    own: OwnNames,
    *,
    takes_all: bool,
) -> list[ReportOutcome]:
    """Return what would become of each report; nothing is written."""
    known = {
        str(row["report_id"]): str(row["case_id"] or "")
        for row in sql.rows(connection, "reports/known", source=file.series)
    }
    outcomes: list[ReportOutcome] = []
    for report in file.reports:
        outcomes.append(_judge(report, known, own, takes_all=takes_all))
        known.setdefault(report.report_id, "")
    return outcomes


def _judge(
    report: CleanReport,
    known: Mapping[str, str],
    own: OwnNames,
    *,
    takes_all: bool,
) -> ReportOutcome:
    outcome = ReportOutcome(report.report_id, report.place, "waiting")
    if report.report_id in known:
        return replace(outcome, status="repeated", case_id=known[report.report_id])
    if not (report.is_relevant or takes_all):
        return replace(outcome, status="unrelated")
    if "display_name" in report.named and "platform" in report.named:
        return replace(outcome, status="opened")
    if report.suggestion.only_reading(own):
        return replace(outcome, status="opened")
    return replace(outcome, reason=_why_waiting(report))


def _why_waiting(report: CleanReport) -> str:
    suggestion = report.suggestion
    if not suggestion.platforms:
        return "未写明平台"
    if not suggestion.names:
        return "未写明账号名称"
    if len(suggestion.platforms) > 1 or len(suggestion.names) > 1:
        return "提到多个平台或名称"
    # One reading and still waiting: it is the office's own account, which citizens often quote.
    return "所写名称就是官方账号，可疑账号的名称待补充"


def _take(
    settings: Settings, current: Intake, report: CleanReport, outcome: ReportOutcome, own: OwnNames
) -> ReportOutcome:
    """Write one report, and open or join its case; what the intake refuses waits with the reason."""
    if outcome.status == "opened":
        try:
            opened = open_for(current, report, _reading(report, own))
        except AnswerError as refusal:
            outcome = replace(outcome, status="waiting", reason=visible(str(refusal), 300))
        else:
            status = "joined" if opened.is_joined else "opened"
            outcome = replace(outcome, status=status, case_id=opened.case_id)
    insert_report(settings, current, report, outcome)
    return outcome


def _reading(report: CleanReport, own: OwnNames) -> Mapping[str, str]:
    if "display_name" in report.named and "platform" in report.named:
        return report.named
    reading = report.suggestion.only_reading(own)
    assert reading is not None
    addresses = report.suggestion.addresses
    url = {"url": addresses[0]} if len(addresses) == 1 else {}
    return {**url, **report.named, "platform": reading[0], "display_name": reading[1]}
