"""What an operator can do to a case, as links to forms that are filled in for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flows.operations.addresses import HOME, Addresses, linked
from flows.operations.boards import BoardRow, action_of, shown

STEP_FORMS: Mapping[str, Sequence[str]] = {
    "逐个检查账号": ("登记检查结果", "导入底稿"),
    "收集单位自评": ("单位自评",),
    "评定人工项": ("考核打分",),
    "受理并裁定申诉": ("考核打分",),
}
"""A step's title -> the forms by which its work is done before the step itself is answered."""
OF_A_CASE = frozenset({"登记检查结果", "导入底稿"})
CASE_PAPERS = (
    *("补充证据", "采集网页证据", "生成电子证据包", "生成投诉材料包", "起草答复", "生成案卷"),
)


def action_lines(
    case_id: str, rows: Sequence[BoardRow], addresses: Addresses, *, is_open: bool = True
) -> list[str]:
    """Return the section of links: the steps' own forms first, then everything else.

    Args:
        case_id: of the case.
        rows: its open steps.
        addresses: of forms and pages.
        is_open: whether it still runs; one whose review is under way does not.
    """
    lines: list[str] = []
    for row in rows:
        if not row.step_id:
            continue
        links = [action_of(row, addresses)]
        step = {"case_id": case_id, "step": row.step_title}
        for key in STEP_FORMS.get(row.step_title, ()):
            given = {"case_id": case_id} if key in OF_A_CASE else {}
            links.append(_link(key, given, addresses))
        links += [_link(key, step, addresses) for key in ("知悉", "移交")]
        listed = "　".join(link for link in links if link)
        acts = f"：{listed}" if listed else ""
        lines.append(f"- **{shown(row.step_title)}**（{shown(row.owner)}）{acts}")
    about = {"case_id": case_id}
    keys = (*CASE_PAPERS, "提前办结") if is_open else CASE_PAPERS
    general = [_link(key, about, addresses) for key in keys]
    general.append(linked("返回首页", addresses.page(HOME)) if addresses.page(HOME) else "")
    listed = "　".join(link for link in general if link)
    lines += [f"- {listed}"] if listed else []
    return ["### 待办与操作", "", *(lines or ["系统处理中，没有待办步骤。"]), ""]


def _link(key: str, given: Mapping[str, object], addresses: Addresses) -> str:
    address = addresses.form(key, given)
    return linked(key, address) if address else ""
