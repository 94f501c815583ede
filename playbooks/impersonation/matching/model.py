"""The classifier: boosted trees and a calibration, as numbers in ``data/model.json``.

Trained by ``python -m benchmarks.matching train``; here it is only applied, with NumPy.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from playbooks.impersonation.matching import features, tables

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAF = -1
LOT = 4096  # rows walked at once: their features stay in the processor's cache
INNOCENT_PENALTY = 3.0  # in log odds, as the next
INVENTED_AT_LEAST = 3.0
CLAIMED_AT_LEAST = 1.5
LONG_FACE = 6
PLACES_IN_DOUBT = 1.7  # log of six places of one name


@dataclass(frozen=True)
class Model:
    """Trees of equal depth or less, padded to one table.

    Attributes:
        feature: feature asked at each node of each tree; ``LEAF`` at a leaf.
        limit: go left when the feature is at most this.
        children: numbers of the right and the left child of each node.
        value: what a leaf adds.
        base: what every score starts from.
        slope: of the calibration; with ``offset`` it turns the sum into a probability.
        offset: of the calibration.
        threshold: a score at or over it is an alert; fixed on the check part, once.
    """

    feature: NDArray[np.int16]
    limit: NDArray[np.float32]
    children: NDArray[np.int16]
    value: NDArray[np.float32]
    base: float
    slope: float
    offset: float
    threshold: float

    def scores(self, rows: Sequence[Sequence[float]]) -> NDArray[np.float64]:
        """Return for each row of features the probability that it is an imitation."""
        table = np.asarray(rows, np.float32).reshape(len(rows), len(features.NAMES))
        lots = [self._scores(table[at : at + LOT]) for at in range(0, len(table), LOT)]
        return np.concatenate([np.empty(0), *lots])

    def _scores(self, table: NDArray[np.float32]) -> NDArray[np.float64]:
        total = np.full(len(table), self.base)
        every = np.arange(len(table))
        for tree in range(len(self.feature)):
            node = np.zeros(len(table), np.int16)
            while True:
                asked = self.feature[tree, node]
                inner = asked != LEAF
                if not inner.any():
                    break
                goes_left = table[every, asked] <= self.limit[tree, node]
                child = self.children[tree, node, goes_left.astype(np.int8)]
                node = np.where(inner, child, node)
            total += self.value[tree, node]
        total -= INNOCENT_PENALTY * _is_innocent(table)
        total = np.where(_is_claimed(table), np.maximum(total, CLAIMED_AT_LEAST), total)
        total = np.where(_is_invented(table), np.maximum(total, INVENTED_AT_LEAST), total)
        return 1 / (1 + np.exp(-(self.slope * total + self.offset)))


def _is_invented(table: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Say which rows, as written, are a bureau or zone of the official's place that nobody knows.

    Which of them exist is known from the lists, not learnt; so is which do not.
    """

    def column(name: str) -> NDArray[np.float32]:
        return table[:, features.NAMES.index(name)]

    is_there = (column("place_raw_same") > 0) & (column("place_ambiguity") < PLACES_IN_DOUBT)
    is_zone = (column("made_up_zone") > 0) & (column("body_raw_same") + column("added_affix") > 0)
    is_made_up = (column("made_up_body") > 0) | is_zone
    return is_there & is_made_up & (column("raw_innocent") == 0)


def _is_claimed(table: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Say which rows, as written, are the official's place and body and end in a service or role.

    What comes last says what a name is: 秦皇岛消防培训报名中心 is a centre of the fire brigade, whatever
    a training school may be called.
    """

    def column(name: str) -> NDArray[np.float32]:
        return table[:, features.NAMES.index(name)]

    is_there = (column("place_raw_same") > 0) & (column("place_ambiguity") < PLACES_IN_DOUBT)
    is_served = column("added_role") + column("added_invented") > 0
    is_of_it = (column("body_raw_same") > 0) & (column("added_subordinate") == 0)
    return is_there & is_of_it & is_served & (column("ends_in_claim") > 0)


def _is_innocent(table: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Say which rows, as written, have a word of press or trade and not the official's body.

    A rule that the trees may not overrule: they were shown too few shops that sound like a bureau.
    """

    def column(name: str) -> NDArray[np.float32]:
        return table[:, features.NAMES.index(name)]

    is_marked = (column("hidden_marks") > 0) | (column("odd_marks") > 0)
    # 古夜市唱监管 sounds like 古冶市场监管 from end to end, and 夜市 in it is an accident.
    is_accident = (column("same_repaired") > 0) & (column("face_length") >= LONG_FACE)
    is_named = (column("raw_innocent") > 0) & (column("body_raw_same") == 0)
    # 西乌珠穆沁欧阳桂芳 shares a long name of a place and nothing else.
    claims = sum(column(name) for name in ("added_affix", "added_role", "added_invented"))
    is_of_place_only = (column("only_place_shared") > 0) & (column("disguised_count") == 0)
    is_stranger = is_of_place_only & (claims == 0)
    # 玉门市城市管理局人民医院 has the bureau's whole name, and is a hospital; so is an account by
    # custom of another body, 尖草坪区文旅之声. Only a role or a service makes it a pretence.
    pretends = column("added_role") + column("added_invented") + column("made_up_body")
    is_other = (column("is_other_body_plainly") > 0) & (column("body_raw_other") > 0)
    is_other = is_other & (pretends == 0) & (column("disguised_count") == 0)
    # 长春医保代办老张律师 is a lawyer, 长春地铁美食地图 a map: what comes last says what a name is.
    is_called = (column("ends_innocently") > 0) & (column("made_up_body") == 0)
    is_named = is_named | is_called
    return ((is_named & ~is_accident) | is_stranger | is_other) & ~is_marked


@cache
def load() -> Model:
    """Return the shipped model.

    Raises:
        ValueError: it was trained on other features than the code computes.
    """
    return read(json.loads((tables.DATA / "model.json").read_text(encoding="utf-8")))


def read(document: dict[str, Any]) -> Model:
    """Return the model of a document as training writes it."""
    if tuple(document["features"]) != features.NAMES:
        raise ValueError(
            "data/model.json has other features; run python -m benchmarks.matching train"
        )
    trees = document["trees"]
    size = max(len(tree["feature"]) for tree in trees)

    def padded(name: str, kind: type[np.generic], blank: int) -> NDArray[Any]:
        rows = [tree[name] + [blank] * (size - len(tree[name])) for tree in trees]
        return np.array(rows, kind)

    return Model(
        padded("feature", np.int16, LEAF),
        padded("limit", np.float32, 0),
        np.stack([padded("right", np.int16, 0), padded("left", np.int16, 0)], axis=-1),
        padded("value", np.float32, 0),
        document["base"],
        document["slope"],
        document["offset"],
        document["threshold"],
    )
