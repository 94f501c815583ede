"""Train the classifier on the training part, calibrate it and fix its threshold on the check part.

Which of a target's faces an imitation imitates is not labelled: the likeliest is taken first, then
the one the first model prefers (multiple-instance learning in two rounds).
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from benchmarks.matching.development import Part
from playbooks.impersonation.matching import features
from playbooks.impersonation.matching.comparing import Compared, Comparer
from playbooks.impersonation.matching.model import LEAF, read
from playbooks.impersonation.matching.protected import register

ROUNDS = 2
TREES, LEAVES, LEAST_IN_LEAF, LEARNING_RATE, L2 = 160, 12, 40, 0.1, 2.0
# More of these can only speak for an imitation, or only against it, whatever the sample says: it
# keeps the trees from learning the accidents of a generator.
RISING = (
    "likeness_repaired", "likeness_sound", "likeness_any_order", "face_covered", "body_same",
    "place_same", "hidden_marks", "odd_marks", "added_role", "added_invented",
    "same_repaired", "added_unknown_official", "body_raw_same",
    "likeness_agreed", "agreed_any_order", "ends_in_claim",
    "one_mark_unexplained",
)  # fmt: skip
FALLING = (
    "place_other", "place_other_city", "place_child", "place_parent", "body_other",
    "is_other_body_plainly", "added_media", "added_ordinary", "added_subordinate",
    "raw_innocent", "disguised_in_known", "number_differs", "added_common", "only_place_shared", "place_missing", "place_raw_other",
    "ends_innocently",
)  # fmt: skip


class Examples:
    """Comparisons of a part with what is known of each."""

    def __init__(
        self, part: Part, ordinary: Sequence[str], comparer: Comparer | None = None
    ) -> None:
        """Compare every candidate of *part* and every *ordinary* name with its register."""
        comparer = comparer or Comparer(register(part.officials))
        names = [candidate.name for candidate in part.candidates] + list(ordinary)
        known = comparer.register.registered
        is_registered = [(c.name, c.platform) in known for c in part.candidates]
        self.compared = [
            found
            for found in comparer.compare(names)
            if found.candidate >= len(is_registered) or not is_registered[found.candidate]
        ]
        self.values = np.array([found.comparison.values for found in self.compared], np.float32)
        at = {row.official_id: number for number, row in enumerate(part.officials)}
        targets = [at.get(candidate.official_id, -1) for candidate in part.candidates]
        targets += [-1] * len(ordinary)
        self.target = np.array([targets[found.candidate] for found in self.compared])
        self.is_of_target = np.array(
            [found.official == self.target[at] >= 0 for at, found in enumerate(self.compared)]
        )
        self.official = np.array([found.official for found in self.compared])
        self.candidate = np.array([found.candidate for found in self.compared])

    @property
    def is_innocent(self) -> np.ndarray:
        """Whether the candidate imitates nobody."""
        return self.target < 0

    def best_of_target(self, preference: np.ndarray) -> np.ndarray:
        """Return the row of each imitation, beside its target, that *preference* ranks first."""
        rows = np.nonzero(self.is_of_target)[0]
        order = rows[np.argsort(-preference[rows], kind="stable")]
        _, first = np.unique(self.candidate[order], return_index=True)
        return order[first]


def train(examples: Examples) -> dict[str, Any]:
    """Return the model as a document, without calibration and threshold."""
    likelihood = _column(examples, "likeness_repaired") + _column(examples, "face_covered")
    preference = likelihood + _column(examples, "body_same")
    document: dict[str, Any] = {}
    for _ in range(ROUNDS):
        chosen = np.concatenate([examples.best_of_target(preference), _innocent(examples)])
        document = _fit(examples.values[chosen], ~examples.is_innocent[chosen])
        preference = read(document).scores(list(examples.values))
    return document


def _innocent(examples: Examples) -> np.ndarray:
    return np.nonzero(examples.is_innocent)[0]


def _column(examples: Examples, name: str) -> np.ndarray:
    return examples.values[:, features.NAMES.index(name)]


def _fit(values: np.ndarray, labels: np.ndarray) -> dict[str, Any]:
    ensemble: Any = importlib.import_module("sklearn.ensemble")
    threads: Any = importlib.import_module("threadpoolctl")
    constraints = [(name in RISING) - (name in FALLING) for name in features.NAMES]
    trees = ensemble.HistGradientBoostingClassifier(
        max_iter=TREES,
        max_leaf_nodes=LEAVES,
        min_samples_leaf=LEAST_IN_LEAF,
        learning_rate=LEARNING_RATE,
        l2_regularization=L2,
        monotonic_cst=constraints,
        early_stopping=False,
        random_state=0,
    )
    weight = np.where(labels, (~labels).sum() / max(labels.sum(), 1) / 2, 1.0)
    # One thread, because the order in which several add up changes the last digits of the model.
    with threads.threadpool_limits(1):
        trees.fit(values, labels, sample_weight=weight)
    return {
        "features": list(features.NAMES),
        "base": float(trees._baseline_prediction.ravel()[0]),
        "slope": 1.0,
        "offset": 0.0,
        "threshold": 0.5,
        "trees": [_tree(one[0].nodes) for one in trees._predictors],
    }


def _tree(nodes: Any) -> Mapping[str, list[float]]:
    is_leaf = nodes["is_leaf"].astype(bool)
    return {
        "feature": [
            LEAF if leaf else int(at)
            for at, leaf in zip(nodes["feature_idx"], is_leaf, strict=True)
        ],
        "limit": [
            0 if leaf else round(float(x), 5)
            for x, leaf in zip(nodes["num_threshold"], is_leaf, strict=True)
        ],
        "left": [int(at) for at in nodes["left"]],
        "right": [int(at) for at in nodes["right"]],
        "value": [
            round(float(x), 5) if leaf else 0
            for x, leaf in zip(nodes["value"], is_leaf, strict=True)
        ],
    }


def best_scores(
    examples: Examples, scores: np.ndarray, count: int
) -> tuple[np.ndarray, list[Compared | None]]:
    """Return the highest score of each candidate, 0 where it was compared with nobody."""
    best = np.zeros(count)
    found: list[Compared | None] = [None] * count
    for compared, score in zip(examples.compared, scores, strict=True):
        if score > best[compared.candidate]:
            best[compared.candidate], found[compared.candidate] = score, compared
    return best, found
