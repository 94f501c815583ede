"""Which days a night asks for: literal days in, literal windows out."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from connectors.declaration_file import bundled
from connectors.windows import Window, plan_days

WECHAT = bundled("wechat")
NINE_IN_SHANGHAI = datetime(2026, 8, 5, 1, 0, tzinfo=UTC)


def _spans(plan):
    return [(str(window.begin_on), str(window.end_on)) for window in plan.windows]


def test_an_ordinary_night_reads_the_restated_week_in_one_call():
    plan = plan_days(WECHAT.endpoints["getusersummary"], date(2026, 8, 3), NINE_IN_SHANGHAI)
    assert _spans(plan) == [("2026-07-29", "2026-08-04")]
    assert plan.lost is None


def test_before_eight_in_shanghai_yesterday_is_not_asked_for():
    seven = datetime(2026, 8, 4, 23, 59, tzinfo=UTC)  # 07:59 on 5 August in Shanghai
    plan = plan_days(WECHAT.endpoints["getarticleread"], date(2026, 8, 2), seven)
    assert _spans(plan)[-1] == ("2026-08-03", "2026-08-03")


def test_missed_nights_are_caught_up_oldest_first_and_split_by_the_span():
    plan = plan_days(WECHAT.endpoints["getusersummary"], date(2026, 7, 20), NINE_IN_SHANGHAI)
    assert _spans(plan) == [
        ("2026-07-15", "2026-07-21"),  # 15 to 20 July were still being restated on the 20th
        ("2026-07-22", "2026-07-28"),
        ("2026-07-29", "2026-08-04"),
    ]


def test_thirty_publish_days_are_thirty_calls():
    plan = plan_days(WECHAT.endpoints["getarticletotaldetail"], date(2026, 8, 3), NINE_IN_SHANGHAI)
    assert len(plan.windows) == 30
    assert _spans(plan)[0] == ("2026-07-06", "2026-07-06")


def test_days_out_of_reach_are_listed_as_lost():
    endpoint = replace(WECHAT.endpoints["getarticleread"], reach_days=30)
    plan = plan_days(endpoint, date(2026, 6, 30), NINE_IN_SHANGHAI)
    assert _spans(plan)[0] == ("2026-07-06", "2026-07-06")
    assert plan.lost == Window(date(2026, 7, 1), date(2026, 7, 5))


def test_nothing_is_asked_or_lost_before_the_platform_holds_data():
    now = datetime(2025, 11, 3, 4, 0, tzinfo=UTC)
    plan = plan_days(WECHAT.endpoints["getbizsummary"], date(2025, 10, 1), now)
    assert _spans(plan) == [("2025-11-01", "2025-11-02")]
    assert plan.lost is None


def test_the_first_night_reaches_back_a_month():
    plan = plan_days(WECHAT.endpoints["getusercumulate"], None, NINE_IN_SHANGHAI)
    assert _spans(plan)[0][0] == "2026-07-01"
    assert _spans(plan)[-1][1] == "2026-08-04"


def test_the_content_list_is_one_window_up_to_today():
    plan = plan_days(WECHAT.endpoints["freepublish/batchget"], date(2026, 8, 4), NINE_IN_SHANGHAI)
    assert _spans(plan) == [("2026-07-07", "2026-08-05")]


@given(
    name=st.sampled_from(sorted(WECHAT.endpoints)),
    missed=st.one_of(st.none(), st.integers(0, 900)),
    now=st.datetimes(datetime(2026, 1, 1), datetime(2031, 1, 1), timezones=st.just(UTC)),
)
def test_windows_cover_every_day_up_to_the_newest_once_and_never_today(name, missed, now):
    endpoint = WECHAT.endpoints[name]
    last = None if missed is None else now.date() - timedelta(days=missed + 1)
    plan = plan_days(endpoint, last, now)
    days = [
        window.begin_on + timedelta(days=offset)
        for window in plan.windows
        for offset in range((window.end_on - window.begin_on).days + 1)
    ]
    assert days == sorted(set(days))
    assert len(days) == (days[-1] - days[0]).days + 1
    assert len(days) <= endpoint.reach_days
    for window in plan.windows:
        assert 0 <= (window.end_on - window.begin_on).days < endpoint.max_span_days
    today_in_shanghai = (now + timedelta(hours=8)).date()
    if not endpoint.is_live:
        assert days[-1] < today_in_shanghai
    if plan.lost:
        assert plan.lost.end_on + timedelta(days=1) == days[0]
        assert plan.lost.begin_on == max(last + timedelta(days=1), endpoint.data_since)


def test_every_day_of_a_plan_fits_into_the_daily_quota():
    for endpoint in WECHAT.endpoints.values():
        calls = -(-endpoint.reach_days // endpoint.max_span_days)
        assert calls <= endpoint.call_limit, endpoint.name
