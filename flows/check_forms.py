"""Forms of the spot check and the appraisal: the checker's, the units' and the appraiser's."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from flows.forms import CHOICES_KEY, Form, Person
from flows.operations.spot_check_verdicts import ADOPT
from playbooks.spot_check.indicators import VERDICTS

Outcome = Literal["采用系统建议", "合格", "不合格", "不适用"]
OUTCOMES = {"采用系统建议": ADOPT, **{word: key for key, word in VERDICTS.items()}}
CaseNumber = Annotated[
    str,
    Field(title="案件编号", min_length=1, max_length=40, description="季度抽查件的编号，见看板"),
]
IndicatorChoice = Annotated[str, Field(json_schema_extra={CHOICES_KEY: "indicators"})]


class RecordChecks(Form):
    """What a checker found, for some or all accounts and indicators."""

    case_id: CaseNumber
    accounts: Annotated[
        str,
        Field(
            title="账号",
            min_length=1,
            max_length=4000,
            description="台账号，可写多个，用顿号隔开；「全部」即所有还没有结果的。改判已有结果的须写台账号",
        ),
    ] = "全部"
    indicators: Annotated[
        list[IndicatorChoice],
        Field(title="指标", max_length=60, description="不选即全部指标", default_factory=list),
    ]
    verdict: Annotated[
        Outcome,
        Field(title="检查结果", description="采用系统建议的，只登记系统有把握的项，其余须逐项给出"),
    ] = "采用系统建议"
    note: Annotated[
        str, Field(title="检查所见", max_length=1000, description="不合格的必填：何时看到什么")
    ] = ""
    evidence: Annotated[
        str, Field(title="证据链接", max_length=1000, description="内容或截图的地址")
    ] = ""
    files: Annotated[
        list[Annotated[str, Field(title="文件名")]],
        Field(
            title="证据文件",
            max_length=20,
            description="收件目录 inbox 中的文件名",
            default_factory=list,
        ),
    ]
    answered_by: Person


class ImportWorksheet(Form):
    """A worksheet that was filled in."""

    case_id: CaseNumber
    file_name: Annotated[
        str,
        Field(
            title="文件名",
            min_length=1,
            max_length=200,
            pattern=r"^[^/\\]+$",
            description="填好的抽查底稿.xlsx，先放进数据目录下的 inbox 文件夹；没填结果的行不动",
        ),
    ]
    answered_by: Person


class SelfReport(Form):
    """What a unit says of its own year, by one rule."""

    year: Annotated[int, Field(title="年度", ge=2020, le=2100)]
    unit_id: Annotated[
        str, Field(title="单位", min_length=1, json_schema_extra={CHOICES_KEY: "units"})
    ]
    rule: Annotated[
        str, Field(title="考核项", min_length=1, json_schema_extra={CHOICES_KEY: "appraisal_rules"})
    ]
    points: Annotated[
        float, Field(title="自评加分或扣分", ge=0, le=100, description="写正数；性质按考核项")
    ] = 0
    words: Annotated[
        str,
        Field(title="自评说明", min_length=1, max_length=2000, description="做了什么，何处可查"),
    ]
    evidence: Annotated[str, Field(title="佐证链接或文件名", max_length=1000)] = ""
    answered_by: Person


class ScoreAppraisal(SelfReport):
    """What the appraiser gives by one rule that only a person can judge, or rules on an appeal."""

    kind: Annotated[
        Literal["打分", "登记申诉", "裁定申诉"],
        Field(
            title="事项",
            description="打分限在岗的经办、审核；裁定限在岗的审核、签发、带班领导，且不是评分人。裁定即改定该项的扣分或加分；维持原分的写原分",
        ),
    ] = "打分"


class MakeTables(Form):
    """Which table to make."""

    table: Annotated[
        str, Field(title="数据表", min_length=1, json_schema_extra={CHOICES_KEY: "tables"})
    ]
    answered_by: Person
