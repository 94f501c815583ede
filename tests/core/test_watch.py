"""After a matter is gone: watch it, begin anew when it is back, and answer every reporter by name."""

from dataclasses import replace
from datetime import timedelta

import duckdb
import pytest

from playbooks.core.cases import store
from playbooks.core.cases.forms import AnswerError
from playbooks.core.cases.turn import UsualTime
from playbooks.core.limits import Unit
from playbooks.core.playbook import PlaybookError, parse_playbook
from sql.catalogs import memory
from tests.support.casework import MONDAY_9, WHO, answer, run_sweep, setting_at

LIMIT = "{budget: 4, unit: working_hours, kind: internal, basis: {text: 规程}}"
WATCHED = f"""\
id: watched
version: 1
title: 观察预案
case_prefix: WAT
basis: [{{text: 规程}}]
inputs:
  - {{name: title, title: 事项, type: text}}
  - {{name: whom, title: 对方, type: enum, values: {{quick: 快, slow: 慢}}}}
roles: {{handler: {{title: 经办人, roster: handler}}}}
dedupe: {{key: [title], reopens: [done]}}
start: first
outcomes: {{done: 已办}}
steps:
  - id: first
    type: ask
    title: 先办
    owner: handler
    form: [{{name: note, title: 说明, type: text}}]
    due: {LIMIT}
    escalate: [{{at: 100%, to: handler}}]
    next: tell
  - id: tell
    type: ask
    title: 答复
    owner: handler
    marks: each_reporter_answered
    form:
      - {{name: report_id, title: 编号, type: text, required: false}}
      - {{name: how, title: 方式, type: text}}
    due: {LIMIT}
    escalate: [{{at: 100%, to: handler}}]
    next: watch
  - id: watch
    type: watch
    title: 观察
    owner: handler
    every: {{budget: 5, unit: working_days, kind: internal, basis: {{text: 规程}}}}
    later: [{{after_looks: 2, budget: 8, unit: calendar_days}}]
    due: {{budget: 30, unit: calendar_days, kind: internal, usual: whom, basis: {{text: 规程}}}}
    escalate: [{{at: 100%, to: handler}}]
    on_reappear: back
    next: check
  - {{id: back, type: notify, title: 再次出现, to: handler, next: watch_again}}
  - id: watch_again
    type: ask
    title: 再次核实
    owner: handler
    form: [{{name: note, title: 说明, type: text}}]
    due: {LIMIT}
    escalate: [{{at: 100%, to: handler}}]
    next: watch
  - id: check
    type: ask
    title: 核对
    owner: handler
    form: [{{name: note, title: 说明, type: text}}]
    due: {LIMIT}
    escalate: [{{at: 100%, to: handler}}]
    next: close
  - {{id: close, type: end, title: 办结, outcome: done, requires: [every_reporter_answered]}}
"""
SAID = {"how": "电话"}


@pytest.fixture
def ops():
    with memory("ops") as connection:
        yield connection


def opened(ops: duckdb.DuckDBPyConnection, *reports, now=MONDAY_9, **changes):
    playbook = parse_playbook(WATCHED, "watched.yml")
    setting = replace(setting_at(now), **changes)
    case_id = ""
    for report in reports or (None,):
        owed = store.Report(report) if report else None
        inputs = {"title": "甲", "whom": "quick"}
        case_id = store.open_case(ops, playbook, WATCHED, inputs, owed, setting).case_id
    setting = replace(setting_at(now), **changes)
    store.answer_step(ops, case_id, "first", None, {"note": "好"}, WHO["handler"], setting)
    return case_id


def open_steps(ops, case_id):
    return set(store.read_state(ops, case_id).open_steps)


def test_each_reporter_is_answered_by_name_and_the_step_waits_for_the_last(ops):
    case_id = opened(ops, "hotline:1", "hotline:2", "hotline:3")
    with pytest.raises(AnswerError, match="还有 3 件举报未答复，请写明举报编号"):
        answer(ops, case_id, "tell", SAID, "handler")
    with pytest.raises(AnswerError, match="没有待答复的举报 hotline:9"):
        answer(ops, case_id, "tell", {**SAID, "report_id": "hotline:9"}, "handler")
    answer(ops, case_id, "tell", {**SAID, "report_id": "hotline:2"}, "handler")
    state = store.read_state(ops, case_id)
    assert state.reporters == {"hotline:1": False, "hotline:2": True, "hotline:3": False}
    assert "tell" in state.open_steps
    answer(ops, case_id, "tell", {**SAID, "report_id": "全部"}, "handler")
    assert open_steps(ops, case_id) == {"watch"}


