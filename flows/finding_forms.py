"""Forms around problems, spot checks and the appraisal: many at once, each with who answers."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from flows.forms import Form, Person, optional_choice

FindingNumbers = Annotated[
    str,
    Field(max_length=2000, description="看板「问题清单」上的编号，可写多个，如 3、5-8；没有可不填"),
]


class SettleFindings(Form):
    """Problems of the list: what is to become of each of them."""

    accept: Annotated[FindingNumbers, Field(title="转整改")] = ""
    notice: Annotated[FindingNumbers, Field(title="发整改通知（每个单位一件）")] = ""
    fixed: Annotated[FindingNumbers, Field(title="登记已整改")] = ""
    dismiss: Annotated[FindingNumbers, Field(title="排除")] = ""
    assign: Annotated[FindingNumbers, Field(title="改派责任人")] = ""
    owner: Annotated[
        str,
        Field(
            title="新的责任人",
            description="有改派的必填",
            json_schema_extra=optional_choice("people"),
        ),
    ] = ""
    workdays: Annotated[
        int, Field(title="整改期限（工作日）", ge=0, le=60, description="0 为按清单的期限")
    ] = 0
    reason: Annotated[
        str,
        Field(
            title="理由或核实情况",
            max_length=500,
            description="排除写理由，已整改写怎样整改，线索转整改写核实情况",
        ),
    ] = ""
    answered_by: Person


class DeriveFindings(Form):
    """Nothing to fill in but who asks."""

    answered_by: Person
