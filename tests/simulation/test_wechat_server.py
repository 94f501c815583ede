"""The fake WeChat platform speaks the documented protocol, asked over real HTTP."""

from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import httpx
import pytest

from connectors.simulation.district import build_district
from connectors.simulation.faults import Fault
from connectors.simulation.statistics import statistics_of
from connectors.simulation.wechat_server import WechatLimits, WechatServer

BEIJING = ZoneInfo("Asia/Shanghai")
MORNING = datetime(2026, 11, 21, 8, 30, tzinfo=BEIJING)
NEWS, HEALTH, PLAIN = "A0007", "A0013", "A0005"


@cache
def client():
    return httpx.Client(trust_env=False, timeout=10)


@pytest.fixture(scope="module")
def district():
    return build_district()


@pytest.fixture
def server(district):
    with WechatServer(district, now=MORNING) as running:
        yield running


def token_of(server, account_id, *, force_refresh=False):
    known = server.credentials(account_id)
    asked = {"grant_type": "client_credential", "appid": known.appid, "secret": known.secret}
    url = f"{server.base_url}/cgi-bin/stable_token"
    return client().post(url, json=asked | {"force_refresh": force_refresh}).json()


def ask(server, account_id, endpoint, begin, end=None, *, token=None):
    token = token or token_of(server, account_id)["access_token"]
    url = f"{server.base_url}/datacube/{endpoint}?access_token={token}"
    return client().post(url, json={"begin_date": begin, "end_date": end or begin})


def test_followers_of_a_week_sum_up_to_the_cumulated_ones(server):
    summary = ask(server, PLAIN, "getusersummary", "2026-11-14", "2026-11-20").json()
    cumulated = ask(server, PLAIN, "getusercumulate", "2026-11-13", "2026-11-19").json()["list"]
    newest = ask(server, PLAIN, "getusercumulate", "2026-11-20").json()["list"]
    net = sum(row["new_user"] - row["cancel_user"] for row in summary["list"])
    assert "errcode" not in summary
    assert newest[0]["cumulate_user"] - cumulated[0]["cumulate_user"] == net
    assert {row["user_source"] for row in summary["list"]} >= {0, 1, 30}


def test_article_reads_of_a_day_sum_up_to_the_account_and_scenes_overlap(server):
    articles = ask(server, PLAIN, "getarticleread", "2026-11-18").json()
    account = ask(server, PLAIN, "getbizsummary", "2026-11-18").json()["list"][0]["detail"]
    assert articles["is_delay"] is False
    reads = [row["detail"]["read_user"] for row in articles["list"]]
    assert sum(reads) == account["read_user"] > 0
    scenes = {row["scene_desc"]: row["user_count"] for row in account["read_user_source"]}
    assert scenes.pop("全部") == account["read_user"] < sum(scenes.values())


def test_a_day_is_ready_at_eight_in_the_morning(server):
    server.now = MORNING.replace(hour=7, minute=59)
    assert ask(server, PLAIN, "getbizsummary", "2026-11-20").json() == {
        "list": [],
        "is_delay": True,
    }
    assert ask(server, PLAIN, "getusercumulate", "2026-11-20").json() == {"list": []}
    server.now = MORNING.replace(hour=8, minute=0)
    assert ask(server, PLAIN, "getbizsummary", "2026-11-20").json()["is_delay"] is False


@pytest.mark.parametrize(
    ("endpoint", "begin", "end", "errcode"),
    [
        ("getusersummary", "2026-11-13", "2026-11-20", 61501),
        ("getbizsummary", "2026-10-21", "2026-11-20", 61501),
        ("getarticleread", "2026-11-19", "2026-11-20", 61501),
        ("getusersummary", "2026-11-20", "2026-11-19", 61501),
        ("getusersummary", "2026-11-21", "2026-11-21", 61501),
        ("getusersummary", "20261120", "20261120", 61500),
        ("getusersummary", "2026-02-30", "2026-02-30", 61500),
        ("getarticlesummary", "2026-11-20", "2026-11-20", 47009),
        ("getnothing", "2026-11-20", "2026-11-20", 40066),
    ],
)
def test_errors_come_in_http_200(server, endpoint, begin, end, errcode):
    reply = ask(server, PLAIN, endpoint, begin, end)
    assert reply.status_code == 200
    assert reply.json()["errcode"] == errcode


