"""The facts of a letter come from what happened in the case, not from the day it is drafted."""

from datetime import UTC, date, datetime

from playbooks.core.cases.state import Answered, CaseState, Letter
from playbooks.impersonation.drafting import LetterOffice, Sources, facts_of

OPENED = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
VERIFIED = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
LATER = datetime(2026, 12, 7, 1, 0, tzinfo=UTC)
SOURCES = Sources(
    LetterOffice("甲局", "乙局", "丙分局", "丁办", "戊公司", "林晓", "0000-1234567"),
    None,
    {"P-1": "林晓", "P-8": "何春梅"},
    {"platform": {"weibo": "微博"}, "channel": {"inspection": "日常巡查"}},
)


def case() -> CaseState:
    return CaseState(
        "IMP-2026-0001",
        opened_at=OPENED,
        inputs={"platform": "weibo", "display_name": "云衫发布", "channel": "inspection"},
        answers={
            "verify": {"verdict": "impersonation", "reason": "同音", "harm": "none"},
            "send_platform": {"receipt": "受理1号"},
        },
        answered={"verify": Answered("P-1", VERIFIED), "send_platform": Answered("P-8", LATER)},
        acted_as={"handler": {"P-1", "P-8"}},
        letters={"platform": Letter("platform", "甲〔2026〕1号", {}, True, VERIFIED)},
        visits={"draft_reminder": 2},
    )


def test_a_letter_written_later_says_when_and_by_whom_it_was_verified():
    facts = facts_of(case(), SOURCES, LATER, "甲〔2026〕2号")
    assert (facts.verified_on, facts.verified_by) == (date(2026, 11, 23), "林晓")
    assert facts.issued_on == date(2026, 12, 7)


def test_a_reminder_that_was_sent_back_is_still_the_first():
    earlier = facts_of(case(), SOURCES, LATER, None).earlier_letter
    assert earlier is not None
    assert (earlier.reminder_number, earlier.receipt) == (1, "受理1号")


def test_an_inspection_counts_no_reporters():
    assert facts_of(case(), SOURCES, LATER, None).reporter_count == 0
