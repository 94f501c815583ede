"""Whole nights against the fake WeChat under every fault: the rest goes on, later nights heal."""

from __future__ import annotations

import shutil
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from connectors.declaration_file import bundled
from connectors.http import RetryPolicy
from connectors.simulation.faults import Fault
from connectors.windows import Window
from flows.operations import statistics
from flows.operations.night_summary import summary_markdown
from flows.operations.planning import plan_night, read_facts
from flows.settings import read_settings
from playbooks.core.working_hours import OFFICE_ZONE
from sql.catalogs import open_catalog
from tests.flows.steps import credentials

STRUCK, SOUND, REFUSED = "A0005", "A0001", "A0030"
FIRST = datetime(2026, 11, 12, 9, 0, tzinfo=OFFICE_ZONE)
SECOND, THIRD = FIRST + timedelta(days=1), FIRST + timedelta(days=2)
AT_ONCE = RetryPolicy(waits_s=(0.0,), sleep=lambda _: None)

FIGURES = """
    select account_id, content_id, metric, semantics, stat_date,
        arg_max(value, fetched_at) as value
    from observation
    group by all
    order by all
"""


def at_home(home: Path, wechat):
    return read_settings(
        {
            "JUZHEN_HOME": str(home),
            "JUZHEN_WECHAT_API": wechat.base_url,
            "JUZHEN_WECHAT_CREDENTIALS": str(home / "credentials.yml"),
        }
    )


def night(settings, wechat, now, faults=()):
    wechat.now = now
    wechat.faults.replace(faults)
    try:
        return statistics.refresh(settings, now, statistics.Pace(lambda: now, AT_ONCE))
    finally:
        wechat.faults.replace([])


def rows(settings, statement, *values):
    with open_catalog(settings.stats) as connection:
        return connection.execute(statement, list(values)).fetchall()


def count(settings, table):
    return rows(settings, f"select count(*) from {table}")[0][0]


@pytest.fixture(scope="module")
def first_night(registered: Path, wechat, tmp_path_factory) -> Path:
    """A data folder after one clean night of two accounts."""
    home = tmp_path_factory.mktemp("night") / "home"
    shutil.copytree(registered, home)
    credentials(home, wechat, [STRUCK, SOUND])
    done = night(at_home(home, wechat), wechat, FIRST)
    assert done.is_complete, done.messages
    return home


@pytest.fixture(scope="module")
def undisturbed(first_night: Path, wechat, tmp_path_factory) -> list[tuple]:
    """The figures after two more nights in which nothing went wrong."""
    home = tmp_path_factory.mktemp("reference") / "home"
    shutil.copytree(first_night, home)
    settings = at_home(home, wechat)
    for now in (SECOND, THIRD):
        night(settings, wechat, now)
    return rows(settings, FIGURES)


@pytest.fixture
def settings(first_night: Path, wechat, tmp_path: Path):
    home = tmp_path / "home"
    shutil.copytree(first_night, home)
    return at_home(home, wechat)


ONE_OF_EACH = [
    Fault("quota", "getarticletotaldetail", STRUCK, after=9),
    Fault("busy", "getbizsummary", STRUCK),
    Fault("garbage", "getusersummary", STRUCK),
    Fault("empty_body", "getarticleread", STRUCK),
    Fault("delay", "getarticleshare", STRUCK),
    Fault("bom", "getusercumulate", STRUCK),
    Fault("slow", "getupstreammsg", STRUCK),
]


@pytest.mark.parametrize(
    ("faults", "statuses", "is_complete"),
    [
        (ONE_OF_EACH, {"quota_exhausted", "failed", "not_ready"}, False),
        ([Fault("token_expires_mid_run", account_id=STRUCK, after=4, times=1)], set(), True),
        ([Fault("token_expires_mid_run", account_id=STRUCK, after=4)], {"refused"}, False),
        ([Fault("ip_not_whitelisted", account_id=STRUCK)], {"refused"}, False),
        ([Fault("http_500", account_id=STRUCK, after=6)], {"failed"}, False),
        ([Fault("truncated", account_id=STRUCK, after=6, times=4)], {"failed"}, False),
    ],
    ids=["one of each", "token once", "token for ever", "whitelist", "http 500", "truncated"],
)
def test_a_fault_costs_what_it_strikes_and_the_next_clean_night_heals_it(
    settings, wechat, undisturbed, faults, statuses, is_complete
):
    done = night(settings, wechat, SECOND, faults)

    assert statuses == set(done.outcomes) - {"value", "absent"}
    assert done.is_complete is is_complete, done.messages
    assert bool(done.messages) is bool(statuses)
    assert all(STRUCK in message for message in done.messages)
    attempts = rows(
        settings,
        "select account_id, status, count(*) from fetch_outcome where run_id = ? group by all",
        done.run_id,
    )
    assert sum(number for *_, number in attempts) == sum(done.outcomes.values())
    assert {status for account, status, _ in attempts if account == SOUND} <= {"value", "absent"}

    healed = night(settings, wechat, THIRD)
    assert healed.is_complete
    # It may ask further back than an undisturbed night, never less.
    assert set(undisturbed) - set(rows(settings, FIGURES)) == set()


