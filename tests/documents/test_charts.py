import warnings
from datetime import date, timedelta
from io import BytesIO

import matplotlib
import numpy as np
import pytest
from PIL import Image
from specimens import HOSTILE

from playbooks.core.charts import Series, calendar_heat_map, grouped_bars, line_trend, ranking

DAYS = [date(2026, 7, 1) + timedelta(days=number) for number in range(60)]
NAMES = [*HOSTILE[:6], HOSTILE[8], "_隐藏", r"$\frac{"]


def pixels(png):
    return np.asarray(Image.open(BytesIO(png)).convert("RGB")).astype(int)


def blue(png):
    """Return how many pixels have the first colour of the palette."""
    picture = pixels(png)
    return int((abs(picture - np.array([0, 0x72, 0xB2])).max(axis=2) < 12).sum())


def all_charts():
    series = [Series(name, [float(number)] * 3) for number, name in enumerate(NAMES[:8], start=1)]
    return [
        line_trend("走势", DAYS[:3], series, "人"),
        grouped_bars("发布", ["甲", HOSTILE[6], "丙"], series, "篇"),
        ranking("排名", NAMES, [float(number) for number in range(len(NAMES))], "次"),
        calendar_heat_map(HOSTILE[0], dict.fromkeys(DAYS, 1.0), HOSTILE[5]),
    ]


def test_charts_of_hostile_names_draw_without_a_missing_glyph_and_repeat():
    before = dict(matplotlib.rcParams)
    with warnings.catch_warnings():
        # matplotlib's word for a missing glyph; any other warning may stem from rubbish that
        # another test left and that happens to be collected here.
        warnings.simplefilter("error", UserWarning)
        assert all_charts() == all_charts()
    assert dict(matplotlib.rcParams) == before


def test_a_missing_day_leaves_a_gap():
    values = [10.0] * 60
    gap = [None if 20 <= number < 40 else value for number, value in enumerate(values)]
    whole = blue(line_trend("走势", DAYS, [Series("甲", values)], "人"))
    holed = blue(line_trend("走势", DAYS, [Series("甲", gap)], "人"))
    assert 0.5 * whole < holed < 0.8 * whole


def test_a_missing_bar_is_not_a_zero():
    zero = ranking("排名", ["甲", "乙"], [5.0, 0.0], "次")
    missing = ranking("排名", ["甲", "乙"], [5.0, None], "次")
    assert zero != missing
    assert grouped_bars("发布", ["甲"], [Series("一", [None])], "篇") != grouped_bars(
        "发布", ["甲"], [Series("一", [0.0])], "篇"
    )


def test_values_that_do_not_fit_the_days_are_refused():
    with pytest.raises(ValueError, match="chart 走势: 甲 has 1 values for 60 places"):
        line_trend("走势", DAYS, [Series("甲", [1.0])], "人")


def test_more_series_than_colours_are_refused():
    with pytest.raises(ValueError, match="at most 8"):
        line_trend("走势", DAYS[:1], [Series(str(number), [1.0]) for number in range(9)], "人")


def test_nothing_to_draw_is_refused():
    with pytest.raises(ValueError, match="nothing to draw"):
        ranking("排名", [], [], "次")
    with pytest.raises(ValueError, match="between 1 and 400 days"):
        calendar_heat_map("日历", {}, "篇")


def test_all_values_missing_still_draws():
    assert line_trend("走势", DAYS[:3], [Series("甲", [None] * 3)], "人").startswith(b"\x89PNG")
    assert calendar_heat_map("日历", {DAYS[0]: None}, "篇").startswith(b"\x89PNG")
    assert ranking("排名", ["甲"], [None], "次").startswith(b"\x89PNG")
