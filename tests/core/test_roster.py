from datetime import UTC, date, datetime

import pytest

import sql
from playbooks.core.roster import Duty, Gap, Nobody, duty_line, gaps, on_duty

IMPORTED_AT = datetime(2026, 3, 1, tzinfo=UTC)


def person(key, **cells):
    base = {
        "person_id": key,
        "name": f"人{key}",
        "unit_id": "U1",
        "mobile": "13800000000",
        "chat_user_id": None,
        "is_active": True,
        "imported_at": IMPORTED_AT,
    }
    return base | cells


def shift(role, position, key, first, last):
    return {
        "shift_id": f"{role}-{position}-{first}",
        "role": role,
        "position": position,
        "person_id": key,
        "starts_on": date(2026, 3, first),
        "ends_on": date(2026, 3, last),
        "imported_at": IMPORTED_AT,
    }


@pytest.fixture
def roster(ops):
    people = [
        person("P1", chat_user_id="U01"),
        person("P2"),
        person("P3", mobile=None),
        person("P4", is_active=False),
    ]
    shifts = [
        shift("handler", 1, "P1", 2, 4),
        shift("handler", 2, "P2", 2, 6),
        shift("handler", 1, "P3", 5, 8),
        shift("signer", 1, "P4", 1, 31),
        shift("signer", 2, "P9", 1, 31),
        shift("reviewer", 1, "P2", 1, 31),
        shift("duty_lead", 1, "P1", 1, 31),
        shift("head", 1, "P1", 1, 31),
    ]
    sql.insert(ops, "person", people)
    sql.insert(ops, "roster_shift", shifts)
    return ops


def test_the_first_position_is_on_duty(roster):
    assert on_duty(roster, "handler", datetime(2026, 3, 3, 2, tzinfo=UTC)) == Duty(
        person_id="P1", name="人P1", chat_user_id="U01", mobile="13800000000", position=1
    )


def test_substitutes_follow_in_order(roster):
    line = duty_line(roster, "handler", datetime(2026, 3, 3, 2, tzinfo=UTC))
    assert [(duty.person_id, duty.position) for duty in line] == [("P1", 1), ("P2", 2)]


def test_somebody_without_any_number_is_passed_over(roster):
    assert on_duty(roster, "handler", datetime(2026, 3, 5, 2, tzinfo=UTC)).person_id == "P2"


def test_the_day_changes_at_midnight_in_shanghai(roster):
    before = on_duty(roster, "handler", datetime(2026, 3, 4, 15, 59, tzinfo=UTC))
    after = on_duty(roster, "handler", datetime(2026, 3, 4, 16, 0, tzinfo=UTC))
    assert (before.person_id, after.person_id) == ("P1", "P2")


def test_nobody_is_a_value_that_says_why(roster):
    at = datetime(2026, 3, 7, 2, tzinfo=UTC)
    assert on_duty(roster, "handler", at) == Nobody("handler", date(2026, 3, 7), ("人P3",))
    assert on_duty(roster, "signer", at) == Nobody("signer", date(2026, 3, 7), ("人P4", "P9"))
    late = datetime(2026, 4, 7, 2, tzinfo=UTC)
    assert on_duty(roster, "handler", late) == Nobody("handler", date(2026, 4, 7), ())


def test_gaps_count_only_people_who_can_be_reached(roster):
    assert gaps(roster, date(2026, 3, 5), 5) == [
        Gap("handler", date(2026, 3, 7), date(2026, 3, 9)),
        Gap("signer", date(2026, 3, 5), date(2026, 3, 9)),
    ]
    assert gaps(roster, date(2026, 3, 2), 1) == [
        Gap("signer", date(2026, 3, 2), date(2026, 3, 2)),
    ]


def test_an_empty_roster_is_one_gap_a_role(ops):
    found = gaps(ops, date(2026, 3, 5), 7)
    assert [(gap.role, gap.starts_on, gap.ends_on) for gap in found] == [
        (role, date(2026, 3, 5), date(2026, 3, 11))
        for role in ("handler", "reviewer", "signer", "duty_lead", "head")
    ]


def test_wrong_questions_are_refused(roster):
    with pytest.raises(KeyError, match="no role boss"):
        on_duty(roster, "boss", datetime(2026, 3, 3, tzinfo=UTC))
    with pytest.raises(ValueError, match="no time zone"):
        on_duty(roster, "handler", datetime(2026, 3, 3))
    with pytest.raises(ValueError, match="at least 1"):
        gaps(roster, date(2026, 3, 5), 0)
