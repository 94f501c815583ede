from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from playbooks.core.register.plan import apply_import, prepare_import
from sql import catalogs, transaction

NOW = datetime(2026, 3, 5, 1, 0, tzinfo=UTC)
UNIT = "单位编号 单位名称 单位简称 单位类别 上级单位编号 主管单位编号 统一社会信用代码 所属区域"
ACCOUNT = (
    "账号编号 主办单位编号 平台 平台账号ID 账号名称 账号类型 认证状态 认证主体 认证到期日 链接 开通日期 "
    "账号状态 承办单位 评论私信开放 负责人编号 管理员编号 审批文号 联系电话"
)
PERSON = "人员编号 姓名 单位编号 职务 手机号 聊天账号 培训日期 是否在岗"
SHIFT = "角色 顺位 人员编号 开始日期 结束日期"
HEADINGS = {"单位": UNIT, "账号": ACCOUNT, "人员": PERSON, "值班表": SHIFT}
DEFAULTS = {
    "单位": {"单位类别": "部门"},
    "账号": {"主办单位编号": "U1", "平台": "微博", "账号状态": "正常"},
    "人员": {"单位编号": "U1", "培训日期": "2026-01-05", "是否在岗": "是"},
    "值班表": {},
}


@dataclass
class Rows:
    """What the spreadsheet reader yields."""

    name: str
    rows: list


class Workbooks:
    """Literal rows by heading; what is not said is blank or an ordinary value."""

    def sheet(self, name, *rows):
        headings = HEADINGS[name].split()
        cells = [DEFAULTS[name] | row for row in rows]
        return Rows(name, [headings, *[[row.get(key, "") for key in headings] for row in cells]])

    def shift(self, role, position, person, starts_on, ends_on):
        cells = (role, position, person, starts_on, ends_on)
        return dict(zip(SHIFT.split(), cells, strict=True))

    def good(self):
        """Two units, three accounts, two people, two shifts; nothing wrong with it."""
        return [
            self.sheet(
                "单位",
                {"单位编号": "U1", "单位名称": "云杉新区管理委员会", "单位类别": "管委会"},
                {
                    "单位编号": "U2",
                    "单位名称": "云杉新区教育局",
                    "上级单位编号": "U1",
                    "主管单位编号": "U1",
                },
            ),
            self.sheet(
                "账号",
                {
                    "账号编号": "A1",
                    "平台": "微信公众号",
                    "账号名称": "云杉发布",
                    "认证状态": "已认证",
                    "认证主体": "云杉新区管理委员会",
                    "认证到期日": "2026-04-30",
                    "开通日期": "2020-05-18",
                    "评论私信开放": "是",
                    "负责人编号": "P1",
                    "管理员编号": "P2",
                    "审批文号": "云政公开〔2020〕1号",
                    "联系电话": "0431-81234567",
                },
                {"账号编号": "A2", "账号名称": "云杉发布", "负责人编号": "P1"},
                {
                    "账号编号": "A3",
                    "主办单位编号": "U2",
                    "账号名称": "云杉教育",
                    "承办单位": "某传媒公司",
                    "评论私信开放": "否",
                },
            ),
            self.sheet(
                "人员",
                {"人员编号": "P1", "姓名": "张三", "手机号": "13800000001", "聊天账号": "U01"},
                {"人员编号": "P2", "姓名": "李四", "手机号": "13800000002"},
            ),
            self.sheet(
                "值班表",
                self.shift("经办", 1, "P1", "2026-03-02", "2026-03-08"),
                self.shift("经办", 2, "P2", "2026-03-02", "2026-03-15"),
            ),
        ]


@pytest.fixture
def workbooks():
    return Workbooks()


@pytest.fixture
def ops():
    with catalogs.memory("ops") as connection:
        yield connection


@pytest.fixture
def stored(ops, workbooks):
    """The ops catalog after the good workbook was imported."""
    with transaction(ops):
        plan = prepare_import(ops, workbooks.good(), "register.xlsx")
        apply_import(ops, plan, now=NOW, actor="张三", payload_sha256="ab" * 32)
    return ops
