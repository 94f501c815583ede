"""How often the declared words are right: precision and recall on texts that a person labelled.

The texts in ``labelled.tsv`` were written after the words had been listed, and the words were not
changed afterwards; those in ``development.tsv`` are what the words were mended by. Both are written in
the manner of real messages; they are not a sample of any real account. On real messages expect worse.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from playbooks.statistics.text_leads.sorting import MOODS, NEGATIVE, OTHER, lead_of, shipped_words

LABELLED: Final = Path(__file__).with_name("labelled.tsv")
Labelled = tuple[str, str, str]
"""Text, topic and mood."""


@dataclass(frozen=True)
class Measure:
    """How well one label is found; None where nothing was said or nothing was there."""

    label: str
    said: int
    there: int
    right: int

    @property
    def precision(self) -> float | None:
        """Of those said, the share that is right."""
        return self.right / self.said if self.said else None

    @property
    def recall(self) -> float | None:
        """Of those there, the share that was found."""
        return self.right / self.there if self.there else None


@dataclass(frozen=True)
class Evaluation:
    """The measures on *text_count* labelled texts; ``topics`` is over all topics but 其他."""

    version: str
    text_count: int
    moods: tuple[Measure, ...]
    topics: Measure
    missed: tuple[str, ...]

    @property
    def negative(self) -> Measure:
        """The measure that matters most: whether a complaint is noticed."""
        return next(each for each in self.moods if each.label == NEGATIVE)


@cache
def shipped_evaluation() -> Evaluation:
    """Return the measures of the shipped words on the shipped texts."""
    return evaluate(read_labelled(LABELLED))


def read_labelled(path: Path) -> list[Labelled]:
    """Return the labelled texts of a file with a text, its topic and its mood on each line."""
    lines = path.read_text(encoding="utf-8").splitlines()
    texts: list[Labelled] = []
    for line in lines:
        text, topic, mood = line.split("\t")
        texts.append((text, topic, mood))
    return texts


def evaluate(labelled: Sequence[Labelled]) -> Evaluation:
    """Return how well the shipped words sort *labelled*."""
    leads = [lead_of(text) for text, _, _ in labelled]
    moods = tuple(
        _measure(mood, [lead.mood for lead in leads], [each[2] for each in labelled])
        for mood in MOODS
    )
    said = [lead.topic for lead in leads]
    right = sum(topic == each[1] != OTHER for topic, each in zip(said, labelled, strict=True))
    topics = Measure(
        "主题",
        sum(topic != OTHER for topic in said),
        sum(each[1] != OTHER for each in labelled),
        right,
    )
    missed = tuple(
        text
        for (text, _, mood), lead in zip(labelled, leads, strict=True)
        if mood == NEGATIVE != lead.mood
    )
    return Evaluation(shipped_words().version, len(labelled), moods, topics, missed)


def _measure(label: str, said: Sequence[str], there: Sequence[str]) -> Measure:
    right = sum(mine == theirs == label for mine, theirs in zip(said, there, strict=True))
    return Measure(label, said.count(label), there.count(label), right)
