"""What a night changes in the list of problems, how a silence is told, how days in a row are one lead."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from playbooks.core.calendar import load_calendar
from playbooks.core.findings.book import changes
from playbooks.core.findings.figure_leads import follower_jumps, mass_likes
from playbooks.core.findings.kinds import kinds
from playbooks.core.findings.model import Found, Held
from playbooks.core.findings.silent import silent
from playbooks.core.findings.stale import stale

NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
LAST_NIGHT = NOW - timedelta(days=1)
KEY = "stale:A-1:2026-11-09"
FOUND = Found(KEY, "stale", "U-1", "A-1", "新区超期，已 9 个工作日", "local_overdue")
HELD = Held(
    *(7, KEY, "stale", "U-1", "A-1", "新区超期", "local_overdue", "{}", None),
    *(date(2026, 12, 2), "3 个工作日", False, "open", None, LAST_NIGHT, None, None),
)
LONG_AGO = NOW - timedelta(days=9)
GRACE_OVER = NOW - timedelta(days=3)
ALMOST = GRACE_OVER + timedelta(seconds=1)


def changed(held, found, saw=True):
    known = {} if found is None else {found.key: found}
    (one,) = list(changes([held] if held else [], known, lambda _: saw, NOW)) or [None]
    return one


WORSE = replace(FOUND, grade="national_failed")


def fixed(settled_at):
    return replace(HELD, state="fixed", settled_at=settled_at)


@pytest.mark.parametrize(
    ("held", "found", "event", "state", "told_as", "settled_at"),
    [
        (HELD, FOUND, "seen", "open", FOUND, None),
        (HELD, WORSE, "changed", "open", WORSE, None),
        (HELD, None, "ended", "fixed", HELD, NOW),
        (replace(HELD, state="accepted"), None, "ended", "fixed", HELD, NOW),
        # What a person dismissed stays so until it gets worse; what ended comes back as a new one.
        (replace(HELD, state="dismissed"), FOUND, "seen", "dismissed", HELD, None),
        (replace(HELD, state="dismissed"), WORSE, "reopened", "open", WORSE, None),
        (replace(HELD, state="dismissed"), None, "ended", "dismissed", HELD, None),
        # Somebody said it is put right: figures get three days to say the same.
        (fixed(NOW), FOUND, "seen", "fixed", HELD, NOW),
        (fixed(ALMOST), FOUND, "seen", "fixed", HELD, ALMOST),
        (fixed(GRACE_OVER), FOUND, "reopened", "open", FOUND, None),
        (fixed(LAST_NIGHT), None, "confirmed", "fixed", HELD, LAST_NIGHT),
    ],
)
def test_a_night_changes(held, found, event, state, told_as, settled_at):
    one = changed(held, found)
    assert (one.event, one.held.state, one.held.settled_at) == (event, state, settled_at)
    assert (one.held.detail, one.held.grade) == (told_as.detail, told_as.grade)
    assert one.held.ended_at == (NOW if found is None else None)
    assert one.held.last_true_at == (LAST_NIGHT if found is None else NOW)


def test_a_new_one_and_one_that_comes_back_are_opened():
    assert changed(None, FOUND).found == FOUND
    ended = replace(HELD, state="fixed", ended_at=LONG_AGO)
    back = changed(ended, FOUND)
    assert (back.event, back.held) == ("opened", None)
    assert "前次为 7 号" in back.says


def test_what_nobody_could_look_at_stays_as_it_is():
    assert changed(HELD, None, saw=False) is None


def fresh(from_on, to_on, **changes):
    row = {
        **{"account_id": "A-1", "unit_id": "U-1", "last_update_on": from_on, "unknown_days": 0},
        **{"counted_from_on": from_on, "counted_to_on": to_on},
        **{"local_overdue": True, "national_failed": False},
    }
    return row | changes


def test_both_clocks_are_told_with_the_days_that_do_not_count():
    # Around the National Day the national rule bites first.
    row = fresh(date(2026, 9, 24), date(2026, 10, 9), national_failed=True)
    (one,) = stale([row], load_calendar(None))
    assert one.detail == (
        "国家不合格：最近更新 2026-09-24，至 2026-10-09 已 5 个工作日、15 个自然日；"
        "其间休息日：中秋3天、国庆节7天；新区线（第 8 个工作日）2026-10-13到期，尚未触及；"
        "国家线（满 14 个自然日）2026-10-08起超期；先触及国家线"
    )
    assert (one.key, one.grade) == ("stale:A-1:2026-09-24", "national_failed")
    assert [day["why"] for day in one.facts["days"]][-3:] == ["国庆节放假", "工作日", "工作日"]


def test_a_silence_with_unknown_days_is_a_lead():
    row = fresh(date(2026, 11, 9), date(2026, 11, 20), unknown_days=2)
    (one,) = stale([row], load_calendar(None))
    assert kinds()[one.code].level == "lead"
    assert "其中 2 天没有数据，须人工查看账号后认定" in one.detail


def jump(day, change=500.0, account="A-1", score=90.0):
    return {
        **{"account_id": account, "stat_date": day, "followers_change": change},
        **{"usual_change": 3.0, "deviation_score": score, "history_days": 28},
        **{"weekday_change": 2.0, "weekday_score": score, "is_restated": False},
    }


def test_days_in_a_row_are_one_lead_and_a_run_from_before_the_window_none():
    first = date(2026, 11, 2)
    rows = [jump(first + timedelta(n)) for n in (0, 1, 2, 5)]
    rows.append(jump(first + timedelta(6), -400.0, score=-80.0))
    rows.append(jump(first + timedelta(7), -300.0, "A-2", -70.0))  # the next day, of another
    found = list(follower_jumps(rows, {"A-1": "U-1"}, date(2026, 11, 1)))
    assert [one.key for one in found] == [
        *(f"follower_jump:A-1:2026-11-{day}" for day in ("02", "07", "08")),
        "follower_jump:A-2:2026-11-09",
    ]
    assert found[0].detail.startswith("2026-11-02 至 2026-11-04 3 天共粉丝净增 +1,500，")
    later = follower_jumps(rows, {}, date(2026, 11, 3))
    assert [one.occurred_on.day for one in later] == [7, 8, 9]


def test_likes_without_reads_say_so():
    row = {
        **{"account_id": "A-1", "stat_date": date(2026, 11, 2), "likes": 400.0, "reads": None},
        **{"usual_likes": 21.0, "deviation_score": 37.9, "history_days": 21},
        **{"likes_ratio": None, "usual_ratio": None},
    }
    (one,) = mass_likes([row], {}, date(2026, 11, 1))
    assert "没有阅读数，无从对照" in one.detail


def test_silence_in_an_incident_names_who_made_up_for_it_and_leaves_out_the_unknown():
    note = {
        **{"case_id": "MAJ-1", "title": "强降雨", "found_at": NOW},
        "payload": '{"step_id": "dispatch", "silent": ["A-1"], "other": ["A-2"], "unknown": ["A-3"]}',
    }
    found = list(silent([note], {("MAJ-1", "A-2"): NOW}, {"A-1": "U-1"}))
    assert [one.account_id for one in found] == ["A-1", "A-2"]
    assert found[0].detail.endswith("时限到时没有发布任何内容；至今未见补发")
    assert found[1].detail.endswith("只发布了其他内容；2026-11-25 10:00 登记为已补发")
