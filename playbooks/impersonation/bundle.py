"""What a platform's complaint wants, and what of it is there: the checklist of a bundle (投诉材料包)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from playbooks.core.documents.text import visible
from playbooks.core.messages import local
from playbooks.impersonation.channels import Channel
from playbooks.impersonation.facts import ImpersonationFacts

PARTS = {
    "授权委托": "authorisation",
    "信用代码": "uscc_certificate",
    "主体证明": "uscc_certificate",
    "身份": "agent_identity",
    "官方账号": "account_list",
    "截图": "evidence",
    "主页链接": "account_facts",
    "发现时间": "account_facts",
    "情况说明": "letter",
}
"""Word in the name of a material -> the part of the bundle that answers it; the first word counts."""

TITLES = {
    "letter": "致平台公函",
    "authorisation": "授权委托书",
    "account_list": "官方账号清单",
    "comparison": "逐项对比表",
    "evidence": "证据文件",
    "official_page": "官方账号页面截图，补充证据时文件名以“官方”开头",
    "uscc_certificate": "统一社会信用代码证书",
    "agent_identity": "经办人身份证明",
    "account_facts": "投诉填写要点",
}


@dataclass(frozen=True)
class Wanted:
    """One material that the platform asks for, and whether the bundle has it."""

    material: str
    part: str | None
    is_there: bool

    @property
    def state(self) -> str:
        """What a person has to do about it."""
        if self.part is None:
            return "请人工准备（平台自有格式或本系统不掌握）"
        return f"已备（{TITLES[self.part]}）" if self.is_there else f"缺少（{TITLES[self.part]}）"


def checklist(channel: Channel | None, present: Collection[str]) -> list[Wanted]:
    """Return what the platform's entrances ask for, each with whether it is in the bundle."""
    materials = (
        channel.materials
        if channel
        else ["涉嫌假冒账号页面截图", "授权委托书", "统一社会信用代码证书"]
    )
    return [
        Wanted(material, part, part in present)
        for material in materials
        for part in [_part_of(material)]
    ]


def checklist_text(
    facts: ImpersonationFacts, channel: Channel | None, wanted: Sequence[Wanted], warning: str
) -> str:
    """Return the sheet that lies on top: where to complain, what is there and what is missing."""
    lines = [f"案件 {facts.case_id} 投诉材料清单（{facts.platform_name}）", ""]
    if channel:
        lines.append(f"投诉类型：{channel.complaint}")
        lines += [f"入口{number}：{e.name}" for number, e in enumerate(channel.entrances, 1)]
        lines.append(f"平台通常时长：{channel.usual.text if channel.usual else '未找到'}")
    if warning:
        lines.append(f"注意：渠道信息{warning}，提交前请在平台页面核对")
    lines += ["", "平台要求的材料："]
    lines += [f"{number}.{item.material}：{item.state}" for number, item in enumerate(wanted, 1)]
    lines += ["", "本材料包由系统汇集，不会自动提交；请由经办人提交后登记受理编号。", ""]
    return "\n".join(lines)


def form_text(facts: ImpersonationFacts) -> str:
    """Return what to type into the platform's form, field by field."""
    account = facts.impostor
    official = facts.official_account
    fields = (
        ("被投诉账号名称", account.display_name),
        ("被投诉账号编号", account.account_id or "未取得"),
        ("被投诉账号主页", account.url or "未取得"),
        ("首次发现日期", account.found_on.isoformat()),
        ("被冒用单位", facts.sponsor_name),
        (
            "官方账号",
            f"{official.name}（{official.account_id or '编号未取得'}）"
            if official
            else "见官方账号清单",
        ),
        ("投诉理由", "；".join(facts.verdict_reasons)),
        ("诉求", "关停假冒账号；保全注册信息、登录日志、发布记录；反馈处理结果"),
        ("公函文号", facts.document_number or "未编号"),
        ("联系人", f"{facts.contact_name} {facts.contact_phone}"),
    )
    return "\n".join(f"{name}：{visible(value, 1_000)}" for name, value in fields) + "\n"


def evidence_text(facts: ImpersonationFacts) -> str:
    """Return the list of sealed evidence with digests, as the police and a platform compare it."""
    lines = [
        f"{number}. {item.file_name}  SHA-256 {item.sha256}  "
        f"{_moment(item.captured_at)}  {item.captured_by}"
        for number, item in enumerate(facts.evidence, 1)
    ]
    return "\n".join(["电子证据清单（文件名、校验值、登记时间、登记人）", *lines, ""])


def _moment(instant: datetime) -> str:
    return local(instant)


def _part_of(material: str) -> str | None:
    if "通知书" in material:  # the platform's own form: a person fills it in
        return None
    if "截图" in material and "官方" in material:
        return "official_page"
    return next((part for word, part in PARTS.items() if word in material), None)