def test_each_endpoint_says_what_became_of_it(settings, wechat):
    night(settings, wechat, SECOND, ONE_OF_EACH)
    found = rows(
        settings,
        "select endpoint, list(distinct status order by status) from fetch_outcome "
        "where account_id = ? and asked_at > ? group by all order by all",
        STRUCK,
        FIRST.replace(tzinfo=None),
    )
    assert found == [
        ("freepublish/batchget", ["value"]),
        ("getarticleread", ["failed"]),
        ("getarticleshare", ["not_ready"]),
        ("getarticletotaldetail", ["absent", "quota_exhausted", "value"]),
        ("getbizsummary", ["failed"]),
        ("getupstreammsg", ["value"]),
        ("getusercumulate", ["value"]),
        ("getusersummary", ["failed"]),
    ]


def test_the_same_night_twice_asks_again_and_adds_nothing(settings, wechat):
    night(settings, wechat, SECOND)
    before = {table: count(settings, table) for table in ("observation", "content_item")}
    payloads, outcomes = count(settings, "raw_payload"), count(settings, "fetch_outcome")

    again = night(settings, wechat, SECOND)

    assert again.built.observation_count == again.built.content_count == 0
    assert {table: count(settings, table) for table in before} == before
    assert count(settings, "raw_payload") == payloads  # the pages of the article list included
    assert count(settings, "fetch_outcome") == outcomes + sum(again.outcomes.values())


def test_an_article_list_of_several_pages_is_archived_once(settings, wechat):
    pages = rows(
        settings,
        "select count(*) from raw_payload where endpoint = 'freepublish/batchget' "
        "group by account_id, archive_id order by 1 desc",
    )
    assert pages[0][0] > 1


def test_a_week_without_a_night_is_caught_up(settings, wechat, tmp_path):
    late = FIRST + timedelta(days=8)
    done = night(settings, wechat, late)

    assert (done.is_complete, done.lost) == (True, ())
    days = rows(
        settings,
        "select account_id, count(distinct stat_date) from observation "
        "where metric = 'followers_total' and stat_date >= ? group by all order by all",
        FIRST.date(),
    )
    assert days == [(SOUND, 8), (STRUCK, 8)]


def test_days_beyond_the_platforms_reach_are_named_as_lost(settings, wechat):
    reach = bundled("wechat").endpoints["getarticletotaldetail"].reach_days
    done = night(settings, wechat, FIRST + timedelta(days=reach + 3))
    assert any(f"{STRUCK} getarticletotaldetail" in line for line in done.lost)
    query = (
        "select account_id, begin_on, end_on from lost_day "
        "where endpoint = 'getarticletotaldetail' order by all"
    )
    noted = rows(settings, query)
    assert STRUCK in {row[0] for row in noted}
    night(settings, wechat, FIRST + timedelta(days=reach + 3, minutes=1))
    assert rows(settings, query) == noted


def test_a_backfill_brings_old_days_and_leaves_the_nights_own_place(settings, wechat):
    planned = plan_night(read_facts(settings, SECOND)[0], SECOND, None)
    old = Window(date(2026, 8, 1), date(2026, 8, 14))
    wechat.now = FIRST
    done = statistics.backfill(
        settings, old, ["getusercumulate"], FIRST, statistics.Pace(lambda: FIRST, AT_ONCE)
    )

    assert done.is_complete
    days = rows(
        settings,
        "select count(distinct stat_date) from observation "
        "where account_id = ? and metric = 'followers_total' and stat_date <= '2026-08-14'",
        SOUND,
    )
    assert days == [(14,)]
    again = plan_night(read_facts(settings, SECOND)[0], SECOND, None)
    assert [plan.windows for plan in again] == [plan.windows for plan in planned]


def test_an_account_without_permission_is_said_and_the_others_go_on(registered, wechat, tmp_path):
    home = tmp_path / "home"
    shutil.copytree(registered, home)
    credentials(home, wechat, [SOUND, REFUSED])
    settings = at_home(home, wechat)
    done = night(settings, wechat, FIRST)

    assert not done.is_complete
    codes = rows(
        settings,
        "select account_id, platform_code from fetch_outcome where status = 'refused' group by all",
    )
    assert codes == [(REFUSED, "48001")]
    text = summary_markdown(settings, done, FIRST)
    assert f"平台拒绝（凭据、权限或白名单） | {done.outcomes['refused']} |" in text
    assert "未配置凭据的账号" in text
    assert REFUSED in text
    assert rows(settings, "select distinct account_id from observation") == [(SOUND,)]


def test_secrets_stay_out_of_everything_that_is_kept(settings, wechat):
    secret = wechat.credentials(STRUCK).secret
    night(settings, wechat, SECOND, [Fault("garbage", account_id=STRUCK)])
    kept = rows(
        settings, "select body from raw_payload union all select message from fetch_outcome"
    )
    assert not [text for (text,) in kept if text and secret in text]
