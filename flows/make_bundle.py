"""投诉材料包: one zip with everything the platform's complaint wants; nothing is submitted."""

from __future__ import annotations

from prefect import flow

from flows.artifacts import publish_case, publish_page
from flows.clock import now
from flows.operations.boards import markdown_text
from flows.operations.bundles import make_bundle as make
from flows.report_forms import CaseDocuments
from flows.settings import read_settings


@flow(name="生成投诉材料包")
def make_bundle(form: CaseDocuments) -> str:
    """Make the bundle of one case; the run's result is the file's name.

    Without Prefect: ``juzhen bundle``.
    """
    settings = read_settings()
    moment = now()
    case_id = form.case_id.strip()
    made = make(settings, case_id, form.answered_by, moment)
    lines = [f"文件：`{made.path}`", "", f"SHA-256：`{made.sha256}`", ""]
    lines += [f"- {markdown_text(sentence)}" for sentence in made.missing]
    publish_page(f"bundle-{case_id.lower()}", "\n".join(lines), f"投诉材料包 {case_id}")
    publish_case(settings, case_id, moment)
    return made.path.name
