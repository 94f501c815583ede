"""Periods: what the operator types, which days it means, and what it is compared with."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.statistics.period import Period, PeriodError, PeriodKind, parse_period

PERIODS = st.builds(
    lambda year, kind, number: Period(year, kind, 1 + number % (12 // kind.months)),
    st.integers(2001, 2998),
    st.sampled_from(PeriodKind),
    st.integers(0, 11),
)


@pytest.mark.parametrize(
    ("text", "label", "begin", "end", "previous", "year_before"),
    [
        ("2026Q3", "2026年第三季度", (2026, 7, 1), (2026, 9, 30), "2026Q2", "2025Q3"),
        ("2026q1", "2026年第一季度", (2026, 1, 1), (2026, 3, 31), "2025Q4", "2025Q1"),
        ("2026-07", "2026年7月", (2026, 7, 1), (2026, 7, 31), "2026-06", "2025-07"),
        ("2024-02", "2024年2月", (2024, 2, 1), (2024, 2, 29), "2024-01", "2023-02"),
        ("2026-01", "2026年1月", (2026, 1, 1), (2026, 1, 31), "2025-12", "2025-01"),
        ("2026H1", "2026年上半年", (2026, 1, 1), (2026, 6, 30), "2025H2", "2025H1"),
        (" 2026 ", "2026年度", (2026, 1, 1), (2026, 12, 31), "2025", "2025"),
    ],
)
def test_spellings(text, label, begin, end, previous, year_before):
    period = parse_period(text)
    assert period.label == label
    assert (period.begin_on, period.end_on) == (date(*begin), date(*end))
    assert (period.previous.code, period.year_before.code) == (previous, year_before)


@pytest.mark.parametrize(
    "text",
    ["", "2026Q5", "2026-13", "2026-7", "2026H3", "26Q1", "2026年", "1999", "２０２６", "x" * 999],
)
def test_anything_else_is_refused_with_the_four_spellings(text):
    with pytest.raises(PeriodError, match="2026Q3") as caught:
        parse_period(text)
    assert len(str(caught.value)) < 150


@given(PERIODS)
def test_periods_meet_without_gap_and_read_back(period):
    assert parse_period(period.code) == period
    assert period.previous.end_on + timedelta(days=1) == period.begin_on
    assert period.year_before.begin_on.month == period.begin_on.month
    assert period.previous.kind == period.kind


def test_a_period_is_complete_the_day_after_its_end():
    quarter = parse_period("2026Q3")
    assert not quarter.is_complete(date(2026, 9, 30))
    assert quarter.is_complete(date(2026, 10, 1))


def test_today_has_no_figures_yet():
    quarter = parse_period("2026Q3")
    assert quarter.through_on(date(2026, 8, 15)) == date(2026, 8, 14)
    assert quarter.through_on(date(2027, 1, 1)) == date(2026, 9, 30)
    with pytest.raises(PeriodError, match="尚无一日结束"):
        quarter.through_on(date(2026, 7, 1))
