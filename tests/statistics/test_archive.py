"""What is kept of a night: every attempt, and every answer that is not a repetition."""

from __future__ import annotations

from playbooks.statistics.archive import archive
from tests.statistics.replies import at, failure, fetch, reads


def _bodies(stats) -> list[str]:
    return [
        row[0] for row in stats.sql("select body from raw_payload order by fetched_at").fetchall()
    ]


def test_a_failure_leaves_an_outcome_and_no_payload(stats):
    written = archive(stats, [failure("getbizsummary", "failed", at(2))], "night-1")
    assert (written.payload_count, written.outcome_count) == (0, 1)
    assert stats.sql("select status, http_status, run_id from fetch_outcome").fetchall() == [
        ("failed", 500, "night-1")
    ]


def test_the_body_is_kept_to_the_letter(stats):
    body = '{"list": [ ],\n "tail": "\U0001f600 全部 \\u5168"}'
    archive(stats, [fetch("getbizsummary", body, at(2))], "night-1")
    assert _bodies(stats) == [body]


def test_an_identical_answer_is_kept_once_and_both_attempts_are_told(stats):
    for day in (2, 3):
        archive(stats, [fetch("getbizsummary", reads(1), at(day))], f"night-{day}")
    assert stats.sql("select count(*) from raw_payload").fetchall() == [(1,)]
    assert stats.sql("select count(*) from fetch_outcome").fetchall() == [(2,)]


def test_a_figure_restated_and_restated_back_is_three_answers(stats):
    for day, count in ((2, 10), (3, 12), (4, 10)):
        archive(stats, [fetch("getbizsummary", reads(count), at(day))], f"night-{day}")
    assert len(_bodies(stats)) == 3


def test_the_same_answer_for_two_accounts_is_two_payloads(stats):
    empty = {"list": [], "is_delay": False}
    some = [fetch("getbizsummary", empty, at(2), account) for account in ("A-1", "A-2")]
    assert archive(stats, some, "night-1").payload_count == 2


def test_nothing_fetched_is_nothing_written(stats):
    written = archive(stats, [], "night-1")
    assert (written.payload_count, written.outcome_count) == (0, 0)
