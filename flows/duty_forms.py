"""The forms around the duty roster: plan it, hand a shift over, say how a person is reached."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final, Literal

from pydantic import Field

from flows.forms import CHOICES_KEY, Form, Person

PLAN_ONLY: Final = "试排：只看统计"
REMOVE: Final = "删去原有的"

Role = Annotated[Literal["经办", "审核", "签发", "带班领导", "主要领导"], Field(title="角色")]
FirstDay = Annotated[date, Field(title="第一天")]
LastDay = Annotated[date, Field(title="最后一天", description="含当天")]


class PlanDuty(Form):
    """Plan a roster from a declaration in the inbox."""

    file_name: Annotated[
        str,
        Field(
            title="轮班声明",
            min_length=1,
            max_length=200,
            pattern=r"^[^/\\]+$",
            description="先把声明（.yml）放进收件目录 inbox，再填写文件名，如 值班.yml",
        ),
    ]
    first_on: FirstDay
    last_on: LastDay
    # The harmless choice stands first and is the default.
    mode: Annotated[
        Literal["试排：只看统计", "写出值班表"],
        Field(title="方式", description="写出的值班表在收件目录，核对后用「导入文件」导入"),
    ] = "试排：只看统计"
    answered_by: Person


class HandShift(Form):
    """Hand days of a shift to another person."""

    role: Role
    position: Annotated[
        int, Field(title="顺位", ge=1, le=99, description="1 为主班，2 起为替补")
    ] = 1
    starts_on: FirstDay
    ends_on: LastDay
    to_person: Annotated[
        str,
        Field(
            title="交给",
            min_length=1,
            description="接班人；须有联系方式",
            json_schema_extra={CHOICES_KEY: "people"},
        ),
    ]
    reason: Annotated[
        str, Field(title="换班理由", min_length=1, max_length=500, description="留痕，不能更改")
    ]
    answered_by: Person


class ChangeContact(Form):
    """Say how a person is reached on one channel."""

    person: Annotated[
        str,
        Field(
            title="谁的联系方式",
            min_length=1,
            json_schema_extra={CHOICES_KEY: "people"},
        ),
    ]
    channel: Annotated[Literal["企业微信", "钉钉", "飞书", "电子邮箱"], Field(title="渠道")]
    change: Annotated[Literal["改为下面填写的", "删去原有的"], Field(title="方式")]
    address: Annotated[
        str,
        Field(
            title="账号或邮箱",
            max_length=254,
            description="渠道中的用户账号，或邮箱地址；删去时不填",
        ),
    ] = ""
    answered_by: Person
