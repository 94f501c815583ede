"""The comparison as a picture, for complaint forms that take nothing but pictures."""

# matplotlib types its plotting methods only in part:
# pyright: reportUnknownMemberType=false
from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from playbooks.core.chart_frame import DPI, drawn, png_of
from playbooks.core.documents.model import MISSING
from playbooks.core.documents.text import visible
from playbooks.impersonation.comparison import BY_HAND, Compared
from playbooks.impersonation.screenshots import shown_screenshot

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CHARACTERS = 20  # a column's width
LINES = 4  # of one cell; a name of thousands of characters must not push the rest off the picture
LEFT = (0.01, 0.13, 0.42, 0.71)
ALIKE, DIFFERENT = "#222222", "#B00020"
LINE_IN = 0.22
PANEL_IN, EMPTY_PANEL_IN = 3.6, 0.6
SIDES = ("官方账号", "被投诉账号")


@dataclass(frozen=True)
class Screenshots:
    """A picture of either account's page, as bytes; ``None`` where nobody captured one."""

    official: bytes | None = None
    impostor: bytes | None = None

    @property
    def both(self) -> tuple[bytes | None, bytes | None]:
        """The official's first, in the order of the columns."""
        return self.official, self.impostor


NO_SCREENSHOTS = Screenshots()


def comparison_picture(
    rows: Sequence[Compared], title: str, screenshots: Screenshots = NO_SCREENSHOTS
) -> bytes:
    """Return a PNG of the two accounts side by side: what was captured of each, then item by item.

    Args:
        rows: of the comparison; differences are set in red.
        title: above it all.
        screenshots: bytes of a picture of either page. Where there is none, or one that cannot be
            shown, the picture says so in its place: nobody may take a missing page for an empty one.
    """
    from matplotlib.figure import Figure

    table = [("项目", "官方账号", "被投诉账号", "异同")]
    table += [(r.item, r.official or MISSING, r.impostor or MISSING, r.remark) for r in rows]
    cells = [[_wrapped(text) for text in row] for row in table]
    heights = [max(cell.count("\n") + 1 for cell in row) + 0.7 for row in cells]
    table_in = LINE_IN * sum(heights) + 0.3
    panel_in = PANEL_IN if any(screenshots.both) else EMPTY_PANEL_IN
    figure = Figure(figsize=(9.0, table_in + panel_in), dpi=DPI, layout="constrained")
    figure.suptitle(drawn(visible(title, 60)), fontsize=11.0)
    grid = figure.add_gridspec(2, 2, height_ratios=(panel_in, table_in))
    for column, (name, picture) in enumerate(zip(SIDES, screenshots.both, strict=True)):
        _draw_panel(figure.add_subplot(grid[0, column]), name, picture)
    axes = figure.add_subplot(grid[1, :])
    axes.set_axis_off()
    axes.set_xlim(0, 1)
    axes.set_ylim(sum(heights), 0)
    top = 0.0
    for number, (row, height) in enumerate(zip(cells, heights, strict=True)):
        is_different = number > 0 and _is_different(rows[number - 1])
        _draw_row(axes, row, top, DIFFERENT if is_different else ALIKE)
        top += height
        axes.axhline(top, color="#999999", linewidth=0.6)
    return png_of(figure)


def _draw_panel(axes: Axes, name: str, picture: bytes | None) -> None:
    axes.set_xticks(())
    axes.set_yticks(())
    shown, why_not = shown_screenshot(picture) if picture else (None, "没有固定页面截图")
    if shown is None:
        axes.text(0.5, 0.5, drawn(f"{name}：{why_not}"), ha="center", va="center", color=ALIKE)
        return
    axes.set_title(drawn(f"{name}（页面截图，按比例缩小）"), fontsize=8.5)
    axes.imshow(shown)


def _draw_row(axes: Axes, row: Sequence[str], top: float, colour: str) -> None:
    for place, (left, text) in enumerate(zip(LEFT, row, strict=True)):
        shade = colour if place in (2, 3) else ALIKE
        axes.text(left, top + 0.35, text, color=shade, va="top", linespacing=1.3)


def _is_different(row: Compared) -> bool:
    """Tell whether the row shows a difference; of avatars only a person's word stands there."""
    is_told = row.official is not None or row.impostor is not None
    return is_told and row.remark not in ("相同", MISSING, BY_HAND)


def _wrapped(text: str) -> str:
    shown = drawn(visible(text, 300))
    lines = textwrap.wrap(shown, CHARACTERS) or [""]
    return "\n".join(
        lines if len(lines) <= LINES else [*lines[: LINES - 1], lines[LINES - 1][:-1] + "…"]
    )
