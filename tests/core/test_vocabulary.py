"""Every word of the vocabulary does something: one playbook that uses the ones no shipped one does."""

from datetime import UTC, datetime, timedelta

import pytest

from playbooks.core import ledger
from playbooks.core.cases import store, system_steps
from playbooks.core.cases.children import open_child
from playbooks.core.cases.forms import AnswerError, check_answers
from playbooks.core.cases.rebuild import differences
from playbooks.core.playbook import parse_playbook
from playbooks.core.playbook.model import FormField
from tests.support.casework import (
    HASH,
    MONDAY_9,
    SMALL,
    answer,
    draft,
    run_sweep,
    setting_at,
)

LADDER = "escalate: [{at: 100%, to: reviewer}]"
LIMIT = "kind: internal, basis: {text: 规程}}"
FORM = "form: [{name: note, title: 说明, type: text}]"

RICH = f"""\
id: rich
version: 3
derived_from: rich@2
title: 全词预案
case_prefix: RCH
valid: {{from: 2026-01-01, until: 2026-12-31}}
marking: {{tlp: red, egress: internal_only}}
basis: [{{text: 规程}}]
inputs:
  - {{name: title, title: 事项, type: text}}
  - {{name: views, title: 浏览量, type: number}}
  - {{name: known_at, title: 获知时间, type: instant}}
  - {{name: kind, title: 类别, type: enum, required: false, values: {{rumour: 谣言, theft: 被盗}}}}
roles:
  handler: {{title: 经办人, roster: handler}}
  reviewer: {{title: 审核人, roster: reviewer, not_same_as: [handler]}}
  signer: {{title: 签发人, roster: signer, not_same_as: [handler, reviewer]}}
dedupe: {{key: [title]}}
start: keep
outcomes: {{done: 已办, dropped: 不予处置}}
close_requires: [receipts_recorded]
close_early: {{approver: signer}}
on_exception: reviewer
review:
  title: 复盘
  owner: reviewer
  after: [done]
  due: {{budget: 5, unit: working_days, {LIMIT}
  {LADDER}
  measures_owner: handler
  measures_escalate: [{{at: 100%, to: signer}}]
steps:
  - {{id: keep, type: do, title: 固定, action: register_extract, on_failure: by_hand, next: grade}}
  - {{id: by_hand, type: ask, title: 人工固定, owner: handler, next: grade, {FORM}, {LADDER}, due: {{budget: 4, unit: wall_hours, since: input.known_at, {LIMIT} }}
  - id: grade
    type: decide
    title: 分级
    rows:
      - {{when: {{input.views: {{at_least: 100000}}}}, go: write, because: 浏览量达到十万}}
      - {{when: {{input.kind: [theft]}}, go: write, because: 账号被盗}}
      - {{otherwise: true, go: elsewhere, because: 未达到标准}}
  - {{id: elsewhere, type: sub_playbook, title: 转办, playbook: small@1, inputs: {{title: input.title}}, next: [{{when: {{outcome: done}}, go: last}}, {{otherwise: true, go: write}}]}}
  - {{id: write, type: draft, title: 起草, letters: [one], next: sign}}
  - {{id: sign, type: approve, title: 签发, owner: reviewer, letters: [one], chain: [reviewer, signer], on_reject: write, next: send, {LADDER}, due: {{budget: 1, unit: working_days, {LIMIT} }}
  - {{id: send, type: send, title: 发送, owner: handler, letter: one, addressee: 对方, receipt: optional, once: case, next: receipt_due, {LADDER}, due: {{budget: 1, unit: working_days, {LIMIT} }}
  - {{id: receipt_due, type: wait_receipt, title: 等回执, of: send, owner: handler, next: reply, on_expire: write, {LADDER}, due: {{budget: 3, unit: working_days, {LIMIT} }}
  - {{id: reply, type: ask, title: 答复, owner: handler, next: last, {FORM}, {LADDER}, due: {{budget: 1, unit: months, roll: next_workday, since: receipt.receipt_due, {LIMIT} }}
  - {{id: last, type: ask, title: 收尾, owner: handler, next: close, {FORM}, {LADDER}, due: {{budget: 1, unit: working_days, since: case_opened, {LIMIT} }}
  - {{id: close, type: end, title: 办结, outcome: done}}
  - {{id: drop, type: end, title: 不办, outcome: dropped}}
""".replace("start: keep", "start: keep")
# The second end is needed for `after`; it is reached from the last question below.
RICH = RICH.replace(
    f"{{id: last, type: ask, title: 收尾, owner: handler, next: close, {FORM}",
    "{id: last, type: ask, title: 收尾, owner: handler, next: [{when: {ending: done}, go: close}, "
    "{when: {ending: drop}, go: drop}], form: [{name: ending, title: 结论, type: enum, values: "
    "{done: 已办, drop: 不办}}]",
)
INPUTS = {"title": "甲", "views": "200000", "known_at": "2026-11-23T07:30"}
SENT = {"sending": "sent", "sent_by": "机要交换"}


