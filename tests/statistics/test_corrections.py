"""A declared correction is used while the source still says what it was declared against."""

from __future__ import annotations

from datetime import date

import pytest

import sql
from playbooks.statistics.archive import archive
from playbooks.statistics.build import Built, build, run_checks
from playbooks.statistics.corrections import CorrectionError, apply, read_corrections
from playbooks.statistics.trace import trace_day
from tests.statistics.replies import at, fetch, reads

HEADING = "账号编号,指标,日期,更正为,来源现为,理由,提出人,提出日期,有效期至\n"
ONE = HEADING + "A-1,阅读,2026-01-01,10,12,平台重复计数,张敏,2026-01-03,\n"
DAY = date(2026, 1, 1)


def declare(stats, text: str, today: date = date(2026, 1, 4)) -> int:
    with sql.transaction(stats):
        return apply(stats, read_corrections(text.encode()), "f" * 64, today)


def night(stats, day: int, count: int) -> None:
    archive(stats, [fetch("getbizsummary", reads(count), at(day))], f"night-{day}")
    build(stats, at(day))


def shown(stats) -> list[tuple]:
    return stats.sql("select reads from account_day").fetchall()


def test_a_correction_is_used_shown_and_changes_nothing_the_second_time(stats):
    night(stats, 2, 12)
    assert declare(stats, ONE) == 1
    build(stats, at(4))
    assert shown(stats) == [(10.0,)]
    assert declare(stats, ONE) == 0
    assert build(stats, at(5)) == Built(0, 0, 0, 0)
    found = trace_day(stats, "A-1", "reads", DAY)
    assert [(word["value"], word["source"]) for word in found.words] == [
        (10.0, "correction"),
        (12.0, "wechat_api"),
    ]
    assert found.why == "采用人工声明的更正；来源变化或到期后自动停用"
    assert run_checks(stats, date(2026, 1, 2)) == []


def test_it_trips_when_the_source_says_something_else(stats):
    night(stats, 2, 12)
    declare(stats, ONE)
    night(stats, 4, 11)
    declare(stats, ONE)
    build(stats, at(5))
    assert shown(stats) == [(11.0,)]
    (result,) = run_checks(stats, date(2026, 1, 2))
    assert result.name == "warn_correction_not_in_force"
    assert result.rows["status"].to_list() == ["tripped"]


def test_a_withdrawn_figure_is_missing_and_an_expired_correction_gives_it_back(stats):
    night(stats, 2, 12)
    text = HEADING + "A-1,reads,2026-01-01,撤销,12,不是本号数据,张敏,2026-01-03,2026-01-05\n"
    declare(stats, text)
    build(stats, at(4))
    assert shown(stats) == []
    assert trace_day(stats, "A-1", "reads", DAY).why.startswith("有过数但不再采信")
    declare(stats, text, date(2026, 1, 6))
    build(stats, at(6))
    assert shown(stats) == [(12.0,)]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("A-1,转发,2026-01-01,1,2,理由,张,2026-01-03,", "第 2 行：没有指标「转发」"),
        ("A-1,阅读,20260101x,1,2,理由,张,2026-01-03,", "「日期」应写成 2026-07-01"),
        ("A-1,阅读,2026-01-01,-1,2,理由,张,2026-01-03,", "「更正为」应是不小于零的数或「撤销」"),
        ("A-1,阅读,2026-01-01,nan,2,理由,张,2026-01-03,", "「更正为」应是不小于零的数"),
        ("A-1,阅读,2026-01-01,2,2,理由,张,2026-01-03,", "相同，无须更正"),
        ("A-1,阅读,2026-01-01,1,2,,张,2026-01-03,", "「理由」必填"),
        ("A-1,阅读", "应有 9 栏，实有 2 栏"),
        ("A-1,阅读,2026-01-01,1,2,a,张,2026-01-03,\nA-1,reads,2026-01-01,3,2,a,张,2026-01-03,",
         "第 3 行：同一账号、指标、日期已在前面写过"),
    ],
)  # fmt: skip
def test_every_fault_of_the_file_is_named_and_nothing_of_it_is_used(line, sentence):
    with pytest.raises(CorrectionError, match=sentence.replace("(", r"\(")):
        read_corrections((HEADING + line + "\n").encode())


def test_a_file_that_is_no_such_table_is_refused():
    for content in (b"", b"\xff\xfe", "账号,指标\n".encode()):
        with pytest.raises(CorrectionError):
            read_corrections(content)