def test_nobody_to_answer_passes_the_step_at_once(ops):
    case_id = opened(ops)
    assert open_steps(ops, case_id) == {"watch"}


def test_the_watch_ends_by_itself_and_unknown_is_not_back(ops):
    case_id = opened(ops)
    for day, look in ((7, "gone"), (14, "unknown")):
        answer(ops, case_id, "watch", {"look": look}, "handler", MONDAY_9 + timedelta(days=day))
    run_sweep(ops, MONDAY_9 + timedelta(days=29), "early")
    assert open_steps(ops, case_id) == {"watch"}
    run_sweep(ops, MONDAY_9 + timedelta(days=31), "late")
    state = store.read_state(ops, case_id)
    assert set(state.open_steps) == {"check"}
    assert not [d for d in state.deadlines if "/watch/" in d]


def test_looks_become_more_seldom_from_a_number_on(ops):
    case_id = opened(ops)
    for day in (7, 14):
        answer(ops, case_id, "watch", {"look": "gone"}, "handler", MONDAY_9 + timedelta(days=day))
    asked = (
        "select budget, unit from deadline where deadline_id like '%/look-%' order by started_at"
    )
    assert ops.sql(asked).fetchall() == [
        (5.0, "working_days"),
        (5.0, "working_days"),
        (8.0, "calendar_days"),
    ]


def test_a_return_begins_anew_with_fresh_deadlines(ops):
    case_id = opened(ops)
    then = MONDAY_9 + timedelta(days=8)
    answer(ops, case_id, "watch", {"look": "still_up"}, "handler", then)
    assert open_steps(ops, case_id) == {"watch_again"}
    answer(ops, case_id, "watch_again", {"note": "恢复"}, "handler", then)
    state = store.read_state(ops, case_id)
    assert state.open_steps["watch"].visit == 2
    assert state.deadlines[f"{case_id}/watch/2"].due_at > (then + timedelta(days=29)).isoformat()


def test_a_matter_that_comes_back_after_closing_is_a_case_of_the_same_lineage(ops):
    first = opened(ops)
    late = MONDAY_9 + timedelta(days=31)
    run_sweep(ops, late, "late")
    answer(ops, first, "check", {"note": "齐"}, "handler", late)
    second = opened(ops, now=late)
    assert second != first
    payload = ops.execute(
        "select payload from case_event where case_id = ? and event_type = 'case_opened'", [second]
    ).fetchone()
    assert f'"reappears_of":"{first}"' in payload[0]


def test_a_usual_time_that_is_known_replaces_the_limit_and_says_whose_it_is(ops):
    usual = {"quick": UsualTime(3, Unit.WORKING_DAYS, "快平台通常时长，待核实")}
    case_id = opened(ops, usual_times=usual)
    row = ops.execute(
        "select budget, unit, basis from deadline where deadline_id = ?", [f"{case_id}/watch/1"]
    ).fetchone()
    assert row == (3.0, "working_days", "快平台通常时长，待核实")


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("start: first", "start: tell", "start answers reporters before any is known"),
        ("on_reappear: back", "on_reappear: back\n    on_expire: check", "on_expire has no part"),
        ("next: check", "next: close", "leads to close without a person"),
        ("usual: whom", "usual: title", "usual names title, which is no enum of the intake"),
        ("usual: whom", "usual: nobody", "usual names nobody"),
        ("kind: internal, usual", "kind: statutory, usual", "no usual time replaces it"),
        ("reopens: [done]", "reopens: [gone]", "gone is no outcome"),
        (
            "unit: calendar_days}]",
            "unit: calendar_days}, {after_looks: 1, budget: 2, unit: wall_hours}]",
            "after_looks grows from one entry to the next",
        ),
        (
            "{name: report_id, title: 编号, type: text, required: false}",
            "{name: x, title: 编号, type: text}",
            "needs the field report_id",
        ),
    ],
)
def test_what_could_never_work_does_not_load(old, new, what):
    assert old in WATCHED
    with pytest.raises(PlaybookError, match=what):
        parse_playbook(WATCHED.replace(old, new, 1), "watched.yml")
