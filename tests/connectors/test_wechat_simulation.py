"""The connector against the simulated platform: whole nights of a district over real HTTP."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from connectors.asking import SourceAccount
from connectors.declaration_file import bundled
from connectors.exports.reading import read_export
from connectors.http import RetryPolicy, http_client
from connectors.simulation.district import build_district
from connectors.simulation.export_files import follower_html, follower_rows, tendency_workbook
from connectors.simulation.faults import Fault
from connectors.simulation.statistics import statistics_of
from connectors.simulation.wechat_protocol import WechatLimits
from connectors.simulation.wechat_server import WechatServer
from connectors.source import Pace, fetch_account
from connectors.windows import plan_days

WECHAT = bundled("wechat")
DISTRICT = build_district()
LAST_DAY = DISTRICT.last_day
MORNING = datetime(LAST_DAY.year, LAST_DAY.month, LAST_DAY.day, 0, 30, tzinfo=UTC) + timedelta(1)
ACCOUNTS = [one for one in DISTRICT.accounts if one.platform == "wechat_official"]
SOUND = next(one for one in ACCOUNTS if not one.traits)


@pytest.fixture
def platform(loopback):
    with WechatServer(DISTRICT, now=MORNING) as server:
        yield server


def night(server, account, *, last_success_on, names=None, **options):
    known = server.credentials(account.account_id)
    identity = SourceAccount(account.account_id, {"appid": known.appid, "secret": known.secret})
    windows = {
        name: plan_days(endpoint, last_success_on, server.now).windows
        for name, endpoint in WECHAT.endpoints.items()
        if (endpoint.asked_by_default if names is None else name in names)
    }
    retry = RetryPolicy(waits_s=(0.0, 0.0), sleep=lambda _: None)
    with http_client(server.base_url) as client:
        pace = Pace(lambda: server.now, retry)
        fetches = fetch_account(client, WECHAT, identity, windows, pace, **options)
        return list(fetches)


def statuses(fetches):
    return {fetch.outcome.status for fetch in fetches}


def test_an_ordinary_night_brings_every_endpoint_without_one_error(platform):
    fetches = night(platform, SOUND, last_success_on=LAST_DAY - timedelta(1))
    messages = [f.outcome.message for f in fetches if f.outcome.status not in {"value", "absent"}]
    assert statuses(fetches) <= {"value", "absent", "not_ready"}, messages
    assert {call.errcode for call in platform.calls} == {0}
    assert {f.outcome.endpoint for f in fetches} == {
        name for name, one in WECHAT.endpoints.items() if one.asked_by_default
    }
    cumulate = next(f for f in fetches if f.outcome.endpoint == "getusercumulate")
    rows = json.loads(cumulate.payload.body)["list"]
    assert rows[-1]["ref_date"] == LAST_DAY.isoformat()
    assert cumulate.outcome.row_count == len(rows)


def test_every_account_of_the_district_answers_or_says_why_not(platform):
    for account in ACCOUNTS:
        fetches = night(
            platform, account, last_success_on=LAST_DAY - timedelta(1), names={"getbizsummary"}
        )
        (fetch,) = fetches
        if account.traits & {"unauthorised", "unverified"}:
            assert (fetch.outcome.status, fetch.outcome.platform_code) == ("refused", "48001")
        else:
            assert fetch.outcome.status in {"value", "absent"}, fetch.outcome.message


def test_before_eight_the_day_before_yesterday_is_the_newest_asked_for(platform):
    platform.now = MORNING - timedelta(hours=1)
    fetches = night(platform, SOUND, last_success_on=LAST_DAY - timedelta(2))
    assert {call.errcode for call in platform.calls} == {0}
    daily = [f for f in fetches if f.outcome.endpoint != "freepublish/batchget"]
    assert max(f.outcome.ref_end_on for f in daily) == LAST_DAY - timedelta(1)


def test_a_token_that_expires_mid_run_is_renewed_and_nothing_is_lost(loopback):
    limits = WechatLimits(token_life_calls=3)
    with WechatServer(DISTRICT, now=MORNING, limits=limits) as server:
        fetches = night(server, SOUND, last_success_on=LAST_DAY - timedelta(1))
        assert "refused" not in statuses(fetches)
        assert server.count("stable_token") > 5
        assert server.forced_refresh_count <= 1


def test_the_platforms_quota_stops_one_endpoint_until_tomorrow(loopback):
    limits = WechatLimits(daily_quota=10)
    with WechatServer(DISTRICT, now=MORNING, limits=limits) as server:
        fetches = night(server, SOUND, last_success_on=LAST_DAY - timedelta(1))
        cohorts = [f for f in fetches if f.outcome.endpoint == "getarticletotaldetail"]
        assert len(cohorts) == 30
        assert [f.outcome.status for f in cohorts].count("quota_exhausted") == 20
        assert server.count("getarticletotaldetail") == 11
        others = [f for f in fetches if f.outcome.endpoint != "getarticletotaldetail"]
        assert "quota_exhausted" not in statuses(others)


@pytest.mark.parametrize("kind", ["http_500", "truncated", "busy"])
def test_a_fault_that_passes_is_healed_by_another_attempt(platform, kind):
    platform.faults.replace([Fault(kind, endpoint="getusercumulate", times=2)])
    fetches = night(
        platform, SOUND, last_success_on=LAST_DAY - timedelta(1), names={"getusercumulate"}
    )
    assert statuses(fetches) == {"value"}


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("http_500", "failed"),
        ("truncated", "failed"),
        ("garbage", "failed"),
        ("empty_body", "failed"),
        ("busy", "failed"),
        ("quota", "quota_exhausted"),
        ("token_expires_mid_run", "refused"),
        ("bom", "value"),
        ("slow", "value"),
    ],
)
def test_a_fault_of_one_endpoint_leaves_the_others_alone(platform, kind, status):
    platform.faults.replace([Fault(kind, endpoint="getusersummary")])
    names = {"getusersummary", "getusercumulate"}
    first, second = night(platform, SOUND, last_success_on=LAST_DAY - timedelta(1), names=names)
    assert first.outcome.status == status
    assert second.outcome.status == ("refused" if status == "refused" else "value")


def test_delayed_figures_are_not_ready_and_come_later(platform):
    platform.faults.replace([Fault("delay", endpoint="getbizsummary", times=1)])
    names = {"getbizsummary"}
    late = night(platform, SOUND, last_success_on=LAST_DAY - timedelta(1), names=names)
    assert statuses(late) == {"not_ready"}
    assert statuses(night(platform, SOUND, last_success_on=LAST_DAY, names=names)) == {"value"}


def test_an_address_off_the_whitelist_closes_the_account_with_the_address_to_add(platform):
    platform.faults.replace(["ip_not_whitelisted"])
    fetches = night(platform, SOUND, last_success_on=LAST_DAY - timedelta(1))
    assert statuses(fetches) == {"refused"}
    assert "127.0.0.1" in fetches[0].outcome.message
    assert platform.count("stable_token") == 1


def test_the_simulated_user_export_is_read_row_by_row():
    statistics = statistics_of(DISTRICT, SOUND)
    first_day = LAST_DAY - timedelta(40)
    reading = read_export(
        follower_html(statistics, first_day, LAST_DAY), "用户分析_用户增长.xls", LAST_DAY
    )
    _, *expected = follower_rows(statistics, first_day, LAST_DAY)
    assert [tuple(row.values()) for row in reading.tables["daily_followers"].rows] == expected
    assert (reading.layout, reading.warnings, reading.unknown_columns) == ("user_analysis", [], [])


def test_the_simulated_content_export_agrees_with_the_interface(platform):
    statistics = statistics_of(DISTRICT, SOUND)
    first_day = LAST_DAY - timedelta(29)
    content = tendency_workbook(statistics, first_day, LAST_DAY)
    reading = read_export(content, "内容分析_流量数据.xls", LAST_DAY)
    assert (reading.layout, reading.warnings) == ("content_analysis", [])
    assert reading.period == (first_day, LAST_DAY)
    exported = {
        row["stat_date"]: row["reads"]
        for row in reading.tables["daily_reads"].rows
        if row["channel"] == "全部"
    }
    platform.now = MORNING + timedelta(days=40)  # restated figures have settled by then
    names = {"getbizsummary"}
    last = LAST_DAY - timedelta(30)
    bodies = night(platform, SOUND, last_success_on=last, names=names)
    served = {
        row["ref_date"]: row["detail"]["read_user"]
        for fetch in bodies
        if fetch.outcome.status == "value"
        for row in json.loads(fetch.payload.body)["list"]
    }
    shared = served.keys() & exported.keys()
    assert len(shared) > 20
    assert {day: exported[day] for day in shared} == {day: served[day] for day in shared}
