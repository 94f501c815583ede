"""补充举报: say which account a waiting report is about, or that it is about none."""

from __future__ import annotations

from prefect import flow

from flows.artifacts import publish_case, publish_page
from flows.clock import now
from flows.operations.report_queue import dismiss_report, waiting_reports
from flows.operations.report_queue import settle_report as settle
from flows.operations.report_text import waiting_markdown
from flows.report_forms import INTAKE, SettleReport
from flows.settings import read_settings


@flow(name="补充举报")
def settle_report(form: SettleReport) -> str:
    """Settle one report that waits; the run's result is the case number, or that it was put aside.

    Without Prefect: ``juzhen settle-report`` and ``juzhen dismiss-report``.
    """
    settings = read_settings()
    moment = now()
    report_id = form.report_id.strip()
    if form.decision == "不予立案":
        dismiss_report(settings, report_id, form.reason, form.answered_by, moment)
        result = "不予立案"
    else:
        given = {name: getattr(form, name) for name in INTAKE if getattr(form, name)}
        result = settle(settings, report_id, given, form.answered_by, moment).case_id
        publish_case(settings, result, moment)
    publish_page("waiting-reports", waiting_markdown(waiting_reports(settings)), "待补充的举报")
    return result
