"""Refuse what no back office writes, before anybody believes the cells."""

from __future__ import annotations

import re
from collections.abc import Sequence

from connectors.spreadsheet import EXPORT_AGAIN, Sheet, UnreadableFileError

LONGEST_SHEET_NAME = 31
# What spreadsheet programs refuse in the name of a sheet, path separators among it.
_FORBIDDEN_IN_NAME = re.compile(r"[/\\?*\[\]:\x00-\x1f]")


def require_plain(sheets: Sequence[Sheet], file_name: str) -> None:
    """Refuse formulas, and sheet names that every spreadsheet program forbids.

    Raises:
        UnreadableFileError: the sentence says which of the two.
    """
    if any(sheet.has_formulas for sheet in sheets):
        raise UnreadableFileError(
            file_name,
            "含有公式，显示的数值可能不是平台给出的",
            "请导入未经编辑的原始导出文件；手工填报的请把公式粘贴为数值",
        )
    for sheet in sheets:
        if len(sheet.name) > LONGEST_SHEET_NAME or _FORBIDDEN_IN_NAME.search(sheet.name):
            shown = "".join(c if c.isprintable() else "?" for c in sheet.name[:40])
            problem = f"的工作表名「{shown}」含有路径字符或过长，不是表格软件生成的"
            raise UnreadableFileError(file_name, problem, EXPORT_AGAIN)
