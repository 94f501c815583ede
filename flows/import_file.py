"""导入文件: the register from the inbox folder; a dry run first, then for good."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from prefect import State, flow

from flows.artifacts import publish_page
from flows.form_runs import Done, run_form, run_name
from flows.forms import DRY_RUN, ImportFile
from flows.operations.files import FileProblemError, inbox_paths
from flows.operations.imports import change_forms_in, import_register
from flows.operations.register_changes import CHANGES, CHANGES_TITLE, changes_markdown
from flows.publish_forms import publish_all
from flows.settings import Settings
from playbooks.core.register.plan import ImportRefusedError
from playbooks.core.register.report import plan_text


@flow(name="导入文件", flow_run_name=run_name, validate_parameters=False)
def import_file(form: ImportFile) -> State[str]:
    """Import a register from the inbox and show what it did, or would do.

    Without Prefect: ``juzhen import``.
    """
    return run_form(ImportFile, form, _imported)


def _imported(settings: Settings, given: ImportFile, moment: datetime) -> Done:
    (path,) = inbox_paths(settings, [given.file_name])
    if not path.is_file():
        raise FileProblemError(f"收件目录 {settings.inbox} 中没有 {given.file_name}")
    is_dry_run = given.mode == DRY_RUN
    forms = change_forms_in(given.change_forms)
    run = partial(import_register, settings, [path], given.answered_by, moment, change_forms=forms)
    plan = run(is_dry_run=True)
    text = f"```text\n{plan_text(plan)}\n```"
    publish_page("register-import", text, "台账导入")
    if plan.has_errors:
        raise ImportRefusedError("文件有错误，未写入任何内容；问题清单见看板「台账导入」")
    if is_dry_run:
        return Done("试运行完成，没有写入；清单见看板「台账导入」，无误后选「正式导入」再提交")
    run(is_dry_run=False)
    publish_page(CHANGES, changes_markdown(settings), CHANGES_TITLE)
    publish_all(settings)
    return Done("已导入，各表单的名单已更新")
