"""The published formulas against their self-check values, and what is missing against a number."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from math import log
from pathlib import Path

import pytest

import sql
from playbooks.statistics.content_tables import far_reaching_table, item_sheet
from playbooks.statistics.figures import read_figures
from playbooks.statistics.index_table import index_table
from playbooks.statistics.indexes import Reach, VideoReach, WechatReach, bci, bvci, wci

TOTAL, HEADLINES, LARGEST = (10_000, 50, 80), (7_000, 35, 50), (1_500, 10, 15)


def test_wci_with_shares_is_variant_a():
    reach = WechatReach(Reach(*TOTAL, 300), Reach(*HEADLINES, 200), Reach(*LARGEST, 60), 20, 30)
    assert wci(reach) == pytest.approx(352.513, abs=0.0005)


def test_wci_without_shares_is_variant_b():
    reach = WechatReach(Reach(*TOTAL), Reach(*HEADLINES), Reach(*LARGEST), 20, 30)
    assert wci(reach) == pytest.approx(375.789, abs=0.0005)


def test_nothing_published_is_nothing():
    none = Reach(0, 0, 0)
    assert wci(WechatReach(none, none, none, 0, 30)) == 0


def test_bci_by_hand():
    # (0.2 ln 21 + 0.8 (0.4 ln 101 + 0.4 ln 51 + 0.2 ln 201)) x 160
    by_hand = (0.2 * 3.044522 + 0.8 * (0.4 * 4.615121 + 0.4 * 3.931826 + 0.2 * 5.303305)) * 160
    assert bci(20, 100, 50, 200) == pytest.approx(by_hand, abs=0.001)
    assert bci(0, 0, 0, 0) == 0


def test_bvci_by_hand_and_a_loss_of_followers_counts_as_none():
    by_hand = 100 * (
        0.15 * log(11) + 0.25 * log(501) + 0.30 * log(21) + 0.18 * log(10_001) + 0.12 * log(101)
    )
    assert by_hand == pytest.approx(503.889, abs=0.001)
    assert bvci(VideoReach(10, 500, 20, 10_000, 100)) == pytest.approx(by_hand)
    lost = bvci(VideoReach(10, 500, 20, 10_000, -5))
    assert lost == pytest.approx(by_hand - 12 * log(101))


def _publish(small, figures):
    """A-1 published one article on each day it counts one; the first of them is not a headline."""
    days = [
        day
        for (day,) in small.execute(
            "select stat_date from account_day where account_id = 'A-1' and published_count = 1 "
            "and stat_date >= '2026-07-01' order by stat_date"
        ).fetchall()
    ]
    common = {
        "account_id": "A-1",
        "source": "wechat_api",
        "fetched_at": datetime(2026, 8, 1, tzinfo=UTC),
    }
    items = [
        {
            **common,
            "content_id": f"{n}_{2 if n == 0 else 1}",
            "title": f"第{n}篇",
            "published_on": day,
            "content_kind": "article",
            "endpoint": "freepublish/batchget",
        }
        for n, day in enumerate(days)
    ]
    told = [
        {
            **common,
            "content_id": item["content_id"],
            "metric": metric,
            "value": value,
            "semantics": "publication_cohort_snapshot",
            "stat_date": date(2026, 7, 31),
            "payload_sha256": "p",
        }
        for item in items
        for metric, value in figures.items()
    ]
    sql.insert(small, "content_item", items)
    sql.insert(small, "observation", told)
    return len(items)


def _rows(small, request_of):
    asked = request_of()
    figures = read_figures(small, asked.period, asked.scope, asked.today)
    return {row[0]: row[2:] for row in index_table(figures).rows}, figures


def test_an_index_stands_on_every_publication_of_the_period_or_is_missing(small, request_of):
    rows, _ = _rows(small, request_of)
    assert rows["号A-1"] == ("WCI（B）", None, "内容清单（发布14条，清单0条）")
    assert rows["号A-2"] == ("WCI（B）", None, "发布数据1日")
    assert rows["号A-3"] == ("BCI（简化）", None, "发布数据31日")
    count = _publish(small, {"reads": 100, "recommends": 2, "likes": 3})
    rows, figures = _rows(small, request_of)
    reach = WechatReach(
        Reach(100 * count, 2 * count, 3 * count),
        Reach(100 * (count - 1), 2 * (count - 1), 3 * (count - 1)),
        Reach(100, 2, 3),
        count,
        31,
    )
    assert rows["号A-1"] == ("WCI（B）", round(wci(reach), 2), "—")
    assert next(row[1:6] for row in far_reaching_table(figures).rows) == (
        "第0篇", "号A-1", date(2026, 7, 1), "阅读", 100,
    )  # fmt: skip
    assert len(far_reaching_table(figures).rows) == 3
    assert len(item_sheet(figures).rows) == count
    small.execute("delete from observation where metric = 'likes' and content_id = '3_1'")
    rows, _ = _rows(small, request_of)
    assert rows["号A-1"] == ("WCI（B）", None, "点赞1条")


IMPORTED = re.compile(r"statistics(\.| import .*)index(es|_table)")


def test_no_index_is_anywhere_near_a_score():
    root = Path(sql.FOLDER).parent
    users = {
        path.relative_to(root).as_posix()
        for folder in ("playbooks", "flows")
        for path in (root / folder).rglob("*.py")
        if IMPORTED.search(path.read_text(encoding="utf-8"))
    }
    # Where the indexes are printed; the appraisal, above all, is not among them.
    assert users == {"playbooks/statistics/index_table.py", "playbooks/statistics/sections.py"}
