"""After the end: the review becomes measures with days, and a report that two people sign."""

from datetime import timedelta

import pytest

from playbooks.core.cases import store
from playbooks.core.cases.closing import EarlyClosing, close_early
from playbooks.core.cases.forms import AnswerError
from playbooks.core.cases.rebuild import differences
from playbooks.core.playbook import PlaybookError, parse_playbook
from tests.major_incident.test_incident import (
    EVE,
    TEXT,
    WHO,
    answer,
    drafted,
    due,
    opened,
    setting,
)

REVIEWED = {"went_wrong": "迟了", "measure_1": "写进值班卡", "due_on_1": "2026-10-30"}
LATER = EVE + timedelta(days=9)


@pytest.fixture
def closed(ops):
    """A case that was given up, and is reviewed."""
    case_id = opened(ops, "public_opinion")
    asked = EarlyClosing("", "并入他案", WHO["handler"], WHO["duty_lead"])
    store.change(ops, case_id, setting(EVE), lambda turn: close_early(turn, asked))
    return case_id


def test_the_review_becomes_measures_and_a_report_with_two_signatures(ops, closed):
    answer(ops, closed, "review", REVIEWED, "reviewer", LATER)
    state = store.read_state(ops, closed)
    assert set(state.open_steps) == {"improve_1", "review_draft"}
    assert due(ops, closed)["improve_1"] == "10-30 23:59"
    drafted(ops, closed, "review_draft", "review_report", now=LATER)
    with pytest.raises(AnswerError, match="现在不在「审核人」的值班表上"):
        answer(ops, closed, "review_approve", {"decision": "approve"}, "handler", LATER)
    answer(ops, closed, "review_approve", {"decision": "approve"}, "reviewer", LATER)
    answer(
        ops, closed, "review_approve", {"decision": "return", "opinion": "补数"}, "signer", LATER
    )
    drafted(ops, closed, "review_draft", "review_report", now=LATER)
    for role in ("reviewer", "signer"):
        answer(ops, closed, "review_approve", {"decision": "approve"}, role, LATER)
    state = store.read_state(ops, closed)
    assert state.letters["review_report"].is_signed
    assert (set(state.open_steps), state.is_open) == ({"improve_1"}, False)
    assert not list(differences(ops, [closed]))


@pytest.mark.parametrize(
    ("written", "instead", "fault"),
    [
        ("    chain: [reviewer, signer]\n    due: {budget: 3,", "    chain: [reviewer, reviewer]\n    due: {budget: 3,", "a role stands in the chain twice"),
        ("letter: review_report", "letter: circular", "written by a step of the case already"),
        ("    chain: [reviewer, signer]\n    due: {budget: 3,", "    chain: [reviewer, nobody]\n    due: {budget: 3,", "names the role nobody"),
    ],
)  # fmt: skip
def test_a_report_with_faults_does_not_load(written, instead, fault):
    assert TEXT.count(written) == 1
    with pytest.raises(PlaybookError, match=fault):
        parse_playbook(TEXT.replace(written, instead), "playbook.yml")
