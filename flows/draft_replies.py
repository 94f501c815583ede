"""起草答复: the answer to every reporter of a case who has none yet."""

from __future__ import annotations

from datetime import datetime

from prefect import State, flow

from flows.artifacts import publish_page
from flows.form_runs import Done, run_form, run_name
from flows.operations.boards import markdown_text
from flows.operations.replies import draft_replies as draft
from flows.report_forms import CaseDocuments
from flows.settings import Settings
from playbooks.core.personal_data import hint_of

WHOLE_REPLY = 3_000  # characters of one answer on the page


@flow(name="起草答复", flow_run_name=run_name, validate_parameters=False)
def draft_replies(form: CaseDocuments) -> State[str]:
    """Draft the answers and show them; contacts only as a hint, because the page has many readers.

    Without Prefect: ``juzhen replies``, which shows the contact to whoever asks for it.
    """
    return run_form(CaseDocuments, form, _drafted)


def _drafted(settings: Settings, given: CaseDocuments, moment: datetime) -> Done:
    case_id = given.case_id.strip()
    replies = draft(settings, case_id, given.answered_by, moment)
    lines = [f"## {case_id} 待答复 {len(replies)} 件", ""]
    for reply in replies:
        lines += [
            f"### {markdown_text(reply.report_id)}（{markdown_text(reply.arrived_by or '来源未记')}）",
            f"文件：`{reply.path}`；联系方式：{markdown_text(hint_of(reply.contact) or '不保存')}",
            "",
            *(markdown_text(line, WHOLE_REPLY) for line in reply.text.split("\n")),
            "",
        ]
    publish_page(f"replies-{case_id.lower()}", "\n".join(lines), f"对举报人的答复 {case_id}")
    return Done(f"已起草答复 {len(replies)} 件", case_id)
