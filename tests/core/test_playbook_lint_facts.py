"""Faults of the words that refer to facts, planted in the playbook that uses every word."""

import pytest

from playbooks.core.playbook import PlaybookError, parse_playbook
from tests.core.test_vocabulary import RICH

CASES = [
    (
        "{input.views: {at_least",
        "{input.title: {at_least",
        "input.title, which is no enum or number",
    ),
    ("{at_least: 100000}", "{at_least: 9, below: 9}", "the range of input.views is empty"),
    ("{at_least: 100000}", "many", "input.views is a number; write"),
    ("input.kind: [theft]", "input.kind: {below: 3}", "input.kind is an enum and has no range"),
    ("input.kind: [theft]", "input.kind: [theft, fire]", "input.kind has no value fire"),
    (
        "input.kind: [theft]",
        "input.views: {at_least: 200000}",
        "row 2 is never taken: row 1 holds whenever it does",
    ),
    ("{otherwise: true, go: elsewhere", "{when: {input.kind: rumour}, go: elsewhere", "a last row"),
    ("action: register_extract", "action: call_home", "there is no action call_home"),
    ("since: input.known_at", "since: input.views", "no field of type day or instant"),
    ("since: input.known_at", "since: last.ending", "no field of type day or instant"),
    (
        "title: 获知时间, type: instant",
        "title: 获知时间, type: instant, required: false",
        "may be left empty, so that the clock could not start",
    ),
    (
        "title: 获知时间, type: instant",
        "title: 获知时间, type: day",
        "but wall_hours need an instant",
    ),
    ("since: receipt.receipt_due", "since: receipt.send", "no step that requires a receipt"),
    ("since: case_opened", "since: receipt.receipt_due", "can be reached before that receipt"),
    ("of: send", "of: sign", "waits for the receipt of sign, which is no send step"),
    ("receipt: optional", "receipt: required", "send requires its receipt itself"),
    ("playbook: small@1", "playbook: rich@3", "it would open itself for ever"),
    ("{title: input.title}, next", "{title: input.name}, next", "input.name, which is no field"),
    ("{title: input.title}, next", "{title: input.title}, values: {title: 乙}, next", "both under"),
    ("{otherwise: true, go: write}", "{when: {outcome: lost}, go: write}", "the last branch is"),
    ("when: {outcome: done}", "when: {verdict: done}", "either when: {outcome: …} or otherwise"),
    ("derived_from: rich@2", "derived_from: rich@3", "which is no earlier version"),
    ("until: 2026-12-31", "until: 2025-12-31", "ends before it begins"),
    (", egress: internal_only", "", "tlp: red needs egress: internal_only"),
    ("[receipts_recorded]", "[every_reporter_answered]", "which no ask step marks"),
    ("[receipts_recorded]", "[receipts_recorded, receipts_recorded]", "names something twice"),
    ("after: [done]", "after: [gone]", "review: there is no outcome gone"),
    ("measures_owner: handler", "measures_owner: boss", "review names the role boss"),
    ("{at: 100%, to: signer}", "{at: 50%, to: signer}", "review: the ladder has no rung at 100%"),
    (
        "due: {budget: 5, unit: working_days,",
        "due: {budget: 5, unit: working_days, since: case_opened,",
        "review: the clock starts when the case closes",
    ),
    (
        "budget: 1, unit: months, roll: next_workday",
        "budget: 1, unit: working_days, roll: next_workday",
        "working_days cannot roll",
    ),
    (
        "budget: 1, unit: months, roll",
        "budget: 1, unit: months, pause_on: [force_majeure], roll",
        "months cannot pause",
    ),
    (
        "budget: 4, unit: wall_hours, since: input.known_at, kind: internal",
        "budget: 4, unit: wall_hours, since: input.known_at, pause_on: [force_majeure], kind: statutory",
        "a statutory limit never pauses",
    ),
    (
        "unit: wall_hours, since",
        "unit: wall_hours, pause_on: [force_majeure, force_majeure], since",
        "pause_on names a reason twice",
    ),
    ("id: by_hand", "id: improve_1", "improve_1 is a word of the vocabulary"),
    ("id: by_hand", "id: receipt", "receipt is a word of the vocabulary"),
    ("on_failure: by_hand", "on_failure: nowhere", "step keep leads to nowhere"),
    ("next: grade}", "next: close}", "step keep leads to close without a person"),
]


def faults(text):
    with pytest.raises(PlaybookError) as caught:
        parse_playbook(text, "p.yml")
    return str(caught.value).splitlines()


@pytest.mark.parametrize(("old", "new", "what"), CASES)
def test_a_planted_fault_is_named_with_a_line(old, new, what):
    assert old in RICH
    found = [fault for fault in faults(RICH.replace(old, new, 1)) if what in fault]
    assert found, faults(RICH.replace(old, new, 1))
    assert found[0].split(":")[1].isdigit()


def test_a_reason_to_pause_is_one_of_the_declared():
    text = RICH.replace("unit: wall_hours, since", "unit: wall_hours, pause_on: [lunch], since")
    assert any("awaiting_reporter" in fault for fault in faults(text))


def test_a_loop_over_waits_that_may_be_passed_at_once_is_a_fault():
    text = RICH.replace("next: reply, on_expire: write", "next: again, on_expire: write").replace(
        "  - {id: reply",
        "  - {id: again, type: decide, title: 再等, rows: [{when: {input.views: {below: 5}}, "
        "go: receipt_due, because: 少}, {otherwise: true, go: reply, because: 多}]}\n  - {id: reply",
    )
    assert any("again comes back to itself without any person" in fault for fault in faults(text))
