"""导入举报: a file of reports from the inbox folder; a dry run first, then for good."""

from __future__ import annotations

from prefect import flow

from flows.artifacts import publish_open_cases, publish_page
from flows.clock import now
from flows.operations.files import FileProblemError
from flows.operations.report_queue import waiting_reports
from flows.operations.report_text import imported_text, waiting_markdown
from flows.operations.reports import import_reports as import_file
from flows.report_forms import ImportReports
from flows.settings import read_settings

DRY_RUN = "试运行"


@flow(name="导入举报")
def import_reports(form: ImportReports) -> str:
    """Import reports from the inbox and show row by row what it did, or would do.

    Without Prefect: ``juzhen import-reports``.
    """
    settings = read_settings()
    moment = now()
    path = settings.inbox / form.file_name
    if not path.is_file():
        raise FileProblemError(f"收件目录 {settings.inbox} 中没有 {form.file_name}")
    is_dry_run = form.mode.startswith(DRY_RUN)
    imported = import_file(
        settings,
        path,
        form.answered_by,
        moment,
        source_id=form.source.strip() or None,
        is_dry_run=is_dry_run,
    )
    text = imported_text(imported, is_dry_run=is_dry_run)
    publish_page("report-import", f"```text\n{text}\n```", "举报导入")
    publish_page("waiting-reports", waiting_markdown(waiting_reports(settings)), "待补充的举报")
    publish_open_cases(settings, moment)
    return "试运行完成" if is_dry_run else "已导入"
