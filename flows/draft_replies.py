"""起草答复: the answer to every reporter of a case who has none yet."""

from __future__ import annotations

from prefect import flow

from flows.artifacts import publish_page
from flows.clock import now
from flows.operations.boards import markdown_text
from flows.operations.replies import draft_replies as draft
from flows.report_forms import CaseDocuments
from flows.settings import read_settings
from playbooks.core.personal_data import hint_of

WHOLE_REPLY = 3_000  # characters of one answer on the page


@flow(name="起草答复")
def draft_replies(form: CaseDocuments) -> str:
    """Draft the answers and show them; contacts only as a hint, because the page has many readers.

    Without Prefect: ``juzhen replies``, which shows the contact to whoever asks for it.
    """
    settings = read_settings()
    case_id = form.case_id.strip()
    replies = draft(settings, case_id, form.answered_by, now())
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
    return f"已起草 {len(replies)} 件"
