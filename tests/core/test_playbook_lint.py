"""Every fault that the linter knows, planted in a sound playbook, with the line it is on."""

import ast
from pathlib import Path

import pytest

from playbooks.core.playbook import PlaybookError, model, parse_playbook
from tests.support.casework import SMALL

ROOT = Path(__file__).parents[2]

DUE = "due: {budget: 1, unit: working_days, kind: internal, basis: {text: 规程}}"
LADDER = "escalate: [{at: 100%, to: reviewer}]"
FORM = "form: [{name: note, title: 说明, type: text}]"

# Two branches, one with a letter, one with two questions; then a last question and the end.
WIDE = f"""\
id: wide
version: 1
title: 并行预案
case_prefix: WID
basis: [{{text: 规程}}]
inputs:
  - {{name: title, title: 事项, type: text}}
roles:
  handler: {{title: 经办人, roster: handler}}
  reviewer: {{title: 审核人, roster: reviewer, not_same_as: [handler]}}
  signer: {{title: 签发人, roster: signer, not_same_as: [handler, reviewer]}}
dedupe: {{key: [title]}}
start: both
outcomes: {{done: 已办}}
steps:
  - {{id: both, type: parallel, title: 并行, branches: [draft, ask], next: last}}
  - {{id: draft, type: draft, title: 起草, letters: [one], next: sign}}
  - {{id: sign, type: approve, title: 签发, owner: reviewer, letters: [one], chain: [reviewer, signer], on_reject: draft, next: send, {DUE}, {LADDER}}}
  - {{id: send, type: send, title: 发送, owner: handler, letter: one, addressee: 对方, receipt: required, next: join, {DUE}, {LADDER}}}
  - {{id: ask, type: ask, title: 询问, owner: handler, next: again, {FORM}, {DUE}, {LADDER}}}
  - {{id: again, type: ask, title: 再问, owner: handler, next: join, {FORM}, {DUE}, {LADDER}}}
  - {{id: last, type: ask, title: 最后, owner: handler, marks: reporters_answered, next: close, {FORM}, {DUE}, {LADDER}}}
  - {{id: close, type: end, title: 办结, outcome: done, requires: [every_reporter_answered]}}
"""


def faults(text):
    with pytest.raises(PlaybookError) as caught:
        parse_playbook(text, "p.yml")
    return str(caught.value).splitlines()


def test_the_sound_ones_load():
    assert parse_playbook(SMALL, "p.yml").id == "small"
    assert parse_playbook(WIDE, "p.yml").id == "wide"


