"""导入文件: the register from the inbox folder; a dry run first, then for good."""

from __future__ import annotations

from prefect import flow

from flows.artifacts import publish_page
from flows.clock import now
from flows.forms import DRY_RUN, ImportFile
from flows.operations.files import FileProblemError
from flows.operations.imports import import_register
from flows.publish_forms import publish_all
from flows.settings import read_settings
from playbooks.core.register.plan import ImportRefusedError
from playbooks.core.register.report import plan_text


@flow(name="导入文件")
def import_file(form: ImportFile) -> str:
    """Import a register from the inbox and show what it did, or would do.

    Without Prefect: ``juzhen import``.
    """
    settings = read_settings()
    path = settings.inbox / form.file_name
    if not path.is_file():
        raise FileProblemError(f"收件目录 {settings.inbox} 中没有 {form.file_name}")
    is_dry_run = form.mode == DRY_RUN
    plan = import_register(settings, [path], form.answered_by, now(), is_dry_run=True)
    text = f"```text\n{plan_text(plan)}\n```"
    publish_page("register-import", text, "台账导入")
    if plan.has_errors:
        raise ImportRefusedError("文件有错误，未写入任何内容；问题清单见「台账导入」")
    if not is_dry_run:
        import_register(settings, [path], form.answered_by, now(), is_dry_run=False)
        publish_all(settings)
    return "试运行完成" if is_dry_run else "已导入"
