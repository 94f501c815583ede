"""The fictitious district: size, determinism, scale, and a roster without a gap."""

from collections import Counter
from datetime import date, timedelta
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.simulation import codes
from connectors.simulation.district import build_district
from connectors.simulation.workdays import day_before_workdays, is_workday, workdays_after


def test_sample_has_the_promised_size():
    district = build_district()
    platforms = Counter(account.platform for account in district.accounts)
    assert len(district.units) == 19
    assert platforms == {
        "wechat_official": 20,
        "weibo": 6,
        "douyin": 6,
        "wechat_channels": 3,
        "kuaishou": 3,
        "toutiao": 2,
    }


def test_ids_and_names_are_unique_and_references_resolve():
    district = build_district(accounts=200)
    unit_ids = [unit.unit_id for unit in district.units]
    person_ids = [person.person_id for person in district.people]
    assert len(set(unit_ids)) == len(unit_ids) == len({unit.name for unit in district.units})
    assert len(set(person_ids)) == len(person_ids)
    assert {account.unit_id for account in district.accounts} <= set(unit_ids)
    assert {unit.parent_unit_id for unit in district.units} - {None} <= set(unit_ids)
    named = {account.responsible_person_id for account in district.accounts}
    named |= {account.administrator_person_id for account in district.accounts}
    assert named <= set(person_ids)


def test_administrators_are_trained():
    district = build_district(accounts=200)
    trained = {person.person_id: person.trained_on for person in district.people}
    assert all(trained[account.administrator_person_id] for account in district.accounts)


def test_same_seed_same_district_and_another_seed_another():
    assert build_district(seed=7).accounts == build_district(seed=7).accounts
    assert build_district(seed=7).accounts != build_district(seed=8).accounts


def test_scale_does_not_change_the_curated_accounts():
    assert build_district(accounts=60).accounts[:40] == build_district().accounts


def test_a_hundred_thousand_accounts_are_iterated_lazily():
    district = build_district(accounts=100_000)
    first = list(islice(district.iterate_accounts(), 44))
    assert [account.account_id for account in first[-2:]] == ["A0043", "A0044"]
    assert district.community_count == 24_990


@pytest.mark.parametrize("accounts", [39, 200_000])
def test_impossible_scale_is_refused(accounts):
    with pytest.raises(ValueError, match=f"{accounts} accounts asked for"):
        build_district(accounts=accounts)


@settings(deadline=None, max_examples=25)
@given(st.dates(min_value=date(2024, 1, 1), max_value=date(2035, 12, 31)))
def test_roster_covers_every_day_and_role_on_any_date(last_day):
    district = build_district(last_day=last_day)
    covered = Counter(
        (shift.role, shift.position, shift.starts_on + timedelta(days=offset))
        for shift in district.shifts
        for offset in range(7)
    )
    assert set(covered.values()) == {1}
    for offset in range(150 + 70):
        day = district.first_day + timedelta(days=offset)
        assert ("duty_lead", 1, day) in covered
        assert ("handler", 3, day) in covered


def test_no_one_holds_two_positions_of_a_role_in_one_week():
    for week in Counter(
        (shift.role, shift.starts_on, shift.person_id) for shift in build_district().shifts
    ).values():
        assert week == 1


def test_credit_code_check_digits():
    # Both checks by hand: the organisation code 00000002 has check digit 7.
    assert codes.uscc(2) == "119900000000000275"


def test_workdays_know_the_make_up_days_of_2026():
    assert not is_workday(date(2026, 10, 7))
    assert is_workday(date(2026, 10, 10))  # a Saturday worked for National Day
    assert is_workday(date(2031, 10, 1))  # no notice yet: a Wednesday
    assert workdays_after(date(2026, 9, 30), date(2026, 10, 12)) == 4
    assert day_before_workdays(date(2026, 11, 20), 9) == date(2026, 11, 9)
