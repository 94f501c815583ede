"""Exports to CACAO 2.0 keep its rules, and the rules see what breaks them."""

from datetime import UTC, datetime

import pytest

from playbooks.core.calendar import load_calendar
from playbooks.core.playbook import load_playbook, parse_playbook
from playbooks.core.playbook.cacao import cacao
from playbooks.core.playbook.cacao_rules import faults
from tests.core.test_vocabulary import RICH
from tests.support.casework import IMPERSONATION, SMALL

INCIDENT = IMPERSONATION.parents[1] / "major_incident" / "playbook.yml"
NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def exported(text):
    return cacao(parse_playbook(text, "p.yml"), load_calendar(None), NOW)


@pytest.mark.parametrize(
    "text",
    [
        SMALL,
        IMPERSONATION.read_text(encoding="utf-8"),
        INCIDENT.read_text(encoding="utf-8"),
    ],
)
def test_an_export_keeps_the_rules_and_is_the_same_each_time(text):
    assert faults(exported(text)) == []
    assert exported(text) == exported(text)


def test_the_richest_playbook_loses_only_the_end_that_nothing_reaches():
    assert faults(exported(RICH)) == []
    document = exported(RICH)
    kinds = {step["type"] for step in document["workflow"].values()}
    assert kinds == {"start", "end", "action", "if-condition", "playbook-action"}
    assert document["valid_until"] == "2026-12-31T00:00:00.000Z"
    (marking,) = document["data_marking_definitions"].values()
    assert marking["tlpv2_level"] == "TLP:RED"


def test_what_holds_for_the_whole_playbook_is_not_lost():
    document = exported(RICH)
    exception = document["workflow"][document["workflow_exception"]]
    assert document["agent_definitions"][exception["agent"]]["name"] == "审核人"
    (whole,) = document["playbook_extensions"].values()
    assert whole["close_early"] == {"approver": "signer"}
    assert whole["close_requires"] == ["receipts_recorded"]
    assert whole["roles"]["signer"]["not_same_as"] == ["handler", "reviewer"]
    assert "steps" not in whole
    assert "workflow_exception" not in exported(SMALL)


def test_a_limit_becomes_the_time_it_has_from_now():
    look = next(s for s in exported(SMALL)["workflow"].values() if s.get("name") == "查看")
    assert look["timeout"] == int(5.5 * 3_600_000)  # four working hours over lunch
    assert ("on_success" in look, "on_completion" in look) == (True, False)


@pytest.mark.parametrize(
    ("breaking", "word"),
    [
        (lambda d, s: d.pop("created_by"), "lacks created_by"),
        (lambda d, s: d.update(modified="2026-11-23T01:00:00Z"), "modified is no timestamp"),
        (lambda d, s: s.update(on_completion=d["workflow_start"]), "on_completion excludes"),
        (lambda d, s: s.update(on_success="action--x"), "which is no step"),
        (lambda d, s: s.pop("agent"), "it lacks agent"),
        (lambda d, s: s.update(colour="red"), "colour is not allowed"),
        (lambda d, s: s.update(out_args=["__gone__"]), "which is no variable"),
        (lambda d, s: d.pop("extension_definitions"), "is not defined"),
        (lambda d, s: s.update(timeout=-1), "no whole number of milliseconds"),
        (lambda d, s: d.update(workflow_exception="action--x"), "workflow_exception names no step"),
        (lambda d, s: d.update(playbook_extensions={"x": {}}), "playbook extension is not defined"),
    ],
)
def test_the_rules_see_what_breaks_them(breaking, word):
    document = exported(SMALL)
    assert load_playbook(IMPERSONATION)
    step = next(s for s in document["workflow"].values() if s.get("name") == "查看")
    breaking(document, step)
    assert any(word in fault for fault in faults(document)), faults(document)
