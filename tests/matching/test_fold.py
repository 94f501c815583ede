"""Folding: what a reader sees, and the list of what was hidden."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.impersonation.matching import sound, splitting
from playbooks.impersonation.matching.fold import NAME_LENGTH_MAX, Folding, fold


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("长春新区发布", "长春新区发布"),
        ("長舂新區發佈", "长舂新区发布"),
        ("长\u200b春\u202e新区", "长春新区"),
        ("Ｃhangchun新区", "changchun新区"),
        ("г0ngаn", "r0ngan"),
        ("⻓春 ❘ 新区✅", "长春新区"),
        ("长丨春丨新丨区", "长春新区"),
        ("囯家税务总局", "国家税务总局"),
        ("ニ道区公安", "二道区公安"),
        ("平安𝐉𝐋①", "平安jl1"),
        ("", ""),
    ],
)
def test_what_a_reader_sees(name: str, text: str) -> None:
    assert fold(name).text == text


def test_every_folding_names_its_place_mark_and_kind() -> None:
    assert fold("长\u200b春新區").foldings == (
        Folding(2, "\u200b", "", "hidden"),
        Folding(5, "區", "区", "variant"),
    )


def test_a_plain_name_has_nothing_to_report() -> None:
    assert fold("平安长春 Official-2026").foldings == ()


def test_a_name_of_5000_characters_is_cut_and_says_so() -> None:
    folded = fold("长" * 5000)
    assert (len(folded.text), folded.is_cut) == (NAME_LENGTH_MAX, True)


@given(st.text(max_size=80))
def test_folding_twice_changes_nothing_more(name: str) -> None:
    once = fold(name).text
    assert fold(once).text == once


def test_latin_syllables_become_one_mark_each_and_other_words_stay() -> None:
    read = sound.with_syllables("changchun新区gov")
    assert (len(read), sound.shown(read)) == (7, "changchun新区gov")
    assert sound.sound_text(read)[:2] == sound.sound_text("张春")[:2] or len(read) == 7


def test_split_characters_are_put_together() -> None:
    assert "杜集发布" in splitting.joined_forms("木土集发布")
    assert splitting.joined_forms("长春新区发布") == []
