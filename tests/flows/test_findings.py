"""The list of problems through its commands: derived, acted on many at once, told once, put right."""

from datetime import timedelta

import openpyxl
import pytest

import sql
from flows.finding_alarms import tell_problems
from flows.operations.addresses import Addresses
from flows.operations.finding_board import board_page
from playbooks.core import documents
from sql.catalogs import CatalogBusyError, write
from tests.flows.steps import off_roster

pytestmark = pytest.mark.usefixtures("held")


def jump(desk, account="A0001"):
    """Let an account win six hundred followers on one day of a quiet month."""
    last = desk.now.date() - timedelta(days=2)
    rows = [
        {
            "account_id": account,
            "stat_date": last - timedelta(days=n),
            "followers_new": 600.0 if n == 0 else 5.0,
            "followers_cancelled": 0.0,
        }
        for n in range(25)
    ]
    with write(desk.settings.stats) as stats:
        for row in rows:
            sql.insert(stats, "account_day", [row])


def by_code(desk, code, *more):
    found = desk.ask("findings", *more).json["findings"]
    return [one for one in found if one["code"] == code]


def states(desk):
    return dict(desk.rows("select number, state from finding order by number"))


def test_a_night_opens_what_is_new_once_and_each_has_owner_deadline_and_state(desk):
    assert desk.run("findings").out.startswith("清单还没有内容")
    first = desk.ask("findings", "--derive").json["findings"]
    assert len(first) == len(desk.ask("findings", "--register").json["findings"]) > 5
    assert {(one["state"], str(one["due_on"])) for one in first} == {("open", "2026-11-30")}
    assert all(one["owner"] for one in first)
    desk.later(days=1)
    assert len(desk.ask("findings", "--derive").json["findings"]) == len(first)
    assert desk.one("select count(*) from finding_event where event <> 'opened'") == 0


def test_what_is_no_longer_true_ends_with_a_trace_and_comes_back_as_a_new_one(desk):
    desk.ask("findings", "--derive")
    (one, *_) = by_code(desk, "comments_closed")
    about = one["account_id"]
    with write(desk.settings.ops) as ops:
        ops.execute("update account set comments_open = true where account_id = ?", [about])
    desk.later(days=1)
    desk.ask("findings", "--derive")
    ended = desk.ask("findings", "--number", one["number"]).json
    assert ended["finding"]["state"] == "fixed"
    assert [event["event"] for event in ended["events"]] == ["opened", "ended"]
    with write(desk.settings.ops) as ops:
        ops.execute("update account set comments_open = false where account_id = ?", [about])
    desk.ask("findings", "--derive")
    again = [one for one in by_code(desk, "comments_closed") if one["account_id"] == about]
    assert again[0]["number"] > one["number"]


def test_many_are_settled_in_one_act_and_every_fault_is_named(desk):
    jump(desk)
    desk.ask("findings", "--derive")
    (lead,) = by_code(desk, "follower_jump")
    others = [one["number"] for one in by_code(desk, "verification_expiring")]
    by = ("--by", desk.people["handler"])
    settle = lambda *words: desk.run("settle-findings", *words, *by)  # noqa: E731
    number = lead["number"]
    for words, fault in (
        ((), "没有填写编号"),
        (("--dismiss", number), "须写明理由"),
        (("--accept", number), "只是线索"),
        (("--accept", number, "--dismiss", number, "--reason", "x"), "不止一栏"),
        (("--accept", 9999), "没有 9999 号"),
        (("--assign", number), "新的责任人"),
        (("--accept", number, "--workdays", 99), "1 至 60"),
        (("--accept", "一"), "不是编号"),
    ):
        ran = settle(*words)
        assert (ran.code, fault in ran.err) == (1, True), (words, ran.err)
    outsider = ("--by", off_roster(desk), "--reason", "x")
    refused = desk.run("settle-findings", "--dismiss", number, *outsider).err
    assert "的值班表上，不能处理问题；现在可请" in refused
    assert set(states(desk).values()) == {"open"}
    ran = settle(
        *("--dismiss", number, "--accept", f"{others[0]}-{others[-1]}", "--workdays", 10),
        *("--reason", "线下活动引流，不是购买"),
    )
    assert ran.code == 0
    assert (states(desk)[number], states(desk)[others[0]]) == ("dismissed", "accepted")
    assert settle("--accept", number, "--reason", "x").err.count("已经了结") == 1
    # A dismissed lead stays dismissed on the following nights; its day is remembered with its reason.
    desk.later(days=1)
    desk.ask("findings", "--derive")
    assert states(desk)[number] == "dismissed"
    due = {str(one["due_on"]) for one in by_code(desk, "verification_expiring")}
    assert due == {"2026-12-07"}


