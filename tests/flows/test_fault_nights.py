"""``juzhen refresh --date …`` over every platform in every fault mode: had is had, the rest is said truly."""

from __future__ import annotations

import shutil
from collections import defaultdict
from datetime import datetime, timedelta

import pytest

from connectors import source
from connectors.http import RetryPolicy
from connectors.simulation.faults import Fault
from connectors.simulation.office_server import API_KEY
from connectors.simulation.platforms import all_platforms
from flows.operations import statistics
from playbooks.core.working_hours import OFFICE_ZONE
from tests.support.every_source import (
    ACCOUNTS,
    OFFICE,
    WECHAT,
    WECHAT_ACCOUNT,
    add_bilibili,
    prepare,
    variables,
)

NOW = datetime(2026, 11, 19, 13, 0, tzinfo=OFFICE_ZONE)
PAST = "2026-11-18"
AT_ONCE = RetryPolicy(waits_s=(0.0,), sleep=lambda _: None)
ONE_OF_EACH = {**ACCOUNTS, OFFICE: "A0041", WECHAT: WECHAT_ACCOUNT}

WELL = {"value", "absent"}
LOST = WELL | {"failed"}
RENEWING = {WECHAT, "douyin_api", "kuaishou_api"}
DELAYING = {WECHAT, "douyin_api", OFFICE}
BUSY = {WECHAT, "douyin_api"}

# Mode -> (source -> what its attempts may end as, exit status).
MODES = {
    "clean": (lambda _: WELL, 0),
    "bom": (lambda _: WELL, 0),
    "string_numbers": (lambda _: WELL, 0),
    "slow": (lambda _: WELL, 0),
    "token_expires_mid_run": (
        lambda name: WELL if name in RENEWING else {"value", "refused"},
        1,
    ),
    "quota": (lambda _: WELL | {"quota_exhausted"}, 1),
    # Late is no failure; the office's own interface fails what its declaration expects of a night.
    "delay": (lambda name: WELL | {"not_ready"} if name in DELAYING else WELL, 1),
    "busy": (lambda name: LOST, 1),
    "not_granted": (lambda name: WELL if name == OFFICE else WELL | {"refused"}, 1),
    "http_500": (lambda _: LOST, 1),
    "garbage": (lambda _: LOST, 1),
    "truncated": (lambda _: LOST, 1),
    "empty_body": (lambda _: LOST, 1),
    "dropped": (lambda _: LOST, 1),
    "61501": (lambda name: LOST if name == WECHAT else WELL, 1),
}
ONCE = {"slow", "token_expires_mid_run"}
UNHARMED = {"clean", "bom", "string_numbers", "slow"}
# One of each way to end; a night costs a second, and the other modes end like one of these.
TWICE = {"clean", "token_expires_mid_run", "quota", "delay", "garbage"}


@pytest.fixture(scope="module")
def platforms(district):
    with all_platforms(district, NOW) as served:
        add_bilibili(served)
        yield served


@pytest.fixture(scope="module")
def prepared(registered, platforms, tmp_path_factory):
    return prepare(registered, tmp_path_factory.mktemp("faults") / "home", platforms)


@pytest.fixture
def office(desk, prepared, platforms):
    """A desk with one account of every source, patient for no time at all."""
    shutil.rmtree(desk.home)
    shutil.copytree(prepared, desk.home)
    desk.set_now(NOW)
    desk.monkeypatch.setenv("YUNSHAN_APP_KEY", API_KEY)
    for name, value in variables(desk.home, platforms, has_wechat=True).items():
        desk.monkeypatch.setenv(name, value)
    desk.monkeypatch.setattr(statistics, "Pace", lambda clock: source.Pace(clock, AT_ONCE))
    return desk


def strike(platforms, mode):
    """Set the fault on every platform; WeChat whose today is the last day asked for answers 61501.

    Where a night makes many calls some pass before the fault strikes, and must be had.
    """
    platforms.set_now(NOW)
    if mode == "61501":
        platforms.wechat.now = NOW - timedelta(days=2)
    kinds = [] if mode in ("clean", "61501") else [mode]
    servers = {WECHAT: platforms.wechat, OFFICE: platforms.office, **platforms.others}
    for name, server in servers.items():
        after = 2 if name in BUSY else 0
        times = 1 if mode in ONCE else None
        server.faults.replace([Fault(kind, after=after, times=times) for kind in kinds])


def attempts(desk, run_id):
    """Return source -> the statuses of its outcome rows, and how many rows there are."""
    rows = desk.rows(
        "select source, status, message from fetch_outcome where run_id = ?",
        run_id,
        catalog="stats",
    )
    told = defaultdict(set)
    for name, status, message in rows:
        told[name].add(status)
        assert status in WELL or message, (name, status)
    return told, len(rows)


@pytest.mark.parametrize("mode", MODES)
def test_a_night_under_a_fault(office, platforms, mode):
    allowed, code = MODES[mode]
    strike(platforms, mode)
    ran = office.ask("refresh", "--date", PAST)
    night = ran.json

    assert (ran.code, night["complete"]) == (code, code == 0), night["messages"]
    told, row_count = attempts(office, night["run_id"])
    assert row_count == sum(night["outcomes"].values())
    assert set(told) == set(ONE_OF_EACH)
    for name, statuses in told.items():
        assert statuses <= allowed(name), name
    harmed = {name for name, statuses in told.items() if statuses - WELL}
    said = {message.split()[0] for message in night["messages"]}
    assert said == {ONE_OF_EACH[name] for name in harmed}
    assert bool(harmed) is (mode not in UNHARMED)
    had = {name for name, statuses in told.items() if "value" in statuses}
    assert had >= (BUSY if mode != "61501" else {"douyin_api"})
    late = DELAYING if mode == "delay" else set()  # after noon an empty list is an answer
    assert had >= set(ONE_OF_EACH) - harmed - late
    before = office.one("select count(*) from observation", catalog="stats")
    assert before == night["built"]["observation_count"] > 0
    if mode not in TWICE:
        return
    strike(platforms, mode)
    again = office.ask("refresh", "--date", PAST).json
    assert again["built"]["observation_count"] == again["built"]["content_count"] == 0
    assert office.one("select count(*) from observation", catalog="stats") == before
