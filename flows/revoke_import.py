"""撤销导入: take one import of figures back; what was known before counts again."""

from __future__ import annotations

from datetime import datetime

from prefect import State, flow

from flows.artifacts import publish_page
from flows.form_runs import Done, run_form, run_name
from flows.forms import RevokeImport
from flows.operations.boards import markdown_text
from flows.operations.import_log import imports_of, revoke_import
from flows.operations.import_report import log_lines
from flows.publish_forms import publish_all
from flows.settings import Settings
from playbooks.core.cases.forms import identifier_in
from playbooks.core.messages import local

MOST_LINES = 100


@flow(name="撤销导入", flow_run_name=run_name, validate_parameters=False)
def revoke_import_of_file(form: RevokeImport) -> State[str]:
    """Revoke the import and show the list of imports.

    Without Prefect: ``juzhen revoke-import``.
    """
    return run_form(RevokeImport, form, _revoked)


def _revoked(settings: Settings, given: RevokeImport, moment: datetime) -> Done:
    import_id = identifier_in(given.import_id)
    done = revoke_import(settings, import_id, given.reason, given.answered_by, moment)
    lines = log_lines(imports_of(settings)[:MOST_LINES])
    text = ["## 导入记录", "", f"截至 {local(moment)}", ""]
    text += [f"- {markdown_text(line, 400)}" for line in lines]
    publish_page("export-imports", "\n".join(text), "导入记录")
    publish_all(settings)
    return Done(f"已撤销 {done.import_id}，{done.payload_count} 份数据不再采用")
