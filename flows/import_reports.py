"""导入举报: a file of reports from the inbox folder; a dry run first, then for good."""

from __future__ import annotations

from datetime import datetime

from prefect import State, flow

from flows.artifacts import publish_boards, publish_page
from flows.form_runs import Done, run_form, run_name
from flows.operations.files import FileProblemError, inbox_paths
from flows.operations.report_queue import waiting_reports
from flows.operations.report_text import imported_text, waiting_markdown
from flows.operations.reports import import_reports as import_file
from flows.report_forms import ImportReports
from flows.settings import Settings

DRY_RUN = "试运行"


@flow(name="导入举报", flow_run_name=run_name, validate_parameters=False)
def import_reports(form: ImportReports) -> State[str]:
    """Import reports from the inbox and show row by row what it did, or would do.

    Without Prefect: ``juzhen import-reports``.
    """
    return run_form(ImportReports, form, _imported)


def _imported(settings: Settings, given: ImportReports, moment: datetime) -> Done:
    (path,) = inbox_paths(settings, [given.file_name])
    if not path.is_file():
        raise FileProblemError(f"收件目录 {settings.inbox} 中没有 {given.file_name}")
    is_dry_run = given.mode.startswith(DRY_RUN)
    imported = import_file(
        settings,
        path,
        given.answered_by,
        moment,
        source_id=given.source.strip() or None,
        is_dry_run=is_dry_run,
    )
    text = imported_text(imported, is_dry_run=is_dry_run)
    publish_page("report-import", f"```text\n{text}\n```", "举报导入")
    waiting = waiting_markdown(waiting_reports(settings))
    publish_page("waiting-reports", waiting, "待补充的举报")
    if is_dry_run:
        return Done("试运行完成，没有写入；逐行结果见看板「举报导入」，无误后选「正式导入」再提交")
    publish_boards(settings, moment)
    return Done("已导入，逐行结果见看板「举报导入」")
