"""A figure is followed back to the bytes it came from, and a missing one to what was asked."""

from __future__ import annotations

import hashlib
import json
from datetime import date

import pytest

from playbooks.statistics.archive import archive
from playbooks.statistics.build import build
from playbooks.statistics.period import parse_period
from playbooks.statistics.trace import TraceError, trace_day, trace_period
from tests.statistics.replies import at, fetch, reads

DAY = date(2026, 1, 1)


def test_a_restated_figure_keeps_both_words_and_says_which_is_used(stats):
    for day, count in ((2, 12), (3, 15)):
        archive(stats, [fetch("getbizsummary", reads(count), at(day))], f"night-{day}")
        build(stats, at(day))
    found = trace_day(stats, "A-1", "reads", DAY)
    assert (found.value, found.state) == (15.0, "value")
    assert found.why == "同一来源有几个数：采用最后一次取得的"
    assert [(word["value"], word["run_id"], word["status"]) for word in found.words] == [
        (15.0, "night-3", "value"),
        (12.0, "night-2", "value"),
    ]
    body = json.dumps(reads(15), ensure_ascii=False)
    assert found.words[0]["payload_sha256"] == hashlib.sha256(body.encode()).hexdigest()
    assert "2026-01-01" in str(found.words[0]["excerpt"])


def test_a_better_source_is_used_before_a_later_word(stats):
    archive(stats, [fetch("getbizsummary", reads(12), at(2))], "night-2")
    build(stats, at(2))
    stats.execute(
        "insert into observation by name select * replace (9 as value, 'wechat_export' as source, "
        "fetched_at + interval 1 day as fetched_at) from observation"
    )
    found = trace_day(stats, "A-1", "reads", DAY)
    assert found.words[0]["source"] == "wechat_api"
    assert found.why.startswith("几个来源都有数")


def test_not_ready_absent_and_never_asked_are_told_apart(stats):
    late = {**reads(1), "is_delay": True}
    archive(stats, [fetch("getbizsummary", late, at(2))], "night-2")
    stats.execute("update fetch_outcome set status = 'not_ready'")
    build(stats, at(2))
    assert trace_day(stats, "A-1", "reads", DAY).state == "not_ready"
    stats.execute("update fetch_outcome set status = 'absent'")
    assert trace_day(stats, "A-1", "reads", DAY).state == "absent"
    assert trace_day(stats, "A-1", "reads", date(2026, 1, 9)).state == "never_asked"


def test_a_period_is_the_sum_of_its_days(stats):
    for day in (1, 2):
        body = reads(10 * day, f"2026-01-0{day}")
        days = (date(2026, 1, day), date(2026, 1, day))
        archive(stats, [fetch("getbizsummary", body, at(day + 1), days=days)], f"night-{day}")
        build(stats, at(day + 1))
    found = trace_period(stats, ["A-1"], "reads", parse_period("2026-01"), date(2026, 1, 9))
    assert (found.value, [row["value"] for row in found.days]) == (30.0, [10.0, 20.0])
    assert all(row["payload_sha256"] for row in found.days)


def test_an_unknown_metric_is_refused_with_those_there_are(stats):
    with pytest.raises(TraceError, match="没有指标 likez；可追溯的有"):
        trace_day(stats, "A-1", "likez", DAY)
