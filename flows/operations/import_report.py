"""What an import of figures did, and which imports there are, in Chinese lines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from flows.operations.exports import ExportImported
from playbooks.core.documents.text import visible
from playbooks.core.messages import local
from playbooks.statistics.labels import source_label


def import_lines(imported: ExportImported) -> list[str]:
    """Return what happened, then what a person should look at."""
    reading = imported.reading
    lines = [
        f"识别为 {source_label(reading.source)}「{reading.title}」，账号 {'、'.join(imported.account_ids)}，"
        f"计入 {reading.row_count} 行{_period(imported)}",
        _result(imported),
        *(f"说明：{note}" for note in reading.notes),
        *(f"注意：{visible(warning, 300)}" for warning in reading.warnings),
    ]
    if reading.unknown_columns:
        shown = "、".join(visible(column, 60) for column in reading.unknown_columns[:40])
        lines.append(f"未识别的列（原文已存档，未计入）：{shown}")
    lines += [f"检查 {name}：{count} 行" for name, count in sorted(imported.findings.items())]
    return lines


def log_lines(records: Sequence[dict[str, object]]) -> list[str]:
    """Return one line an import, newest first."""
    return [_record(row) for row in records]


def _record(row: dict[str, object]) -> str:
    owners = "、".join(cast("list[str]", row["account_ids"]))
    at = local(cast("datetime", row["imported_at"]))
    state = f"已撤销（{row['revoked_by']}：{row['reason']}）" if row["revoked_at"] else "有效"
    capped = "，名单被平台截断" if row["is_capped"] else ""
    return (
        f"{row['import_id']}  {at}  {owners}  {row['file_name']}  "
        f"{source_label(str(row['source']))}/{row['layout']}  {row['row_count']} 行{capped}  "
        f"{row['imported_by']}  {state}"
    )


def _period(imported: ExportImported) -> str:
    period = imported.reading.period
    return f"（{period[0]} 至 {period[1]}）" if period else ""


def _result(imported: ExportImported) -> str:
    if imported.before is not None:
        before = imported.before
        return f"同一文件已由 {before['imported_by']} 导入过（{before['import_id']}），没有新增"
    built = imported.built
    if built is None:
        return f"导入编号 {imported.import_id}"
    added = f"新增观测 {built.observation_count} 条、内容 {built.content_count} 条"
    if imported.is_preview:
        return f"试运行，未写入；正式导入将{added}"
    return (
        f"{added}；导入编号 {imported.import_id}，撤销用 juzhen revoke-import {imported.import_id}"
    )
