"""Pausing, resuming, extending and re-projecting keep the budget, warn again and leave a trace."""

from datetime import UTC, datetime, timedelta

import pytest

from playbooks.core import ledger
from playbooks.core.calendar import load_calendar
from playbooks.core.cases import deadline_changes, store
from playbooks.core.cases.forms import AnswerError
from playbooks.core.cases.rebuild import differences
from tests.support.casework import (
    MONDAY_9,
    SMALL,
    WHO,
    answer,
    open_small,
    run_sweep,
    setting_at,
    walk_to_parallel,
)

DEADLINE = "SML-2026-0001/look/1"
# Invented: the notice of 2027 was not known when this was written.
YEAR_2027 = """\
year: 2027
notice: {document_number: 示例〔2026〕1号, issued_on: 2026-11-25, url: https://example.org/notice}
off_days:
  - {name: 元旦, first: 2026-12-31, last: 2027-01-02}
  - {name: 春节, first: 2027-02-05, last: 2027-02-11}
  - {name: 国庆节, first: 2027-10-01, last: 2027-10-07}
make_up_days:
  - {name: 元旦, days: [2026-12-27]}
"""
STATUTORY = SMALL.replace(
    "pause_on: [awaiting_reporter], kind: internal, basis: {text: 内部工作规程}}\n    escalate:\n      - {at: 75%",
    "kind: statutory, basis: {text: 某法, article: 第九条, verified_on: 2026-01-05}}\n    escalate:\n      - {at: 75%",
)


def at(day, hour, minute=0):
    """Return an instant of November 2026 by the clock of the office."""
    return datetime(2026, 11, day, hour - 8, minute, tzinfo=UTC)


def change(ops, decide, now, deadline_id=DEADLINE):
    row = deadline_changes.read_deadline(ops, deadline_id)
    return store.change(
        ops, row.deadline_id.split("/")[0], setting_at(now), lambda c: decide(c, row)
    )


def pause(ops, now, reason="awaiting_reporter", deadline_id=DEADLINE):
    return change(
        ops, lambda current, row: deadline_changes.pause(current, row, reason), now, deadline_id
    )


def resume(ops, now, deadline_id=DEADLINE):
    return change(ops, deadline_changes.resume, now, deadline_id)


def extend(ops, now, extra, reason="查证需要", by="handler", approved_by="duty_lead"):
    def decide(current, row):
        asked = deadline_changes.Extension(extra, reason, WHO[by], WHO[approved_by])
        deadline_changes.extend(current, row, asked)

    return change(ops, decide, now)


def rungs(ops, deadline_id=DEADLINE):
    statement = "select rung_number, due_at, status from rung where deadline_id = ? order by 1"
    found = ops.execute(statement, [deadline_id]).fetchall()
    return [(n, f"{due + timedelta(hours=8):%d %H:%M}", status) for n, due, status in found]


def due(ops, deadline_id=DEADLINE):
    statement = "select due_at, status, consumed from deadline where deadline_id = ?"
    due_at, status, consumed = ops.execute(statement, [deadline_id]).fetchone()
    return f"{due_at + timedelta(hours=8):%m-%d %H:%M}", status, consumed


def test_a_pause_keeps_what_was_consumed_and_every_rung_waits(ops):
    open_small(ops)
    assert rungs(ops) == [
        (1, "23 13:30", "armed"),
        (2, "23 14:30", "armed"),
        (3, "23 16:30", "armed"),
    ]
    pause(ops, at(23, 10))
    assert due(ops)[1:] == ("paused", 1.0)
    assert {status for _, _, status in rungs(ops)} == {"paused"}
    assert run_sweep(ops, at(25, 9), "a").claimed == 0
    state = resume(ops, at(25, 9))
    # Three of four hours are left from Wednesday nine; 75% of the whole are two more hours.
    assert due(ops) == ("11-25 13:30", "running", 1.0)
    assert rungs(ops) == [
        (1, "25 11:00", "armed"),
        (2, "25 13:30", "armed"),
        (3, "25 15:30", "armed"),
    ]
    assert state.deadlines[DEADLINE].due_at == "2026-11-25T05:30:00+00:00"
    assert not list(differences(ops, ["SML-2026-0001"]))


