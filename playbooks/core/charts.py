"""Charts as PNG pictures: trend, count over hours, grouped bars, ranking, calendar heat map.

A value that was not obtained is None and leaves a gap or the word 未取得, never a zero. Charts are drawn
without pyplot and with the packaged font named on every text, so nothing global is changed, and
equal arguments give equal bytes. Outside names are set as they stand: no math markup, no hidden labels.
"""

# matplotlib types its plotting methods only in part:
# pyright: reportUnknownMemberType=false
from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from playbooks.core.chart_frame import (
    HEIGHT_IN,
    PALETTE,
    Series,
    add_legend,
    check,
    name_of,
    new_figure,
    number_text,
    number_ticks,
    numbers,
    png_of,
    tick_text,
    value_axis,
)
from playbooks.core.documents.model import MISSING
from playbooks.core.documents.text import visible
from playbooks.core.working_hours import OFFICE_ZONE

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

__all__ = [
    "Series",
    "calendar_heat_map",
    "composition_bar",
    "count_over_time",
    "grouped_bars",
    "line_trend",
    "ranking",
]

_MARKERS = "osD^vPX*"
_MISSING_COLOUR = "#D9D9D9"


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
    check(title, len(days), series)
    figure, axes = new_figure(title)
    places = [day.toordinal() for day in days]
    handles: list[Artist] = []
    for index, each in enumerate(series):
        handles += axes.plot(
            places,
            numbers(each.values),
            color=PALETTE[index],
            marker=_MARKERS[index],
            markersize=2.5,
            linewidth=1.2,
        )
    ticks = sorted({round(index * (len(days) - 1) / 7) for index in range(8)})
    axes.set_xticks([places[tick] for tick in ticks], [f"{days[tick]:%Y-%m-%d}" for tick in ticks])
    axes.tick_params(axis="x", labelrotation=30)
    axes.set_xlabel("日期")
    value_axis(axes, unit, [value for each in series for value in each.values])
    add_legend(axes, handles, series)
    return png_of(figure)


def count_over_time(
    title: str,
    instants: Sequence[datetime],
    span: tuple[datetime, datetime],
    goal: int,
    due_at: datetime | None,
) -> bytes:
    """Return a staircase of how many things had happened by when, against how many should and until when.

    Args:
        title: printed above the chart.
        instants: when each happened, in any order; the axis reads in Asia/Shanghai.
        span: from when to when; what lies outside is drawn at its edge.
        goal: how many should happen.
        due_at: until when, where there is a limit.

    Raises:
        ValueError: the span is empty, or there is no goal.
    """
    start, end = span
    if end <= start or goal < 1:
        raise ValueError(f"chart {visible(title, 100)}: it needs a span of time and a goal")
    figure, axes = new_figure(title)
    reached = sorted(min(max(at, start), end).timestamp() for at in instants)
    places = [start.timestamp(), *reached, end.timestamp()]
    counts = [*range(len(reached) + 1), len(reached)]
    handles: list[Artist] = [
        *axes.step(places, counts, where="post", color=PALETTE[0], linewidth=1.6),
        axes.axhline(goal, color=PALETTE[2], linestyle="--", linewidth=1.0),
    ]
    names = [Series("已发布", counts), Series("应发布", [goal])]
    if due_at and start <= due_at <= end:
        handles.append(axes.axvline(due_at.timestamp(), color=PALETTE[3], linestyle=":"))
        names.append(Series("时限", [goal]))
    ticks = [places[0] + (places[-1] - places[0]) * part / 5 for part in range(6)]
    shown = [datetime.fromtimestamp(tick, OFFICE_ZONE) for tick in ticks]
    axes.set_xticks(ticks, [f"{moment:%m-%d %H:%M}" for moment in shown])
    axes.set_ylim(0, goal * 1.12)
    value_axis(axes, "个", [goal])
    add_legend(axes, handles, names)
    return png_of(figure)


def grouped_bars(title: str, groups: Sequence[str], series: Sequence[Series], unit: str) -> bytes:
    """Return bars side by side in each of *groups*; a missing value says 未取得 in place of its bar.

    Raises:
        ValueError: lengths differ, nothing to draw, or more series than can be told apart.
    """
    check(title, len(groups), series)
    figure, axes = new_figure(title)
    width = 0.8 / len(series)
    handles: list[Artist] = []
    for index, each in enumerate(series):
        places = [place - 0.4 + width * (index + 0.5) for place in range(len(groups))]
        bars = axes.bar(places, numbers(each.values), width, color=PALETTE[index])
        handles.append(bars.patches[0])
        for place, value in zip(places, each.values, strict=True):
            if value is None:
                axes.text(place, 0, MISSING, rotation=90, ha="center", va="bottom", color="#666666")
    axes.set_xticks(range(len(groups)), [name_of(group) for group in groups])
    if len(groups) > 5:
        axes.tick_params(axis="x", labelrotation=30)
    value_axis(axes, unit, [value for each in series for value in each.values])
    axes.axhline(0, color="black", linewidth=0.6)
    add_legend(axes, handles, series)
    return png_of(figure)


