"""What became of the files in the drop folder, for the command, the form and the night's summary."""

from __future__ import annotations

from collections.abc import Sequence

from flows.operations.boards import markdown_text
from flows.operations.drop_folder import Dropped

OUTCOMES = {"refused": "未导入", "imported": "已导入", "already": "此前已导入", "waiting": "等待"}
MOST_LINES = 60


def drop_lines(dropped: Sequence[Dropped]) -> list[str]:
    """Return one line a file, refused ones first."""
    order = list(OUTCOMES)
    ranked = sorted(dropped, key=lambda one: order.index(one.outcome))
    return [f"{_title(one)}　{one.name}：{one.sentence}" for one in ranked]


def _title(one: Dropped) -> str:
    is_preview = one.imported is not None and one.imported.is_preview
    return "可以导入" if is_preview and one.outcome == "imported" else OUTCOMES[one.outcome]


def drop_markdown(dropped: Sequence[Dropped]) -> str:
    """Return the section of the drop folder for the night's summary; empty when nothing lay there."""
    if not dropped:
        return ""
    lines = [f"- {markdown_text(line, 400)}" for line in drop_lines(dropped)[:MOST_LINES]]
    if len(dropped) > MOST_LINES:
        lines.append(f"- 另有 {len(dropped) - MOST_LINES} 个文件，见 done 与 refused 文件夹")
    return "\n".join(["### 投递文件夹", "", *lines, ""])


def refused_in(dropped: Sequence[Dropped]) -> list[Dropped]:
    """Return the files that a person has to look at."""
    return [one for one in dropped if one.outcome == "refused"]
