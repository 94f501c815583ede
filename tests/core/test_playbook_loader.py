"""A playbook loads whole or not at all, and every fault is named with its line."""

import hashlib

import pytest

from playbooks.core.cases import store
from playbooks.core.playbook import PlaybookError, load_playbook, parse_playbook
from tests.support.casework import IMPERSONATION, SMALL, open_small


def faults(text):
    with pytest.raises(PlaybookError) as caught:
        parse_playbook(text, "p.yml")
    return str(caught.value).splitlines()


def line_of(part):
    """Return the number of the first line of SMALL that has *part*."""
    return next(n for n, line in enumerate(SMALL.splitlines(), start=1) if part in line)


def test_shipped_playbook_and_the_small_one_load():
    playbook = load_playbook(IMPERSONATION)
    assert playbook.id == "impersonation"
    assert playbook.digest == hashlib.sha256(IMPERSONATION.read_bytes()).hexdigest()
    assert [step.id for step in parse_playbook(SMALL, "p.yml").steps] == ["look", "decide", "close"]


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        (
            "    type: ask\n    title: 查看",
            "    type: task\n    title: 查看",
            "- id: look",
            "'task'",
        ),
        ("    title: 查看\n", "    title: 查看\n    colour: red\n", "id: small", "colour"),
        ("unit: working_hours", "unit: hours", "budget: 4", "unit"),
        ("budget: 4", "budget: 0", "budget: 4", "greater than 0"),
        ("budget: 4", "budget: '4'", "budget: 4", "valid integer"),
        ("kind: internal", "kind: usual", "budget: 4", "'statutory' or 'internal'"),
        ("    owner: handler\n", "", "- id: look", "owner: Field required"),
        ("case_prefix: SML", "case_prefix: sml", "case_prefix", "pattern"),
        ("start: look", "start: look\nfinish: look", "start: look", "finish"),
        ("at: 75%", "at: 75 percent", "at: 75%", "pattern"),
        ("type: enum, values", "type: choice, values", "type: enum", "type"),
    ],
)
def test_what_the_vocabulary_does_not_know_is_named_with_its_line(old, new, line, what):
    assert old in SMALL
    found = faults(SMALL.replace(old, new, 1))
    assert any(what in fault for fault in found), found
    numbers = {int(fault.split(":")[1]) for fault in found}
    if what == "colour":
        assert numbers == {line_of("title: 查看") + 1}
    elif what == "finish":
        assert numbers == {line_of(line) + 1}
    else:
        assert numbers == {line_of(line)}


def test_every_fault_is_named_at_once():
    text = SMALL.replace("budget: 4", "budget: 0").replace("at: 75%", "at: soon")
    assert len(faults(text)) == 2


def test_a_key_that_stands_twice_is_named_wherever_it_is():
    twice = SMALL.replace("    title: 查看\n", "    title: 查看\n    title: 再看\n")
    assert faults(twice) == [f"p.yml:{line_of('title: 查看') + 1}: the key title stands twice"]
    flow = SMALL.replace("{at: 75%, to: handler}", "{at: 75%, to: handler, to: reviewer}")
    assert faults(flow) == [f"p.yml:{line_of('at: 75%')}: the key to stands twice"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "p.yml:1: a playbook is a mapping; the file holds none"),
        ("- a\n- b\n", "p.yml:1: a playbook is a mapping; the file holds none"),
        ("a: &x [1]\nb: *x\n", "p.yml:2: write it out; aliases are not read"),
        ("a: &x [*x]\n", "p.yml:1: write it out; aliases are not read"),
    ],
)
def test_what_is_no_playbook_at_all(text, fault):
    assert faults(text) == [fault]


@pytest.mark.parametrize(
    "text", ["a: [1", "\ta: 1", "a: !!python/object:os.system x", "? [a]\n: 1"]
)
def test_yaml_that_cannot_or_must_not_be_read(text):
    assert faults(text)[0].startswith("p.yml:")


def test_a_file_that_is_not_utf8_says_so(tmp_path):
    path = tmp_path / "p.yml"
    path.write_bytes("title: 预案".encode("gb18030"))
    with pytest.raises(PlaybookError, match=r"p\.yml: not UTF-8 at byte 9; save it so"):
        load_playbook(path)


def test_a_running_case_keeps_a_playbook_that_a_newer_linter_would_refuse(ops):
    """The ladder loses its 100% rung: a fault today, and yet the case of yesterday goes on."""
    case_id = open_small(ops)
    old = SMALL.replace("      - {at: 100%, to: reviewer}\n      - {at: +2", "      - {at: +2")
    assert "no rung at 100%" in faults(old)[0]
    digest = hashlib.sha256(old.encode()).hexdigest()
    ops.execute("update playbook_version set body = ?, digest = ?", [old, digest])
    assert store.read_playbook(ops, digest).step("look").escalate[1].at == "+2 working_hours"
    assert store.read_state(ops, case_id).open_steps["look"].visit == 1


@pytest.mark.parametrize("brackets", ["[", "{a: ", "- "])
def test_nesting_without_end_is_a_sentence_and_not_a_crash(brackets):
    (fault,) = faults(f"id: small\nsteps:\n  {brackets * 900}")[:1]
    assert "p.yml" in fault
    assert "nested more than 30 levels deep" in fault or "not readable as YAML" in fault
    (deep,) = faults(f"id: small\nsteps: {'[' * 40}{']' * 40}\n")
    assert deep == "p.yml:2: nested more than 30 levels deep; no playbook needs that"