def opened(ops, now=MONDAY_9, text=RICH, **changes):
    playbook = parse_playbook(text, "rich.yml")
    inputs = {**INPUTS, **changes}
    return store.open_case(ops, playbook, text, inputs, None, setting_at(now)).case_id


def change(ops, case_id, decide, now=MONDAY_9):
    return store.change(ops, case_id, setting_at(now), decide)


def keep(ops, case_id, now=MONDAY_9):
    file = {"sha256": HASH, "file_name": "摘录.json", "size_bytes": 2}
    return change(ops, case_id, lambda turn: system_steps.acted(turn, "keep", [file]), now)


def events(ops, case_id, *kinds):
    return [e for e in ledger.read_case(ops, case_id) if not kinds or e.event_type in kinds]


def due_at(ops, deadline_id):
    statement = "select due_at from deadline where deadline_id = ?"
    ((found,),) = ops.execute(statement, [deadline_id]).fetchall()
    return f"{found + timedelta(hours=8):%Y-%m-%d %H:%M}"


def walk_to_send(ops, **changes):
    case_id = opened(ops, **changes)
    keep(ops, case_id)
    draft(ops, case_id, "write", ["one"])
    for role in ("reviewer", "signer"):
        answer(ops, case_id, "sign", {"decision": "approve"}, role)
    return case_id


def test_an_action_seals_what_it_made_and_the_case_goes_on(ops):
    case_id = opened(ops)
    assert set(store.read_state(ops, case_id).open_steps) == {"keep"}
    state = keep(ops, case_id)
    assert state.evidence[0]["file_name"] == "摘录.json"
    assert set(state.open_steps) == {"write"}
    assert ops.sql("select file_name from stored_file").fetchall() == [("摘录.json",)]
    assert not list(differences(ops, [case_id]))


def test_an_action_that_fails_is_put_to_a_person_whose_clock_started_with_the_intake(ops):
    case_id = opened(ops)
    change(ops, case_id, lambda turn: system_steps.action_failed(turn, "keep", "台账中没有账号"))
    assert [e.payload["reason"] for e in events(ops, case_id, "action_failed")] == [
        "台账中没有账号"
    ]
    # Four hours from 07:30, when it was known, not from 09:00, when it was put in.
    assert due_at(ops, f"{case_id}/by_hand/1") == "2026-11-23 11:30"