def ranking(title: str, names: Sequence[str], values: Sequence[float | None], unit: str) -> bytes:
    """Return horizontal bars in the order given, the first on top, each with its value.

    Raises:
        ValueError: lengths differ or nothing to draw.
    """
    check(title, len(names), [Series(title, values)])
    figure, axes = new_figure(title, height_in=max(HEIGHT_IN / 2, 0.6 + 0.24 * len(names)))
    places = range(len(names))
    axes.barh(places, [value or 0 for value in values], 0.65, color=PALETTE[0])
    for place, value in zip(places, values, strict=True):
        label = MISSING if value is None else number_text(value)
        axes.annotate(label, (value or 0, place), (3, 0), textcoords="offset points", va="center")
    axes.set_yticks(places, [name_of(name) for name in names])
    axes.invert_yaxis()
    axes.margins(x=0.14)
    axes.set_xlabel(f"单位\uff1a{name_of(unit)}")
    number_ticks(axes.xaxis, values)
    axes.grid(axis="x", linewidth=0.4, alpha=0.5)
    axes.set_axisbelow(True)
    return png_of(figure)


def composition_bar(title: str, parts: Sequence[tuple[str, float]], unit: str) -> bytes:
    """Return one bar for each part of a whole, the largest on top, with its value and its share.

    Bars on one base are read faster than the slices of a pie, and small parts keep their names.

    Raises:
        ValueError: nothing to draw, or a whole that is not positive.
    """
    total = sum(value for _, value in parts)
    check(title, len(parts), [Series(title, [value for _, value in parts])])
    if total <= 0:
        raise ValueError(f"chart {visible(title, 100)}: the whole is not positive")
    ordered = sorted(parts, key=lambda part: -part[1])
    figure, axes = new_figure(title, height_in=0.9 + 0.26 * len(ordered))
    places = range(len(ordered))
    axes.barh(places, [100 * value / total for _, value in ordered], 0.65, color=PALETTE[0])
    for place, (_, value) in zip(places, ordered, strict=True):
        share = 100 * value / total
        text = f"{number_text(value)}{name_of(unit)}\uff0c{share:.1f}%"
        axes.annotate(text, (share, place), (3, 0), textcoords="offset points", va="center")
    axes.set_yticks(places, [name_of(name) for name, _ in ordered])
    axes.invert_yaxis()
    axes.margins(x=0.22)
    axes.set_xlabel(f"占合计的百分比\uff08合计{number_text(total)}{name_of(unit)}\uff09")
    number_ticks(axes.xaxis, [0, 100])
    axes.grid(axis="x", linewidth=0.4, alpha=0.5)
    axes.set_axisbelow(True)
    return png_of(figure)


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
    figure, axes = new_figure(title, height_in=2.4)
    _grey_days(axes, [day for day, value in values.items() if value is None], monday)
    image = axes.imshow(grid, cmap="cividis", aspect="auto" if weeks > 40 else "equal")
    mondays = [monday + timedelta(weeks=week) for week in range(weeks)]
    shown = [week for week in range(weeks) if mondays[week].day <= 7]
    if not shown or shown[0] > 3:  # room for the month that the first week is in
        shown.insert(0, 0)
    axes.set_xticks(shown, [f"{mondays[week]:%Y-%m}" for week in shown])
    axes.set_yticks(range(7), list("一二三四五六日"))
    axes.set_xlabel(f"灰色为{MISSING}")
    bar = figure.colorbar(image, ax=axes, shrink=0.8, format=tick_text)
    number_ticks(bar.ax.yaxis, list(values.values()))
    bar.set_label(f"单位\uff1a{name_of(unit)}")
    return png_of(figure)


def _grey_days(axes: Axes, days: Sequence[date], monday: date) -> None:
    from matplotlib.patches import Rectangle

    for day in days:
        corner = ((day - monday).days // 7 - 0.5, day.weekday() - 0.5)
        axes.add_patch(Rectangle(corner, 1, 1, color=_MISSING_COLOUR, linewidth=0))
