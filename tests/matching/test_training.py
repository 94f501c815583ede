"""The classifier can be trained again from the repository, to the same bytes."""

import json
from zlib import crc32

import pytest

from benchmarks.matching import development, training
from benchmarks.matching.__main__ import LOOKED_UP
from playbooks.impersonation.matching.matcher import Candidate, Matcher
from playbooks.impersonation.matching.protected import Official, register

SMALL = {"per_kind": 1, "officials": 150}


@pytest.fixture(scope="module")
def part() -> development.Part:
    return development.build("train", **SMALL)


def test_the_set_is_the_same_everywhere(part: development.Part) -> None:
    text = "\n".join(f"{row.family} {row.name} {row.official_id}" for row in part.candidates)
    assert (len(part.candidates), crc32(text.encode())) == (52, 2_266_376_392)


def test_the_same_set_gives_the_same_bytes(
    part: development.Part, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "TREES", 8)
    monkeypatch.setattr(training, "LEAST_IN_LEAF", 5)
    examples = training.Examples(development.without(part, LOOKED_UP), ["长春小吃", "老王钓鱼"])
    first, second = (json.dumps(training.train(examples)) for _ in range(2))
    assert first == second
    assert len(json.loads(first)["trees"]) == 8


def test_a_register_of_one_is_enough() -> None:
    official = Official("1", "集安纪检监察", "微博", "吉林省通化市集安市纪律检查委员会")
    matcher = Matcher(register([official]))
    names = ["清风集安", "集安纪委监委官方", "通化纪检监察", "集安美食"]
    verdicts = matcher.match([Candidate(name, name, "抖音") for name in names])
    assert [verdict.is_alert for verdict in verdicts] == [True, True, False, False]
