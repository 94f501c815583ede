"""登记举报: one report typed in opens a case, or joins the open case of the same matter."""

from __future__ import annotations

import uuid

from prefect import flow

from flows.artifacts import publish_case
from flows.clock import now
from flows.operations.report_door import typed_report
from flows.operations.report_queue import take_one
from flows.report_forms import INTAKE, OneReport
from flows.settings import read_settings


@flow(name="登记举报")
def register_report(form: OneReport) -> str:
    """Register one report; the run's result is the case number.

    Without Prefect: ``juzhen import-reports`` with the sheet of ``juzhen report-template``.
    """
    settings = read_settings()
    moment = now()
    report = typed_report(
        number=form.number.strip() or uuid.uuid4().hex[:16],
        channel=form.channel,
        content=form.content,
        contact=form.contact,
        named={name: str(getattr(form, name)) for name in INTAKE},
        now=moment,
    )
    outcome = take_one(settings, report, form.answered_by, moment)
    publish_case(settings, outcome.case_id, moment)
    return outcome.case_id
