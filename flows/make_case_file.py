"""生成案卷: the file of one case, for the archive or an auditor."""

from __future__ import annotations

from prefect import flow

from flows.artifacts import publish_page
from flows.clock import now
from flows.forms import MakeCaseFile
from flows.operations import case_files
from flows.settings import read_settings


@flow(name="生成案卷")
def make_case_file(form: MakeCaseFile) -> str:
    """Make the case file and show where it lies. Without Prefect: ``juzhen case-file 编号``."""
    case_id = form.case_id.strip()
    made = case_files.make(read_settings(), case_id, now(), None)
    lines = [
        f"## {case_id} 案卷",
        "",
        f"- 文件夹 `{made.folder}`",
        f"- 压缩包 `{made.archive}`",
        f"- 清单 SHA-256 `{made.digest}`",
        f"- {made.masked_count} 条流水遮盖了个人信息",
    ]
    publish_page(f"case-file-{case_id.lower()}", "\n".join(lines), f"{case_id} 案卷")
    return str(made.folder)
