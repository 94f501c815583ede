"""The blank sheet for reports that come in by no feed: headings of the source ``template``, one example."""

from __future__ import annotations

import csv
from pathlib import Path

from connectors.report_sources import SHIPPED, read_sources
from flows.operations.files import FileProblemError

EXAMPLE = {
    "举报编号": "2026-001",
    "收到时间": "2026-11-17 09:12",
    "平台": "微信公众号",
    "账号名称": "（按页面显示原样填写）",
    "情况描述": "（示例行，填写时删去）",
    "线索来源": "来信来访",
    "答复联系方式": "（只为答复举报人，答复后删除；可不填）",
}


def template_headings() -> list[str]:
    """Return the sheet's headings in the order of the mapping."""
    source = read_sources(SHIPPED).sources["template"]
    fields = [heading for headings in source.fields.values() for heading in headings]
    return [*fields, *source.contact.keep, *source.personal]


def write_report_template(path: Path) -> Path:
    """Write the blank CSV; with a byte order mark, so that Excel and WPS read it as UTF-8.

    Raises:
        FileProblemError: the file is there already.
    """
    if path.exists():
        raise FileProblemError(f"{path} 已存在；请换一个文件名，以免覆盖已填的内容")
    headings = template_headings()
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        writer.writerow([EXAMPLE.get(heading, "") for heading in headings])
    return path
