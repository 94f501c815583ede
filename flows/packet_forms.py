"""The forms around a packet: make it, write its analysis, record that it was signed and sent."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from flows.forms import Form, Person, optional_choice

ONE, EACH_UNIT = "一份", "每个单位各一份"
WRITE, TAKE_OVER = "写入下面的内容", "沿用上期所写"

Year = Annotated[int, Field(title="年度", ge=2020, le=2100)]
PeriodName = Annotated[
    Literal[
        "第一季度",
        "第二季度",
        "第三季度",
        "第四季度",
        "上半年",
        "下半年",
        "全年",
        "1月",
        "2月",
        "3月",
        "4月",
        "5月",
        "6月",
        "7月",
        "8月",
        "9月",
        "10月",
        "11月",
        "12月",
    ],
    Field(title="统计期"),
]
UnitChoice = Annotated[
    str,
    Field(
        title="单位",
        description="含下属单位，开发区也选这里；单位、账号都不填就是全区",
        json_schema_extra=optional_choice("units"),
    ),
]
AccountChoice = Annotated[
    str,
    Field(
        title="账号",
        description="只做一个账号时填；与单位只能填一个",
        json_schema_extra=optional_choice("accounts"),
    ),
]
AsOf = Annotated[
    str,
    Field(
        title="照当时重做",
        pattern=r"^(\d{4}-\d{2}-\d{2})?$",
        description="不填就按现在的数据生成。填某一天（如 2026-10-10），就用到那天为止最后一次生成时留存的"
        "底数重新生成，并逐个文件核对是否与当时一致",
    ),
]


class MakePacket(Form):
    """Make the Article 32 packet of a period for the district, a unit or an account."""

    year: Year
    period: PeriodName
    unit_id: UnitChoice = ""
    account_id: AccountChoice = ""
    how_many: Annotated[
        Literal["一份", "每个单位各一份"],
        Field(title="份数", description="「每个单位各一份」不用选单位和账号；单位多时要几分钟"),
    ] = "一份"
    as_of: AsOf = ""
    answered_by: Person


class WriteAnalysis(Form):
    """Write one analysis paragraph of a packet."""

    year: Year
    period: PeriodName
    unit_id: UnitChoice = ""
    account_id: AccountChoice = ""
    section: Annotated[
        Literal[
            "线下活动",
            "社会反响",
            "网民评论",
            "舆情收集",
            "整改情况",
            "下一步安排",
            "原创转载解读与重大信息转载",
        ],
        Field(title="栏目"),
    ]
    mode: Annotated[
        Literal["写入下面的内容", "沿用上期所写"],
        Field(title="方式", description="「沿用」把上一期同一栏目所写的作为本期内容，由您负责"),
    ] = "写入下面的内容"
    text: Annotated[
        str,
        Field(
            title="内容",
            max_length=5000,
            description="写入报告并注明由您填写；再写一次以新的为准，旧的留痕；不填即退回待填写",
        ),
    ] = ""
    answered_by: Person


class RecordPacket(Form):
    """Record what a person did with a finished packet."""

    year: Year
    period: PeriodName
    unit_id: UnitChoice = ""
    account_id: AccountChoice = ""
    act: Annotated[
        Literal["签发", "报送", "收到回执", "公开", "退回"],
        Field(
            title="办理",
            description="签字、盖章、报送都由人完成，这里只登记结果；签发由在岗的签发、带班领导或主要领导登记",
        ),
    ]
    done_on: Annotated[date, Field(title="办理日期", description="写成 2026-10-12，不得晚于今天")]
    who: Annotated[
        str,
        Field(
            title="签发人或对方单位",
            min_length=1,
            max_length=100,
            description="签发写签发人，报送、回执写收件单位，公开写载体，退回写退回人",
        ),
    ]
    note: Annotated[
        str,
        Field(title="文号、回执编号、网址或理由", max_length=300, description="退回须写理由"),
    ] = ""
    scan: Annotated[
        str,
        Field(
            title="扫描件",
            max_length=200,
            pattern=r"^[^/\\]*$",
            description="签字盖章后的扫描件，先放进收件目录 inbox，再写文件名；可不填",
        ),
    ] = ""
    answered_by: Person
