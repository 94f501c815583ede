"""Forms for reports of impersonators: one report, a file of them, and a report that waits."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from flows.forms import CHOICES_KEY, Form, Person

PlatformLabel = Literal[
    "微信公众号", "视频号", "微博", "抖音", "快手", "哔哩哔哩", "头条号", "小红书", "其他平台"
]
ReportChannel = Literal["网民举报", "12345 热线", "日常巡查", "主办单位发现", "其他"]
INTAKE = (
    *("platform", "platform_name", "platform_company", "display_name"),
    *("platform_account_id", "url", "official_account_id"),
)
"""The fields of these forms that are the intake of the impersonation playbook."""

MODE_HELP = "先试运行看逐行结果，没有问题再正式导入；同一编号只收一次"

Name = Annotated[
    str, Field(title="可疑账号名称", min_length=1, max_length=200, description="按页面显示原样填写")
]
AccountNumber = Annotated[
    str, Field(title="可疑账号编号", max_length=100, description="微信号、UID、抖音号等")
]
Address = Annotated[str, Field(title="账号主页链接", max_length=1000)]
Official = Annotated[
    str,
    Field(
        title="疑被冒用的官方账号",
        description="从台账中选择",
        json_schema_extra={CHOICES_KEY: "accounts"},
    ),
]


OtherName = Annotated[
    str, Field(title="平台名称（其他平台）", max_length=60, description="选「其他平台」时填写")
]
OtherCompany = Annotated[
    str,
    Field(
        title="平台运营公司（其他平台）",
        max_length=100,
        description="函件的主送单位；选「其他平台」时填写",
    ),
]


class OneReport(Form):
    """One report, typed in."""

    channel: Annotated[ReportChannel, Field(title="线索来源")]
    number: Annotated[
        str,
        Field(
            title="举报编号",
            max_length=80,
            description="来源给出的编号（如工单编号），用于去重与答复；没有可不填",
        ),
    ] = ""
    platform: Annotated[PlatformLabel, Field(title="所在平台")]
    platform_name: OtherName = ""
    platform_company: OtherCompany = ""
    display_name: Name
    platform_account_id: AccountNumber = ""
    url: Address = ""
    official_account_id: Official = ""
    content: Annotated[
        str,
        Field(
            title="情况描述",
            min_length=1,
            max_length=4000,
            description="请勿写入举报人姓名、电话、身份证号；写入的会被遮盖",
        ),
    ]
    contact: Annotated[
        str,
        Field(
            title="答复联系方式",
            max_length=200,
            description="只为答复举报人，单独保存，答复后删除；不需要可不填",
        ),
    ] = ""
    answered_by: Person


class ImportReports(Form):
    """A file of reports that lies in the inbox folder."""

    file_name: Annotated[
        str,
        Field(
            title="文件名",
            min_length=1,
            max_length=200,
            pattern=r"^[^/\\]+$",
            description="先把 12345 导出表、登记表或邮箱导出放进数据目录下的 inbox 文件夹",
        ),
    ]
    source: Annotated[
        str, Field(title="来源编号", max_length=40, description="按列名自动识别；识别错时才填")
    ] = ""
    mode: Annotated[
        Literal["试运行：只检查，不写入", "正式导入"], Field(title="方式", description=MODE_HELP)
    ] = "试运行：只检查，不写入"
    answered_by: Person


class SettleReport(Form):
    """A report that waits: which account it is about, or that it is about none."""

    report_id: Annotated[
        str, Field(title="举报", min_length=1, max_length=130, description="见「待补充的举报」")
    ]
    decision: Annotated[Literal["立案或并案", "不予立案"], Field(title="处理")]
    platform: Annotated[PlatformLabel, Field(title="所在平台", description="不予立案时任选")]
    platform_name: OtherName = ""
    platform_company: OtherCompany = ""
    display_name: Annotated[
        str, Field(title="可疑账号名称", max_length=200, description="立案时必填，按页面显示填写")
    ] = ""
    platform_account_id: AccountNumber = ""
    url: Address = ""
    official_account_id: Official = ""
    reason: Annotated[str, Field(title="不予立案的理由", max_length=500)] = ""
    answered_by: Person


Numbers = Annotated[
    str,
    Field(max_length=2000, description="看板「疑似账号」上的编号，可写多个，如 3、5-8；没有可不填"),
]


class ReviewSuspects(Form):
    """Suspects of the nightly scan: which become cases, which are none."""

    accept: Annotated[Numbers, Field(title="受理（立案或并入在办案件）")] = ""
    dismiss: Annotated[Numbers, Field(title="排除（不是假冒）")] = ""
    reason: Annotated[
        str,
        Field(
            title="排除的理由",
            max_length=500,
            description="有排除的必填；理由会记住，该账号资料不变就不再提示",
        ),
    ] = ""
    answered_by: Person


class MatchNames(Form):
    """A list of names from the inbox, to compare with the register or with another list."""

    file_name: Annotated[
        str,
        Field(
            title="待查账号文件",
            min_length=1,
            max_length=200,
            pattern=r"^[^/\\]+$",
            description="先把 CSV 放进数据目录下的 inbox 文件夹；列：candidate_id,name,platform，可加 handle,bio,avatar,certified_subject",
        ),
    ]
    register_file: Annotated[
        str,
        Field(
            title="受保护账号文件",
            max_length=200,
            pattern=r"^[^/\\]*$",
            description="不填则与本单位台账比对；列：official_id,name,platform,unit,region",
        ),
    ] = ""
    answered_by: Person


class CaseDocuments(Form):
    """The case whose papers are to be made."""

    case_id: Annotated[
        str, Field(title="案件编号", min_length=1, max_length=40, description="见看板")
    ]
    answered_by: Person


class CapturePage(CaseDocuments):
    """A page to be captured as evidence of a case."""

    url: Annotated[
        str,
        Field(
            title="网址",
            max_length=2000,
            description="不填则采集立案时登记的主页链接",
        ),
    ] = ""
