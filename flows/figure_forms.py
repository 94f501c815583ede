"""The forms around a figure: follow it, check it, correct it, try its source, map its file."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final, Literal

from pydantic import Field

from flows.forms import CHOICES_KEY, Form, Person, optional_choice

CHECK_ONLY: Final = "试运行：只检查，不写入"
NO_FIGURE: Final = "不采信来源的数，按没有数处理"


MetricChoice = Annotated[
    str, Field(title="指标", min_length=1, json_schema_extra={CHOICES_KEY: "metrics"})
]
AccountChoice = Annotated[
    str, Field(title="台账号", min_length=1, json_schema_extra={CHOICES_KEY: "accounts"})
]


class TraceFigure(Form):
    """Follow a figure back to the payloads it rests on."""

    metric: MetricChoice
    when: Annotated[
        str,
        Field(
            title="日期或统计期",
            pattern=r"^\d{4}(-\d{2}(-\d{2})?|Q[1-4]|H[12])?$",
            description="一天如 2026-07-01（须选台账号），统计期如 2026Q3、2026-07、2026",
        ),
    ]
    account_id: Annotated[
        str, Field(title="台账号", json_schema_extra=optional_choice("accounts"))
    ] = ""
    unit_id: Annotated[
        str,
        Field(
            title="单位编号",
            max_length=40,
            description="统计期用；含下属单位，不填就是全区",
        ),
    ] = ""


class DeclareCorrection(Form):
    """Declare that a source's figure is wrong."""

    account_id: AccountChoice
    metric: MetricChoice
    stat_date: Annotated[date, Field(title="日期", description="更正哪一天的数，须是过去的日期")]
    change: Annotated[
        Literal["改为下面填写的数", "不采信来源的数，按没有数处理"],
        Field(title="怎样更正", description="来源原来的数一直保留；来源一旦改口，更正自动停用"),
    ]
    value: Annotated[
        str,
        Field(
            title="更正为",
            pattern=r"^(\d{1,15}(\.\d{1,6})?)?$",
            description="不小于零的数；选「不采信」时不填",
        ),
    ] = ""
    reason: Annotated[
        str, Field(title="理由", min_length=1, max_length=300, description="写明依据，留痕")
    ]
    expires_on: Annotated[
        str,
        Field(
            title="有效期至",
            pattern=r"^(\d{4}-\d{2}-\d{2})?$",
            description="写成 2026-12-31；不填就一直有效，直到来源改口",
        ),
    ] = ""
    # The harmless choice stands first and is the default.
    mode: Annotated[
        Literal["试运行：只检查，不写入", "正式声明"],
        Field(title="方式", description="先试运行看来源现在的数，没有问题再正式声明"),
    ] = "试运行：只检查，不写入"
    answered_by: Person


class WithdrawCorrection(Form):
    """Take a declared correction back."""

    correction_id: Annotated[
        str,
        Field(
            title="更正",
            min_length=1,
            description="撤回后数字退回到来源所说；更正与撤回都留痕",
            json_schema_extra={CHOICES_KEY: "corrections"},
        ),
    ]
    reason: Annotated[str, Field(title="撤回理由", min_length=1, max_length=300)]
    answered_by: Person


class TrySource(Form):
    """Ask one source about its newest days."""

    source: Annotated[
        str,
        Field(
            title="数据源",
            min_length=1,
            description="只取最近一个时段；取到的照常存档，不影响夜间采集",
            json_schema_extra={CHOICES_KEY: "sources"},
        ),
    ]
    account_id: Annotated[
        str,
        Field(
            title="台账号",
            description="不填就用该数据源的第一个账号",
            json_schema_extra=optional_choice("accounts"),
        ),
    ] = ""


class MapLayout(Form):
    """Put a completed layout declaration in use."""

    draft: Annotated[
        str,
        Field(
            title="草稿编号",
            min_length=1,
            max_length=64,
            description="遇到不认得的文件时系统写下的草稿；编号见「导入导出文件」或「格式声明」看板",
            json_schema_extra={CHOICES_KEY: "drafts"},
        ),
    ]
    text: Annotated[
        str,
        Field(
            title="声明",
            max_length=20_000,
            description="从看板上的链接打开时已填好草稿：补全带 TODO 的各处。不填就只显示草稿",
        ),
    ] = ""
    mode: Annotated[
        Literal["试运行：只检查，不写入", "正式启用"],
        Field(title="方式", description="先试运行，错误会指出第几行；启用后再导入一次那个文件"),
    ] = "试运行：只检查，不写入"
    answered_by: Person
