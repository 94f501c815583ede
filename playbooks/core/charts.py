"""Charts as PNG pictures: trend, grouped bars, ranking, calendar heat map.

A value that was not obtained is None and leaves a gap or the word 未取得, never a zero. Charts are drawn
without pyplot and with the packaged font named on every text, so nothing global is changed, and
equal arguments give equal bytes. Outside names are set as they stand: no math markup, no hidden labels.
"""

# matplotlib types its plotting methods only in part:
# pyright: reportUnknownMemberType=false
from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from typing import TYPE_CHECKING

import pylopdf_fonts_zh_cn

from playbooks.core.documents.fonts import drawable, file_coverage
from playbooks.core.documents.model import MISSING
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
_MARKERS = "osD^vPX*"
_MISSING_COLOUR = "#D9D9D9"


@dataclass(frozen=True)
class Series:
    """One named row of values; None is a value that was not obtained."""

    name: str
    values: Sequence[float | None]


def line_trend(title: str, days: Sequence[date], series: Sequence[Series], unit: str) -> bytes:
    """Return a line for each of *series* over *days*; a missing day interrupts its line.

    Args:
        title: printed above the chart.
        days: ascending days, one for each value.
        series: at most eight.
        unit: of the values, for example 人.

    Raises:
        ValueError: lengths differ, nothing to draw, or more series than can be told apart.
    """
    _check(title, len(days), series)
    figure, axes = _figure(title)
    places = [day.toordinal() for day in days]
    handles: list[Artist] = []
    for index, each in enumerate(series):
        handles += axes.plot(
            places,
            _numbers(each.values),
            color=PALETTE[index],
            marker=_MARKERS[index],
            markersize=2.5,
            linewidth=1.2,
        )
    ticks = sorted({round(index * (len(days) - 1) / 7) for index in range(8)})
    axes.set_xticks([places[tick] for tick in ticks], [f"{days[tick]:%Y-%m-%d}" for tick in ticks])
    axes.tick_params(axis="x", labelrotation=30)
    axes.set_xlabel("日期")
    _value_axis(axes, unit, [value for each in series for value in each.values])
    _legend(axes, handles, series)
    return _png(figure)


def grouped_bars(title: str, groups: Sequence[str], series: Sequence[Series], unit: str) -> bytes:
    """Return bars side by side in each of *groups*; a missing value says 未取得 in place of its bar.

    Raises:
        ValueError: lengths differ, nothing to draw, or more series than can be told apart.
    """
    _check(title, len(groups), series)
    figure, axes = _figure(title)
    width = 0.8 / len(series)
    handles: list[Artist] = []
    for index, each in enumerate(series):
        places = [place - 0.4 + width * (index + 0.5) for place in range(len(groups))]
        bars = axes.bar(places, _numbers(each.values), width, color=PALETTE[index])
        handles.append(bars.patches[0])
        for place, value in zip(places, each.values, strict=True):
            if value is None:
                axes.text(place, 0, MISSING, rotation=90, ha="center", va="bottom", color="#666666")
    axes.set_xticks(range(len(groups)), [_name(group) for group in groups])
    if len(groups) > 5:
        axes.tick_params(axis="x", labelrotation=30)
    _value_axis(axes, unit, [value for each in series for value in each.values])
    axes.axhline(0, color="black", linewidth=0.6)
    _legend(axes, handles, series)
    return _png(figure)


def ranking(title: str, names: Sequence[str], values: Sequence[float | None], unit: str) -> bytes:
    """Return horizontal bars in the order given, the first on top, each with its value.

    Raises:
        ValueError: lengths differ or nothing to draw.
    """
    _check(title, len(names), [Series(title, values)])
    figure, axes = _figure(title, height_in=max(HEIGHT_IN / 2, 0.6 + 0.24 * len(names)))
    places = range(len(names))
    axes.barh(places, [value or 0 for value in values], 0.65, color=PALETTE[0])
    for place, value in zip(places, values, strict=True):
        label = MISSING if value is None else _figure_text(value)
        axes.annotate(label, (value or 0, place), (3, 0), textcoords="offset points", va="center")
    axes.set_yticks(places, [_name(name) for name in names])
    axes.invert_yaxis()
    axes.margins(x=0.14)
    axes.set_xlabel(f"单位\uff1a{_name(unit)}")
    _number_ticks(axes.xaxis, values)
    axes.grid(axis="x", linewidth=0.4, alpha=0.5)
    axes.set_axisbelow(True)
    return _png(figure)


