"""What to say about a file of no declared layout: the headings, and a declaration to complete."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from connectors.cells import cell_text, raw_text
from connectors.exports.declaration import Column, Table
from connectors.exports.recognition import heading_runs
from connectors.spreadsheet import Sheet, UnreadableFileError

MOST_HEADINGS = 60


class UnknownLayoutError(UnreadableFileError):
    """No declared layout fits; ``skeleton`` is a layout file that a person completes."""

    def __init__(self, file_name: str, problem: str, advice: str, skeleton: str) -> None:
        """Add the text of the layout file to the sentence."""
        super().__init__(file_name, problem, advice)
        self.skeleton = skeleton


def unknown_layout(
    file_name: str,
    sheets: Sequence[Sheet],
    tables: Sequence[Table],
    elsewhere: Mapping[str, Table],
    platform: str | None,
) -> UnreadableFileError:
    """Return the error for a file that is nothing its account could have.

    *elsewhere* holds the tables of other platforms that would fit: then the file was put to the
    wrong account, and no new layout is wanted.
    """
    if elsewhere and platform:
        titles = "、".join(f"{table.platform} 的「{table.title}」" for table in elsewhere.values())
        problem = f"是其他平台的导出文件（{titles}），而该账号属于 {platform}"
        return UnreadableFileError(file_name, problem, "请核对台账号后重新导入")
    run, values = _likely_headings(sheets)
    shown = "、".join(text[:20] for text in run[:20]) or "无"
    return UnknownLayoutError(
        file_name,
        f"不是已知的导出格式（读到的表头：{shown}）",
        "请从平台后台重新导出，或补全格式声明草稿后再导入一次",
        _skeleton(run, values, tables, platform),
    )


def _likely_headings(sheets: Sequence[Sheet]) -> tuple[list[str], list[str]]:
    """Return the longest run among the first rows, and the cells below it as examples."""
    best: list[tuple[int, str]] = []
    below: list[object] = []
    for sheet in sheets:
        for number, run in heading_runs(sheet):
            if len(run) > len(best):
                best = run
                below = sheet.rows[number + 1] if number + 1 < len(sheet.rows) else []
    values = [raw_text(below[at]) if at < len(below) else "" for at, _ in best]
    return [text for _, text in best[:MOST_HEADINGS]], values[:MOST_HEADINGS]


def _skeleton(
    headings: Sequence[str], values: Sequence[str], tables: Sequence[Table], platform: str | None
) -> str:
    known = _known_columns(tables)
    guessed = [known.get(heading) for heading in headings]
    keys = {column.key for column in guessed if column}
    is_daily = "stat_date" in keys and "title" not in keys
    required = sorted(
        keys & {"stat_date", "title", "published_on", "published_at", "plays", "reads"}
    )
    name = platform or "other"
    lines = [
        "# 格式声明草稿：核对每一列，补全带 TODO 的，然后移到上一级文件夹 export_layouts。",
        "# 说明见 connectors/exports/layouts/README.md；用 juzhen export-layouts 检查。",
        "title: TODO 这种文件叫什么",
        f"platform: {name}",
        f"source: {name}_export",
        "layouts:",
        "  own_layout:",
        "    title: TODO 导出页面的名称",
        "    tables:",
        "      rows:",
        f"        grain: {'day' if is_daily else 'item'}   # day 每天一行，item 每条内容一行，kept 只存档",
        f"        required: [{', '.join(required) or 'TODO'}]   # 靠哪些列认出这种文件",
        "        columns:",
    ]
    used: set[str] = set()
    for heading, value, column in zip(headings, values, guessed, strict=True):
        lines.append(_line(heading, value, column, used))
    return "\n".join(lines) + "\n"


def _line(heading: str, value: str, column: Column | None, used: set[str]) -> str:
    # Headings are text from outside: JSON strings are YAML strings, and a comment ends with the line.
    # What YAML takes for the end of a line, U+2028 for one, is escaped.
    name = json.dumps(heading[:100], ensure_ascii=not heading.isprintable())
    example = " ".join("".join(c if c.isprintable() else " " for c in value).split())[:40]
    if column is None or column.key in used:
        return f"          # {name}: {{key: TODO, kind: count}}   # 例：{example}"
    used.add(column.key)
    return f"          {name}: {{key: {column.key}, kind: {column.kind}}}   # 例：{example}"


def _known_columns(tables: Sequence[Table]) -> dict[str, Column]:
    """Return what other layouts call a heading; the first declaration of it counts."""
    known: dict[str, Column] = {}
    for table in tables:
        for heading, column in table.columns.items():
            if column.key != "account_id":
                known.setdefault(cell_text(heading), column)
    return known