@pytest.mark.parametrize(
    ("changes", "row", "reason", "go"),
    [
        ({"views": 100000}, 1, "浏览量达到十万", "write"),
        ({"views": 99999, "kind": "theft"}, 2, "账号被盗", "write"),
        ({"views": 99999, "kind": "rumour"}, 3, "未达到标准", "elsewhere"),
        ({"views": 0}, 3, "未达到标准", "elsewhere"),
    ],
)
def test_a_decision_table_takes_its_first_row_and_says_why(ops, changes, row, reason, go):
    case_id = opened(ops, **changes)
    state = keep(ops, case_id)
    (taken,) = events(ops, case_id, "decision_taken")
    assert (taken.payload["row"], taken.payload["reason"]) == (row, reason)
    assert taken.payload["seen"] == {
        "input.views": changes["views"],
        "input.kind": changes.get("kind"),
    }
    assert set(state.open_steps) == {go}


def test_a_case_of_another_playbook_runs_and_its_outcome_decides(ops):
    case_id = opened(ops, views=0)
    state = keep(ops, case_id)
    small = parse_playbook(SMALL, "small.yml")
    child = open_child(ops, state, "elsewhere", small, SMALL, setting_at(MONDAY_9))
    assert child == "SML-2026-0001"
    assert open_child(ops, state, "elsewhere", small, SMALL, setting_at(MONDAY_9)) is None
    below = store.read_state(ops, child)
    assert (below.inputs, below.parent) == ({"title": "甲"}, f"{case_id}/elsewhere")
    answer(ops, child, "look", {"verdict": "good"}, "handler")
    state = change(ops, case_id, lambda turn: system_steps.child_closed(turn, "elsewhere", "done"))
    assert set(state.open_steps) == {"last"}
    case_id = opened(ops, views=0, title="乙")
    state = keep(ops, case_id)
    open_child(ops, state, "elsewhere", small, SMALL, setting_at(MONDAY_9))
    state = change(ops, case_id, lambda turn: system_steps.child_closed(turn, "elsewhere", "other"))
    assert set(state.open_steps) == {"write"}
    assert not list(differences(ops, [case_id, child]))


def test_the_clock_waits_for_the_receipt_and_the_next_one_starts_with_it(ops):
    case_id = walk_to_send(ops)
    answer(ops, case_id, "send", SENT, "handler")
    assert set(store.read_state(ops, case_id).open_steps) == {"receipt_due"}
    friday = datetime(2026, 11, 27, 2, 0, tzinfo=UTC)
    answer(ops, case_id, "receipt_due", {"receipt": "收字9号"}, "handler", friday)
    # A month from 27 November is Sunday 27 December, which rolls to Monday.
    assert due_at(ops, f"{case_id}/reply/1") == "2026-12-28 23:59"


def test_a_receipt_that_came_with_the_letter_is_not_waited_for(ops):
    case_id = walk_to_send(ops)
    answer(ops, case_id, "send", {**SENT, "receipt": "收字8号"}, "handler")
    assert set(store.read_state(ops, case_id).open_steps) == {"reply"}


def test_a_letter_that_goes_once_goes_again_only_with_a_reason(ops):
    case_id = walk_to_send(ops)
    answer(ops, case_id, "send", SENT, "handler")
    run_sweep(ops, MONDAY_9 + timedelta(days=9), "a")  # nobody got a receipt: drafted again
    late = MONDAY_9 + timedelta(days=9)
    draft(ops, case_id, "write", ["one"], late)
    for role in ("reviewer", "signer"):
        answer(ops, case_id, "sign", {"decision": "approve"}, role, late)
    with pytest.raises(AnswerError, match="该函在本案中已经发出过"):
        answer(ops, case_id, "send", SENT, "handler", late)
    again = {**SENT, "again_reason": "对方称未收到"}
    answer(ops, case_id, "send", again, "handler", late)
    (*_, sent) = events(ops, case_id, "letter_dispatched")
    assert sent.payload["again_reason"] == "对方称未收到"


