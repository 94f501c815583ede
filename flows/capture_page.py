"""采集网页证据: capture a suspect page and seal its files as evidence of a case."""

from __future__ import annotations

from datetime import datetime

from prefect import State, flow

from flows.artifacts import publish_page
from flows.form_runs import Done, run_form, run_name
from flows.operations import evidence
from flows.operations.boards import markdown_text
from flows.report_forms import CapturePage
from flows.settings import Settings


@flow(name="采集网页证据", flow_run_name=run_name, validate_parameters=False)
def capture_page(form: CapturePage) -> State[str]:
    """Capture one page; a page that is refused leaves the case as it was, and says what to do.

    Without Prefect: ``juzhen capture``.
    """
    return run_form(CapturePage, form, _captured)


def _captured(settings: Settings, given: CapturePage, moment: datetime) -> Done:
    case_id = given.case_id.strip()
    made = evidence.capture_page(settings, case_id, given.url, given.answered_by, moment)
    lines = [f"最终网址：{markdown_text(made.final_url)}", ""]
    lines += [f"- 已固定 {markdown_text(name)}" for name in made.file_names]
    lines += [f"- 注意：{markdown_text(note)}" for note in made.notes]
    publish_page(f"capture-{case_id.lower()}", "\n".join(lines), f"网页证据 {case_id}")
    return Done(f"已采集并固定 {len(made.file_names)} 个文件", case_id)
