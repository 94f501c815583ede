"""Nights over every source at once against the fake platforms, under every fault: had is had, lost is said."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from connectors.http import RetryPolicy
from connectors.simulation.faults import Fault
from connectors.simulation.office_server import API_KEY
from connectors.simulation.platforms import all_platforms
from flows.operations import statistics
from flows.operations.night_summary import summary_markdown
from playbooks.core.working_hours import OFFICE_ZONE
from sql.catalogs import open_catalog
from tests.support.every_source import ACCOUNTS, OFFICE, add_bilibili, prepare, read

NIGHT = datetime(2026, 11, 19, 10, 30, tzinfo=OFFICE_ZONE)
NEXT = NIGHT + timedelta(days=1)
AT_ONCE = RetryPolicy(waits_s=(0.0,), sleep=lambda _: None)


@pytest.fixture(scope="module")
def platforms(district):
    with all_platforms(district, NIGHT) as served:
        add_bilibili(served)
        yield served


@pytest.fixture(scope="module")
def prepared(registered, platforms, tmp_path_factory):
    """A data folder where one account of every source is configured."""
    return prepare(registered, tmp_path_factory.mktemp("sources") / "home", platforms)


@pytest.fixture
def settings(prepared, platforms, tmp_path, monkeypatch):
    monkeypatch.setenv("YUNSHAN_APP_KEY", API_KEY)
    home = tmp_path / "home"
    shutil.copytree(prepared, home)
    return read(home, platforms)


def night(settings, platforms, now, *faults, office=()):
    platforms.set_now(now)
    for server in platforms.others.values():
        server.faults.replace(faults)
    platforms.office.faults.replace(office or faults)
    try:
        return statistics.refresh(settings, now, statistics.Pace(lambda: now, AT_ONCE))
    finally:
        for server in (platforms.office, *platforms.others.values()):
            server.faults.replace([])


def rows(settings, statement):
    with open_catalog(settings.stats) as connection:
        return connection.execute(statement).fetchall()


def statuses(settings, run_id):
    found = rows(
        settings,
        f"select source, status, count(*) from fetch_outcome where run_id = '{run_id}' group by all",
    )
    told: dict[str, Counter] = {}
    for source, status, count in found:
        told.setdefault(source, Counter())[status] += count
    return told


FIGURES = "select source, account_id, content_id, metric, stat_date, value from observation"


def assert_nothing_private_was_kept(settings, platforms):
    secrets = [
        value
        for entries in platforms.credentials().values()
        for entry in entries.values()
        for name, value in entry.items()
        if name in ("access_token", "client_secret", "app_secret", "refresh_token")
    ]
    kept = rows(
        settings, "select body from raw_payload union all select message from fetch_outcome"
    )
    text = "".join(body for (body,) in kept if body)
    assert [secret for secret in (*secrets, API_KEY) if secret in text] == []
    assert "路人甲" not in text  # the author of a post that ours passes on
    assert '"sex"' not in text


def test_a_clean_night_brings_figures_and_items_of_every_source_and_twice_adds_nothing(
    settings, platforms
):
    done = night(settings, platforms, NIGHT)
    assert (done.is_complete, done.messages, done.faults) == (True, {}, ())
    assert done.sources == dict.fromkeys([*ACCOUNTS, OFFICE], 1)
    assert done.built.rejected_count == 0
    metrics = dict(
        rows(
            settings,
            "select source, list(distinct metric order by metric) from observation group by 1",
        )
    )
    assert metrics == {
        "weibo_api": ["comments", "followers_total", "items_total", "likes", "shares"],
        "douyin_api": [
            *("comments", "downloads", "followers_net_new", "followers_total", "forwards"),
            *("items_total", "likes", "plays", "profile_visitors", "published_count", "shares"),
        ],
        "bilibili_api": [
            *("coins", "coins_30_days", "collections", "collections_30_days", "comments"),
            *("comments_30_days", "danmaku", "danmaku_30_days", "followers_total", "items_total"),
            *("likes", "likes_30_days", "plays", "plays_30_days", "shares", "shares_30_days"),
        ],
        "kuaishou_api": ["comments", "followers_total", "items_total", "likes", "plays"],
        OFFICE: ["active_users", "crash_free_ratio", "installed_total", "new_users"],
    }
    items = rows(settings, "select distinct source from content_item order by 1")
    assert items == [(source,) for source in sorted(ACCOUNTS)]
    assert_nothing_private_was_kept(settings, platforms)
    again = night(settings, platforms, NIGHT)
    assert (again.is_complete, again.built.observation_count, again.built.content_count) == (
        True,
        0,
        0,
    )


FAULTS = {
    "weibo_api": (Fault("quota", account_id="A0002"), {"quota_exhausted"}),
    "douyin_api": (Fault("garbage", account_id="A0003"), {"failed"}),
    "bilibili_api": (Fault("string_numbers", account_id="A0042"), {"value"}),
    "kuaishou_api": (Fault("dropped", account_id="A0010"), {"failed"}),
}


def test_each_source_pays_for_its_own_fault_and_the_next_night_heals_it(settings, platforms):
    faults = [fault for fault, _ in FAULTS.values()]
    done = night(settings, platforms, NIGHT, *faults, office=[Fault("bom")])
    told = statuses(settings, done.run_id)
    assert {source: set(told[source]) for source in FAULTS} == {
        source: expected for source, (_, expected) in FAULTS.items()
    }
    assert set(told[OFFICE]) == {"value"}
    assert sum(done.outcomes.values()) == sum(sum(one.values()) for one in told.values())
    assert not done.is_complete
    assert {message.split()[0] for message in done.messages} == {"A0002", "A0003", "A0010"}
    healed = night(settings, platforms, NEXT)
    assert healed.is_complete, healed.messages
    found = rows(settings, "select source from observation group by 1 having count(*) > 3")
    assert len(found) == 5


def test_a_capability_that_is_not_granted_is_said_once_and_tokens_are_renewed_where_they_can_be(
    settings, platforms
):
    done = night(
        *(settings, platforms, NIGHT),
        Fault("not_granted", account_id="A0003"),
        Fault("token_expires_mid_run", times=1),
        office=[Fault("delay")],
    )
    told = statuses(settings, done.run_id)
    assert set(told["kuaishou_api"]) == {"value"}
    for source in ("weibo_api", "bilibili_api", "douyin_api"):
        assert set(told[source]) == {"refused"}
    assert told[OFFICE] == {"value": 1, "not_ready": 1}
    text = summary_markdown(settings, done, NIGHT)
    assert text.count("请申请，或删去抖音凭据改用导出文件") == 1
    assert text.count("请重新授权后更新") == 2


def test_a_broken_declaration_costs_itself_alone(settings, platforms):
    (settings.sources / "typo.yml").write_text("title: x\nendponts: {}\n", encoding="utf-8")
    text = (settings.sources / "own_app.yml").read_text(encoding="utf-8")
    text = text.replace('private_hosts: ["127.0.0.1"]', "private_hosts: []")
    (settings.sources / "own_app.yml").write_text(text, encoding="utf-8")
    done = night(settings, platforms, NIGHT)
    assert not done.is_complete
    assert set(done.sources) == set(ACCOUNTS)
    joined = "\n".join(done.faults)
    assert "typo.yml:2: endponts: 没有这一项" in joined
    assert "127.0.0.1 指向内部地址 127.0.0.1" in joined


def test_a_night_of_the_past_keeps_the_true_clock_and_says_what_cannot_be_had(settings, platforms):
    platforms.set_now(NEXT)
    pace = statistics.Pace(lambda: NEXT, AT_ONCE)
    past = NIGHT.date() - timedelta(days=3)
    done = statistics.refresh(settings, NEXT, pace, past)
    assert done.is_complete, done.messages
    assert done.today == past
    assert "A0002 users/counts 2026-11-16 至 2026-11-16" in done.lost
    stamps = rows(settings, "select distinct asked_at from fetch_outcome")
    assert stamps == [(NEXT.astimezone(UTC).replace(tzinfo=None),)]
    last = rows(
        settings, "select max(ref_end_on)::text from fetch_outcome where source = 'yunshan_app_api'"
    )
    assert last == [("2026-11-15",)]
