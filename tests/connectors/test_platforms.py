"""Every declared source against its fake platform under every fault: one outcome each, none raises."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from connectors.asking import SourceAccount
from connectors.http import RetryPolicy, http_client
from connectors.office_source import parse_office_source
from connectors.simulation.district import build_district
from connectors.simulation.faults import Fault
from connectors.simulation.office_server import API_KEY
from connectors.simulation.platforms import all_platforms
from connectors.source import Pace, fetch_account
from connectors.sources import bundled_sources
from connectors.windows import SHANGHAI, plan_days
from tests.support.office_source import TEXT

DISTRICT = build_district()
NOW = datetime(2026, 11, 19, 11, 0, tzinfo=SHANGHAI)
PACE = Pace(lambda: NOW, RetryPolicy(waits_s=(0.0,), sleep=lambda _: None))
ACCOUNTS = {
    "weibo_api": "A0002",
    "douyin_api": "A0003",
    "bilibili_api": "A0042",
    "kuaishou_api": "A0010",
}
OFFICE = "yunshan_app_api"


@pytest.fixture(scope="module")
def platforms():
    with all_platforms(DISTRICT, NOW) as served:
        short = replace(DISTRICT.account("A0010"), account_id="A0042", platform="bilibili")
        served.others["bilibili_api"].accounts["A0042"] = short
        yield served


def night(platforms, source, *faults):
    """Ask one source for an ordinary night's windows."""
    if source == OFFICE:
        declaration = office_declaration()
        server, values = platforms.office, {"app": "yunshan", "access_token": API_KEY}
        account = SourceAccount("A0041", values)
    else:
        declaration, server = bundled_sources()[source], platforms.others[source]
        account = SourceAccount(ACCOUNTS[source], server.credentials(ACCOUNTS[source]))
    before = NOW.date() - timedelta(days=4)
    windows = {
        name: plan_days(endpoint, before, NOW).windows
        for name, endpoint in declaration.endpoints.items()
        if endpoint.asked_by_default
    }
    server.faults.replace(faults)
    try:
        with http_client(server.base_url) as client:
            return list(fetch_account(client, declaration, account, windows, PACE))
    finally:
        server.faults.replace([])


def office_declaration():
    return parse_office_source(TEXT, "own_app.yml").declaration


SOURCES = [*ACCOUNTS, OFFICE]
UNHARMED = {"bom": {}, "string_numbers": {}, "slow": {"times": 1}}


@pytest.mark.parametrize("source", SOURCES)
def test_an_ordinary_night_brings_values_alone(platforms, source):
    fetches = night(platforms, source)
    assert {one.outcome.status for one in fetches} == {"value"}, [one.outcome for one in fetches]
    asked = {name for name, one in _endpoints(source).items() if one.asked_by_default}
    assert {one.outcome.endpoint for one in fetches} == asked
    assert all(one.payload for one in fetches)


def _endpoints(source):
    declaration = office_declaration() if source == OFFICE else bundled_sources()[source]
    return declaration.endpoints


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("kind", UNHARMED)
def test_what_only_looks_odd_is_still_a_value(platforms, source, kind):
    fetches = night(platforms, source, Fault(kind, **UNHARMED[kind]))
    assert {one.outcome.status for one in fetches} == {"value"}


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize(
    "kind", ["http_500", "truncated", "garbage", "empty_body", "dropped", "busy", "quota"]
)
def test_every_endpoint_says_what_became_of_it(platforms, source, kind):
    fetches = night(platforms, source, Fault(kind))
    expected = "quota_exhausted" if kind == "quota" else "failed"
    assert expected in {one.outcome.status for one in fetches}
    assert {one.outcome.status for one in fetches} <= {expected, "failed"}
    assert all(one.outcome.message for one in fetches)
    asked = {name for name, one in _endpoints(source).items() if one.asked_by_default}
    assert {one.outcome.endpoint for one in fetches} == asked


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("kind", ["http_500", "truncated", "dropped", "busy"])
def test_a_fault_that_passes_is_healed_by_another_attempt(platforms, source, kind):
    assert {one.outcome.status for one in night(platforms, source, Fault(kind, times=1))} == {
        "value"
    }


def test_an_account_cannot_ask_about_another(platforms):
    weibo = platforms.others["weibo_api"]
    given = weibo.credentials("A0002") | {"uid": "1"}
    with http_client(weibo.base_url) as client:
        window = plan_days(
            bundled_sources()["weibo_api"].endpoints["users/counts"], None, NOW
        ).windows
        (fetch,) = fetch_account(
            *(client, bundled_sources()["weibo_api"], SourceAccount("A0002", given)),
            *({"users/counts": window}, PACE),
        )
    assert (fetch.outcome.status, fetch.outcome.platform_code) == ("refused", "21335")
    assert fetch.outcome.http_status == 400