NAMES = [
    ("go: close}", "go: nowhere}", "- id: look", "step look leads to nowhere, which is no step"),
    ("start: look", "start: there", "start:", "start names there, which is no step"),
    ("- id: decide", "- id: look", "- id: decide", "two steps have the id look"),
    (
        "owner: reviewer",
        "owner: boss",
        "- id: decide",
        "names the role boss, which is not declared",
    ),
    ("at: 75%, to: handler", "at: 75%, to: boss", "- id: look", "names the role boss"),
    (
        "roster: reviewer",
        "roster: pope",
        "  reviewer: {",
        "the roster has no role pope; there are: ",
    ),
    (
        "roster: reviewer",
        "roster: reviewer, not_same_as: [boss]",
        "  reviewer: {",
        "not_same_as names boss",
    ),
    (
        "roster: reviewer",
        "roster: reviewer, not_same_as: [reviewer]",
        "  reviewer: {",
        "not_same_as of reviewer names itself",
    ),
    (
        "dedupe:",
        "  idle: {title: 无事, roster: signer}\ndedupe:",
        "dedupe:",
        "the role idle has no part in any step",
    ),
    ("outcome: done", "outcome: gone", "{id: close", "ends with gone, which is not declared"),
    ("{done: 已办}", "{done: 已办, lost: 丢失}", "outcomes:", "no step ends with the outcome lost"),
    ("key: [title]", "key: [name]", "dedupe:", "name is no input"),
    (
        "type: text}\nroles",
        "type: text, required: false}\nroles",
        "dedupe:",
        "must be a required input",
    ),
]
LADDERS = [
    (
        "      - {at: 100%, to: reviewer}\n      - {at: +2",
        "      - {at: +2",
        "the ladder has no rung at 100%",
    ),
    ("at: 75%", "at: 175%", "175% is not between 1% and 100%"),
    ("at: 75%", "at: 0%", "0% is not between 1% and 100%"),
    ("at: +2 working_hours", "at: +2 weeks", "+2 weeks names no unit; one of wall_hours"),
    ("at: +2 working_hours", "at: +0 working_hours", "not in the order of time"),
    ("at: 75%", "at: 100%", "not in the order of time"),
    (
        "{at: 75%, to: handler}\n      - {at: 100%, to: reviewer}",
        "{at: 100%, to: handler}\n      - {at: 75%, to: reviewer}",
        "not in the order of time",
    ),
    (
        "      - {at: 75%, to: handler}\n",
        "      - {at: +1 working_hours, to: handler}\n",
        "not in the order of time",
    ),
    (
        "{at: +2 working_hours, to: reviewer}",
        "{at: +2 working_hours, to: reviewer}\n      - {at: +1 working_days, to: reviewer}",
        "the rungs after 100% use one unit",
    ),
    ("at: +2 working_hours", "at: +9999 working_days", "a budget of 9999 working_days"),
    ("budget: 4, unit: working_hours", "budget: 121, unit: months", "a budget of 121 months"),
]
FORMS = [
    (
        "type: text, max_length: 20",
        "type: text, required_when: {verdict: good}",
        "is required anyway, required_when changes nothing",
    ),
    (
        "type: text, max_length: 20",
        "type: text, required: false, required_when: {opinion: good}",
        "when names opinion, which is no enum of its form",
    ),
    (", values: {good: 好, bad: 坏}", "", "the enum verdict needs at least two values"),
    (
        ", values: {good: 好, bad: 坏}}",
        ", values: {good: 好, bad: 坏}, required: false, required_when: {verdict: fine}}",
        "verdict has no value fine",
    ),
    ("bad: 坏}}", "bad: 好}}", "two values of verdict have the same label"),
    ("type: text, max_length: 20", "type: text, values: {a: 一}", "values belong to enum"),
    ("type: text, max_length: 20", "type: day, at_most: 20", "at_most belong to number"),
    (
        "type: text, max_length: 20",
        "type: number, at_least: 20, at_most: 2",
        "note is at least 20 and at most 2",
    ),
    (
        "type: text, max_length: 20",
        "type: day, max_length: 20",
        "max_length belongs to text and url",
    ),
    (
        "      - {name: note,",
        "      - {name: note, title: 说明, type: text}\n      - {name: note,",
        "two fields have the name note",
    ),
    (
        "      - {when: {verdict: bad}, go: decide}\n",
        "",
        "nothing follows the answer bad of verdict",
    ),
    ("when: {verdict: bad}", "when: {verdict: ugly}", "verdict has no value ugly"),
    ("when: {verdict: bad}", "when: {mood: bad}", "when names mood, which is no enum of its form"),
    ("when: {verdict: bad}", "when: {verdict: good}", "two branches have the same when"),
    ("when: {verdict: bad},", "otherwise: true, when: {verdict: bad},", "either when or otherwise"),
    ("when: {verdict: good},", "otherwise: true,", "a branch after otherwise is never taken"),
    (
        "values: {good: 好, bad: 坏}",
        "required: false, values: {good: 好, bad: 坏}",
        "verdict may be left empty, so that the branches need an otherwise",
    ),
]
WAYS = [
    ("next: last}", "next: close}", "{id: last", "step last is never reached"),
    (
        "letters: [one], next: sign",
        "letters: [one], unnumbered: [two], next: sign",
        "{id: draft",
        "unnumbered names two, which it does not write",
    ),
    (
        "letter: one, addr",
        "letter: two, addr",
        "{id: send",
        "sends two, which no approve step signs",
    ),
    (
        "letters: [one], next: sign",
        "letters: [two], next: sign",
        "{id: sign",
        "which no draft step writes",
    ),
    (
        "letters: [one], next: sign",
        "letters: [one, two], next: sign",
        "{id: draft",
        "which no approve step signs",
    ),
    ("next: sign}", "next: send}", "{id: send", "can be reached before the letter one is signed"),
    (
        "branches: [draft, ask]",
        "branches: [sign, ask]",
        "{id: sign",
        "before the letter one is drafted",
    ),
    ("chain: [reviewer, signer]", "chain: [signer, reviewer]", "{id: sign", "its owner is signer"),
    (
        "chain: [reviewer, signer]",
        "chain: [reviewer, reviewer]",
        "{id: sign",
        "stands in the chain twice",
    ),
    (
        "not_same_as: [handler, reviewer]",
        "not_same_as: [handler]",
        "{id: sign",
        "or one person signs twice",
    ),
    (
        "marks: reporters_answered, ",
        "",
        "{id: close",
        "requires every_reporter_answered, which no ask step marks",
    ),
    ("next: close, ", "next: join, ", "{id: last", "joins, but lies in no branch"),
    (
        "owner: handler, next: again",
        "owner: handler, next: last",
        "{id: both",
        "jumps out of the parallel step both to last",
    ),
    (
        "owner: handler, next: again",
        "owner: handler, next: both",
        "{id: both",
        "jumps out of the parallel step both to both",
    ),
    (
        "owner: handler, next: again",
        "owner: handler, next: send",
        "{id: both",
        "lies in two branches of both",
    ),
    ("branches: [draft, ask]", "branches: [draft, ask, ask]", "{id: both", "names a branch twice"),
    (
        "branches: [draft, ask]",
        "branches: [draft, join]",
        "{id: both",
        "starts with a step, not with join",
    ),
    (
        "id: again, type: ask",
        "id: again, on_expire: join, type: ask",
        "{id: again",
        "never to join",
    ),
    (
        "id: last, type: ask",
        "id: last, on_expire: close, type: ask",
        "{id: last",
        "leads to close without a person",
    ),
]


