"""The form by which a person decides about a lead to an incident."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from flows.forms import Form, Person

IncidentKind = Literal[
    "按线索建议", "突发事件", "政务舆情", "内容事故", "账号被盗或篡改", "网络安全事件"
]
SUGGESTED = "按线索建议"


class DecideLead(Form):
    """A lead: a case is opened from it, or it is put aside."""

    number: Annotated[
        str,
        Field(
            title="线索编号",
            min_length=1,
            max_length=200,
            pattern=r"^[0-9、,，;； -]+$",
            description="看板「事件线索」上的编号；排除时可写多个，如 3、5-8",
        ),
    ]
    decision: Annotated[
        Literal["立案", "排除"],
        Field(title="处理", description="线索不是认定：请先核实；立案即开始计时"),
    ]
    kind: Annotated[
        IncidentKind, Field(title="事件类型", description="立案用；与线索建议不同的在此改")
    ] = "按线索建议"
    title: Annotated[
        str,
        Field(title="事件名称", max_length=60, description="立案用；不填用线索的名称"),
    ] = ""
    facts: Annotated[
        str,
        Field(
            title="已知情况",
            max_length=2_000,
            description="立案用；不填用线索的内容；只写已知的，不写推测",
        ),
    ] = ""
    known_at: Annotated[
        str,
        Field(
            title="首次获知时间",
            max_length=40,
            description="立案用；北京时间，写成 2026-08-12 20:00；不填即线索首次发现的时间，法定时限从此起算",
        ),
    ] = ""
    reason: Annotated[
        str,
        Field(title="排除的理由", max_length=500, description="排除的必填；理由留痕，以后不再提示"),
    ] = ""
    answered_by: Person
