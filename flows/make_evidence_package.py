"""电子证据包: all sealed evidence of a case with its list and an offline verifier, in one zip."""

from __future__ import annotations

from prefect import flow

from flows.artifacts import publish_case, publish_page
from flows.clock import now
from flows.operations import evidence
from flows.report_forms import CaseDocuments
from flows.settings import read_settings


@flow(name="生成电子证据包")
def make_evidence_package(form: CaseDocuments) -> str:
    """Make the package of one case; the run's result is the file's name.

    Without Prefect: ``juzhen evidence-package``.
    """
    settings = read_settings()
    moment = now()
    case_id = form.case_id.strip()
    made = evidence.make_package(settings, case_id, form.answered_by, moment)
    lines = [
        f"文件：`{made.path}`",
        "",
        f"共 {made.item_count} 件，SHA-256：`{made.sha256}`",
        "",
        "解压后运行其中的 校验.py，可离线核对每个文件。",
    ]
    publish_page(f"evidence-{case_id.lower()}", "\n".join(lines), f"电子证据包 {case_id}")
    publish_case(settings, case_id, moment)
    return made.path.name