@pytest.mark.parametrize(("old", "new", "line", "what"), NAMES)
def test_names(old, new, line, what):
    check(SMALL, old, new, line, what)


@pytest.mark.parametrize(("old", "new", "what"), LADDERS)
def test_ladders_and_limits(old, new, what):
    check(SMALL, old, new, "- id: look", what)


@pytest.mark.parametrize(("old", "new", "what"), FORMS)
def test_forms_and_branches(old, new, what):
    check(SMALL, old, new, "- id: decide" if "note" in old or "max" in old else "- id: look", what)


@pytest.mark.parametrize(("old", "new", "line", "what"), WAYS)
def test_ways(old, new, line, what):
    check(WIDE, old, new, line, what)


def check(text, old, new, line, what):
    assert old in text
    broken = text.replace(old, new, 1)
    found = [fault for fault in faults(broken) if what in fault]
    assert found, faults(broken)
    number = next(n for n, found_line in enumerate(text.splitlines(), 1) if line in found_line)
    # What is put in may push the place down by its own lines, never further.
    assert number <= int(found[0].split(":")[1]) <= number + new.count("\n"), found


def test_an_end_inside_a_branch_is_a_fault():
    broken = WIDE.replace("owner: handler, next: again", "owner: handler, next: stop").replace(
        "  - {id: again", "  - {id: stop, type: end, title: 停, outcome: done}\n  - {id: again"
    )
    assert any(
        "stop ends the case while other branches of both" in fault for fault in faults(broken)
    )


def test_steps_that_never_come_to_an_end_are_a_fault():
    text = SMALL.replace("    next: close\n", "    next: look\n").replace(
        "{verdict: good}, go: close", "{verdict: good}, go: decide"
    )
    found = faults(text)
    assert any("step look never comes to an end" in fault for fault in found)
    assert any("step close is never reached" in fault for fault in found)


def notify(step_id, following):
    return f"  - {{id: {step_id}, type: notify, title: 知会, to: handler, next: {following}}}\n"


def test_a_loop_without_any_person_is_a_fault():
    text = SMALL.replace("go: close", "go: tell") + notify("tell", "tell_again")
    text += notify("tell_again", "tell")
    found = faults(text)
    assert sum("comes back to itself without any person" in fault for fault in found) == 2


def test_a_parallel_step_of_notices_that_leads_back_to_itself_is_a_fault():
    text = SMALL.replace("go: close", "go: all")
    text += "  - {id: all, type: parallel, title: 全部, branches: [one, two], next: all}\n"
    text += notify("one", "join") + notify("two", "join")
    assert any("step all comes back to itself" in fault for fault in faults(text))


def test_a_loop_with_a_person_in_it_is_none():
    looping = SMALL.replace("{verdict: good}, go: close", "{verdict: good}, go: tell")
    assert parse_playbook(looping + notify("tell", "look"), "p.yml").id == "small"


def test_a_branch_that_is_left_by_notices_alone_may_not_end_with_proof():
    text = WIDE.replace("next: last}", "next: close}")
    text = text.replace("id: ask, type: ask", "id: ask, on_expire: told, type: ask")
    text += notify("told", "join")
    assert any("step ask leads to close without a person" in fault for fault in faults(text))


def test_every_field_of_the_model_is_read_where_cases_are_run():
    """Reading it in the linter alone is not enough: a field that nothing acts on is a defect."""
    read = set()
    for folder in ("playbooks/core", "flows"):
        for path in (ROOT / folder).rglob("*.py"):
            if path.name.startswith(("model_", "lint")):
                continue
            tree = ast.parse(path.read_text(encoding="utf-8"))
            read |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    parts = [part for part in vars(model).values() if isinstance(part, type)]
    declared = {
        name for part in parts if issubclass(part, model.Strict) for name in part.model_fields
    }
    assert declared - read == set()