def test_a_case_closes_only_with_what_it_requires_and_is_reviewed_with_measures(ops):
    case_id = walk_to_send(ops)
    answer(ops, case_id, "send", {**SENT, "receipt": "收字8号"}, "handler")
    answer(ops, case_id, "reply", {"note": "已答复"}, "handler")
    answer(ops, case_id, "last", {"ending": "done"}, "handler")
    state = store.read_state(ops, case_id)
    assert (state.status, set(state.open_steps)) == ("closed", {"review"})
    assert due_at(ops, f"{case_id}/review/1") == "2026-11-30 16:30"
    with pytest.raises(AnswerError, match="改进措施1与它的完成期限要同时填写"):
        answer(ops, case_id, "review", {"went_wrong": "慢", "measure_1": "培训"}, "reviewer")
    early = {"went_wrong": "慢", "measure_1": "培训", "due_on_1": "2026-11-23"}
    with pytest.raises(AnswerError, match="改进措施1的完成期限应晚于今天"):
        answer(ops, case_id, "review", early, "reviewer")
    said = {
        "went_wrong": "回执取得慢",
        "measure_1": "培训回执登记",
        "due_on_1": "2026-12-31",
        "measure_3": "修订预案",
        "due_on_3": "2027-01-15",
    }
    answer(ops, case_id, "review", said, "reviewer")
    assert due_at(ops, f"{case_id}/improve_1/1") == "2026-12-31 23:59"
    assert due_at(ops, f"{case_id}/improve_3/1") == "2027-01-15 23:59"
    titles = ops.sql("select title from case_step where status = 'open' order by 1").fetchall()
    assert titles == [("落实改进措施：修订预案",), ("落实改进措施：培训回执登记",)]
    swept = run_sweep(ops, datetime(2027, 1, 1, 0, 0, tzinfo=UTC), "b")
    assert swept.claimed == 1  # nobody did the first one in time, and the signer hears of it
    answer(ops, case_id, "improve_1", {"done": "已培训"}, "handler")
    assert set(store.read_state(ops, case_id).open_steps) == {"improve_3"}
    assert not list(differences(ops, [case_id]))


def test_what_is_not_reviewed_ends_with_the_case(ops):
    case_id = opened(ops, views=0)
    state = keep(ops, case_id)
    small = parse_playbook(SMALL, "small.yml")
    open_child(ops, state, "elsewhere", small, SMALL, setting_at(MONDAY_9))
    change(ops, case_id, lambda turn: system_steps.child_closed(turn, "elsewhere", "done"))
    answer(ops, case_id, "last", {"ending": "drop"}, "handler")
    state = store.read_state(ops, case_id)
    assert (state.status, state.outcome, state.open_steps) == ("closed", "dropped", {})


def test_a_letter_without_a_receipt_keeps_the_case_open(ops):
    text = RICH.replace("next: receipt_due", "next: last").replace(
        "next: reply, on_expire: write", "next: last, on_expire: write"
    )
    lines = [line for line in text.splitlines() if "{id: reply" not in line]
    lines = [line for line in lines if "{id: receipt_due" not in line]
    case_id = opened(ops, text="\n".join(lines) + "\n")
    keep(ops, case_id)
    draft(ops, case_id, "write", ["one"])
    for role in ("reviewer", "signer"):
        answer(ops, case_id, "sign", {"decision": "approve"}, role)
    answer(ops, case_id, "send", SENT, "handler")
    with pytest.raises(AnswerError, match="还有 1 件函没有登记回执"):
        answer(ops, case_id, "last", {"ending": "done"}, "handler")


@pytest.mark.parametrize(
    ("now", "word"),
    [
        (datetime(2025, 12, 31, 15, 59, tzinfo=UTC), "自 2026-01-01 起施行"),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), "已于 2026-12-31 停用"),
    ],
)
def test_a_version_opens_cases_only_on_its_days(ops, now, word):
    with pytest.raises(AnswerError, match=word):
        opened(ops, now, known_at=now.isoformat())