def test_a_rung_whose_share_had_run_comes_due_at_once_when_the_clock_goes_on(ops):
    open_small(ops)
    pause(ops, at(23, 14))  # three and a half hours: past 75%, and no sweep had run
    resume(ops, at(24, 9))
    assert rungs(ops)[0] == (1, "24 09:00", "armed")


def test_a_pause_on_the_last_working_day_can_be_resumed(ops):
    """A day is charged when it begins: nothing is left of the budget, yet the day is not over."""
    open_small(
        ops, text=SMALL.replace("budget: 4, unit: working_hours", "budget: 1, unit: working_days")
    )
    before = due(ops)[0]
    pause(ops, at(24, 10))
    resume(ops, at(24, 11))
    assert due(ops) == (before, "running", 1.0)


def test_an_extension_after_expiry_warns_again_under_new_numbers(ops):
    """Without them the new due time would pass in silence: the 100% rung had been claimed."""
    case_id = open_small(ops, text=SMALL.replace("    on_expire: decide\n", ""))
    assert run_sweep(ops, at(23, 15), "a").claimed == 2
    assert due(ops)[1] == "overdue"
    extend(ops, at(23, 15), 4)
    assert due(ops)[:2] == ("11-24 10:30", "running")
    assert rungs(ops) == [
        (1, "23 13:30", "claimed"),
        (2, "23 14:30", "claimed"),
        (3, "24 14:00", "armed"),
        (4, "23 16:30", "armed"),
        (5, "24 10:30", "armed"),
    ]
    assert run_sweep(ops, at(24, 10, 30), "b").claimed == 2
    assert due(ops)[1] == "overdue"
    extend(ops, at(24, 10, 30), 1)
    assert [number for number, _, status in rungs(ops) if status == "armed"] == [3, 8]
    assert not list(differences(ops, [case_id]))


def test_an_extension_may_be_longer_than_can_be_counted(ops):
    open_small(ops)
    with pytest.raises(AnswerError, match="时限超出可计算的范围"):
        extend(ops, at(23, 10), 10**6)


@pytest.mark.parametrize(("extra", "reason"), [(0, "查证"), (-1, "查证"), (2, " ")])
def test_an_extension_needs_an_amount_and_a_reason(ops, extra, reason):
    open_small(ops)
    with pytest.raises(AnswerError, match="延长数应为正数"):
        extend(ops, at(23, 10), extra, reason=reason)


@pytest.mark.parametrize(
    ("by", "approved_by", "word"),
    [
        ("reviewer", "reviewer", "赵敏 是提出人，不能自己批准延长"),
        ("duty_lead", "duty_lead", "韩松 是提出人，不能自己批准延长"),
        ("reviewer", "handler", "林晓 是该步骤的办理人员.「经办人」.，不能批准自己的时限延长"),
    ],
)
def test_nobody_gives_more_time_to_himself(ops, by, approved_by, word):
    open_small(ops)
    with pytest.raises(AnswerError, match=word):
        extend(ops, at(23, 10), 1, by=by, approved_by=approved_by)


def test_what_a_clock_does_not_allow(ops):
    open_small(ops)
    with pytest.raises(AnswerError, match="该时限没有暂停"):
        resume(ops, at(23, 10))
    with pytest.raises(AnswerError, match="暂停事由只能是"):
        pause(ops, at(23, 10), "holiday")
    with pytest.raises(AnswerError, match="该时限已到期"):
        pause(ops, at(23, 15))
    pause(ops, at(23, 10))
    with pytest.raises(AnswerError, match="该时限已经暂停"):
        pause(ops, at(23, 11))
    with pytest.raises(AnswerError, match="没有正在计时的时限 X/y/1"):
        deadline_changes.read_deadline(ops, "X/y/1")


