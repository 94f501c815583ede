import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.core.documents import visible


def test_a_bidi_override_and_a_zero_width_space_are_written_out():
    assert visible("长春\u202e布发\u200b") == "长春‹U+202E›布发‹U+200B›"


def test_line_breaks_and_tabs_become_one_space():
    assert visible("一\r\n二\n三\t四\u2028五\x85六") == "一 二 三 四 五 六"


@pytest.mark.parametrize(
    "character",
    [
        "\x00",
        "\x1b",
        "\x7f",
        "\ud800",
        "\ue000",
        "\ufeff",
        "\ufffe",
        "\u3164",
        "\u2800",
        "\U000e0041",
    ],
)
def test_what_draws_nothing_is_written_out(character):
    assert visible(f"甲{character}乙") == f"甲‹U+{ord(character):04X}›乙"


def test_ordinary_and_full_width_text_stays_as_it_is():
    text = "云杉新区“发布”〔2026〕1号\u3000\uff08试行\uff09A-1 é 😀 𠮷 <!channel> =1+1"
    assert visible(text) == text


def test_a_tower_of_accents_is_cut_down_to_three():
    assert visible("a" + "\u0301" * 5) == "a" + "\u0301" * 3 + "‹U+0301›" * 2


def test_a_long_text_is_cut_and_says_so_within_the_limit():
    cut = visible("长" * 5000, 100)
    assert len(cut) == 100
    assert cut.endswith("……\uff08原文共5000字\uff0c已截断\uff09")


def test_a_text_that_grows_beyond_the_limit_is_cut():
    assert len(visible("\u200b" * 100, 100)) == 100


def test_a_limit_without_room_for_the_sentence_is_refused():
    with pytest.raises(ValueError, match="39 characters"):
        visible("甲", 39)


@given(st.text(st.characters(), max_size=300), st.integers(40, 400))
def test_the_result_is_short_stable_and_shows_everything(text, limit):
    shown = visible(text, limit)
    assert len(shown) <= limit
    assert visible(shown, limit) == shown
    assert not any(
        unicodedata.category(each) in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp") for each in shown
    )


def test_a_text_that_is_cut_twice_keeps_telling_its_first_length():
    assert visible(visible("长" * 5_000, 200), 60).endswith("……（原文共5000字，已截断）")