def test_an_internal_matter_never_enters_the_chat(ops):
    case_id = opened(ops, title="机密名称")
    change(ops, case_id, lambda turn: system_steps.blocked(turn, "keep", "机密名称不在台账"))
    change(ops, case_id, lambda turn: system_steps.action_failed(turn, "keep", "没有账号"))
    run_sweep(ops, MONDAY_9 + timedelta(days=1), "a")
    said = ops.sql("select title, body from outbox order by created_at").fetchall()
    assert [title for title, _ in said] == [
        f"内部案件有事项：{case_id}",
        f"内部案件有事项：{case_id}",
        f"内部案件时限提醒：{case_id}",
    ]
    everything = "".join(title + body for title, body in said)
    assert not any(word in everything for word in ("机密名称", "人工固定", "全词预案"))
    assert "林晓" in everything


@pytest.mark.parametrize(
    ("declared", "receiver"), [("", ("duty_lead", "韩松")), ("reviewer", ("reviewer", "赵敏"))]
)
def test_what_the_system_cannot_do_calls_a_person_once_for_each_reason(ops, declared, receiver):
    text = RICH.replace("marking: {tlp: red, egress: internal_only}", "marking: {tlp: green}")
    text = text.replace(
        "on_exception: reviewer\n", f"on_exception: {declared}\n" if declared else ""
    )
    case_id = opened(ops, text=text)
    keep(ops, case_id)
    for reason in ("缺发文机关", "缺发文机关", "缺平台运营公司"):
        change(ops, case_id, lambda turn, why=reason: system_steps.blocked(turn, "write", why))
    assert store.read_state(ops, case_id).open_steps["write"].blocked_by == "缺平台运营公司"
    said = ops.sql("select severity, title, body from outbox order by created_at, body").fetchall()
    assert [(severity, title) for severity, title, _ in said] == [
        ("urgent", "系统未能办理，请处理：起草")
    ] * 2
    assert "原因：缺发文机关" in said[1][2] + said[0][2]
    told = [e.payload for e in events(ops, case_id, "message_queued")]
    assert {(one["role"], one["recipient"]["name"]) for one in told} == {receiver}
    draft(ops, case_id, "write", ["one"])
    assert set(store.read_state(ops, case_id).open_steps) == {"sign"}
    assert not list(differences(ops, [case_id]))


@pytest.mark.parametrize(
    ("known_at", "word"),
    [("2026-11-23T09:01", "不能晚于现在"), ("2016-11-01T09:00", "已超过十年")],
)
def test_a_clock_does_not_start_in_the_future_nor_ages_ago(ops, known_at, word):
    with pytest.raises(AnswerError, match=word):
        opened(ops, known_at=known_at)


def test_numbers_and_instants_are_taken_as_people_write_them():
    fields = parse_playbook(RICH, "rich.yml").inputs
    taken = check_answers(fields, {"title": "甲", "views": " 12 ", "known_at": "2026-11-23T01:00Z"})
    assert taken == {"title": "甲", "views": 12, "known_at": "2026-11-23T09:00+08:00"}
    for wrong in ("-1", "1.5", "many", "9" * 16, True, 1.0):
        with pytest.raises(AnswerError, match="应为不小于 0 的整数"):
            check_answers(fields, {**INPUTS, "views": wrong})
    year = FormField(name="year", title="年度", type="number", at_least=2020, at_most=2099)
    with pytest.raises(AnswerError, match="应为不小于 2020、不大于 2099 的整数"):
        check_answers([year], {"year": "26"})
    quarter = FormField(name="period", title="季度", type="quarter")
    for written in ("2026Q3", " 2026q3", "2026年第三季度"):
        assert check_answers([quarter], {"period": written}) == {"period": "2026Q3"}
    for wrong in ("2026Q5", "2026X9", "去年", "2026"):
        with pytest.raises(AnswerError, match="「季度」应写成 2026Q3"):
            check_answers([quarter], {"period": wrong})
    for wrong in ("yesterday", "2026-13-01"):
        with pytest.raises(AnswerError, match="应为日期与时刻"):
            check_answers(fields, {**INPUTS, "known_at": wrong})
