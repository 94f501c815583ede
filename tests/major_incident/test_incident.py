"""The playbook of major incidents: its clocks, its grades, its signatures and who stays silent."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from playbooks.core import ledger
from playbooks.core.cases import engine, publishing, store
from playbooks.core.cases.closing import EarlyClosing, close_early
from playbooks.core.cases.forms import AnswerError, check_answers
from playbooks.core.cases.rebuild import differences
from playbooks.core.cases.turn import OfficeLimit
from playbooks.core.messages import Recipient
from playbooks.core.playbook import parse_playbook
from tests.support.casework import DUTY, HASH, MONDAY_9, WHO, run_sweep, setting_at

TEXT = (Path(__file__).parents[2] / "playbooks/major_incident/playbook.yml").read_text("utf-8")
PLAYBOOK = parse_playbook(TEXT, "playbook.yml")
LIMITS = {
    "emergency_report_call": OfficeLimit(20, "新区突发信息报送规定", "2026-11-01"),
    "emergency_report_written": OfficeLimit(40, "新区突发信息报送规定"),
}
# The eve of the National Day holiday, 23:50 in Shanghai.
EVE = datetime(2026, 9, 30, 15, 50, tzinfo=UTC)
SENT = {"sending": "sent", "sent_by": "官方账号", "receipt": "https://example.invalid/1"}
VERIFIED = {"verdict": "confirmed", "situation": "属实", "spread": "local", "sensitive": "normal"}
WRITTEN = {"headline": "情况通报", "body": "事实", "measures": "措施"}
MET = {"held_at": "2026-09-30T23:55", "bodies": "网信", "opinions": "无", "decisions": "发布"}
SCOPE = {"accounts": ["A1", "A2", "A3"], "wording": "情况通报", "pin": "pin"}


def setting(now, limits=LIMITS):
    base = setting_at(now)
    return store.Setting(now, base.calendar, DUTY, "system:test", {}, limits)


def opened(ops, kind="emergency", now=EVE, limits=LIMITS, title=None):
    inputs = {
        "kind": kind,
        "title": title or f"演示{kind}",
        "facts": "已知情况",
        "known_at": (now - timedelta(minutes=5)).isoformat(),
        "known_from": "duty",
        **({"account_id": "A0005"} if kind == "takeover" else {}),
    }
    return store.open_case(ops, PLAYBOOK, TEXT, inputs, None, setting(now, limits)).case_id


def answer(ops, case_id, step_id, answers, role, now=EVE):
    return store.answer_step(ops, case_id, step_id, None, answers, WHO[role], setting(now))


def drafted(ops, case_id, step_id, *names, now=EVE):
    letters = [{"letter": n, "number": n, "digest": HASH, "files": {"docx": HASH}} for n in names]
    store.change(ops, case_id, setting(now), lambda turn: engine.drafted(turn, step_id, letters))


def due(ops, case_id):
    """Return step -> its due time in Shanghai."""
    rows = ops.execute(
        "select step_id, due_at from deadline where case_id = ? and status <> 'ended'", [case_id]
    ).fetchall()
    return {step: f"{at + timedelta(hours=8):%m-%d %H:%M}" for step, at in rows}


def to_statement(ops, case_id, grade):
    """Walk to the signature of the first statement."""
    answer(ops, case_id, "verify", {**VERIFIED}, "handler")
    chosen = {"grade": grade, "override_reason": "演示"} if grade else {}
    answer(ops, case_id, "confirm_grade", chosen, "reviewer")
    if "consult" in store.read_state(ops, case_id).open_steps:
        answer(ops, case_id, "consult", MET, "duty_lead")
        drafted(ops, case_id, "draft_minutes", "minutes")
        answer(ops, case_id, "approve_minutes", {"decision": "approve"}, "reviewer")
    answer(ops, case_id, "write_statement", WRITTEN, "handler")
    drafted(ops, case_id, "draft_statement", "statement")


def published(ops, case_id, signer="head"):
    for role in ("reviewer", signer):
        answer(ops, case_id, "approve_statement", {"decision": "approve"}, role)
    answer(ops, case_id, "publish_statement", SENT, "handler")


@pytest.mark.parametrize(
    ("limits", "word"),
    [
        ({}, "「电话报告上级值班室」的时限（emergency_report_call）"),
        ({"emergency_report_call": LIMITS["emergency_report_call"]}, "emergency_report_written"),
        (
            {**LIMITS, "emergency_report_call": OfficeLimit(121, "规定")},
            "121 分钟，超过预案允许的最长 2 小时",
        ),
    ],
)
def test_no_case_opens_before_the_office_has_set_its_own_limits(ops, limits, word):
    with pytest.raises(AnswerError, match=word):
        opened(ops, limits=limits)
    assert ops.sql("select count(*) from case_event").fetchone() == (0,)


def test_the_wall_clocks_run_through_midnight_and_the_holiday(ops):
    case_id = opened(ops)
    assert due(ops, case_id) == {
        "report_call": "10-01 00:05",  # twenty minutes of the office's own
        "verify": "10-01 00:45",
        "release_clock": "10-01 04:45",  # five hours from when it was known
        "press_conference": "10-01 23:45",
    }
    basis = dict(ops.sql("select step_id, basis from deadline").fetchall())
    assert basis["report_call"] == "新区突发信息报送规定"
    assert basis["release_clock"].endswith("（条文待核实）")
    kinds = dict(ops.sql("select step_id, kind from deadline").fetchall())
    assert (kinds["report_call"], kinds["verify"]) == ("statutory", "internal")


def test_a_case_keeps_the_limits_it_was_opened_under(ops):
    case_id = opened(ops)
    called = {"reported": "called", "reported_to": "值班室", "reported_at": EVE.isoformat()}
    lax = {**LIMITS, "emergency_report_written": OfficeLimit(300, "改后的规定")}
    who = setting(EVE, lax)
    store.answer_step(ops, case_id, "report_call", None, called, WHO["duty_lead"], who)
    drafted(ops, case_id, "draft_report", "first_report")
    for role in ("reviewer", "signer"):
        answer(ops, case_id, "approve_report", {"decision": "approve"}, role)
    assert due(ops, case_id)["send_report"] == "10-01 00:25"  # forty minutes, not three hundred
    assert not list(differences(ops, [case_id]))


def test_each_message_says_why_it_comes_at_night_in_a_holiday(ops):
    opened(ops)
    first = dict(ops.sql("select title, body from outbox").fetchall())
    # On the eve itself the office still works by the calendar; the first call says clock, rule, person.
    assert first["请办理：5 小时内发布权威信息"].endswith(
        "办理时限：2026-10-01 04:45（法定：《关于全面推进政务公开工作的意见》实施细则"
        "（特别重大、重大突发事件）（条文待核实））\n"
        "通知您：您是值班表上的「带班领导」；按自然时间计，夜间和休息日照计"
    )
    assert "（内部时限，非法定）\n通知您：您是值班表上的「经办人」" in first["请办理：核实情况"]
    night = EVE + timedelta(hours=6)
    run_sweep(ops, night, "a")
    rungs = dict(
        ops.sql("select dedupe_key, body from outbox where dedupe_key like 'rung:%'").fetchall()
    )
    assert rungs
    for key, body in rungs.items():
        assert "按自然时间计，夜间和休息日照计；今日国庆节放假，按值班表通知在岗人员" in body
        # At 50 % all three are before the time; at 80 % the release clock alone still is.
        is_before = key.endswith((":1", "release_clock/1:2"))
        assert ("时限将到，按预案提醒" if is_before else "时限已到仍未办结，按预案逐级提醒") in body
        assert "通知您：您是值班表上的「" in body
    assert run_sweep(ops, night, "b").claimed == 0


def test_a_working_clock_that_starts_in_the_holiday_waits_and_its_message_says_so(ops):
    case_id = opened(ops, "public_opinion")
    asked = EarlyClosing("", "并入他案", WHO["handler"], WHO["duty_lead"])
    night = EVE + timedelta(hours=6)
    store.change(ops, case_id, setting(night), lambda turn: close_early(turn, asked))
    assert due(ops, case_id)["review"] == "10-13 16:30"  # five workdays from 8 October
    ((body,),) = ops.sql("select body from outbox where title = '请办理：事件复盘'").fetchall()
    assert "按工作时间计，夜间和休息日不计；今日国庆节放假，按值班表通知在岗人员" in body


@pytest.mark.parametrize(
    ("kind", "clocks"),
    [
        ("emergency", {"release_clock", "press_conference"}),
        ("public_opinion", {"response_clock"}),
        ("takeover", {"report_network", "freeze"}),
        ("cybersecurity", {"report_network"}),
    ],
)
def test_each_kind_has_the_clocks_that_the_rules_give_it(ops, kind, clocks):
    assert set(due(ops, opened(ops, kind))) == {"report_call", "verify", *clocks}


def test_the_clock_stops_with_the_release_and_only_then(ops):
    case_id = opened(ops, "public_opinion")
    to_statement(ops, case_id, "important")
    assert "response_clock" in due(ops, case_id)
    published(ops, case_id, "signer")
    state = store.read_state(ops, case_id)
    assert "response_clock" not in state.open_steps
    assert "release" not in "".join(state.deadlines)


def test_a_person_rules_a_clock_inapplicable_with_a_reason(ops):
    case_id = opened(ops)
    with pytest.raises(AnswerError, match="「理由」必须填写"):
        answer(ops, case_id, "release_clock", {"ruling": "inapplicable"}, "duty_lead")
    ruled = {"ruling": "inapplicable", "reason": "经会商不属重大"}
    answer(ops, case_id, "release_clock", ruled, "duty_lead")
    assert "release_clock" not in store.read_state(ops, case_id).open_steps
    to_statement(ops, case_id, "general")
    published(ops, case_id)  # the release does not mind that its clock is gone


@pytest.mark.parametrize(
    ("found", "grade", "because"),
    [
        ({"casualties": 1, "views": 5}, "major", "有人员伤亡"),
        ({"views": 100_000}, "major", "浏览量达到十万"),
        ({"views": 10_000}, "important", "浏览量达到一万"),
        ({"spread": "wide"}, "important", "已跨地区传播"),
        ({}, "general", "未达到以上任何一条"),
    ],
)
def test_the_table_suggests_a_grade_and_says_why(ops, found, grade, because):
    case_id = opened(ops, "public_opinion")
    answer(ops, case_id, "verify", {**VERIFIED, **found}, "handler")
    taken = [e for e in ledger.read_case(ops, case_id) if e.event_type == "decision_taken"][-1]
    assert (taken.payload["value"], because in taken.payload["reason"]) == (grade, True)
    answer(ops, case_id, "confirm_grade", {}, "reviewer")
    assert store.read_state(ops, case_id).answers["confirm_grade"] == {"grade": grade}


def test_an_override_needs_a_reason_and_the_ledger_keeps_both(ops):
    case_id = opened(ops, "public_opinion")
    answer(ops, case_id, "verify", VERIFIED, "handler")
    with pytest.raises(AnswerError, match="建议「等级」为一般，改为重大敏感须写明改判理由"):
        answer(ops, case_id, "confirm_grade", {"grade": "major"}, "reviewer")
    why = {"grade": "major", "override_reason": "临近重大活动"}
    answer(ops, case_id, "confirm_grade", why, "reviewer")
    said = [e for e in ledger.read_case(ops, case_id) if e.event_type == "step_answered"][-1]
    assert said.payload["overrides"] == {"grade": {"suggested": "general", "given": "major"}}


ARTICLE = "依据：长新政公组字﹝2021﹞2号第二十二条"


@pytest.mark.parametrize(
    ("kind", "grade", "signs", "refused"),
    [
        ("public_opinion", "general", "duty_lead", "head"),
        ("public_opinion", "important", "signer", "duty_lead"),
        ("public_opinion", "major", "head", "signer"),
        ("emergency", "general", "head", "signer"),  # 突发事件: always the head
    ],
)
def test_the_grade_decides_who_signs_and_nobody_else_may(ops, kind, grade, signs, refused):
    case_id = opened(ops, kind)
    to_statement(ops, case_id, grade)
    # The drafter does not review his own text; releasing it unsigned is refused and kept.
    with pytest.raises(AnswerError, match=ARTICLE):
        answer(ops, case_id, "approve_statement", {"decision": "approve"}, "handler")
    early = answer(ops, case_id, "publish_statement", SENT, "handler")
    assert "文稿未经审签，不得发布" in early.refusal
    assert ARTICLE in early.refusal
    answer(ops, case_id, "approve_statement", {"decision": "approve"}, "reviewer")
    with pytest.raises(AnswerError, match=ARTICLE):
        answer(ops, case_id, "approve_statement", {"decision": "approve"}, refused)
    answer(ops, case_id, "approve_statement", {"decision": "approve"}, signs)
    assert store.read_state(ops, case_id).letters["statement"].is_signed
    refusals = [e for e in ledger.read_case(ops, case_id) if e.event_type == "answer_refused"]
    assert len(refusals) == 1


def test_one_person_in_two_roles_signs_nothing_of_his_own(ops):
    case_id = opened(ops)
    to_statement(ops, case_id, "major")
    both = engine.Answerer("P-1", "林晓", frozenset({"handler", "reviewer", "head"}))
    with pytest.raises(AnswerError, match=f"已作为「经办人」办理过本案.*{ARTICLE}"):
        store.answer_step(
            ops, case_id, "approve_statement", None, {"decision": "approve"}, both, setting(EVE)
        )


def at_dispatch(ops):
    case_id = opened(ops)
    to_statement(ops, case_id, "major")
    published(ops, case_id)
    answer(ops, case_id, "scope", SCOPE, "handler")
    return case_id


def test_a_dispatch_is_done_when_every_account_has_published(ops):
    case_id = at_dispatch(ops)
    posts = [{"account_id": "A1", "url": None, "title": "情况通报", "posted_at": None}]
    store.change(
        ops, case_id, setting(EVE), lambda t: publishing.seen_in_posts(t, "dispatch", posts)
    )
    seen = {"account": "A2", "url": "https://example.invalid/2"}
    answer(ops, case_id, "dispatch", seen, "handler")
    directive = store.read_state(ops, case_id).directives["dispatch"]
    assert (directive.missing, directive.published["A1"]["known_by"]) == (["A3"], "ingested")
    for wrong, word in (
        ({}, "请填写已发布的账号与链接"),
        ({"account": "A3"}, "「链接」必须填写"),
        ({"account": "A9", "url": "https://example.invalid/9"}, "A9 不在这次部署的范围内"),
        ({"finish": "finish"}, "还有 1 个账号未见发布"),
    ):
        with pytest.raises(AnswerError, match=word):
            answer(ops, case_id, "dispatch", wrong, "handler")
    answer(ops, case_id, "dispatch", {**seen, "account": "A3"}, "handler")
    # Everybody has published; whether they keep it on top, which was asked, only a person sees.
    assert store.read_state(ops, case_id).directives["dispatch"].unpinned == ["A1", "A2", "A3"]
    for wrong, word in (
        ({"finish": "finish"}, "3 个账号未确认置顶，结束监看须"),
        ({"pinned": ["A9"]}, "没有一个已登记发布"),
    ):
        with pytest.raises(AnswerError, match=word):
            answer(ops, case_id, "dispatch", wrong, "handler")
    answer(ops, case_id, "dispatch", {"pinned": ["A1", "A9"]}, "handler")
    assert store.read_state(ops, case_id).directives["dispatch"].unpinned == ["A2", "A3"]
    answer(ops, case_id, "dispatch", {"pinned": ["A1", "A2", "A3"]}, "handler")
    assert "next_move" in store.read_state(ops, case_id).open_steps
    assert not list(differences(ops, [case_id]))


def test_each_leader_is_told_once_of_the_silent_accounts(ops):
    case_id = at_dispatch(ops)
    leader = publishing.Leader(Recipient("P-9", "卫慧敏"), "教育局", ["云杉教育（微博）"])
    found = {"silent": ["A2"], "other": [], "unknown": ["A3"]}
    store.change(
        ops,
        case_id,
        setting(EVE),
        lambda turn: publishing.silence_found(turn, "dispatch", found, [leader]),
    )
    ((title, body),) = ops.sql(
        "select title, body from outbox where dedupe_key like 'silent:%'"
    ).fetchall()
    assert title == "账号未按统一部署发布：教育局"
    assert "· 云杉教育（微博）" in body
    assert "第二十三条" in body
    assert store.read_state(ops, case_id).directives["dispatch"].silence["silent"] == ["A2"]


def test_monday_is_a_working_day_and_the_message_does_not_speak_of_a_holiday(ops):
    opened(ops, now=MONDAY_9)
    run_sweep(ops, MONDAY_9 + timedelta(minutes=14), "a")
    ((body,),) = ops.sql("select body from outbox where dedupe_key like 'rung:%'").fetchall()
    assert "值班表通知" not in body


@pytest.mark.parametrize(
    "typed",
    [
        *("2026-8-12 20:03", "2026年8月12日 20时03分", "2026/08/12 20：03", "2026-08-12T20:03"),
        *("2026-08-12T12:03:00Z", " 2026-08-12  20:03 "),
    ],
)
def test_a_moment_is_read_as_beijing_time_however_people_write_it(typed):
    given = {**{f.name: "x" for f in PLAYBOOK.inputs if f.type == "text"}, "known_at": typed}
    accepted = check_answers([f for f in PLAYBOOK.inputs if f.name in given], given)
    assert accepted["known_at"] == "2026-08-12T20:03+08:00"


@pytest.mark.parametrize("typed", ["2026-13-12 20:03", "昨晚八点", "2026-08-12 25:00", "20:03"])
def test_what_is_no_moment_is_refused(typed):
    fields = [f for f in PLAYBOOK.inputs if f.name == "known_at"]
    with pytest.raises(AnswerError, match="应为日期与时刻，如 2026-01-05 09:30"):
        check_answers(fields, {"known_at": typed})
