"""A build reads what is new, once, and one bad payload never stops the rest."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sql
from playbooks.statistics.archive import archive
from playbooks.statistics.build import Built, build, rebuild, run_checks
from playbooks.statistics.check_texts import check_sentences
from sql.catalogs import memory
from tests.statistics.replies import at, fetch, reads

NOTHING = Built(observation_count=0, content_count=0, rejected_count=0, account_day_count=0)
ENDPOINTS = [
    "getusersummary",
    "getusercumulate",
    "getbizsummary",
    "getarticleread",
    "getarticleshare",
    "getarticletotaldetail",
    "getupstreammsg",
    "freepublish/batchget",
]


def _days(stats) -> list[tuple]:
    return stats.sql(
        "select stat_date::text, followers_total, reads from account_day order by all"
    ).fetchall()


def _observations(stats) -> list[tuple]:
    return stats.sql("select * from observation order by all").fetchall()


def test_a_night_from_payload_to_account_day(stats):
    cumulate = {"list": [{"ref_date": "2026-01-01", "cumulate_user": "1217056"}]}
    night = [fetch("getbizsummary", reads(12), at(2)), fetch("getusercumulate", cumulate, at(2))]
    archive(stats, night, "night-1")
    assert build(stats, at(2)) == Built(2, 0, 0, 1)
    assert _days(stats) == [("2026-01-01", 1217056.0, 12.0)]


def test_building_twice_changes_nothing(stats):
    archive(stats, [fetch("getbizsummary", reads(12), at(2))], "night-1")
    build(stats, at(2))
    assert build(stats, at(3)) == NOTHING


def test_a_restated_figure_keeps_both_words_and_shows_the_later(stats):
    for day, count in ((2, 12), (3, 15), (4, 15)):
        archive(stats, [fetch("getbizsummary", reads(count), at(day))], f"night-{day}")
        build(stats, at(day))
    assert [row[6] for row in _observations(stats)] == [12.0, 15.0]
    assert _days(stats) == [("2026-01-01", None, 15.0)]


def test_rebuilding_from_raw_gives_the_same_figures(stats):
    for day, count in ((2, 10), (3, 12), (4, 10)):
        archive(stats, [fetch("getbizsummary", reads(count), at(day))], f"night-{day}")
        build(stats, at(day))
    before = _observations(stats), _days(stats)
    assert len(before[0]) == 3
    rebuild(stats, at(5))
    assert (_observations(stats), _days(stats)) == before


def test_nights_archived_in_the_wrong_order_end_the_same(stats):
    for day, count in ((4, 15), (2, 12)):
        archive(stats, [fetch("getbizsummary", reads(count), at(day))], f"night-{day}")
        build(stats, at(day))
    assert _days(stats) == [("2026-01-01", None, 15.0)]


@pytest.mark.parametrize("endpoint", ENDPOINTS)
@pytest.mark.parametrize(
    "body",
    ["", "<html>502</html>", "null", "[1, 2]", '{"list": {"a": 1}, "item": 7}', "[" * 10_000],
    ids=["empty", "html", "null", "array", "other shape", "deep"],
)
def test_an_unreadable_payload_is_named_and_the_rest_goes_on(stats, endpoint, body):
    good = fetch("getbizsummary", reads(12), at(2), "A-2")
    archive(stats, [fetch(endpoint, body, at(2)), good], "night-1")
    built = build(stats, at(2))
    assert built.rejected_count >= 1
    assert _days(stats) == [("2026-01-01", None, 12.0)]
    assert {row[0] for row in stats.sql("select account_id from rejected_payload").fetchall()} == {
        "A-1"
    }


def test_a_value_that_is_no_number_is_named_and_its_neighbours_stay(stats):
    body = {"list": [{"ref_date": "2026-01-01", "detail": {"read_user": "1e999", "like_user": 3}}]}
    archive(stats, [fetch("getbizsummary", body, at(2))], "night-1")
    build(stats, at(2))
    assert stats.sql("select reason from rejected_payload").fetchall() == [
        ("reads is not a number: 1e999",)
    ]
    assert stats.sql("select reads, likes, shares from account_day").fetchall() == [
        (None, 3.0, None)
    ]


def test_late_figures_and_platform_errors_are_neither_figures_nor_rejections(stats):
    late = {**reads(12), "is_delay": True}
    error = {"errcode": 45009, "errmsg": "reach max api daily quota limit"}
    empty = {"list": [], "is_delay": False}
    night = [fetch("getbizsummary", body, at(2)) for body in (late, error, empty)]
    archive(stats, night, "night-1")
    assert build(stats, at(2)) == NOTHING


def test_a_day_without_items_is_zero_only_when_the_list_was_read_after_it(stats):
    listing = {"total_count": 0, "item_count": 0, "item": []}
    span = (date(2025, 12, 30), date(2026, 1, 2))
    archive(stats, [fetch("freepublish/batchget", listing, at(2), days=span)], "night-1")
    build(stats, at(2))
    found = stats.sql("select stat_date::text, published_count from account_day order by 1")
    assert found.fetchall() == [("2025-12-30", 0.0), ("2025-12-31", 0.0), ("2026-01-01", 0.0)]


def test_checks_name_what_must_not_exist(stats):
    archive(stats, [fetch("getbizsummary", reads(-3, "2026-01-09"), at(2))], "night-1")
    build(stats, at(2))
    results = {result.name: result for result in run_checks(stats, date(2026, 1, 2))}
    assert set(results) == {"fail_negative_count", "fail_future_day"}
    assert all(result.is_failure for result in results.values())


def test_every_check_says_in_a_sentence_what_its_rows_mean():
    files = {path.stem for path in (sql.FOLDER / "checks").glob("*.sql")}
    assert files | {"fail_corrections_file"} == set(check_sentences())


def test_checks_are_silent_on_a_good_night(stats):
    archive(stats, [fetch("getbizsummary", reads(3), at(2))], "night-1")
    build(stats, at(2))
    assert run_checks(stats, date(2026, 1, 2)) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["list", "item", "ref_date", "detail", "read_user", "msgid", "content"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(bodies=st.lists(st.one_of(st.text(max_size=30), JSON.map(json.dumps)), max_size=6))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_payload_whatever_stops_the_build(bodies):
    with memory("stats") as stats:
        night = [fetch(endpoint, body, at(2)) for body in bodies for endpoint in ENDPOINTS]
        archive(stats, night, "night-1")
        build(stats, at(2))
        assert build(stats, at(3)) == NOTHING
