"""A planned roster: whole, fair, and by the work calendar with its make-up days."""

from collections import Counter
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from playbooks.core.calendar import load_calendar
from playbooks.core.roster_plan import Rotation, checks_own_work, next_in_turn, plan_shifts

CALENDAR = load_calendar()
IDS = [f"P{number}" for number in range(12)]


@st.composite
def rotations(draw):
    substitutes = draw(st.integers(0, 4))
    people = st.permutations(IDS).flatmap(
        lambda order: st.integers(substitutes + 1, len(IDS)).map(lambda size: tuple(order[:size]))
    )
    return Rotation(draw(people), draw(people), substitutes)


@settings(max_examples=60, deadline=None)
@given(rotations(), st.dates(date(2024, 1, 1), date(2027, 6, 1)), st.integers(1, 120))
def test_every_day_is_held_by_as_many_different_people_as_declared_and_turns_are_even(
    rotation, first_on, length
):
    days = [first_on + timedelta(days=number) for number in range(length)]
    planned = plan_shifts({"handler": rotation}, CALENDAR, days[0], days[-1])
    for day in days:
        held = [(shift.position, shift.person_id) for shift in planned if shift.on == day]
        assert [position for position, _ in held] == list(range(1, rotation.people_a_day + 1))
        assert len({person for _, person in held}) == rotation.people_a_day
    for people, is_workday in ((rotation.workdays, True), (rotation.rest_days, False)):
        own = [shift for shift in planned if shift.reason.is_workday == is_workday]
        of_positions = [
            [shift for shift in own if shift.position == position]
            for position in range(1, rotation.people_a_day + 1)
        ]
        for shifts in (own, *of_positions):
            counted = Counter(shift.person_id for shift in shifts)
            assert set(counted) <= set(people)
            loads = [counted[person] for person in people]
            assert max(loads) - min(loads) <= 1


def test_a_make_up_day_is_a_workday_and_an_unpublished_year_is_provisional():
    rotation = {"handler": Rotation(("A", "B"), ("X", "Y"), 0)}
    # 2026: Spring Festival 15 to 23 February, made up for on Saturday 14 and Saturday 28.
    planned = plan_shifts(rotation, CALENDAR, date(2026, 2, 13), date(2026, 2, 16))
    assert [shift.person_id for shift in planned] == ["A", "B", "X", "Y"]
    assert not any(shift.reason.is_provisional for shift in planned)
    later = plan_shifts(rotation, CALENDAR, date(2190, 1, 1), date(2190, 1, 4))
    assert [shift.person_id for shift in later] == ["X", "Y", "X", "A"]
    assert all("暂定" in shift.reason.text for shift in later)


def test_the_next_period_begins_where_this_one_stopped():
    rotation = {"handler": Rotation(("A", "B", "C"), ("X", "Y"), 1)}
    planned = plan_shifts(rotation, CALENDAR, date(2026, 3, 2), date(2026, 3, 7))
    assert next_in_turn(rotation, planned) == {"handler": ("C", "Y")}


def test_one_person_in_two_checking_roles_is_found():
    both = {role: Rotation(("A", "B"), ("A",), 0) for role in ("handler", "reviewer")}
    planned = plan_shifts(both, CALENDAR, date(2026, 3, 2), date(2026, 3, 3))
    assert checks_own_work(planned) == [(date(2026, 3, 2), "A"), (date(2026, 3, 3), "B")]
