"""What the charts draw: weeks cut at the ends, gaps kept, platforms never mixed."""

from __future__ import annotations

from datetime import date

import pytest

from playbooks.statistics import pictures
from playbooks.statistics.figures import read_figures, weeks_of
from tests.packet.conftest import add_account


@pytest.fixture
def figures_of(small, request_of):
    def read():
        request = request_of()
        return read_figures(small, request.period, request.scope, request.today)

    return read


def test_weeks_run_from_monday_and_are_cut_at_the_ends():
    assert weeks_of(date(2026, 7, 1), date(2026, 7, 14)) == [
        (date(2026, 7, 1), date(2026, 7, 5)),
        (date(2026, 7, 6), date(2026, 7, 12)),
        (date(2026, 7, 13), date(2026, 7, 14)),
    ]


def test_publications_of_the_weeks_with_their_coverage(figures_of):
    figures = figures_of()
    picture = pictures.weekly_publishing(figures, pictures.daily_of(figures))
    found = [(row[2].value, row[2].coverage) for row in picture.table.rows]
    # Three accounts of five days; then A-2 joins on Saturday the 11th, and misses the 15th.
    assert found == [(3, "5/15"), (4, "9/23"), (12, "13/28"), (20, "14/28"), (15, "10/20")]


def test_a_day_of_which_nothing_is_known_stays_empty(small, figures_of):
    small.execute("update account_day set published_count = null where stat_date = '2026-07-03'")
    figures = figures_of()
    picture = pictures.publishing_calendar(figures, pictures.daily_of(figures))
    assert [row[1].value for row in picture.table.rows[:4]] == [1, 1, None, 0]


def test_rankings_keep_platforms_apart_and_need_three_accounts(small, figures_of):
    assert pictures.publishing_ranks(figures_of()) == []
    for account_id, count in (("B-1", 5), ("B-2", 9)):
        add_account(small, account_id, "U-1", "wechat_official")
        small.execute(
            "insert into account_day (account_id, stat_date, published_count) "
            f"values ('{account_id}', '2026-07-02', {count})"
        )
    (picture,) = pictures.publishing_ranks(figures_of())
    assert picture.table.name == "发布排列-微信公众号"
    assert [(row[0], row[2].value, row[2].coverage) for row in picture.table.rows] == [
        ("号A-2", 40, "20/21"),
        ("号A-1", 14, "31/31"),
        ("号B-2", 9, "1/31"),
        ("号B-1", 5, "1/31"),
    ]


def test_the_trend_counts_only_accounts_known_in_every_week(figures_of):
    figures = figures_of()
    picture = pictures.follower_trend(figures, pictures.daily_of(figures))
    assert [row[1:] for row in picture.table.rows] == [
        (date(2026, 7, 5), 1050, 1),
        (date(2026, 7, 12), 1120, 1),
        (date(2026, 7, 19), 1190, 1),
        (date(2026, 7, 26), 1260, 1),
        (date(2026, 7, 31), 1310, 1),
    ]
