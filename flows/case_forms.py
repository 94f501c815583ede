"""The forms of what is done to a case beside answering its steps; drawn in the UI as they stand.

A step and a deadline are named by their Chinese titles, as boards and case pages show them; the links
there fill them in.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from flows.forms import CHOICES_KEY, Form, Person

TOLD = "已另行告知收件人"
RESEND = "重新发送一次"

CaseId = Annotated[
    str,
    Field(
        title="案件编号",
        min_length=1,
        max_length=40,
        description="见看板，如 IMP-2026-0001；从案件页打开时已填好",
    ),
]
StepTitle = Annotated[
    str,
    Field(
        title="步骤",
        max_length=80,
        description="步骤名称，如「排查核实」；从案件页打开时已填好，案件只有一个待办步骤时可不填",
    ),
]
DeadlineTitle = Annotated[
    str,
    Field(
        title="时限",
        max_length=80,
        description="时限名称，与步骤同名；从案件页打开时已填好，案件只有一个时限时可不填",
    ),
]
Reason = Annotated[
    str, Field(title="事由", min_length=1, max_length=500, description="写入办件流水，不能更改")
]


class AddEvidence(Form):
    """Seal files of the inbox as evidence of a case."""

    case_id: CaseId
    file_names: Annotated[
        list[Annotated[str, Field(title="文件名", min_length=1, max_length=200)]],
        Field(
            title="文件名",
            min_length=1,
            max_length=50,
            description="先把文件放进数据目录下的 inbox 文件夹，再填写文件名，如 截图.png",
        ),
    ]
    answered_by: Person


class HandOver(Form):
    """Give an open step to a named person."""

    case_id: CaseId
    step: StepTitle = ""
    to_person: Annotated[
        str,
        Field(
            title="移交给",
            min_length=1,
            description="承接人；移交只对这一次办理有效",
            json_schema_extra={CHOICES_KEY: "people"},
        ),
    ]
    reason: Reason
    answered_by: Person


class AcknowledgeStep(Form):
    """Take note of an open step."""

    case_id: CaseId
    step: StepTitle = ""
    answered_by: Person


class PauseDeadline(Form):
    """Stop a clock for a declared reason."""

    case_id: CaseId
    deadline: DeadlineTitle = ""
    reason: Annotated[
        str,
        Field(
            title="暂停事由",
            min_length=1,
            description="只有这些事由可以暂停；法定时限一律不能暂停",
            json_schema_extra={CHOICES_KEY: "pause_reasons"},
        ),
    ]
    answered_by: Person


class ResumeDeadline(Form):
    """Let a paused clock run again."""

    case_id: CaseId
    deadline: DeadlineTitle = ""
    answered_by: Person


class ExtendDeadline(Form):
    """Add to the budget of a limit."""

    case_id: CaseId
    deadline: DeadlineTitle = ""
    extra: Annotated[
        int,
        Field(
            title="延长多少",
            ge=1,
            le=1_000,
            description="按该时限自己的单位（工作小时、工作日等，见案件页）；法定时限不能延长",
        ),
    ]
    approved_by: Annotated[
        str,
        Field(
            title="批准人",
            min_length=1,
            description="批准延长的人：不能是提出人，也不能是该步骤自己的办理人员；批准仍在纸面进行",
            json_schema_extra={CHOICES_KEY: "people"},
        ),
    ]
    reason: Reason
    answered_by: Person


class CloseCase(Form):
    """Close a case before its steps are done."""

    case_id: CaseId
    outcome: Annotated[
        str,
        Field(
            title="结论",
            max_length=40,
            description="不填为「终止」（不再办理）；也可填该预案的一个结论，如「已处置」，填错会列出可填的",
        ),
    ] = ""
    reason: Reason
    letters_note: Annotated[
        str,
        Field(
            title="未办完的函件如何处理",
            max_length=500,
            description="案件有已起草、已签发或无回执的函件时必填，如：函件作废，已电话告知平台",
        ),
    ] = ""
    reporters_note: Annotated[
        str,
        Field(
            title="举报人如何答复",
            max_length=500,
            description="还有举报人没有答复时必填：先答复，再写明怎样答复的，如：电话告知不予处置及理由",
        ),
    ] = ""
    approved_by: Annotated[
        str,
        Field(
            title="批准人",
            min_length=1,
            description="预案指定的批准人（不能是提出人）；预案没有指定的，由当日带班领导批准",
            json_schema_extra={CHOICES_KEY: "people"},
        ),
    ]
    answered_by: Person


class SettleMessage(Form):
    """Settle a message that may not have arrived."""

    message: Annotated[
        str,
        Field(
            title="消息编号",
            min_length=1,
            max_length=300,
            description="从「待处理消息」看板打开时已填好",
        ),
    ]
    # The careful choice stands first: sending again may tell somebody twice.
    decision: Annotated[
        Literal["已另行告知收件人", "重新发送一次"],
        Field(title="处置", description="不确定对方是否收到时，先打电话核实"),
    ]
    remark: Annotated[
        str,
        Field(title="说明", min_length=1, max_length=500, description="如：已电话告知；渠道已恢复"),
    ]
    answered_by: Person
