"""What the linter says of clocks, tiers, suggestions, the office's own limits and publishing."""

from pathlib import Path

import pytest

from playbooks.core.playbook import PlaybookError, parse_playbook

TEXT = (Path(__file__).parents[2] / "playbooks/major_incident/playbook.yml").read_text("utf-8")


def faults(text):
    with pytest.raises(PlaybookError) as caught:
        parse_playbook(text, "p.yml")
    return str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (
            "until: [publish_statement]",
            "until: [approve_statement]",
            "until names approve_statement, which is no ask, send or wait_receipt step",
        ),
        (
            "until: [publish_statement]",
            "until: [stand_down]",
            "nothing beside the clock comes to stand_down",
        ),
        (
            "next: stand_down\n",
            "next: outside\n",
            "a clock runs beside other work; put it into a branch of a parallel step",
        ),
        (
            "setting: emergency_report_call, kind: statutory",
            "setting: emergency_report_call, kind: internal",
            "setting emergency_report_call is set by superiors, so its kind is statutory",
        ),
        (
            "budget: 2, unit: wall_hours, since: input.known_at, setting",
            "budget: 2, unit: working_hours, since: input.known_at, setting",
            "is given in minutes by the clock on the wall; use wall_hours",
        ),
        (
            "since: input.known_at, setting: emergency_report_call,",
            "since: input.known_at, setting: emergency_report_call, usual: kind,",
            "setting excludes usual",
        ),
        ("accounts: scope.accounts", "accounts: scope.wording", "is no field of type accounts"),
        ("wording: scope.wording", "wording: scope.pin", "scope.pin is no field of type text"),
        (
            "letter: statement\n    accounts",
            "letter: nobody\n    accounts",
            "no approve step signs",
        ),
        (
            "{confirm_grade.grade: major}, chain: [reviewer, head]",
            "{confirm_grade.grade: huge}, chain: [reviewer, head]",
            "confirm_grade.grade has no value huge",
        ),
        (
            "{confirm_grade.grade: major}, chain: [reviewer, head]",
            "{consult.bodies: x}, chain: [reviewer, head]",
            "when names consult.bodies, which is no enum",
        ),
        (
            "{input.kind: emergency}, chain: [reviewer, head]",
            "{input.kind: emergency}, chain: [head, reviewer]",
            "its owner is head, who comes first in the chain",
        ),
        ("gives: major, because: 有人员伤亡", "gives: huge, because: 有", "row 1 gives huge"),
        ("gives: {general: 一般, ", "gives: {none: 无, general: 一般, ", "no row gives none"),
        (
            "gives: {general: 一般, important: 重要, major: 重大敏感}",
            "",
            "declares none under gives",
        ),
        ("suggested_by: grade", "suggested_by: verify", "verify, which gives no value"),
        (
            "type: enum, required: false, suggested_by",
            "type: enum, suggested_by",
            "so it is an enum that is not required",
        ),
        (
            "name: override_reason, title: 改判理由",
            "name: other_reason, title: 改判理由",
            "says why in override_reason",
        ),
    ],
)
def test_a_planted_fault_is_named(old, new, what):
    assert old in TEXT
    broken = TEXT.replace(old, new)
    if new == "next: outside\n":
        clock = broken.replace("by_release,", "").split("  - id: release_clock")[1]
        clock = "  - id: outside" + clock.split("  - id: response_clock")[0]
        head, tail = broken.split("  - id: stand_down")
        clock = clock.replace("next: join", "next: stand_down")
        broken = f"{head}{clock}  - id: stand_down{tail}"
    assert what in faults(broken)
