"""What a sighting asks for, row by row; and the numbers people type."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.core.number_lists import numbers_in
from playbooks.impersonation.suspects import (
    Judgement,
    Matter,
    Sighting,
    Suspect,
    changes,
    judge,
    matter_of,
    suspect_of,
)

SEEN = Sighting("weibo", "云衫新区发布", "u1", bio="官方")
EARLY, LATE = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC)
QUEUED = Suspect(1, SEEN, "", None, "waiting")
DISMISSED = Suspect(1, SEEN, "", EARLY, "dismissed")
OPEN = Matter("IMP-1", "weibo", "云衫新区发布", "u1", True, False, None, "")
WATCHED = replace(OPEN, is_watched=True, since_at=LATE)
HANDLED = replace(OPEN, is_open=False, since_at=LATE, outcome="handled")
REFUTED = replace(HANDLED, outcome="not_impersonation")
RENAMED = replace(SEEN, display_name="云杉新区髪布")


@pytest.mark.parametrize(
    ("sighting", "suspect", "matter", "expected"),
    [
        (SEEN, None, None, Judgement("raise")),
        (SEEN, None, OPEN, Judgement("in_case", case_id="IMP-1")),
        (RENAMED, DISMISSED, OPEN, Judgement("in_case", case_id="IMP-1")),
        (SEEN, None, REFUTED, Judgement("dismissed", case_id="IMP-1")),
        (SEEN, None, HANDLED, Judgement("raise", "案件 IMP-1 办结后再次出现", "IMP-1")),
        (
            SEEN,
            None,
            WATCHED,
            Judgement("raise", "案件 IMP-1 观察期内再次出现，受理即并入该案", "IMP-1"),
        ),
        (SEEN, QUEUED, WATCHED, Judgement("queued")),
        (
            RENAMED,
            QUEUED,
            None,
            Judgement("queued", "等待期间名称由「云衫新区发布」改为「云杉新区髪布」"),
        ),
        (SEEN, DISMISSED, None, Judgement("dismissed")),
        (replace(SEEN, bio=""), DISMISSED, None, Judgement("dismissed")),
        (
            replace(SEEN, bio="唯一官方"),
            DISMISSED,
            None,
            Judgement("raise", "此前已处理，现简介由「官方」改为「唯一官方」"),
        ),
        # Decided about before the account was gone, or after: only the first is news.
        (SEEN, DISMISSED, HANDLED, Judgement("raise", "案件 IMP-1 办结后再次出现", "IMP-1")),
        (SEEN, replace(DISMISSED, decided_at=LATE), HANDLED, Judgement("dismissed", "", "IMP-1")),
        (
            SEEN,
            replace(DISMISSED, decided_at=LATE, status="accepted"),
            WATCHED,
            Judgement("dismissed", "", "IMP-1"),
        ),
    ],
)
def test_what_a_sighting_asks_for(sighting, suspect, matter, expected):
    assert judge(sighting, suspect, matter) == expected


def test_an_account_is_known_by_its_number_before_its_name():
    nameless = Suspect(2, replace(SEEN, platform_account_id=""), "", None)
    assert suspect_of(RENAMED, [nameless, DISMISSED]) == DISMISSED
    assert suspect_of(replace(SEEN, platform_account_id="u9"), [DISMISSED, nameless]) == nameless
    assert suspect_of(replace(SEEN, platform="douyin"), [DISMISSED]) is None
    assert matter_of(RENAMED, [HANDLED, OPEN]) == OPEN


def test_what_is_hidden_in_a_change_is_written_out():
    after = replace(SEEN, display_name="云衫\u202e布发区新")
    assert changes(SEEN, after) == ["名称由「云衫新区发布」改为「云衫‹U+202E›布发区新」"]


def test_numbers_as_people_type_them():
    assert numbers_in("3、5-8，5;11 20—22") == [3, 5, 6, 7, 8, 11, 20, 21, 22]
    assert numbers_in(" ") == []


@given(st.text(alphabet="0123456789-、 一至x", max_size=40))
def test_any_text_is_numbers_or_a_sentence(text):
    refusal = ""
    found = []
    try:
        found = numbers_in(text)
    except ValueError as error:
        refusal = str(error)
    assert len(refusal) < 120
    assert len(found) == len(set(found)) <= 500
