"""撤销导入: take one import of figures back; what was known before counts again."""

from __future__ import annotations

from prefect import flow

from flows.artifacts import publish_page
from flows.clock import now
from flows.forms import RevokeImport
from flows.operations.boards import markdown_text
from flows.operations.import_log import imports_of, revoke_import
from flows.operations.import_report import log_lines
from flows.publish_forms import publish_all
from flows.settings import read_settings
from playbooks.core.cases.forms import identifier_in
from playbooks.core.messages import local

MOST_LINES = 100


@flow(name="撤销导入")
def revoke_import_of_file(form: RevokeImport) -> str:
    """Revoke the import and show the list of imports.

    Without Prefect: ``juzhen revoke-import``.
    """
    settings = read_settings()
    import_id = identifier_in(form.import_id)
    done = revoke_import(settings, import_id, form.reason, form.answered_by, now())
    lines = log_lines(imports_of(settings)[:MOST_LINES])
    text = ["## 导入记录", "", f"截至 {local(now())}", ""]
    text += [f"- {markdown_text(line, 400)}" for line in lines]
    publish_page("export-imports", "\n".join(text), "导入记录")
    publish_all(settings)
    return f"已撤销 {done.import_id}，{done.payload_count} 份数据不再采用"
