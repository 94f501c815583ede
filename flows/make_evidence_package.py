"""电子证据包: all sealed evidence of a case with its list and an offline verifier, in one zip."""

from __future__ import annotations

from datetime import datetime

from prefect import State, flow

from flows.artifacts import publish_page
from flows.form_runs import Done, run_form, run_name
from flows.operations import evidence
from flows.report_forms import CaseDocuments
from flows.settings import Settings


@flow(name="生成电子证据包", flow_run_name=run_name, validate_parameters=False)
def make_evidence_package(form: CaseDocuments) -> State[str]:
    """Make the package of one case and show where it lies.

    Without Prefect: ``juzhen evidence-package``.
    """
    return run_form(CaseDocuments, form, _made)


def _made(settings: Settings, given: CaseDocuments, moment: datetime) -> Done:
    case_id = given.case_id.strip()
    made = evidence.make_package(settings, case_id, given.answered_by, moment)
    lines = [
        f"文件：`{made.path}`",
        "",
        f"共 {made.item_count} 件，SHA-256：`{made.sha256}`",
        "",
        "解压后运行其中的 校验.py，可离线核对每个文件。",
    ]
    publish_page(f"evidence-{case_id.lower()}", "\n".join(lines), f"电子证据包 {case_id}")
    return Done(f"已生成 {made.path.name}，共 {made.item_count} 件", case_id)
