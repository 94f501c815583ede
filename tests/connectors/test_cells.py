"""Cells: literal text in, literal value out, and nothing ever guessed."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.cells import Missing, Number, UnreadableCellError, parse_day, parse_number


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("1.2万", Number(12_000.0)),
        ("3,481.92万", Number(34_819_200.0)),
        ("1.5亿", Number(150_000_000.0)),
        ("1,234", Number(1234.0)),
        ("0", Number(0.0)),
        (0, Number(0.0)),
        ("-2", Number(-2.0)),
        ("-1", Number(-1.0)),
        ("12.24%", Number(0.1224, "ratio")),
        ("21.46秒", Number(21.46, "s")),
        ("１２", Number(12.0)),
        ("'15", Number(15.0)),
        ('="15"', Number(15.0)),
        (5.0, Number(5.0)),
    ],
)
def test_a_number_in_any_of_its_dresses(cell, number):
    assert parse_number(cell) == number


@pytest.mark.parametrize("text", ["", "-", "--", "—", "暂无", "<0.1%", ">9999", " - "])
def test_a_placeholder_is_missing_and_keeps_what_stood_there(text):
    assert parse_number(text) == Missing(text.strip())
    assert parse_number(None) == Missing("")


def test_minus_one_is_missing_only_where_the_platform_means_that():
    assert parse_number("-1.00", is_minus_one_missing=True) == Missing("-1.00")
    assert parse_number(-1, is_minus_one_missing=True) == Missing("-1")
    assert parse_number("-1.00") == Number(-1.0)


@pytest.mark.parametrize(
    "cell", ["abc", "1,23", "12,34,567", "1.2.3", "1e5", "NaN", "٣", True, float("nan"), 10**400]
)
def test_what_is_no_number_is_never_a_guess(cell):
    with pytest.raises(UnreadableCellError, match="不是数字"):
        parse_number(cell)


@pytest.mark.parametrize(
    "cell",
    [
        "2026-08-01",
        "20260801",
        20260801,
        20260801.0,
        46235,
        46235.0,
        46235.75,
        "2026/08/01",
        "2026/8/1",
        "2026.08.01",
        "2026年08月01日 12:40:34",
        "2026年08月01日14时50分00秒",
        "2026-08-01 09:30",
        "2026-08-01T09:30:00",
        date(2026, 8, 1),
        datetime(2026, 8, 1, 9, 30),
        '="20260801"',
    ],
)
def test_a_day_in_any_of_its_dresses(cell):
    assert parse_day(cell) == date(2026, 8, 1)


@pytest.mark.parametrize(
    "cell", ["2026-02-30", "20261301", "1899-01-01", "8月1日", 7, True, "2026"]
)
def test_what_is_no_day_is_never_a_guess(cell):
    with pytest.raises(UnreadableCellError, match="不是日期"):
        parse_day(cell)


@given(st.integers(-(10**12), 10**12))
def test_every_count_survives_its_thousands_separators(count):
    assert parse_number(f"{count:,}") == parse_number(str(count)) == Number(float(count))


@given(st.text(max_size=40))
def test_any_text_is_a_number_missing_or_refused(text):
    try:
        assert isinstance(parse_number(text), Number | Missing)
    except UnreadableCellError as error:
        assert "不是数字" in str(error)  # noqa: PT017 - both ways out are right


@given(st.text(max_size=40) | st.floats() | st.integers())
def test_anything_is_a_day_missing_or_refused(cell):
    try:
        assert isinstance(parse_day(cell), date | Missing)
    except UnreadableCellError as error:
        assert "不是日期" in str(error)  # noqa: PT017 - both ways out are right


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_a_day_reads_the_same_in_every_dress(day):
    serial = (day - date(1899, 12, 30)) / timedelta(days=1)
    dresses = [day.isoformat(), f"{day:%Y%m%d}", f"{day:%Y/%m/%d}", f"{day:%Y年%m月%d日}", serial]
    assert {parse_day(dress) for dress in dresses} == {day}