def test_a_notice_opens_one_case_a_sponsor_and_its_end_settles_the_problems(desk, monkeypatch):
    monkeypatch.setattr(documents, "render_pdf", lambda letter, now: b"%PDF-")
    monkeypatch.setattr(documents, "render_docx", lambda document, now: b"PK")
    desk.ask("findings", "--derive")
    unit = by_code(desk, "comments_closed")[0]["unit_id"]
    theirs = [o["number"] for o in desk.ask("findings").json["findings"] if o["unit_id"] == unit]
    numbers, by = ",".join(map(str, theirs)), ("--by", desk.people["handler"])
    ran = desk.ask("settle-findings", "--notice", numbers, "--reason", "已核实", *by)
    (case_id,) = ran.json["cases"]
    assert {state for n, state in states(desk).items() if n in theirs} == {"accepted"}
    assert list((desk.settings.outbox / case_id).glob("关于限期整改*.docx"))
    again = desk.run("settle-findings", "--notice", numbers, "--reason", "已核实", *by)
    assert "已在整改件" in again.err
    desk.rows("update case_summary set status = 'closed', outcome = 'unrectified' returning 1")
    desk.ask("findings", "--derive")
    assert {state for n, state in states(desk).items() if n in theirs} == {"open"}


def test_new_and_late_problems_are_told_once(desk, slack):
    desk.ask("findings", "--derive", "--tell")
    told = [message.text for message in slack.messages]
    assert len(told) == 1
    assert tell_problems(desk.settings, desk.now) == 0
    desk.later(days=14)
    late = tell_problems(desk.settings, desk.now)
    assert late == desk.one("select count(*) from finding where state = 'open'")
    assert (len(slack.messages), tell_problems(desk.settings, desk.now)) == (2, 0)


def test_statistics_that_are_held_leave_their_problems_as_they_are(desk, monkeypatch):
    jump(desk)
    desk.ask("findings", "--derive")
    (lead,) = by_code(desk, "follower_jump")
    real = sql.rows

    def busy(connection, name, /, **given):
        if name.startswith("marts/"):
            raise CatalogBusyError("统计目录正被采集占用")
        return real(connection, name, **given)

    monkeypatch.setattr(sql, "rows", busy)
    ran = desk.ask("findings", "--derive")
    assert (ran.code, "正被采集占用" in ran.err) == (1, True)
    assert states(desk)[lead["number"]] == "open"


def test_a_hostile_name_stays_text_on_board_and_sheet(desk, tmp_path):
    with write(desk.settings.ops) as ops:
        ops.execute(
            "update account set name = '=HYPERLINK(1)|<script>[x](y)' where unit_id = 'U024'"
        )
    out = tmp_path / "问题清单.xlsx"
    assert desk.ask("findings", "--derive", "--out", out).code == 0
    board = board_page(desk.settings, Addresses(), desk.now)
    assert "HYPERLINK" in board
    assert "<script>" not in board
    assert "[x](y)" not in board
    cells = [cell for row in openpyxl.load_workbook(out).worksheets[0].iter_rows() for cell in row]
    hostile = [cell for cell in cells if "=HYPERLINK" in str(cell.value)]
    assert hostile
    assert {cell.data_type for cell in hostile} == {"s"}
