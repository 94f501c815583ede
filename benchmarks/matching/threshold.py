"""Calibrate a trained model and fix its threshold, once, on the check part."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from benchmarks.matching.development import Part
from benchmarks.matching.training import Examples, best_scores
from playbooks.impersonation.matching.model import read

# The binding requirement is the reviewer's patience: of 100,000 ordinary names at most these may
# alert against 3,700 protected ones; and most alerts among near names must be right.
ORDINARY_ALERTS_PER_100K = 8.0
PRECISION_AT_LEAST = 0.99


def fixed(document: dict[str, Any], part: Part, ordinary: Sequence[str]) -> dict[str, Any]:
    """Return the model with calibration and threshold from the check part."""
    examples = Examples(part, ordinary)
    count = len(part.candidates)
    raw = read({**document, "slope": 1.0, "offset": 0.0})
    scores, _ = best_scores(examples, raw.scores(list(examples.values)), count + len(ordinary))
    labels = np.array([candidate.is_imitation for candidate in part.candidates])
    slope, offset = _calibration(scores[:count], labels)
    document = {**document, "slope": slope, "offset": offset}
    calibrated = 1 / (1 + np.exp(-(slope * _odds(scores) + offset)))
    threshold = _threshold(calibrated[:count], labels, calibrated[count:])
    alerts = calibrated[:count] >= threshold
    print(
        f"check: threshold {threshold:.4f}  P {labels[alerts].mean():.4f}"
        f"  R {alerts[labels].mean():.4f}"
        f"  ordinary per 100,000 {(calibrated[count:] >= threshold).mean() * 1e5:.0f}",
        flush=True,
    )
    return {**document, "threshold": round(float(threshold), 4)}


def _calibration(scores: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
    """Return slope and offset of a logistic curve over the log odds (Platt)."""
    linear: Any = importlib.import_module("sklearn.linear_model")
    fitted = linear.LogisticRegression().fit(_odds(scores).reshape(-1, 1), labels)
    return round(float(fitted.coef_[0, 0]), 5), round(float(fitted.intercept_[0]), 5)


def _odds(scores: np.ndarray) -> np.ndarray:
    bounded = np.clip(scores, 1e-6, 1 - 1e-6)
    return np.log(bounded / (1 - bounded))


def _threshold(scores: np.ndarray, labels: np.ndarray, ordinary: np.ndarray) -> float:
    """Return the lowest threshold within the budget of false alerts and the wanted precision."""
    allowed = int(len(ordinary) * ORDINARY_ALERTS_PER_100K / 100_000)
    floor = float(np.sort(ordinary)[::-1][allowed]) + 1e-4
    order = np.argsort(-scores)
    precision = np.cumsum(labels[order]) / np.arange(1, len(order) + 1)
    good = np.nonzero(precision >= PRECISION_AT_LEAST)[0]
    lowest = float(scores[order[good[-1]]]) if len(good) else 1.0
    return max(floor, lowest)
