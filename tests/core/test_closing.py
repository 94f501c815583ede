"""A case is closed early for a reason, with an approver, and nothing of it is lost."""

import pytest

from playbooks.core import ledger
from playbooks.core.cases import closing, engine, store
from playbooks.core.cases.forms import AnswerError
from playbooks.core.cases.rebuild import differences
from playbooks.core.cases.telling import early_text
from playbooks.core.playbook import PlaybookError, parse_playbook
from sql.catalogs import memory
from tests.support.casework import MONDAY_9, SMALL, WHO, run_sweep, setting_at

DECLARED = SMALL.replace("steps:", "close_early: {approver: reviewer}\nsteps:").replace(
    "roster: reviewer}", "roster: reviewer, not_same_as: [handler]}"
)
CASE = "SML-2026-0001"


@pytest.fixture
def ops():
    with memory("ops") as connection:
        yield connection


def opened(ops, text=SMALL):
    playbook = parse_playbook(text, "small.yml")
    store.open_case(ops, playbook, text, {"title": "甲"}, None, setting_at(MONDAY_9))


def close(ops, outcome="", reason="登记有误", by="handler", approved_by="duty_lead", **more):
    who, approver = WHO.get(by, by), WHO.get(approved_by, approved_by)
    wanted = closing.EarlyClosing(outcome, reason, who, approver, **more)
    return store.change(
        ops, CASE, setting_at(MONDAY_9), lambda current: closing.close_early(current, wanted)
    )


def test_the_case_ends_with_its_steps_limits_and_rungs_and_says_why(ops):
    opened(ops)
    assert not close(ops).is_open
    events = ledger.read_case(ops, CASE)
    assert [event.event_type for event in events[-4:]] == [
        "message_queued",
        "deadline_cancelled",
        "step_abandoned",
        "case_closed",
    ]
    assert events[-1].payload == {
        "outcome": "terminated",
        "outcome_title": "终止",
        "early": {
            "reason": "登记有误",
            "proposed_by": "P-1",
            "approved_by": "P-4",
            "letters_left": [],
            "letters_note": "",
            "statutory_left": [],
        },
    }
    assert ops.sql("select distinct status from deadline").fetchall() == [("cancelled",)]
    assert ops.sql("select distinct status from rung").fetchall() == [("cancelled",)]
    assert run_sweep(ops, MONDAY_9.replace(day=30), "t").claimed == 0
    assert not list(differences(ops, [CASE]))
    titles = [row[0] for row in ops.sql("select title from outbox order by created_at").fetchall()]
    assert "不必再办：查看" in titles


def test_an_outcome_of_the_playbook_is_named_by_title(ops):
    opened(ops)
    assert close(ops, outcome="已办").outcome == "done"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"reason": " "}, "「事由」必须填写"),
        ({"outcome": "算了"}, "没有结论「算了」；可填：终止、已办"),
        ({"approved_by": "reviewer"}, "赵敏 现在不带班，不能批准提前办结"),
    ],
)
def test_what_is_refused_says_why_and_writes_nothing(ops, given, sentence):
    opened(ops)
    before = ledger.head(ops)
    with pytest.raises(AnswerError, match=sentence):
        close(ops, **given)
    assert ledger.head(ops) == before


def test_the_declared_approver_is_another_person_who_did_not_work_on_the_case(ops):
    opened(ops, DECLARED)
    both = engine.Answerer("P-2", "赵敏", frozenset({"handler", "reviewer"}))
    with pytest.raises(AnswerError, match="韩松 现在不在「审核人」的值班表上"):
        close(ops)
    with pytest.raises(AnswerError, match="批准人与提出人不能是同一人"):
        close(ops, by=both, approved_by=both)
    store.answer_step(ops, CASE, "look", 1, {"verdict": "bad"}, both, setting_at(MONDAY_9))
    with pytest.raises(AnswerError, match="赵敏 已作为「经办人」办理过本案"):
        close(ops, approved_by=both)
    assert not close(
        ops, approved_by=engine.Answerer("P-9", "何青", frozenset({"reviewer"}))
    ).is_open


def test_what_every_closing_requires_is_required_of_an_early_one(ops):
    opened(ops, SMALL.replace("steps:", "close_requires: [evidence_sealed]\nsteps:"))
    with pytest.raises(AnswerError, match="尚不能办结：没有固定任何证据"):
        close(ops)


def test_a_closed_case_is_not_closed_again(ops):
    opened(ops)
    close(ops)
    with pytest.raises(AnswerError, match="已办结，不必再提前办结"):
        close(ops)


def test_an_approver_that_is_no_role_does_not_load():
    with pytest.raises(PlaybookError, match="close_early names chief"):
        parse_playbook(SMALL.replace("steps:", "close_early: {approver: chief}\nsteps:"), "x.yml")


def test_a_statutory_limit_that_still_ran_stands_in_the_entry(ops):
    basis = "kind: statutory, basis: {text: 某法, article: 第九条, verified_on: 2026-01-05}}"
    text = SMALL.replace(
        "pause_on: [awaiting_reporter], kind: internal, basis: {text: 内部工作规程}}", basis, 1
    )
    opened(ops, text)
    close(ops)
    early = ledger.read_case(ops, CASE)[-1].payload["early"]
    assert early["statutory_left"] == ["查看"]
    assert early_text(early, {"P-1": "林晓", "P-4": "韩松"}) == (
        "提前办结，事由：登记有误；提出人 林晓，批准人 韩松；尚在计时的法定时限：查看"
    )
