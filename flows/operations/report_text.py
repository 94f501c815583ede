"""What importing reports did, in words: for the terminal and for the page in the UI."""

from __future__ import annotations

import json
from collections.abc import Sequence

import sql
from flows.operations.boards import markdown_text
from flows.operations.reports import ReportsImported
from playbooks.core.documents.text import visible
from playbooks.core.facts import as_list, as_mapping
from playbooks.core.messages import local
from playbooks.core.register.columns import labels

STATUS_TITLES = {
    "opened": "立案",
    "joined": "并入原案",
    "waiting": "待补充",
    "repeated": "重复（已登记过）",
    "unrelated": "与政务新媒体账号无关，未收",
}


def imported_text(imported: ReportsImported, *, is_dry_run: bool) -> str:
    """Return the result row by row: first the sum, then what a person has to look at."""
    counts = "，".join(
        f"{title} {imported.count(status)} 件"
        for status, title in STATUS_TITLES.items()
        if imported.count(status)
    )
    file = imported.file
    lines = [
        f"来源：{file.source_title}；共 {len(file.reports)} 件：{counts or '无'}"
        + ("（试运行，未写入）" if is_dry_run else "")
    ]
    lines += [
        f"  {outcome.place} {visible(outcome.report_id, 80)}：{STATUS_TITLES[outcome.status]}"
        + (f" {outcome.case_id}" if outcome.case_id else "")
        + (f"（{outcome.reason}）" if outcome.reason else "")
        for outcome in imported.outcomes
    ]
    lines += [f"  未收 {problem}" for problem in file.problems]
    if file.unknown_headings:
        names = "、".join(visible(heading, 60) for heading in file.unknown_headings[:20])
        lines.append(f"  下列列没有对照，内容未保存：{names}；需要时在 report_sources.yml 中写明")
    if imported.count("waiting"):
        lines.append(
            "待补充的举报用 juzhen reports 查看，用 juzhen settle-report 或表单补齐后立案。"
        )
    return "\n".join(lines)


def waiting_markdown(waiting: Sequence[sql.Row]) -> str:
    """Return the reports that wait as one Markdown table, with what their texts seem to name."""
    if not waiting:
        return "没有待补充的举报。"
    lines = [
        f"## 待补充的举报 {len(waiting)} 件",
        "",
        "| 举报 | 收到 | 原因 | 摘要 | 疑似平台 | 疑似名称 | 网址（勿点开） |",
        "|---|---|---|---|---|---|---|",
    ]
    return "\n".join([*lines, *(_waiting_line(row) for row in waiting)])


def _waiting_line(row: sql.Row) -> str:
    suggestion = as_mapping(json.loads(str(row["suggestion"])))
    platforms = [labels("platform").get(str(p), str(p)) for p in as_list(suggestion["platforms"])]
    received = row["received_at"] or row["imported_at"]
    cells = (
        str(row["report_id"]),
        local(received) if received is not None else "",  # type: ignore[arg-type]
        str(row["reason"] or ""),
        f"{row['subject']} {row['content']}",
        "、".join(platforms),
        "、".join(str(name) for name in as_list(suggestion["names"])),
        "、".join(str(address) for address in as_list(suggestion["addresses"])),
    )
    return "| " + " | ".join(markdown_text(cell, 200) for cell in cells) + " |"
