"""One case of impersonation, event by event, in memory."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import sql
from playbooks.core import audit, ledger, outbox, sweep
from playbooks.core.calendar import load_calendar
from playbooks.core.cases import closing, engine, store
from playbooks.core.cases.forms import AnswerError
from playbooks.core.cases.rebuild import differences
from playbooks.core.messages import Recipient
from playbooks.core.playbook import load_playbook
from sql.catalogs import memory

PLAYBOOK = Path("playbooks/impersonation/playbook.yml")
MONDAY_9 = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
DUTY = {
    "handler": Recipient("P-1", "林晓"),
    "reviewer": Recipient("P-2", "赵敏"),
    "signer": Recipient("P-3", "周岩"),
    "duty_lead": Recipient("P-4", "韩松"),
}
REPORT = {
    "platform": "wechat_official",
    "display_name": "云杉新区发咘",
    "channel": "citizen",
}
WHO = {
    role: engine.Answerer(person.person_id, person.name, frozenset({role}))
    for role, person in DUTY.items()
}
HASH = "a" * 64


@pytest.fixture(scope="session")
def calendar():
    return load_calendar(None)


@pytest.fixture
def ops():
    with memory("ops") as connection:
        yield connection


def setting_at(calendar, now, directory=DUTY):
    return store.Setting(now, calendar, directory, "system:test")


def opened(ops, calendar, now=MONDAY_9, **changes):
    report = store.Report("hotline:1", "138****0000")
    return store.open_case(
        ops,
        load_playbook(PLAYBOOK),
        PLAYBOOK.read_text(encoding="utf-8"),
        {**REPORT, **changes},
        report,
        setting_at(calendar, now),
    )


def answer(ops, calendar, step_id, answers, role, now=MONDAY_9, visit=None):
    return store.answer_step(
        ops, "IMP-2026-0001", step_id, visit, answers, WHO[role], setting_at(calendar, now)
    )


VERIFIED = {"verdict": "impersonation", "reason": "名称同音", "harm": "none"}


def draft(ops, calendar, step_id, names, now=MONDAY_9):
    letters = [
        {"letter": name, "number": f"〔2026〕{n}号", "digest": HASH, "files": {"docx": HASH}}
        for n, name in enumerate(names, start=1)
    ]
    store.change(
        ops,
        "IMP-2026-0001",
        setting_at(calendar, now),
        lambda current: engine.drafted(current, step_id, letters),
    )


def test_opening_starts_verification_with_deadline_ladder_and_message(ops, calendar):
    assert opened(ops, calendar) == store.Opened("IMP-2026-0001", is_joined=False)
    deadlines = ops.sql("select deadline_id, due_at, kind, status from deadline").fetchall()
    # Four working hours from Monday 09:00 with lunch from 11:30 to 13:00: due at 14:30 local.
    assert deadlines == [
        ("IMP-2026-0001/verify/1", datetime(2026, 11, 23, 6, 30), "internal", "running")
    ]
    rungs = ops.sql("select rung_number, due_at, target_role from rung order by 1").fetchall()
    assert rungs == [
        (1, datetime(2026, 11, 23, 5, 30), "handler"),
        (2, datetime(2026, 11, 23, 6, 30), "reviewer"),
        (3, datetime(2026, 11, 23, 8, 30), "duty_lead"),
    ]
    title, body = ops.sql("select title, body from outbox").fetchone()
    assert title == "请办理：排查核实"
    assert "云杉新区发咘" in body
    assert "2026-11-23 14:30（内部时限，非法定）" in body


def test_second_report_of_the_same_matter_joins_and_keeps_its_reporter(ops, calendar):
    opened(ops, calendar)
    again = store.open_case(
        ops,
        load_playbook(PLAYBOOK),
        PLAYBOOK.read_text(encoding="utf-8"),
        REPORT,
        store.Report("hotline:2"),
        setting_at(calendar, MONDAY_9),
    )
    assert again == store.Opened("IMP-2026-0001", is_joined=True)
    assert store.read_state(ops, "IMP-2026-0001").reporters == {
        "hotline:1": False,
        "hotline:2": False,
    }


def walk_to_parallel(ops, calendar):
    opened(ops, calendar)
    answer(ops, calendar, "verify", VERIFIED, "handler")
    draft(ops, calendar, "draft_letters", ["public_security", "platform", "bureau_filing"])
    answer(ops, calendar, "approve_letters", {"decision": "approve"}, "reviewer")
    answer(ops, calendar, "approve_letters", {"decision": "approve"}, "signer")


SENT = {"sending": "sent", "sent_by": "机要交换", "receipt": "收字1号"}


def test_whole_case_from_report_to_closed(ops, calendar):
    walk_to_parallel(ops, calendar)
    state = store.read_state(ops, "IMP-2026-0001")
    assert set(state.open_steps) == {
        "act",
        "send_public_security",
        "send_platform",
        "file_with_bureau",
    }
    for step_id in ("send_public_security", "send_platform", "file_with_bureau"):
        answer(ops, calendar, step_id, SENT, "handler")
    for day in (1, 2):
        now = MONDAY_9 + timedelta(days=day)
        answer(ops, calendar, "recheck", {"look": "gone"}, "handler", now)
    assert set(store.read_state(ops, "IMP-2026-0001").open_steps) == {"answer_reporters"}
    done = {"answered_on": "2026-11-25", "how": "电话答复"}
    answer(ops, calendar, "answer_reporters", done, "handler")
    over = setting_at(calendar, MONDAY_9 + timedelta(days=33))
    store.change(ops, "IMP-2026-0001", over, lambda c: engine.expire(c, "IMP-2026-0001/watch/1"))
    closing = {"checked": "齐全"}
    with pytest.raises(AnswerError, match="没有固定任何证据"):
        answer(ops, calendar, "confirm_close", closing, "reviewer", over.now)
    evidence = {"sha256": HASH, "file_name": "截图.png", "size_bytes": 3}
    store.add_evidence(ops, "IMP-2026-0001", [evidence], over)
    answer(ops, calendar, "confirm_close", closing, "reviewer", over.now)
    state = store.read_state(ops, "IMP-2026-0001")
    assert (state.status, state.outcome) == ("closed", "handled")
    assert set(state.deadlines) == {"IMP-2026-0001/review/1"}
    assert ledger.verify_catalog(ops) is None


def test_unknown_is_not_gone_and_breaks_the_row(ops, calendar):
    walk_to_parallel(ops, calendar)
    answer(ops, calendar, "send_platform", SENT, "handler")
    for look in ("gone", "unknown", "gone"):
        answer(ops, calendar, "recheck", {"look": look}, "handler")
    assert store.read_state(ops, "IMP-2026-0001").open_steps["recheck"].consistent == 1


def test_reviewer_cannot_also_sign(ops, calendar):
    opened(ops, calendar)
    answer(ops, calendar, "verify", VERIFIED, "handler")
    draft(ops, calendar, "draft_letters", ["public_security", "platform", "bureau_filing"])
    answer(ops, calendar, "approve_letters", {"decision": "approve"}, "reviewer")
    both = engine.Answerer("P-2", "赵敏", frozenset({"reviewer", "signer"}))
    with pytest.raises(AnswerError, match="已作为「审核人」办理过本案"):
        store.answer_step(
            ops,
            "IMP-2026-0001",
            "approve_letters",
            None,
            {"decision": "approve"},
            both,
            setting_at(calendar, MONDAY_9),
        )


def test_person_off_duty_is_refused_until_handed_over(ops, calendar):
    opened(ops, calendar)
    stranger = engine.Answerer("P-9", "何青", frozenset())
    setting = setting_at(calendar, MONDAY_9)
    with pytest.raises(AnswerError, match="不在「经办人」的值班表上"):
        store.answer_step(ops, "IMP-2026-0001", "verify", 1, VERIFIED, stranger, setting)
    store.change(
        ops,
        "IMP-2026-0001",
        setting,
        lambda current: engine.hand_over(current, "verify", "P-9", "出差"),
    )
    accepted = store.answer_step(ops, "IMP-2026-0001", "verify", 1, VERIFIED, stranger, setting)
    assert accepted.refusal == ""


def test_second_answer_is_refused_with_a_reason_and_kept_in_the_ledger(ops, calendar):
    opened(ops, calendar)
    answer(ops, calendar, "verify", VERIFIED, "handler")
    refused = answer(ops, calendar, "verify", VERIFIED, "handler")
    assert refused.refusal == "步骤「排查核实」已经办理过或已超期转走"
    assert [event.event_type for event in ledger.read_case(ops, "IMP-2026-0001")].count(
        ledger.EventType.ANSWER_REFUSED
    ) == 1


def test_every_fault_of_a_form_is_named_at_once(ops, calendar):
    opened(ops, calendar)
    with pytest.raises(AnswerError) as fault:
        answer(ops, calendar, "verify", {"verdict": "maybe", "extra": 1}, "handler")
    assert str(fault.value).split("；") == [
        "没有名为 extra 的栏目",
        "「核实结论」只能是：确属假冒、非假冒、一时不能认定",
        "「认定理由」必须填写",
        "「危害情形」必须填写",
    ]


def run_sweep(ops, calendar, now, token, directory=DUTY):
    return sweep.sweep(ops, setting_at(calendar, now, directory), token)


def test_each_rung_is_claimed_once_and_lateness_is_written_down(ops, calendar):
    opened(ops, calendar)
    first = run_sweep(ops, calendar, MONDAY_9 + timedelta(hours=4, minutes=31), "a")
    assert (first.claimed, first.expired) == (1, 0)
    assert run_sweep(ops, calendar, MONDAY_9 + timedelta(hours=4, minutes=32), "b").claimed == 0
    three_days = run_sweep(ops, calendar, MONDAY_9 + timedelta(days=3), "c")
    assert (three_days.claimed, three_days.expired) == (2, 1)
    assert run_sweep(ops, calendar, MONDAY_9 + timedelta(days=4), "d").claimed == 0
    claims = ops.sql("select rung_number, lateness_s from rung_claim order by 1").fetchall()
    assert claims == [(1, 60.0), (2, 239400.0), (3, 232200.0)]
    keys = [key for (key,) in ops.sql("select dedupe_key from outbox order by 1").fetchall()]
    assert keys == [
        "rung:IMP-2026-0001/verify/1:1",
        "rung:IMP-2026-0001/verify/1:2",
        "rung:IMP-2026-0001/verify/1:3",
        "your_turn:IMP-2026-0001:verify:1:0",
    ]


def test_nobody_on_duty_is_an_alarm_in_the_ledger_and_in_the_message(ops, calendar):
    opened(ops, calendar)
    nobody = {**DUTY, "reviewer": None}
    result = run_sweep(ops, calendar, MONDAY_9 + timedelta(hours=6), "a", nobody)
    assert result.nobody == 1
    body = ops.sql("select body from outbox where dedupe_key like 'rung:%:2'").fetchone()[0]
    assert "值班表上无人在岗" in body


def test_recheck_that_expires_goes_to_the_reminder_and_back(ops, calendar):
    walk_to_parallel(ops, calendar)
    answer(ops, calendar, "send_platform", SENT, "handler")
    after = datetime(2026, 12, 3, 1, 0, tzinfo=UTC)
    run_sweep(ops, calendar, after, "a")
    state = store.read_state(ops, "IMP-2026-0001")
    assert "draft_reminder" in state.open_steps
    assert not [d for d in state.deadlines if "/recheck/" in d]
    draft(ops, calendar, "draft_reminder", ["platform_reminder"], after)
    answer(ops, calendar, "approve_reminder", {"decision": "approve"}, "reviewer", after)
    answer(ops, calendar, "approve_reminder", {"decision": "approve"}, "signer", after)
    answer(
        ops, calendar, "send_reminder", {"sending": "sent", "sent_by": "平台入口"}, "handler", after
    )
    assert store.read_state(ops, "IMP-2026-0001").open_steps["recheck"].visit == 2


def test_audit_is_clean_then_names_each_planted_fault(ops, calendar):
    opened(ops, calendar)
    now = MONDAY_9 + timedelta(minutes=10)
    sweep.beat(ops, "sweep", now, "")
    sweep.beat(ops, "dispatch", now, "")
    message = outbox.take(ops, now, 10)[0]
    outbox.settle(ops, message, outbox.Attempt(outbox.Ending.DELIVERED, "ts1"), now, "system:test")
    assert audit.audit(ops, now).findings == ()
    ops.execute("delete from rung")
    ops.execute("delete from deadline")
    ops.execute("update case_event set payload = replace(payload, '咘', '布') where position = 1")
    found = {finding.check for finding in audit.audit(ops, now + timedelta(hours=1)).findings}
    assert found == {
        "missing_deadlines",
        "steps_without_deadline",
        "silent_parts",
        "broken_ledger",
        "tables_differ",
    }


def test_rows_behind_the_tables_are_in_the_ledger(ops, calendar):
    walk_to_parallel(ops, calendar)
    assert {row["event_type"] for row in sql.rows(ops, "ledger/between", first=1, last=1000)} >= {
        "case_opened",
        "deadline_armed",
        "letter_drafted",
        "reviewed",
        "signed",
    }


def test_a_joined_report_keeps_everything_it_said_and_is_told_to_the_owner(ops, calendar):
    opened(ops, calendar)
    second = {**REPORT, "url": "https://example.invalid/2", "description": "还在收费"}
    store.open_case(
        ops,
        load_playbook(PLAYBOOK),
        PLAYBOOK.read_text(encoding="utf-8"),
        second,
        store.Report("hotline:2"),
        setting_at(calendar, MONDAY_9),
    )
    joined = ledger.read_case(ops, "IMP-2026-0001")[-2]
    assert joined.payload["inputs"] == second
    (title,) = ops.sql("select title from outbox where dedupe_key like 'joined:%'").fetchone()
    assert title.startswith("又收到同一事项的线索")


def test_two_accounts_of_one_name_are_two_matters_when_both_ids_are_known(ops, calendar):
    opened(ops, calendar, platform_account_id="gh_1")
    other = opened(ops, calendar, platform_account_id="gh_2")
    assert other == store.Opened("IMP-2026-0002", is_joined=False)


def test_a_step_that_was_handed_over_calls_its_receiver_and_not_the_roster(ops, calendar):
    opened(ops, calendar)
    directory = {**DUTY, "person:P-9": Recipient("P-9", "何青")}
    store.change(
        ops,
        "IMP-2026-0001",
        setting_at(calendar, MONDAY_9, directory),
        lambda current: engine.hand_over(current, "verify", "P-9", "出差"),
    )
    run_sweep(ops, calendar, MONDAY_9 + timedelta(hours=6), "a", directory)
    bodies = dict(ops.sql("select dedupe_key, body from outbox").fetchall())
    handed_over = next(body for key, body in bodies.items() if key.startswith("handed_over"))
    assert "承接人：何青" in handed_over
    assert "何青" in bodies["rung:IMP-2026-0001/verify/1:1"]
    assert "赵敏" in bodies["rung:IMP-2026-0001/verify/1:2"]


def test_a_drill_says_so_and_joins_no_real_case(ops, calendar):
    opened(ops, calendar)
    drill = store.open_case(
        ops,
        load_playbook(PLAYBOOK),
        PLAYBOOK.read_text(encoding="utf-8"),
        REPORT,
        None,
        setting_at(calendar, MONDAY_9),
        is_drill=True,
    )
    assert drill == store.Opened("IMP-2026-0002", is_joined=False)
    (body,) = ops.sql("select body from outbox where case_id = 'IMP-2026-0002'").fetchone()
    assert "【演练】假冒政务新媒体处置：云杉新区发咘" in body


@pytest.mark.parametrize("name", ["云杉\ud800发布", "云杉\0发布"])
def test_text_that_no_database_can_hold_is_refused_with_its_field(ops, calendar, name):
    with pytest.raises(AnswerError, match="「可疑账号名称」含有无法保存的字符"):
        opened(ops, calendar, display_name=name)
    assert ledger.head(ops).position == 0


def test_a_case_closed_early_answers_its_reporters_and_accounts_for_its_letters(ops, calendar):
    walk_to_parallel(ops, calendar)
    answer(ops, calendar, "send_platform", {**SENT, "receipt": ""}, "handler")
    refusals = iter(
        (
            ({}, "还有 1 件举报未答复：hotline:1。请先答复"),
            ({"reporters_note": "电话告知"}, "还有函件没有办完：〔2026〕1号（已签发，未发出）"),
        )
    )
    given: dict[str, str] = {}

    def close():
        wanted = closing.EarlyClosing("", "上级接办", WHO["handler"], WHO["signer"], **given)
        store.change(
            ops,
            "IMP-2026-0001",
            setting_at(calendar, MONDAY_9),
            lambda current: closing.close_early(current, wanted),
        )

    for more, sentence in refusals:
        given |= more
        with pytest.raises(AnswerError, match=sentence):
            close()
    given["letters_note"] = "移交上级一并处理"
    close()
    last = ledger.read_case(ops, "IMP-2026-0001")[-1]
    assert last.payload["early"]["letters_left"] == [
        "〔2026〕1号（已签发，未发出）",
        "〔2026〕2号（已发出，未登记回执）",
        "〔2026〕3号（已签发，未发出）",
    ]
    state = store.read_state(ops, "IMP-2026-0001")
    assert (state.status, state.reporters, state.deadlines) == ("closed", {"hotline:1": True}, {})
    assert not list(differences(ops, ["IMP-2026-0001"]))


def test_the_ledger_names_who_a_message_is_for_and_not_how_they_are_reached(ops, calendar):
    opened(ops, calendar)
    queued = [e for e in ledger.read_case(ops, "IMP-2026-0001") if e.event_type == "message_queued"]
    assert [e.payload["recipient"] for e in queued] == [{"person_id": "P-1", "name": "林晓"}]