def test_a_statutory_limit_neither_stops_nor_grows(ops):
    open_small(ops, text=STATUTORY)
    with pytest.raises(AnswerError, match=r"法定时限.某法第九条.不能暂停"):
        pause(ops, at(23, 10))
    with pytest.raises(AnswerError, match=r"法定时限.某法第九条.不能延长"):
        extend(ops, at(23, 10), 1)


def test_a_clock_stops_only_for_what_its_playbook_declares(ops):
    open_small(ops)
    with pytest.raises(AnswerError, match=r"暂停事由只能是：等待举报人补充材料$"):
        pause(ops, at(23, 10), "awaiting_authority")
    case_id = open_small(ops, "乙", text=SMALL.replace("pause_on: [awaiting_reporter], ", ""))
    with pytest.raises(AnswerError, match="没有给这个时限声明可以暂停的事由"):
        pause(ops, at(23, 10), deadline_id=f"{case_id}/look/1")


def test_a_statutory_limit_says_whether_its_article_was_compared(ops):
    open_small(ops, text=STATUTORY.replace(", verified_on: 2026-01-05", ""))
    assert ops.sql("select basis from deadline").fetchall() == [("某法第九条（条文待核实）",)]


def test_a_published_notice_moves_provisional_deadlines_and_leaves_a_trace(ops, tmp_path):
    now = datetime(2026, 12, 30, 7, 0, tzinfo=UTC)
    three_days = SMALL.replace("budget: 4, unit: working_hours", "budget: 3, unit: working_days")
    case_id = open_small(ops, now=now, text=three_days)
    # Thursday 31 December, Monday 4 and Tuesday 5 January.
    assert due(ops)[0].startswith("01-05")
    (tmp_path / "2027.yml").write_text(YEAR_2027, encoding="utf-8")
    revised = load_calendar(tmp_path)
    later = now + timedelta(hours=1)
    setting = setting_at(later, calendar=revised, actor="system:sweep")
    assert deadline_changes.reproject_outdated(ops, setting) == 1
    assert deadline_changes.reproject_outdated(ops, setting) == 0
    # 31 December is off now: Monday 4, Tuesday 5, Wednesday 6.
    assert due(ops)[0].startswith("01-06")
    (trace,) = [
        event
        for event in ledger.read_case(ops, case_id)
        if event.event_type == ledger.EventType.DEADLINE_REPROJECTED
    ]
    assert trace.actor == "system:sweep"
    assert trace.payload["from_calendar"] == load_calendar(None).version
    assert trace.payload["to_calendar"] == revised.version
    assert store.read_state(ops, case_id).deadlines[DEADLINE].is_provisional is False
    assert not list(differences(ops, [case_id]))


def test_a_paused_deadline_is_projected_when_it_runs_again(ops, tmp_path):
    open_small(ops)
    pause(ops, at(23, 10))
    (tmp_path / "2027.yml").write_text(YEAR_2027, encoding="utf-8")
    setting = setting_at(at(23, 11), calendar=load_calendar(tmp_path))
    assert deadline_changes.reproject_outdated(ops, setting) == 0


def test_looks_of_a_recheck_can_be_paused_and_extended_too(ops):
    case_id = walk_to_parallel(ops)
    sent = {"sending": "sent", "sent_by": "平台入口", "receipt": "1"}
    answer(ops, case_id, "send_platform", sent, "handler")
    look = f"{case_id}/recheck/1/look-1"
    pause(ops, MONDAY_9 + timedelta(hours=1), "force_majeure", look)
    resume(ops, MONDAY_9 + timedelta(hours=2), deadline_id=look)
    assert due(ops, look)[1] == "running"
    assert not list(differences(ops, [case_id]))