def test_seven_and_thirty_days_are_the_longest_spans(server):
    assert "list" in ask(server, PLAIN, "getusersummary", "2026-11-14", "2026-11-20").json()
    month = ask(server, PLAIN, "getbizsummary", "2026-10-22", "2026-11-20").json()
    assert len(month["list"]) == 30


@pytest.mark.parametrize("account_id", ["A0030", "A0038"])
def test_accounts_without_permission_are_refused(server, account_id):
    assert ask(server, account_id, "getusersummary", "2026-11-20").json()["errcode"] == 48001


def test_new_endpoints_hold_nothing_before_november_2025(district):
    old = build_district(last_day=date(2025, 11, 10))
    with WechatServer(old, now=datetime(2025, 11, 11, 9, tzinfo=BEIJING)) as server:
        both = ask(server, PLAIN, "getbizsummary", "2025-10-31", "2025-11-01").json()
    assert [row["ref_date"] for row in both["list"]] == ["2025-11-01"]


def test_missing_days_stay_missing(server, district):
    server.now = MORNING + timedelta(days=60)
    rows = ask(server, HEALTH, "getusercumulate", "2026-11-06", "2026-11-10").json()["list"]
    assert [row["ref_date"][-2:] for row in rows] == ["06", "07", "09", "10"]
    assert ask(server, HEALTH, "getusersummary", "2026-11-08").json() == {"list": []}


def test_figures_are_restated_on_the_third_morning(server):
    def reads(instant):
        server.now = instant
        detail = ask(server, NEWS, "getbizsummary", "2026-11-18").json()["list"][0]["detail"]
        token = token_of(server, NEWS)["access_token"]
        summary = ask(server, NEWS, "getusersummary", "2026-11-18", token=token).json()["list"]
        return detail["read_user"], sum(row["new_user"] for row in summary)

    first = reads(datetime(2026, 11, 19, 9, tzinfo=BEIJING))
    second = reads(datetime(2026, 11, 20, 9, tzinfo=BEIJING))
    third = reads(datetime(2026, 11, 21, 9, tzinfo=BEIJING))
    assert first == second == (1067, 37)
    assert third == (1193, 42)


def test_total_detail_is_cumulative_for_thirty_days(server, district):
    found = ask(server, NEWS, "getarticletotaldetail", "2026-10-16").json()["list"]
    days = [row["stat_date"] for row in found[0]["detail_list"]]
    reads = [row["read_user"] for row in found[0]["detail_list"]]
    assert (days[0], days[-1], len(days)) == ("2026-10-16", "2026-11-14", 30)
    assert reads == sorted(reads)
    assert reads[0] > reads[-1] / 2


def test_publish_type_two_has_neither_title_nor_address(server, district):
    odd = [
        one
        for one in statistics_of(district, district.account(NEWS)).articles
        if one.publish_type == 2
    ][-1]
    day = odd.published_on.isoformat()
    rows = ask(server, NEWS, "getarticletotaldetail", day).json()["list"]
    assert {row["publish_type"] for row in rows} == {2}
    assert not {"title", "content_url"} & set(rows[0])


