"""Every fact of a document names where it stands; what the ledger is named for, the entry says."""

import json
from dataclasses import fields, replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from playbooks.core import ledger
from playbooks.core.cases import publishing, store
from playbooks.core.drafting import Asked, Material, OfficeNames, RegisteredAccount, VolumeDay
from playbooks.major_incident.drafting import WRITTEN, complete_facts
from playbooks.major_incident.facts import CHARTED, LETTER_TITLES
from playbooks.major_incident.sources import NUMBERS, OFFICE, REGISTER, THIS_DRAFT
from tests.major_incident.test_incident import (
    EVE,
    PLAYBOOK,
    SCOPE,
    VERIFIED,
    answer,
    opened,
    published,
    setting,
    to_statement,
)

NAMES = OfficeNames("甲局", "甲局", "公安", "网信", "林晓", "0000", {"weibo": "某公司"})
SAID = {
    "report_call": {
        "reported": "called",
        "reported_to": "总值班室",
        "reported_at": EVE.isoformat(),
    },
    "freeze": {
        "frozen_at": EVE.isoformat(),
        "measures": "断网",
        "administrator": "停用",
        "recovered": "lost",
        "posted": "推文",
    },
}


@pytest.fixture(scope="module")
def told():
    """State and material of a takeover that has come to its next move, kept for every document."""
    from sql.catalogs import memory

    with memory("ops") as ops:
        case_id = opened(ops, "takeover")
        for step_id, said in SAID.items():
            role = "duty_lead" if step_id == "report_call" else "handler"
            answer(ops, case_id, step_id, said, role)
        to_statement(ops, case_id, "major")
        published(ops, case_id)
        answer(ops, case_id, "scope", SCOPE, "handler")
        posts = [{"account_id": "A1", "url": None, "title": "t", "posted_at": EVE.isoformat()}]
        store.change(
            ops, case_id, setting(EVE), lambda t: publishing.seen_in_posts(t, "dispatch", posts)
        )
        state, events = store.read_state(ops, case_id), ledger.read_case(ops, case_id)
    account = RegisteredAccount("A0005", "weibo", "云杉政务", "甲局", "gh_1", None, None)

    def volume(first, last):
        return [VolumeDay(first, 3, None, 1, 2), VolumeDay(last, 9, 4, 0, 2)]

    people = {"P-1": "林晓"}
    return state, Material(NAMES, PLAYBOOK, events, people, {"A0005": account}, Path(), volume)


@pytest.mark.parametrize("letter", LETTER_TITLES)
def test_every_fact_names_its_entry_or_its_place(told, letter):
    state, material = told
    facts = complete_facts(state, material, Asked(letter, "函1号", EVE + timedelta(hours=1)))
    known = {event.position: event for event in material.events}
    for described in fields(facts):
        value = getattr(facts, described.name)
        said = [one for one in value.values() if one] if described.name == "written" else value
        if described.name in ("figures", "sources") or said in (None, "", [], (), {}):
            continue
        source = facts.sources[described.name]
        assert source.get("positions") or source.get("place"), described.name
        assert set(source.get("positions", [])) <= set(known), described.name
        assert source.get("place", OFFICE).split(" ")[0] in (
            *(OFFICE, REGISTER, NUMBERS, THIS_DRAFT),
            "统计库",
        )
    assert bool(facts.volume) == (letter in CHARTED)


def test_the_entry_that_is_named_says_what_the_document_says(told):
    state, material = told
    facts = complete_facts(state, material, Asked("circular", "函1号", EVE + timedelta(hours=1)))
    payloads = {event.position: event.payload for event in material.events}

    def entry(name):
        positions = facts.sources[name]["positions"]
        return json.dumps([payloads[position] for position in positions], ensure_ascii=False)

    assert facts.title in entry("title")
    assert facts.situation[0] in entry("situation")
    assert VERIFIED["verdict"] in entry("verdict")
    assert facts.grade.because in entry("grade")
    assert facts.grade.override_reason in entry("grade")
    assert '"A1"' in entry("published")
    assert [one.position for one in facts.timeline] == facts.sources["timeline"]["positions"]
    # The statistics may be corrected afterwards; what the document showed stays in the ledger.
    first, last = date(2026, 9, 23), date(2026, 10, 1)
    assert facts.sources["volume"]["place"] == f"统计库 {first}=3,,1@2；{last}=9,4,0@2"
    assert set(facts.figures) == {"volume", "published"}


def test_a_step_that_was_done_again_is_named_by_its_latest_answer(told):
    state, material = told
    (answered,) = [
        event
        for event in material.events
        if event.event_type == "step_answered" and event.payload["step_id"] == WRITTEN["statement"]
    ]
    again = replace(answered, position=material.events[-1].position + 1)
    twice = replace(material, events=[*material.events, again])

    def position_of(found):
        facts = complete_facts(state, found, Asked("statement", None, EVE))
        (position,) = facts.sources["written"]["positions"]
        return position

    assert answered.position < again.position
    assert (position_of(material), position_of(twice)) == (answered.position, again.position)
