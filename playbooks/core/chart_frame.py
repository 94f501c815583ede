"""What every chart shares: the figure, its axes, its legend, its bytes.

Charts are drawn without pyplot and with the packaged font named on every text, so nothing global is
changed. Outside names are set as they stand: no math markup, no hidden labels.
"""

# matplotlib types its plotting methods only in part:
# pyright: reportUnknownMemberType=false
from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

import pylopdf_fonts_zh_cn

from playbooks.core.documents.fonts import drawable, file_coverage
from playbooks.core.documents.text import visible

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

DPI = 200
WIDTH_IN, HEIGHT_IN = 6.14, 3.3  # the 156 mm text width of an official page
TITLE_PT, LABEL_PT = 11.0, 8.5
LABEL_CHARACTERS = 16

# Okabe and Ito's palette, told apart with every common colour blindness; black last.
PALETTE = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#F0E442", "#000000")


@dataclass(frozen=True)
class Series:
    """One named row of values; None is a value that was not obtained."""

    name: str
    values: Sequence[float | None]


def check(title: str, count: int, series: Sequence[Series]) -> None:
    where = f"chart {visible(title, 100)}"
    if not count or not series:
        raise ValueError(f"{where}: there is nothing to draw")
    if len(series) > len(PALETTE):
        raise ValueError(f"{where}: {len(series)} series; at most {len(PALETTE)} can be told apart")
    for each in series:
        if len(each.values) != count:
            raise ValueError(
                f"{where}: {visible(each.name, 100)} has {len(each.values)} values for {count} places"
            )


def new_figure(title: str, height_in: float = HEIGHT_IN) -> tuple[Figure, Axes]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH_IN, height_in), dpi=DPI, layout="constrained")
    axes = figure.add_subplot()
    axes.set_title(drawn(visible(title, 60)), fontsize=TITLE_PT)
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def value_axis(axes: Axes, unit: str, values: Sequence[float | None]) -> None:
    axes.set_ylabel(f"单位\uff1a{name_of(unit)}")
    number_ticks(axes.yaxis, values)
    axes.grid(axis="y", linewidth=0.4, alpha=0.5)
    axes.set_axisbelow(True)


def number_ticks(axis: Axis, values: Sequence[float | None]) -> None:
    """Few enough to read; whole numbers for things that are counted."""
    from matplotlib.ticker import MaxNLocator

    are_counts = all(value is None or value == int(value) for value in values)
    axis.set_major_locator(MaxNLocator(nbins=6, integer=are_counts))
    axis.set_major_formatter(tick_text)


def add_legend(axes: Axes, handles: Sequence[Artist], series: Sequence[Series]) -> None:
    """Name the series; names are set afterwards, because the library hides those beginning with _."""
    legend = axes.figure.legend(
        handles=handles,
        labels=[str(number) for number in range(len(series))],
        loc="outside lower center",
        ncols=min(4, len(series)),
        frameon=False,
    )
    for text, each in zip(legend.get_texts(), series, strict=True):
        text.set_text(name_of(each.name))


def png_of(figure: Figure) -> bytes:
    """Return the picture, every text in the packaged font and none of it read as math."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.font_manager import FontProperties
    from matplotlib.text import Text

    for axes in figure.axes:
        _settle_ticks(axes.xaxis)
        _settle_ticks(axes.yaxis)
    path = str(pylopdf_fonts_zh_cn.sans_path())
    fonts = {size: FontProperties(fname=path, size=size) for size in (TITLE_PT, LABEL_PT)}
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        size = TITLE_PT if text.get_fontsize() == TITLE_PT else LABEL_PT
        text.set_fontproperties(fonts[size])
        text.set_parse_math(False)
    buffer = BytesIO()
    # Not savefig: it draws everything twice, the first time only to lay it out, which drawing does too.
    FigureCanvasAgg(figure).print_png(buffer, metadata={"Software": None})
    return buffer.getvalue()


def _settle_ticks(axis: Axis) -> None:
    """Fix the ticks where they are now: a tick made while drawing would have the wrong font."""
    low, high = sorted(axis.get_view_interval())
    axis.set_ticks([place for place in axis.get_ticklocs() if low <= place <= high])
    axis.get_ticklabels()


def numbers(values: Sequence[float | None]) -> list[float]:
    return [math.nan if value is None else value for value in values]


def tick_text(value: float, _position: float | None) -> str:
    return number_text(value)


def number_text(value: float) -> str:
    """Return 12,345 or 0.25: thousands parted, no trailing zeros."""
    text = f"{value:,.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def name_of(text: str) -> str:
    """Return an outside name fit for a label: visible, short, in characters the font has."""
    shown = visible(text, 200)
    cut = shown if len(shown) <= LABEL_CHARACTERS else shown[: LABEL_CHARACTERS - 1] + "…"
    return drawn(cut)


def drawn(text: str) -> str:
    """Return *text* with what the packaged font lacks written out."""
    return drawable(text, file_coverage(pylopdf_fonts_zh_cn.sans_path()))