def test_published_list_comes_in_pages_newest_first(server):
    token = token_of(server, NEWS)["access_token"]
    url = f"{server.base_url}/cgi-bin/freepublish/batchget?access_token={token}"
    first = client().post(url, json={"offset": 0, "count": 20, "no_content": 1}).json()
    last = client().post(url, json={"offset": first["total_count"] - 1, "count": 20}).json()
    times = [item["update_time"] for item in first["item"]]
    assert (first["item_count"], last["item_count"]) == (20, 1)
    assert times == sorted(times, reverse=True)
    assert client().post(url, json={"offset": 0, "count": 21}).json()["errcode"] == 40097


def test_the_same_token_is_handed_out_until_it_is_forced(server):
    first = token_of(server, PLAIN)
    assert token_of(server, PLAIN) == first
    assert first["expires_in"] == 7200
    assert len(first["access_token"]) >= 500
    forced = token_of(server, PLAIN, force_refresh=True)["access_token"]
    assert forced != first["access_token"]
    assert server.forced_refresh_count == 1
    old = ask(server, PLAIN, "getusercumulate", "2026-11-20", token=first["access_token"])
    assert old.json()["errcode"] == 40001
    # Forced again within thirty seconds, the platform does not refresh.
    assert token_of(server, PLAIN, force_refresh=True)["access_token"] == forced


def test_a_token_is_renewed_five_minutes_early_and_both_work_meanwhile(server):
    first = token_of(server, PLAIN)["access_token"]
    server.now = MORNING + timedelta(seconds=7200 - 299)
    second = token_of(server, PLAIN)["access_token"]
    assert second != first
    for token in (first, second):
        assert "list" in ask(server, PLAIN, "getusercumulate", "2026-11-20", token=token).json()
    server.now = MORNING + timedelta(seconds=7200)
    expired = ask(server, PLAIN, "getusercumulate", "2026-11-20", token=first).json()
    assert expired["errcode"] == 42001


def test_a_token_can_live_for_a_number_of_calls(district):
    with WechatServer(district, now=MORNING, limits=WechatLimits(token_life_calls=2)) as server:
        token = token_of(server, PLAIN)["access_token"]
        codes = [
            ask(server, PLAIN, "getusercumulate", "2026-11-20", token=token).json().get("errcode")
            for _ in range(3)
        ]
        assert codes == [None, None, 42001]
        assert token_of(server, PLAIN)["access_token"] != token


def test_the_plain_token_is_a_world_of_its_own(server):
    stable = token_of(server, PLAIN)["access_token"]
    known = server.credentials(PLAIN)
    query = {"grant_type": "client_credential", "appid": known.appid, "secret": known.secret}
    plain = client().get(f"{server.base_url}/cgi-bin/token", params=query).json()["access_token"]
    for token in (stable, plain):
        assert "list" in ask(server, PLAIN, "getusercumulate", "2026-11-20", token=token).json()


def test_forced_refreshes_are_twenty_a_day(server):
    answers = []
    for minute in range(21):
        server.now = MORNING + timedelta(minutes=minute)
        answers.append(token_of(server, PLAIN, force_refresh=True))
    assert [answer.get("errcode") for answer in answers] == [None] * 20 + [45009]


@pytest.mark.parametrize(
    ("changed", "errcode"),
    [({"appid": "wx0"}, 40013), ({"secret": "x"}, 40125), ({"grant_type": "x"}, 40002)],
)
def test_wrong_credentials(server, changed, errcode):
    known = server.credentials(PLAIN)
    asked = {"grant_type": "client_credential", "appid": known.appid, "secret": known.secret}
    reply = client().post(f"{server.base_url}/cgi-bin/stable_token", json=asked | changed)
    assert reply.json()["errcode"] == errcode


