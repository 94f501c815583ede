"""Disguises undone, and what still differs."""

import pytest

from playbooks.impersonation.matching.repair import repair
from playbooks.impersonation.matching.sound import with_syllables


@pytest.mark.parametrize(
    ("candidate", "official", "undone"),
    [
        ("长舂新区发布", "长春新区发布", ["舂>春 shape"]),
        ("常春新区发布", "长春新区发布", ["常>长 same_sound"]),
        ("长春兴区发布", "长春新区发布", ["兴>新 near_sound"]),
        (
            "ccxq发布",
            "长春新区发布",
            ["c>长 initial", "c>春 initial", "x>新 initial", "q>区 initial"],
        ),
        ("苏州父警", "苏州交警", ["父>交 shape"]),  # a part of it, drawn otherwise
        ("大连每关", "大连海关", ["每>海 shape"]),
        ("亷洁青海", "廉洁青海", ["亷>廉 same_sound"]),  # stands in no list of standard characters
        ("海珠统咭", "海珠统计", ["咭>计 same_sound"]),
        ("长春新区公布", "长春新区发布", []),
    ],
)
def test_what_is_undone(candidate: str, official: str, undone: list[str]) -> None:
    found = repair(candidate, official)
    told = [f"{one.mark}>{one.official_mark} {one.likeness.kind}" for one in found.disguises]
    assert told == undone


def test_pinyin_is_read_as_characters() -> None:
    assert repair(with_syllables("changchun新区"), "长春新区").text == "长春新区"
    assert repair(with_syllables("pingan长春", is_late=True), "平安长春").text == "平安长春"


def test_what_was_added_and_lost() -> None:
    found = repair("长春新区发布服务号", "长春新区官方发布")
    assert (found.added, found.lost) == (("服务号",), ("官方",))


def test_the_second_hospital_does_not_pretend_to_be_the_first() -> None:
    assert repair("西安二院", "西安一院").disguises == ()
