"""登记举报: one report typed in opens a case, or joins the open case of the same matter."""

from __future__ import annotations

import uuid
from datetime import datetime

from prefect import State, flow

from flows.form_runs import Done, run_form, run_name
from flows.operations.report_door import typed_report
from flows.operations.report_queue import take_one
from flows.report_forms import INTAKE, OneReport
from flows.settings import Settings


@flow(name="登记举报", flow_run_name=run_name, validate_parameters=False)
def register_report(form: OneReport) -> State[str]:
    """Register one report; the run's result is the case number.

    Without Prefect: ``juzhen import-reports`` with the sheet of ``juzhen report-template``.
    """
    return run_form(OneReport, form, _registered)


def _registered(settings: Settings, given: OneReport, moment: datetime) -> Done:
    report = typed_report(
        number=given.number.strip() or uuid.uuid4().hex[:16],
        channel=given.channel,
        content=given.content,
        contact=given.contact,
        named={name: str(getattr(given, name)) for name in INTAKE},
        now=moment,
    )
    outcome = take_one(settings, report, given.answered_by, moment)
    word = "已并入原案" if outcome.status == "joined" else "已立案，开始计时"
    return Done(f"{word}：{outcome.case_id}", outcome.case_id)
