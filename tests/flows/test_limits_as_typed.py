"""``juzhen due``, and the office's own hours under every deadline."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.flows.steps import answer, open_one

HOURS = """
office_hours:
  sessions: ["09:00-12:00", "13:30-17:30"]
  seasons: [{first: "07-01", last: "08-31", sessions: ["08:00-12:00", "15:00-18:00"]}]
"""


def append(desk, text):
    path = desk.home / "office.yml"
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def due(desk, budget="1", unit="working_days", start="2026-11-23T09:00", *more):
    return desk.ask("due", "--from", start, f"--budget={budget}", "--unit", unit, *more)


@pytest.mark.parametrize(
    "budget",
    [
        "-1",
        "1e999999999",
        "1" * 5000,
        "99999999999",
        "inf",
        "nan",
        "1_0",
        "\u0661",
        "1/3",
        "",
        "0.5",
    ],
)
def test_a_budget_that_is_none_is_one_short_sentence(desk, budget):
    ran = due(desk, budget)
    assert ran.code == 1
    assert ran.err.count("未完成") == 1
    assert len(ran.json["error"]) < 200
    assert "expected" not in ran.json["error"]


def test_a_limit_is_called_what_it_is(desk):
    ours = due(desk, "2")
    assert (ours.json["kind"], ours.json["basis"]) == ("internal", "命令行推算")
    law = due(desk, "2", "working_days", "2026-11-23", "--statutory", "--basis", "某办法第三条")
    assert (law.json["kind"], law.json["basis"]) == ("statutory", "某办法第三条")
    shown = desk.run("due", "--from", "2026-11-23", "--budget", "2", "--unit", "working_days")
    assert "非法定" in shown.out
    unfounded = due(desk, "2", "working_days", "2026-11-23", "--statutory", "--basis", " ")
    assert (unfounded.code, "--basis" in unfounded.json["error"]) == (1, True)


def test_the_offices_own_hours_are_counted(desk):
    assert due(desk).json["due"] == "2026-11-24T16:30:00+08:00"
    append(desk, HOURS)
    assert due(desk).json["due"] == "2026-11-24T17:30:00+08:00"
    assert due(desk, "4", "working_hours").json["due"] == "2026-11-23T14:30:00+08:00"
    assert due(desk, "1", "working_days", "2026-07-06").json["due"] == "2026-07-07T18:00:00+08:00"


def test_new_hours_move_a_running_deadline_and_leave_a_trace(desk):
    case_id = open_one(desk)["case_id"]
    before = desk.one("select due_at from deadline")
    append(desk, 'office_hours: {sessions: ["09:00-12:00", "14:00-18:00"]}\n')
    assert desk.run("sweep").code == 0
    assert desk.one("select due_at from deadline") == before + timedelta(minutes=30)
    events = desk.ask("case", case_id).json["events"]
    assert events[-1]["event_type"] == "deadline_reprojected"


@pytest.mark.parametrize(
    "text",
    [
        "office_hours: 9\n",
        "office_hours: {sessions: []}\n",
        'office_hours: {sessions: ["9-5"]}\n',
        'office_hours: {sessions: ["13:00-16:30", "08:30-11:30"]}\n',
        "office_hours: {sessions: [\n",
        'office_hours: {sessions: ["08:30-11:30"], season: []}\n',
        'office_hours: {sessions: ["08:30-11:30"], seasons: [{first: "02-30", last: "03-01", '
        'sessions: ["08:30-11:30"]}]}\n',
    ],
)
def test_hours_that_are_none_are_said_and_move_nothing(desk, case_id, text):
    append(desk, text)
    before = desk.rows("select * from deadline")
    for ran in (due(desk), desk.ask("sweep"), answer(desk, case_id, "verify", "verify")):
        assert ran.code == 1
        assert "office.yml" in ran.json["error"]
        assert "office_hours" in ran.json["error"]
    assert desk.rows("select * from deadline") == before
