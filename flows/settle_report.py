"""补充举报: say which account a waiting report is about, or that it is about none."""

from __future__ import annotations

from datetime import datetime

from prefect import State, flow

from flows.artifacts import publish_page
from flows.form_runs import Done, run_form, run_name
from flows.operations.report_queue import dismiss_report, waiting_reports
from flows.operations.report_queue import settle_report as settle
from flows.operations.report_text import waiting_markdown
from flows.report_forms import INTAKE, SettleReport
from flows.settings import Settings


@flow(name="补充举报", flow_run_name=run_name, validate_parameters=False)
def settle_report(form: SettleReport) -> State[str]:
    """Settle one report that waits; the run's result is the case number, or none.

    Without Prefect: ``juzhen settle-report`` and ``juzhen dismiss-report``.
    """
    return run_form(SettleReport, form, _settled)


def _settled(settings: Settings, given: SettleReport, moment: datetime) -> Done:
    report_id = given.report_id.strip()
    if given.decision == "不予立案":
        dismiss_report(settings, report_id, given.reason, given.answered_by, moment)
        done = Done("已登记：不予立案")
    else:
        named = {name: getattr(given, name) for name in INTAKE if getattr(given, name)}
        case_id = settle(settings, report_id, named, given.answered_by, moment).case_id
        done = Done(f"已立案或并案：{case_id}", case_id)
    waiting = waiting_markdown(waiting_reports(settings))
    publish_page("waiting-reports", waiting, "待补充的举报")
    return done
