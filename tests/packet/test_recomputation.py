"""From archived answers of the platform to the printed summary, reckoned twice: once by us, once here."""

from __future__ import annotations

import hashlib
import json
import random
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from playbooks.statistics import build
from playbooks.statistics.archive import PAYLOAD_SCHEMA, archive_frame
from playbooks.statistics.packet import make_packet, write_packet
from sql.catalogs import memory
from tests.packet.conftest import add_account, request
from tests.packet.reading import docx_rows, xlsx_rows

DAYS = [date(2026, 6, 30) + timedelta(n) for n in range(32)]
FIELDS = {
    "阅读（人次）": "read_user",
    "分享（人次）": "share_user",
    "点赞（人次）": "like_user",
    "推荐（在看）": "zaikan_user",
    "评论（条）": "comment_count",
    "收藏（人次）": "collection_user",
    "发布信息（条）": "send_page_count",
}
SEED = 32


@pytest.fixture(scope="module")
def answers():
    """Answers of three accounts; every tenth day or so is missing, every fifth told again later."""
    rng = random.Random(SEED)
    told = []
    for account in ("A-1", "A-2", "A-5"):
        for day in DAYS:
            if rng.random() < 0.1:
                continue
            for later in range(2 if rng.random() < 0.2 else 1):
                detail = {field: rng.randrange(500) for field in FIELDS.values()}
                told.append((account, day, later, "getbizsummary", {"detail": detail}))
            if rng.random() > 0.1:
                total = {"cumulate_user": rng.randrange(5_000, 9_000)}
                told.append((account, day, 0, "getusercumulate", total))
                news = {"user_source": 0, "new_user": rng.randrange(50), "cancel_user": 3}
                told.append((account, day, 0, "getusersummary", news))
    return told


@pytest.fixture(scope="module")
def files(answers, tmp_path_factory):
    with memory("stats") as connection:
        for account in ("A-1", "A-2", "A-5"):
            add_account(connection, account, "U-1", "wechat_official")
        archive_frame(connection, pl.DataFrame([_payload(*a) for a in answers], PAYLOAD_SCHEMA))
        build.build(connection, datetime(2026, 8, 3, tzinfo=UTC))
        asked = request()
        packet = make_packet(connection, asked)
    return write_packet(packet, tmp_path_factory.mktemp("recomputed"))


def test_every_figure_of_the_summary_follows_from_the_answers(answers, files):
    printed = {row[0]: row for row in docx_rows(files.docx, "主要指标及环比")}
    sheet = {row[0]: row for row in xlsx_rows(files.xlsx, "主要指标")}
    for label, (value, present) in _expected(answers).items():
        assert sheet[label][1:4] == [value, present, 93], label
        assert printed[label][1:3] == [f"{value:,}", f"{present}/93"], label


def test_followers_follow_from_the_answers_of_the_two_evenings(answers, files):
    evenings = {
        (account, day): row["cumulate_user"]
        for account, day, _, endpoint, row in answers
        if endpoint == "getusercumulate"
    }
    closing = [evenings.get((a, date(2026, 7, 31))) for a in ("A-1", "A-2", "A-5")]
    opening = [evenings.get((a, date(2026, 6, 30))) for a in ("A-1", "A-2", "A-5")]
    growth = [
        c - o for c, o in zip(closing, opening, strict=True) if c is not None and o is not None
    ]
    known = [value for value in closing if value is not None]
    sheet = {row[0]: row for row in xlsx_rows(files.xlsx, "主要指标")}
    assert sheet["期末粉丝（人）"][1:4] == [sum(known), len(known), 3]
    assert sheet["粉丝净增（人）"][1:4] == [sum(growth), len(growth), 3]


def _payload(account, day, later, endpoint, row):
    body = json.dumps({"list": [{"ref_date": day.isoformat(), **row}]})
    return {
        "payload_sha256": hashlib.sha256(body.encode()).hexdigest(),
        "source": "wechat_api",
        "endpoint": endpoint,
        "account_id": account,
        "ref_begin_on": day,
        "ref_end_on": day,
        "fetched_at": datetime(2026, 8, 1 + later, tzinfo=UTC),
        "run_id": "night",
        "archive_id": "archive-1",
        "body": body,
    }


def _expected(answers):
    """Sum the last word on every day of July, straight from the answers."""
    last = {}
    for account, day, later, endpoint, row in answers:
        if day >= date(2026, 7, 1):
            last[endpoint, account, day] = (later, row)
    details = [row["detail"] for (endpoint, *_), (_, row) in last.items() if "biz" in endpoint]
    summaries = [row for (endpoint, *_), (_, row) in last.items() if "usersum" in endpoint]
    expected = {
        label: (sum(detail[field] for detail in details), len(details))
        for label, field in FIELDS.items()
    }
    new = sum(row["new_user"] for row in summaries)
    expected["新增关注（人）"] = (new, len(summaries))
    expected["取消关注（人）"] = (3 * len(summaries), len(summaries))
    return expected