def test_daily_quota_ends_at_midnight_in_beijing(district):
    with WechatServer(district, now=MORNING, limits=WechatLimits(daily_quota=2)) as server:
        token = token_of(server, PLAIN)["access_token"]

        def codes():
            reply = ask(server, PLAIN, "getusercumulate", "2026-11-20", token=token)
            return reply.json().get("errcode")

        assert [codes() for _ in range(3)] == [None, None, 45009]
        url = f"{server.base_url}/cgi-bin/openapi/quota/get?access_token={token}"
        quota = client().post(url, json={"cgi_path": "/datacube/getusercumulate"}).json()["quota"]
        assert quota == {"daily_limit": 2, "used": 2, "remain": 0}
        server.now = datetime(2026, 11, 22, 0, 0, tzinfo=BEIJING)
        token = token_of(server, PLAIN)["access_token"]
        assert codes() is None


@pytest.mark.parametrize(
    ("kind", "errcode"), [("token_expires_mid_run", 42001), ("quota", 45009), ("busy", -1)]
)
def test_faults_in_the_body_strike_after_a_while_and_for_a_while(server, kind, errcode):
    token = token_of(server, PLAIN)["access_token"]
    server.faults.replace([Fault(kind, endpoint="getusercumulate", after=1, times=1)])
    codes = []
    for _ in range(3):
        reply = ask(server, PLAIN, "getusercumulate", "2026-11-20", token=token).json()
        codes.append(reply.get("errcode"))
        if reply.get("errcode") == 42001:
            token = token_of(server, PLAIN)["access_token"]
    assert codes == [None, errcode, None]


def test_a_fault_strikes_one_account_only(server):
    server.faults.replace([Fault("delay", account_id=NEWS)])
    assert ask(server, NEWS, "getbizsummary", "2026-11-20").json() == {"list": [], "is_delay": True}
    assert ask(server, PLAIN, "getbizsummary", "2026-11-20").json()["is_delay"] is False


def test_an_address_outside_the_whitelist(server):
    server.faults.replace(["ip_not_whitelisted"])
    assert token_of(server, PLAIN)["errcode"] == 40164


def test_faults_of_the_transport(server):
    token = token_of(server, PLAIN)["access_token"]

    def reply():
        return ask(server, PLAIN, "getusercumulate", "2026-11-20", token=token)

    sound = reply().content
    server.faults.replace(["http_500"])
    assert reply().status_code == 500
    server.faults.replace(["garbage"])
    assert reply().content.startswith(b"<html>")
    server.faults.replace(["empty_body"])
    assert reply().content == b""
    server.faults.replace(["bom"])
    assert reply().content == b"\xef\xbb\xbf" + sound
    server.faults.replace(["slow"])
    assert reply().content == sound
    server.faults.replace(["truncated"])
    with pytest.raises(httpx.RemoteProtocolError):
        reply()


def test_unknown_fault_is_refused():
    with pytest.raises(ValueError, match="no fault 'typo'"):
        Fault("typo")


def test_bodies_and_methods_the_platform_does_not_take(server):
    token = token_of(server, PLAIN)["access_token"]
    url = f"{server.base_url}/datacube/getusercumulate?access_token={token}"
    assert client().post(url, content=b"{").json()["errcode"] == 47001
    assert client().get(url).json()["errcode"] == 43002
    assert client().post(f"{server.base_url}/datacube/getusercumulate", json={}).json() == {
        "errcode": 41001,
        "errmsg": "access_token missing",
    }
    assert client().post(url, content=b" " * 1_100_000).status_code == 413


def test_calls_are_logged_without_secrets(server):
    ask(server, PLAIN, "getusercumulate", "2026-11-19", "2026-11-20")
    assert [(call.endpoint, call.account_id, call.begin_date) for call in server.calls] == [
        ("stable_token", PLAIN, None),
        ("getusercumulate", PLAIN, "2026-11-19"),
    ]
    assert server.count("getusercumulate") == server.count("getusercumulate", PLAIN) == 1
    assert server.count("getusercumulate", NEWS) == 0
    assert server.credentials(PLAIN).secret not in repr(server.calls)


def test_a_naive_now_is_refused(district):
    with pytest.raises(ValueError, match="no zone"):
        WechatServer(district, now=datetime(2026, 11, 21))
