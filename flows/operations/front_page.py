"""首页: one page that leads to every board and to the forms that are used most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from flows.operations.addresses import HOME, Addresses, linked
from flows.operations.board_pages import Page
from flows.operations.boards import BoardRow
from flows.operations.health import Heartbeat
from playbooks.core.messages import local

REPORT_FORMS = ("登记举报", "导入举报", "补充举报", "审核疑似账号", "处理事件线索")
FORMS: Mapping[str, Sequence[str]] = {
    "案件操作": (
        *(
            "补充证据",
            "采集网页证据",
            "移交",
            "知悉",
            "暂停时限",
            "恢复时限",
            "延长时限",
            "提前办结",
        ),
        *("生成电子证据包", "生成投诉材料包", "起草答复", "生成案卷"),
    ),
    "统计与数据包": (
        *("生成数据包", "登记数据包", "填写分析", "追溯数字", "质量检查", "声明更正", "撤回更正"),
        *("导入导出文件", "撤销导入", "格式声明", "数据源一览", "试取数据源"),
    ),
    "检查与考核": ("处理问题", "登记检查结果", "导入底稿", "单位自评", "考核打分"),
    "台账与值班": ("导入文件", "台账数据表", "比对名称", "排班", "换班", "联系方式"),
}
OTHER_PAGES: Mapping[str, str] = {
    "waiting-reports": "待补充的举报",
    "findings": "问题清单",
    "suspects": "疑似账号",
    "incident-leads": "事件线索",
    "content-leads": "内容线索",
    "audit": "时限审计",
    "nightly-summary": "采集情况",
    "source-health": "采集健康",
    "register-import": "台账导入",
    "register-changes": "台账变更",
    "duty-plan": "排班",
    "report-import": "举报导入",
    "match-result": "名称比对",
    "export-import": "导入导出文件",
    "packet": "数据包",
    "export-imports": "导入记录",
    "platform-channels": "平台投诉渠道",
    "drill": "最近一次演练",
}


def front_page(
    rows: Sequence[BoardRow],
    boards: Sequence[Page],
    heartbeat: Heartbeat,
    notices: Sequence[str],
    now: datetime,
    addresses: Addresses,
) -> Page:
    """Return the front page.

    Args:
        rows: every open step.
        boards: the other boards, in the order in which they are listed; those of persons are not.
        heartbeat: of the audit.
        notices: sentences about what else waits for a person, with their links.
        now: of the drawing.
        addresses: of forms and pages.
    """
    real = [row for row in rows if not row.is_drill]
    overdue = sum(row.is_overdue for row in real)
    lines = [
        "## 政务新媒体矩阵",
        f"截至 {local(now)}：在办 {len({row.case_id for row in real if not row.is_closed})} 件，"
        f"待办步骤 {sum(bool(row.step_id) for row in real)} 个，"
        + (f"**超时限 {overdue} 个**。" if overdue else "没有超时限。"),
        *(line for notice in notices for line in ("", notice)),
        "",
        _health_line(heartbeat),
        "",
        "### 登记立案",
        "",
        *_row([*_opening_forms(addresses), *_form_links(REPORT_FORMS, addresses)]),
        "### 看板",
        "",
        *_row(_board_links(boards, addresses)),
        *_form_groups(addresses),
        "从案件页打开时案件编号等已填好；从这里打开须自行填写。",
    ]
    return Page(HOME, "首页", "\n".join(lines))


def _health_line(heartbeat: Heartbeat) -> str:
    if heartbeat.status == "ok" and heartbeat.clean_at:
        return f"时限审计正常，最近一次全部通过：{local(heartbeat.clean_at)}。"
    since = (
        f"最近一次全部通过是 {local(heartbeat.clean_at)}" if heartbeat.clean_at else "尚未通过过"
    )
    return f"**时限审计没有按时通过**（{since}）：请看「时限审计」与「待处理消息」，并告知管理员。"


def _opening_forms(addresses: Addresses) -> list[str]:
    keys = [key for key in addresses.titles if key.endswith("/open")]
    return [linked(addresses.titles[key], addresses.form(key, {})) for key in sorted(keys)]


def _board_links(boards: Sequence[Page], addresses: Addresses) -> list[str]:
    listed = {page.key: page.title for page in boards if not page.key.startswith("person-")}
    listed |= {key: title for key, title in OTHER_PAGES.items() if addresses.page(key)}
    return [linked(title, addresses.page(key)) for key, title in listed.items()]


def _form_links(keys: Sequence[str], addresses: Addresses) -> list[str]:
    return [
        linked(addresses.titles[key], addresses.form(key, {}))
        for key in keys
        if key in addresses.titles
    ]


def _form_groups(addresses: Addresses) -> list[str]:
    lines: list[str] = []
    for title, keys in {**FORMS, "其他": _others(addresses)}.items():
        links = _form_links(keys, addresses)
        lines += [f"### {title}", "", *_row(links)] if links else []
    return lines


def _others(addresses: Addresses) -> list[str]:
    listed = {*REPORT_FORMS, *(key for keys in FORMS.values() for key in keys)}
    return [key for key in addresses.titles if "/" not in key and key not in listed]


def _row(items: Sequence[str]) -> list[str]:
    return ["　·　".join(items), ""]
