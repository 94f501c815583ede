"""补充证据: seal files of the inbox as evidence of a case."""

from __future__ import annotations

from datetime import datetime

from prefect import State, flow

from flows.case_forms import AddEvidence
from flows.form_runs import Done, run_form, run_name
from flows.operations import cases
from flows.operations.files import inbox_paths
from flows.settings import Settings


@flow(name="补充证据", flow_run_name=run_name, validate_parameters=False)
def add_evidence(form: AddEvidence) -> State[str]:
    """Keep the files by their SHA-256. Without Prefect: ``juzhen evidence``."""
    return run_form(AddEvidence, form, _sealed)


def _sealed(settings: Settings, given: AddEvidence, moment: datetime) -> Done:
    paths = inbox_paths(settings, given.file_names)
    kept = cases.add_evidence(settings, given.case_id.strip(), paths, given.answered_by, moment)
    return Done(f"已固定 {len(kept)} 个证据文件", given.case_id.strip())
