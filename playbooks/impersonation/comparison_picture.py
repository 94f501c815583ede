"""The comparison as a picture, for complaint forms that take nothing but pictures."""

# matplotlib types its plotting methods only in part:
# pyright: reportUnknownMemberType=false
from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

from playbooks.core.chart_frame import DPI, drawn, png_of
from playbooks.core.documents.model import MISSING
from playbooks.core.documents.text import visible
from playbooks.impersonation.comparison import BY_HAND, Compared

if TYPE_CHECKING:
    from matplotlib.axes import Axes

CHARACTERS = 20  # a column's width
LINES = 4  # of one cell; a name of thousands of characters must not push the rest off the picture
LEFT = (0.01, 0.13, 0.42, 0.71)
ALIKE, DIFFERENT = "#222222", "#B00020"
LINE_IN = 0.22


def comparison_picture(rows: Sequence[Compared], title: str) -> bytes:
    """Return a PNG of the two accounts side by side, differences in red."""
    from matplotlib.figure import Figure

    table = [("项目", "官方账号", "被投诉账号", "异同")]
    table += [(r.item, r.official or MISSING, r.impostor or MISSING, r.remark) for r in rows]
    cells = [[_wrapped(text) for text in row] for row in table]
    heights = [max(cell.count("\n") + 1 for cell in row) + 0.7 for row in cells]
    figure = Figure(figsize=(9.0, LINE_IN * sum(heights) + 0.6), dpi=DPI, layout="constrained")
    axes = figure.add_subplot()
    axes.set_title(drawn(visible(title, 60)), fontsize=11.0)
    axes.set_axis_off()
    axes.set_xlim(0, 1)
    axes.set_ylim(sum(heights), 0)
    top = 0.0
    for number, (row, height) in enumerate(zip(cells, heights, strict=True)):
        is_different = number > 0 and rows[number - 1].remark not in ("相同", MISSING, BY_HAND)
        _draw_row(axes, row, top, DIFFERENT if is_different else ALIKE)
        top += height
        axes.axhline(top, color="#999999", linewidth=0.6)
    return png_of(figure)


def _draw_row(axes: Axes, row: Sequence[str], top: float, colour: str) -> None:
    for place, (left, text) in enumerate(zip(LEFT, row, strict=True)):
        shade = colour if place in (2, 3) else ALIKE
        axes.text(left, top + 0.35, text, color=shade, va="top", linespacing=1.3)


def _wrapped(text: str) -> str:
    shown = drawn(visible(text, 300))
    lines = textwrap.wrap(shown, CHARACTERS) or [""]
    return "\n".join(
        lines if len(lines) <= LINES else [*lines[: LINES - 1], lines[LINES - 1][:-1] + "…"]
    )
