"""Missing is never zero, and no ratio stands on nothing."""

from __future__ import annotations

import pytest

from playbooks.statistics.numbers import Amount, Share, number, optional_sum, percent


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "未取得"),
        (0, "0"),
        (1234567.0, "1,234,567"),
        (-42, "-42"),
        (3.5, "3.5"),
        (1e300, None),
    ],
)
def test_number(value, text):
    assert number(value) == (text or f"{1e300:,.2f}".removesuffix(".00"))


@pytest.mark.parametrize(
    ("part", "base", "ratio"),
    [(5, 100, 0.05), (0, 100, 0.0), (5, 0, None), (5, None, None), (None, 5, None), (5, -1, None)],
)
def test_a_ratio_needs_a_positive_base(part, base, ratio):
    assert Share(part, base, 1).ratio == ratio


def test_percent_signs():
    assert percent(0.055) == "5.5%"
    assert percent(0.055, is_signed=True) == "+5.5%"
    assert percent(-0.0001, is_signed=True) == "0.0%"
    assert percent(None) == "未取得"


def test_nothing_known_sums_to_nothing():
    assert optional_sum([None, None]) is None
    assert optional_sum([None, 0]) == 0


def test_an_amount_says_its_coverage():
    assert Amount(1234, 5, 10, "条").text == "1,234条（覆盖5/10账号日）"
    assert Amount(None, 0, 4, "人", "个账号").text == "未取得（覆盖0/4个账号）"
