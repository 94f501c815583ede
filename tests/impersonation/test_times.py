"""Times of impersonation cases: medians over those that reached the end, missing never zero."""

from datetime import UTC, datetime

from playbooks.core.calendar import load_calendar
from playbooks.impersonation.times import milestones_of, times_by_platform


def at(day, hour):
    """Return an hour of November 2026 as the office's clock shows it."""
    return datetime(2026, 11, day, hour - 8, tzinfo=UTC)


def row(number, platform="weibo", **changes):
    whole = {
        "case_id": f"IMP-{number}",
        "platform": platform,
        "reappears_of": None,
        "opened_at": at(23, 9),
        "verified_at": at(23, 10),
        "sent_at": at(24, 10),
        "gone_at": at(27, 10),
        "reappeared_count": 0,
        "outcome": "handled",
        "closed_at": at(30, 10),
    }
    return {**whole, **changes}


def test_times_are_counted_by_platform_and_together():
    rows = [
        row(1),
        row(2, verified_at=at(23, 11), gone_at=None, closed_at=None),
        row(3, "douyin", sent_at=None, gone_at=None, outcome="not_impersonation"),
    ]
    douyin, weibo, whole = times_by_platform(milestones_of(rows), load_calendar())
    assert (weibo.platform, weibo.case_count, whole.case_count) == ("weibo", 2, 3)
    assert (weibo.to_verify.value, weibo.to_verify.text) == (1.5, "1.5（2件）")
    assert weibo.response.text == "3（1件）"  # Tuesday to Friday, working days
    assert (douyin.response.text, douyin.refuted_count) == ("无样本", 1)
    assert whole.to_close.text == "5（2件）"


def test_an_account_that_comes_back_counts_once_on_the_case_it_left():
    rows = [
        row(1, reappeared_count=2),
        row(2),
        row(3, reappears_of="IMP-2", gone_at=None, closed_at=None),
    ]
    *_, whole = times_by_platform(milestones_of(rows), load_calendar())
    assert whole.reappearance == "100%（2/2）"


def test_no_case_no_line():
    assert times_by_platform([], load_calendar()) == []