def calendar_heat_map(title: str, values: Mapping[date, float | None], unit: str) -> bytes:
    """Return one square a day, a column a week (Monday on top); missing days are grey.

    Raises:
        ValueError: nothing to draw, or more than 400 days.
    """
    if not values or max(values) - min(values) > timedelta(days=400):
        raise ValueError(f"chart {visible(title, 100)}: it needs between 1 and 400 days")
    monday = min(values) - timedelta(days=min(values).weekday())
    weeks = (max(values) - monday).days // 7 + 1
    grid = [[math.nan] * weeks for _ in range(7)]
    for day, value in values.items():
        grid[day.weekday()][(day - monday).days // 7] = math.nan if value is None else value
    figure, axes = _figure(title, height_in=2.4)
    _grey_days(axes, [day for day, value in values.items() if value is None], monday)
    image = axes.imshow(grid, cmap="cividis", aspect="auto" if weeks > 40 else "equal")
    mondays = [monday + timedelta(weeks=week) for week in range(weeks)]
    shown = [week for week in range(weeks) if mondays[week].day <= 7]
    if not shown or shown[0] > 3:  # room for the month that the first week is in
        shown.insert(0, 0)
    axes.set_xticks(shown, [f"{mondays[week]:%Y-%m}" for week in shown])
    axes.set_yticks(range(7), list("一二三四五六日"))
    axes.set_xlabel(f"灰色为{MISSING}")
    bar = figure.colorbar(image, ax=axes, shrink=0.8, format=_tick_text)
    bar.set_label(f"单位\uff1a{_name(unit)}")
    return _png(figure)


def _grey_days(axes: Axes, days: Sequence[date], monday: date) -> None:
    from matplotlib.patches import Rectangle

    for day in days:
        corner = ((day - monday).days // 7 - 0.5, day.weekday() - 0.5)
        axes.add_patch(Rectangle(corner, 1, 1, color=_MISSING_COLOUR, linewidth=0))


def _check(title: str, count: int, series: Sequence[Series]) -> None:
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


def _figure(title: str, height_in: float = HEIGHT_IN) -> tuple[Figure, Axes]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH_IN, height_in), dpi=DPI, layout="constrained")
    axes = figure.add_subplot()
    axes.set_title(_drawn(visible(title, 60)), fontsize=TITLE_PT)
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _value_axis(axes: Axes, unit: str, values: Sequence[float | None]) -> None:
    axes.set_ylabel(f"单位\uff1a{_name(unit)}")
    _number_ticks(axes.yaxis, values)
    axes.grid(axis="y", linewidth=0.4, alpha=0.5)
    axes.set_axisbelow(True)


def _number_ticks(axis: Axis, values: Sequence[float | None]) -> None:
    """Few enough to read; whole numbers for things that are counted."""
    from matplotlib.ticker import MaxNLocator

    are_counts = all(value is None or value == int(value) for value in values)
    axis.set_major_locator(MaxNLocator(nbins=6, integer=are_counts))
    axis.set_major_formatter(_tick_text)


def _legend(axes: Axes, handles: Sequence[Artist], series: Sequence[Series]) -> None:
    """Name the series; names are set afterwards, because the library hides those beginning with _."""
    legend = axes.figure.legend(
        handles=handles,
        labels=[str(number) for number in range(len(series))],
        loc="outside lower center",
        ncols=min(4, len(series)),
        frameon=False,
    )
    for text, each in zip(legend.get_texts(), series, strict=True):
        text.set_text(_name(each.name))


def _png(figure: Figure) -> bytes:
    """Return the picture, every text in the packaged font and none of it read as math."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.text import Text

    for axes in figure.axes:
        _settle_ticks(axes.xaxis)
        _settle_ticks(axes.yaxis)
    path = str(pylopdf_fonts_zh_cn.sans_path())
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        size = TITLE_PT if text.get_fontsize() == TITLE_PT else LABEL_PT
        text.set_fontproperties(FontProperties(fname=path, size=size))
        text.set_parse_math(False)
    buffer = BytesIO()
    figure.savefig(buffer, format="png", metadata={"Software": None})
    return buffer.getvalue()


def _settle_ticks(axis: Axis) -> None:
    """Fix the ticks where they are now: a tick made while drawing would have the wrong font."""
    low, high = sorted(axis.get_view_interval())
    axis.set_ticks([place for place in axis.get_ticklocs() if low <= place <= high])
    axis.get_ticklabels()


def _numbers(values: Sequence[float | None]) -> list[float]:
    return [math.nan if value is None else value for value in values]


def _tick_text(value: float, _position: float | None) -> str:
    return _figure_text(value)


def _figure_text(value: float) -> str:
    """Return 12,345 or 0.25: thousands parted, no trailing zeros."""
    text = f"{value:,.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _name(text: str) -> str:
    """Return an outside name fit for a label: visible, short, in characters the font has."""
    shown = visible(text, 200)
    cut = shown if len(shown) <= LABEL_CHARACTERS else shown[: LABEL_CHARACTERS - 1] + "…"
    return _drawn(cut)


def _drawn(text: str) -> str:
    return drawable(text, file_coverage(pylopdf_fonts_zh_cn.sans_path()))
