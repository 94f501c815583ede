"""The questions that every step of a kind puts, whatever the playbook: approve, send, recheck, review."""

from __future__ import annotations

from playbooks.core.playbook.model import MEASURES, FormField

DECISION = FormField(
    name="decision", title="审核意见", type="enum", values={"approve": "同意", "return": "退回修改"}
)
OPINION = FormField(
    name="opinion", title="意见说明", type="text", required=False, help="退回时必须写明理由"
)
SCAN = FormField(
    name="scan",
    title="签字盖章扫描件",
    type="files",
    required=False,
    help="签字仍在纸面进行，此处登记扫描件",
)
CONFIRMED = FormField(
    name="confirmed",
    title="待核实内容",
    type="enum",
    values={"checked": "已逐项核对无误", "unchecked": "尚未核对"},
    required=False,
    help="函件含未核对的单位信息时，签发前须核对；清单见案件页与函件预览",
)
SENDING = FormField(
    name="sending",
    title="发送情况",
    type="enum",
    values={"sent": "已发出", "unclear": "是否发出不确定"},
)
SENT_BY = FormField(
    name="sent_by", title="发送方式", type="text", max_length=200, help="如：机要交换、平台投诉入口"
)
RECEIPT = FormField(
    name="receipt",
    title="回执或受理编号",
    type="text",
    required=False,
    max_length=200,
    help="有回执才停止计时；尚未取得可先留空，取得后再次登记",
)
NEEDED_RECEIPT = RECEIPT.model_copy(update={"required": True})
LOOK = FormField(
    name="look",
    title="复查结果",
    type="enum",
    values={"gone": "已关停或更名", "still_up": "仍在", "unknown": "无法确认"},
)
BACK = FormField(
    name="look",
    title="观察结果",
    type="enum",
    values={"gone": "未再出现", "still_up": "再次出现", "unknown": "无法确认"},
)
REMARK = FormField(name="remark", title="说明", type="text", required=False, max_length=1_000)


AGAIN = FormField(
    name="again_reason",
    title="再次发出的理由",
    type="text",
    required=False,
    max_length=500,
    help="该函在本案中只应发出一次；第一次发出时不填，确需再发的写明理由",
)
RULING = FormField(
    name="ruling",
    title="处理",
    type="enum",
    values={"inapplicable": "本案不适用", "done": "已另行办理"},
    help="对应步骤办妥时自动停止计时；经研判不适用、或已用其他方式办理的，在此登记",
)
RULING_REASON = FormField(
    name="reason", title="理由", type="text", max_length=500, help="谁研判或办理、依据是什么"
)
PUBLICATION = (
    FormField(
        name="account",
        title="已发布的账号",
        type="account",
        required=False,
        help="已接入数据的账号自动识别；未接入的在此逐个登记",
    ),
    FormField(name="url", title="链接", type="url", required=False, max_length=1_000),
    FormField(name="posted_at", title="发布时间", type="instant", required=False),
    FormField(
        name="pinned",
        title="已置顶的账号",
        type="accounts",
        required=False,
        help="要求置顶的在此登记，台账号用顿号隔开，或写「全部」；系统采集不到置顶，须人工看",
    ),
    FormField(
        name="finish",
        title="结束监看",
        type="enum",
        required=False,
        values={"go_on": "继续监看", "finish": "结束监看"},
        help="仍有账号未发布或未确认置顶时须在说明中写明原因",
    ),
    FormField(name="remark", title="说明", type="text", required=False, max_length=1_000),
)
FINDINGS = (
    FormField(name="went_well", title="做得好的", type="text", required=False),
    FormField(
        name="went_wrong", title="问题与不足", type="text", help="时限、渠道、材料、协同各写一句"
    ),
    FormField(name="causes", title="原因分析", type="text", required=False),
)
DONE = FormField(name="done", title="落实情况", type="text", help="做了什么，材料在哪里")


def _review_form() -> tuple[FormField, ...]:
    asked = list(FINDINGS)
    for number in range(1, MEASURES + 1):
        measure, due_on = f"改进措施{number}", f"措施{number}完成期限"
        asked.append(
            FormField(
                name=f"measure_{number}", title=measure, type="text", required=False, max_length=200
            )
        )
        asked.append(FormField(name=f"due_on_{number}", title=due_on, type="day", required=False))
    return tuple(asked)


REVIEW_FORM = _review_form()
