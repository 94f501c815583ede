"""投诉材料包: one zip with everything the platform's complaint wants; nothing is submitted."""

from __future__ import annotations

from datetime import datetime

from prefect import State, flow

from flows.artifacts import publish_page
from flows.form_runs import Done, run_form, run_name
from flows.operations.boards import markdown_text
from flows.operations.bundles import make_bundle as make
from flows.report_forms import CaseDocuments
from flows.settings import Settings


@flow(name="生成投诉材料包", flow_run_name=run_name, validate_parameters=False)
def make_bundle(form: CaseDocuments) -> State[str]:
    """Make the bundle of one case; the run's result is the file's name.

    Without Prefect: ``juzhen bundle``.
    """
    return run_form(CaseDocuments, form, _made)


def _made(settings: Settings, given: CaseDocuments, moment: datetime) -> Done:
    case_id = given.case_id.strip()
    made = make(settings, case_id, given.answered_by, moment)
    lines = [f"文件：`{made.path}`", "", f"SHA-256：`{made.sha256}`", ""]
    lines += [f"- {markdown_text(sentence)}" for sentence in made.missing]
    publish_page(f"bundle-{case_id.lower()}", "\n".join(lines), f"投诉材料包 {case_id}")
    return Done(f"已生成 {made.path.name}", case_id)
