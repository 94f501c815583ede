"""From archived answers of the platform to the printed summary, reckoned twice: once by us, once here."""

from __future__ import annotations

import hashlib
import json
import random
import re
from datetime import UTC, date, datetime, timedelta

import docx
import openpyxl
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


def test_every_figure_of_every_account_follows_from_its_answers(answers, files):
    headings, *rows = xlsx_rows(files.xlsx, "逐账号")
    for account in ("A-1", "A-2", "A-5"):
        (row,) = [dict(zip(headings, row, strict=True)) for row in rows if row[0] == account]
        mine = [answer for answer in answers if answer[0] == account]
        for label, (value, present) in _expected(mine).items():
            told = (row[label], row[f"{label}·已取得"], row[f"{label}·应取得"])
            assert told == (value, present, 31), (account, label)


def test_unit_and_platform_add_up_to_the_same(answers, files):
    expected = _expected(answers)
    unit = dict(zip(*xlsx_rows(files.xlsx, "分单位"), strict=True))
    for label in ("发布信息（条）", "阅读（人次）"):
        assert (unit[label], unit[f"{label}·已取得"]) == expected[label]
    for sheet, label in (("分平台发布", "发布信息（条）"), ("分平台传播", "阅读（人次）")):
        platform = dict(zip(*xlsx_rows(files.xlsx, sheet), strict=True))
        assert (platform[label], platform[f"{label}·已取得"]) == expected[label]


def test_the_charts_draw_the_sums_of_the_days(answers, files):
    published = {}
    for account, day, later, endpoint, row in answers:
        if endpoint == "getbizsummary" and day >= date(2026, 7, 1):
            published[account, day] = (later, row["detail"]["send_page_count"])
    for day, value, present, _ in xlsx_rows(files.xlsx, "每日发布")[1:]:
        told = [count for (_, on), (_, count) in published.items() if on == day.date()]
        assert (value, present) == (sum(told) if told else "未取得", len(told)), day
    weeks = xlsx_rows(files.xlsx, "每周发布")[1:]
    assert sum(row[2] for row in weeks) == sum(count for _, count in published.values())


def test_every_number_of_the_report_is_in_the_workbook(files):
    """Tables cell by cell; in sentences every figure that says its coverage."""
    book = openpyxl.load_workbook(files.xlsx)
    cells = [c.value for sheet in book for row in sheet.iter_rows() for c in row]
    known = {
        form
        for value in cells
        if isinstance(value, int | float)
        for form in (f"{value:,.0f}", f"{value:,.2f}".rstrip("0").rstrip("."), f"{value:.1%}")
    }
    report = docx.Document(str(files.docx))
    numbers = re.compile(r"[-+]?[\d,]+(?:\.\d+)?%?")
    shown = [
        number.lstrip("+").lstrip("-")
        for table in report.tables
        if table.rows[0].cells[-1].text != "未取得的日期"  # gathered runs; see test_packet.py
        for row in table.rows[1:]
        for cell in row.cells
        if re.fullmatch(r"[-+\d,.%/（） ]+", cell.text) and not re.match(r"\d{4}-\d\d", cell.text)
        for number in numbers.findall(cell.text)
    ]
    said = re.compile(r"([\d,]+)(?:条|人次|人|次)（覆盖([\d,]+)/([\d,]+)")
    sentences = [
        n for each in report.paragraphs for found in said.findall(each.text) for n in found
    ]
    assert len(shown) > 100
    assert len(sentences) > 20
    assert [number for number in (*shown, *sentences) if number not in known] == []


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
