"""The register workbook (台账): the district as four tables under the register's own headings.

The headings are literals because connectors may not import playbooks; a test compares them with
``playbooks/core/register/columns.yml``, so neither side can drift alone.
"""

from __future__ import annotations

from collections.abc import Iterable

from connectors.simulation.deterministic_xlsx import Cell
from connectors.simulation.district import District
from connectors.simulation.model import Account, Person, Shift, Unit

UNIT_HEADINGS = (
    *("单位编号", "单位名称", "单位简称", "单位类别", "上级单位编号", "主管单位编号"),
    *("统一社会信用代码", "所属区域"),
)
ACCOUNT_HEADINGS = (
    *("账号编号", "主办单位编号", "平台", "平台账号ID", "账号名称", "账号类型", "认证状态"),
    *("认证主体", "认证到期日", "链接", "开通日期", "账号状态", "承办单位", "评论私信开放"),
    *("负责人编号", "管理员编号", "审批文号", "联系电话"),
)
PERSON_HEADINGS = (
    *("人员编号", "姓名", "单位编号", "职务", "手机号", "聊天账号", "培训日期", "是否在岗"),
)
SHIFT_HEADINGS = ("角色", "顺位", "人员编号", "开始日期", "结束日期")

UNIT_KINDS = {
    "district_committee": "管委会",
    "zone_committee": "开发区管委会",
    "department": "部门",
    "township": "乡街",
    "community": "社区",
}
PLATFORMS = {
    "wechat_official": "微信公众号",
    "wechat_channels": "视频号",
    "weibo": "微博",
    "douyin": "抖音",
    "kuaishou": "快手",
    "toutiao": "头条号",
}
STATUSES = {
    "applied": "申请中",
    "active": "正常",
    "in_public_notice": "公告中",
    "shut_down": "关停",
}
VERIFICATIONS = {
    "verified": "已认证",
    "pending": "认证中",
    "unverified": "未认证",
    "expired": "已过期",
}
ROLES = {
    "handler": "经办",
    "reviewer": "审核",
    "signer": "签发",
    "duty_lead": "带班领导",
    "head": "主要领导",
}
_YES_NO = {True: "是", False: "否"}

Row = tuple[Cell, ...]


def register_tables(district: District) -> dict[str, list[Row]]:
    """Return sheet name -> rows, headings first: 单位, 账号, 人员, 值班表."""
    return {
        "单位": _table(UNIT_HEADINGS, (_unit_row(unit) for unit in district.iterate_units())),
        "账号": _table(
            ACCOUNT_HEADINGS, (_account_row(account) for account in district.iterate_accounts())
        ),
        "人员": _table(PERSON_HEADINGS, (_person_row(one) for one in district.iterate_people())),
        "值班表": _table(SHIFT_HEADINGS, (_shift_row(shift) for shift in district.shifts)),
    }


def _table(headings: Row, rows: Iterable[Row]) -> list[Row]:
    return [headings, *rows]


def _unit_row(unit: Unit) -> Row:
    return (
        unit.unit_id,
        unit.name,
        unit.short_name,
        UNIT_KINDS[unit.unit_kind],
        unit.parent_unit_id,
        unit.supervisor_unit_id,
        unit.uscc,
        unit.region,
    )


def _account_row(account: Account) -> Row:
    return (
        account.account_id,
        account.unit_id,
        PLATFORMS[account.platform],
        account.platform_account_id,
        account.name,
        account.account_kind,
        VERIFICATIONS[account.verification_status],
        account.verified_subject,
        account.verification_expires_on,
        account.url,
        account.opened_on,
        STATUSES[account.status],
        account.operator,
        _YES_NO[account.comments_open],
        account.responsible_person_id,
        account.administrator_person_id,
        account.approval_number,
        account.phone,
    )


def _person_row(person: Person) -> Row:
    return (
        person.person_id,
        person.name,
        person.unit_id,
        person.post,
        person.mobile,
        person.chat_user_id,
        person.trained_on,
        _YES_NO[person.is_active],
    )


def _shift_row(shift: Shift) -> Row:
    return (ROLES[shift.role], shift.position, shift.person_id, shift.starts_on, shift.ends_on)
