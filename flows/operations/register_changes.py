"""What imports changed in the register, as a list for the terminal and for the board 台账变更."""

from __future__ import annotations

from typing import Final

import sql
from flows.operations.boards import shown
from flows.settings import Settings
from playbooks.core.messages import local
from playbooks.core.register.changes import ToldChange, told
from sql.catalogs import open_catalog

CHANGES: Final = "register-changes"
CHANGES_TITLE: Final = "台账变更"
MOST_SHOWN: Final = 500


def register_changes(settings: Settings, record_key: str = "") -> list[ToldChange]:
    """Return the latest changes of one record, or of all."""
    with open_catalog(settings.ops) as connection:
        rows = sql.rows(
            connection, "register/changes", record_key=record_key.strip(), limit=MOST_SHOWN
        )
    return [told(row) for row in rows]


def changes_markdown(settings: Settings, record_key: str = "") -> str:
    """Return the changes as one Markdown table."""
    found = register_changes(settings, record_key)
    if not found:
        return "台账还没有变更过。" if not record_key else "没有这个编号的变更。"
    return "\n".join(
        [
            f"## 台账变更（最近 {len(found)} 项）",
            "变更负责人、管理员的附审批表编号（第十三条）。联系方式的内容不留存。",
            "",
            "| 时间 | 表 | 编号 | 栏目 | 原为 | 改为 | 审批表 | 导入人 |",
            "|---|---|---|---|---|---|---|---|",
            *(_line(one) for one in found),
        ]
    )


def _line(one: ToldChange) -> str:
    texts = (
        *(one.sheet, one.key, one.heading, one.before or "—", one.after or "—"),
        *(one.change_form or "—", one.actor),
    )
    cells = (local(one.changed_at), *(shown(text, 120) for text in texts))
    return "| " + " | ".join(cells) + " |"
