"""生成案卷: the file of one case, for the archive or an auditor."""

from __future__ import annotations

from datetime import datetime

from prefect import State, flow

from flows.artifacts import publish_page
from flows.form_runs import Done, run_form, run_name
from flows.forms import MakeCaseFile
from flows.operations import case_files
from flows.settings import Settings


@flow(name="生成案卷", flow_run_name=run_name, validate_parameters=False)
def make_case_file(form: MakeCaseFile) -> State[str]:
    """Make the case file and show where it lies. Without Prefect: ``juzhen case-file 编号``."""
    return run_form(MakeCaseFile, form, _made)


def _made(settings: Settings, given: MakeCaseFile, moment: datetime) -> Done:
    case_id = given.case_id.strip()
    made = case_files.make(settings, case_id, moment, None)
    lines = [
        f"## {case_id} 案卷",
        "",
        f"- 文件夹 `{made.folder}`",
        f"- 压缩包 `{made.archive}`",
        f"- 清单 SHA-256 `{made.digest}`",
        f"- {made.masked_count} 条流水遮盖了个人信息",
    ]
    publish_page(f"case-file-{case_id.lower()}", "\n".join(lines), f"{case_id} 案卷")
    return Done(f"已生成案卷 {made.archive.name}", case_id)
