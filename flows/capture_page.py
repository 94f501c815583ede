"""采集网页证据: capture a suspect page and seal its files as evidence of a case."""

from __future__ import annotations

from prefect import flow

from flows.artifacts import publish_case, publish_page
from flows.clock import now
from flows.operations import evidence
from flows.operations.boards import markdown_text
from flows.report_forms import CapturePage
from flows.settings import read_settings


@flow(name="采集网页证据")
def capture_page(form: CapturePage) -> str:
    """Capture one page; the run's result is its final address. Without Prefect: ``juzhen capture``."""
    settings = read_settings()
    moment = now()
    case_id = form.case_id.strip()
    made = evidence.capture_page(settings, case_id, form.url, form.answered_by, moment)
    lines = [f"最终网址：{markdown_text(made.final_url)}", ""]
    lines += [f"- 已固定 {markdown_text(name)}" for name in made.file_names]
    lines += [f"- 注意：{markdown_text(note)}" for note in made.notes]
    publish_page(f"capture-{case_id.lower()}", "\n".join(lines), f"网页证据 {case_id}")
    publish_case(settings, case_id, moment)
    return made.final_url
