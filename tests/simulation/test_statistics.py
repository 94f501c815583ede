"""The simulated figures: they add up, keep a rhythm, and show exactly what was planted."""

from datetime import date, timedelta
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.simulation.district import build_district
from connectors.simulation.statistics import statistics_of
from connectors.simulation.truth import truth_of
from connectors.simulation.workdays import is_workday, workdays_after

any_last_day = st.dates(min_value=date(2024, 6, 1), max_value=date(2035, 12, 31))


@cache
def figures(account_id, district=None):
    district = district or build_district()
    return statistics_of(district, district.account(account_id))


def test_the_sample_plants_what_the_readme_says():
    truth = truth_of(build_district())
    assert [
        (one.account_id, one.last_published_on, one.workdays_since, one.days_since)
        for one in truth.stale
    ] == [("A0033", date(2026, 10, 27), 18, 24), ("A0027", date(2026, 11, 9), 9, 11)]
    assert [(one.is_local_bitten, one.is_national_bitten) for one in truth.stale] == [
        (True, True),
        (True, False),
    ]
    assert (truth.silent, truth.refused) == (("A0039",), ("A0030", "A0038"))
    assert truth.jump == ("A0015", date(2026, 10, 18), 4800)
    assert truth.bought[0] == "A0031"
    assert truth.bought[1] == (date(2026, 11, 2), date(2026, 11, 3), date(2026, 11, 4))
    assert truth.missing[0] == "A0013"
    assert truth.missing[1] == (date(2026, 10, 10), date(2026, 10, 11), date(2026, 11, 8))
    assert truth.restated == (
        "A0007",
        (date(2026, 9, 6), date(2026, 10, 21), date(2026, 11, 11), date(2026, 11, 18)),
    )
    assert truth.doubled == (("U017", "wechat_official", ("A0022", "A0023")),)
    assert truth.renamed == (
        ("U014", ("云杉文旅", "游在云杉", "云杉新区文旅局")),
        ("U015", ("云杉市场监管", "云杉市监")),
    )


def test_planted_figures_are_in_the_statistics():
    district = build_district()
    truth = truth_of(district)
    long_after = district.last_day + timedelta(days=365)
    account_id, day, new = truth.jump
    assert figures(account_id).followers(day, long_after).new == new
    usual = figures(account_id).followers(day - timedelta(days=1), long_after).new
    assert new > 100 * usual
    account_id, days, new = truth.bought
    assert [figures(account_id).followers(day, long_after).new for day in days] == [500] * 3
    account_id, days = truth.missing
    assert [figures(account_id).followers(day, long_after) for day in days] == [None] * 3
    assert [figures(account_id).account_reading(day, long_after) for day in days] == [None] * 3


@settings(max_examples=6, deadline=None)
@given(any_last_day)
def test_only_the_planted_accounts_are_stale_on_any_date(last_day):
    district = build_district(last_day=last_day)
    expected = {one.account_id: one.last_published_on for one in truth_of(district).stale}
    stopped = {}
    for account in district.accounts:
        articles = statistics_of(district, account).articles
        if account.status != "active" or not articles:
            continue
        last = articles[-1].published_on
        if workdays_after(last, last_day) > 7 or (last_day - last).days >= 14:
            stopped[account.account_id] = last
    assert stopped == expected


def test_silent_and_applied_accounts_have_no_article():
    assert figures("A0039").articles == ()
    assert figures("A0040").articles == ()
    assert figures("A0039").followers(date(2026, 11, 20), date(2026, 11, 21)).total == 400
    assert figures("A0040").followers(date(2026, 11, 20), date(2026, 11, 21)) is None


@settings(deadline=None)
@given(st.integers(min_value=1, max_value=149), st.sampled_from(["A0001", "A0015", "A0031"]))
def test_followers_add_up_from_day_to_day(offset, account_id):
    known = figures(account_id)
    day = known.first_day + timedelta(days=offset)
    long_after = day + timedelta(days=365)
    before = known.followers(day - timedelta(days=1), long_after)
    after = known.followers(day, long_after)
    assert before.total + after.new - after.cancelled == after.total
    assert min(after.new, after.cancelled, after.messages, after.message_senders) >= 0


def test_days_of_an_article_add_up_to_its_cumulated_reading():
    known = figures("A0001")
    article = next(one for one in known.articles if one.published_on > date(2026, 8, 1))
    today = date(2026, 11, 21)
    days = [article.published_on + timedelta(days=age) for age in range(30)]
    of_article = [
        reading.reads
        for day in days
        for one, reading in known.read_on(day, today)
        if one == article
    ]
    assert sum(of_article) == known.reading_until(article, days[-1], today).reads
    assert len(of_article) == 30


def test_holidays_are_quieter_than_working_days():
    known = figures("A0001")
    days = build_district().days

    def publications(is_wanted):
        chosen = [day for day in days if is_wanted(day)]
        return sum(bool(known.published_on(day)) for day in chosen) / len(chosen)

    assert publications(is_workday) > publications(lambda day: not is_workday(day)) + 0.1


def test_the_same_seed_gives_the_same_figures():
    assert figures("A0009", build_district(seed=3)) == figures("A0009", build_district(seed=3))
    assert figures("A0009", build_district(seed=3)) != figures("A0009", build_district(seed=4))


def test_an_unknown_trait_is_refused():
    with pytest.raises(ValueError, match="no trait typo"):
        build_district().accounts_with("typo")
