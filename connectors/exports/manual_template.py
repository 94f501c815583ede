"""The blank workbook in which an office enters figures that no source gives, offline activities too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO
from types import MappingProxyType
from typing import Any

import xlsxwriter  # pyright: ignore[reportMissingTypeStubs]

from connectors.exports.declaration import Table
from connectors.exports.declaring import load_tables

SHEETS = {"daily": "账号数据", "activities": "线下活动", "messages": "留言办理"}
ACCOUNTS_SHEET = "台账号对照"
HELP = {
    "account_id": "从下拉列表选择，或照「台账号对照」填写；线下活动填主办单位的任一账号",
    "stat_date": "写成 2026-11-20，不得晚于今天",
    "published_count": "当天发布条数；确实没有发布填 0，不清楚就空着",
    "original_count": "发布条数中本单位原创的；与转载、解读分别填，不清楚就空着",
    "interpretation_count": "发布条数中解读政策的（第十六条），可以同时是原创",
    "offline_participants": "不清楚就空着，不要填 0",
    "kind": "咨询、投诉、建议须答复；评论、私信只作登记",
    "content": "一句话摘要，不写姓名、电话、身份证号；写了的号码在数据和报表中遮去，但本文件原样留存",
    "replied_on": "公开或私信答复的日期；没有答复就空着",
    "handed_over_to": "转给哪个单位办理；没有就空着",
    "sentiment": "由人判断后填正面、中性或负面；没有人看过就空着",
    "is_opinion": "作为舆情线索上报的填“是”",
    "hint": "词表的提示，只供参考；导入时不采用",
    "basis": "数字从哪里来，如后台截图、签到表",
}
PREPARED_ROWS = 500
CHOICES = {
    "kind": ["咨询", "投诉", "建议", "评论", "私信", "其他"],
    "sentiment": ["正面", "中性", "负面"],
    "is_opinion": ["是"],
}


def manual_template(
    accounts: Sequence[tuple[str, str, str]],
    known: Mapping[str, Sequence[Mapping[str, object]]] = MappingProxyType({}),
) -> bytes:
    """Return the workbook.

    Args:
        accounts: id, platform in Chinese and name of every account that may be chosen.
        known: name of a table -> rows by key to write into it, for completing them.
    """
    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    workbook: Any = xlsxwriter.Workbook(buffer, options)
    formats = {
        "heading": workbook.add_format({"bold": True, "bg_color": "#DCE6F1", "border": 1}),
        "day": workbook.add_format({"num_format": "yyyy-mm-dd"}),
        "text": workbook.add_format({"num_format": "@"}),
    }
    for table in load_tables():
        if table.source == "manual_entry":
            sheet = _sheet(workbook, table, formats, len(accounts))
            _fill(sheet, table, known.get(table.name, ()), formats)
    _account_sheet(workbook, accounts, formats)
    workbook.close()
    return buffer.getvalue()


def _sheet(
    workbook: Any,  # noqa: ANN401  # xlsxwriter has no type stubs
    table: Table,
    formats: Mapping[str, Any],
    account_count: int,
) -> Any:  # noqa: ANN401  # xlsxwriter has no type stubs
    sheet = workbook.add_worksheet(SHEETS[table.name])
    sheet.freeze_panes(1, 1)
    for position, (key, heading) in enumerate(table.headings.items()):
        column = table.keys[key]
        shape = formats["day"] if column.kind == "day" else None
        sheet.set_column(
            position, position, 16, formats["text"] if column.kind == "text" else shape
        )
        sheet.write_string(0, position, heading, formats["heading"])
        if column.key in HELP:
            sheet.write_comment(0, position, HELP[column.key])
        if column.kind == "count":
            rule = {"validate": "decimal", "criteria": ">=", "value": 0, "ignore_blank": True}
            rule |= {"error_title": "请填数字", "error_message": "不清楚就空着，不要填 0"}
            sheet.data_validation(1, position, PREPARED_ROWS, position, rule)
        if column.key in CHOICES:
            rule = {"validate": "list", "source": CHOICES[column.key]}
            sheet.data_validation(1, position, PREPARED_ROWS, position, rule)
        if column.key == "account_id" and account_count:
            source = f"='{ACCOUNTS_SHEET}'!$A$2:$A${account_count + 1}"
            rule = {"validate": "list", "source": source}
            sheet.data_validation(1, position, PREPARED_ROWS, position, rule)

    return sheet


def _fill(
    sheet: Any,  # noqa: ANN401  # xlsxwriter has no type stubs
    table: Table,
    rows: Sequence[Mapping[str, object]],
    formats: Mapping[str, Any],
) -> None:
    """Write what is known as texts and days, so that nothing in it is ever a formula."""
    for number, row in enumerate(rows, 1):
        for position, key in enumerate(table.headings):
            value = row.get(key)
            if isinstance(value, date):
                sheet.write_datetime(number, position, value, formats["day"])
            elif value is not None:
                sheet.write_string(number, position, str(value), formats["text"])


def _account_sheet(
    workbook: Any,  # noqa: ANN401  # xlsxwriter has no type stubs
    accounts: Sequence[tuple[str, str, str]],
    formats: Mapping[str, Any],
) -> None:
    sheet = workbook.add_worksheet(ACCOUNTS_SHEET)
    sheet.set_column(0, 2, 24)
    for position, heading in enumerate(("台账号", "平台", "账号名称")):
        sheet.write_string(0, position, heading, formats["heading"])
    for number, account in enumerate(accounts, 1):
        for position, text in enumerate(account):
            sheet.write_string(number, position, text)
