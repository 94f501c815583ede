"""Measure the shipped model on what it was not trained on, and print one table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any
from zlib import crc32

import numpy as np

from benchmarks.matching import development, neighbours, second_set
from benchmarks.matching.development import Part
from benchmarks.matching.training import Examples, best_scores
from playbooks.impersonation.matching import parsing, tables, vocabulary
from playbooks.impersonation.matching.comparing import Comparer
from playbooks.impersonation.matching.matcher import Candidate, Matcher
from playbooks.impersonation.matching.model import Model
from playbooks.impersonation.matching.protected import register

HELD_OUT_OF_TEN = 3
OF_THE_PLACE = ("invented_unit", "made_up_unit")  # imitate no unit in particular
REAL_BODIES = (*neighbours.REAL_BODIES, *second_set.REAL_BODIES)


@dataclass(frozen=True)
class Measured:
    """Figures of one part at the threshold.

    Attributes:
        precision: of the alerts, the share that imitate.
        recall: of the imitations, the share that alert.
        average_precision: over every threshold.
        at_97: recall at the threshold where precision is 0.97.
        named: of the alerts that imitate, the share with the right unit.
        attacks: share of alerts of each family of imitations.
        innocent: the same of each kind of innocent name; wanted low.
        background_per_100k: alerts among ordinary names.
        block_recall: share of imitations whose official blocking keeps.
    """

    precision: float
    recall: float
    average_precision: float
    at_97: float
    named: float
    attacks: dict[str, float]
    innocent: dict[str, float]
    background_per_100k: float
    block_recall: float

    def lines(self, title: str) -> Iterator[str]:
        """Yield the lines of the printed table."""
        yield (
            f"{title}: P {self.precision:.3f}  R {self.recall:.3f}"
            f"  AP {self.average_precision:.3f}  R@P97 {self.at_97:.3f}"
        )
        worst = min(self.attacks, key=lambda name: self.attacks[name])
        yield f"  worst attack family {worst} {self.attacks[worst]:.3f}; block recall {self.block_recall:.4f}"
        worst = max(self.innocent, key=lambda name: self.innocent[name])
        yield f"  worst innocent kind {worst} {self.innocent[worst]:.3f}"
        real = [self.innocent[name] for name in REAL_BODIES if name in self.innocent]
        if real:
            yield f"  real neighbouring bodies {np.mean(real):.3f}, worst {max(real):.3f}"
        yield f"  right official named {self.named:.3f} of alerts that imitate somebody"
        if not np.isnan(self.background_per_100k):
            yield f"  alerts per 100,000 ordinary names {self.background_per_100k:.0f}"

    def families(self) -> Iterator[str]:
        """Yield a line for every family and kind."""
        for name, share in (*self.attacks.items(), *self.innocent.items()):
            yield f"    {name:<18} {share:.3f}"


def measure(model: Model, part: Part, ordinary: Sequence[str]) -> Measured:
    """Return the figures of one part against its own register."""
    comparer = Comparer(register(part.officials))
    examples = Examples(part, ordinary, comparer)
    count = len(part.candidates)
    scores, found = best_scores(
        examples, model.scores(list(examples.values)), count + len(ordinary)
    )
    labels = np.array([candidate.is_imitation for candidate in part.candidates])
    alerts = scores[:count] >= model.threshold
    right = [
        part.officials[one.official].unit == _unit(part, candidate.official_id)
        for candidate, one, alert in zip(part.candidates, found, alerts, strict=False)
        if alert and one and candidate.is_imitation and candidate.family not in OF_THE_PLACE
    ]
    families: tuple[dict[str, list[bool]], ...] = (defaultdict(list), defaultdict(list))
    for candidate, alert in zip(part.candidates, alerts, strict=True):
        families[candidate.is_imitation][candidate.family].append(bool(alert))
    innocent, attacks = (
        {name: float(np.mean(said)) for name, said in found.items()} for found in families
    )
    return Measured(
        precision=float((alerts & labels).sum() / max(alerts.sum(), 1)),
        recall=float((alerts & labels).sum() / labels.sum()),
        average_precision=_average_precision(scores[:count], labels),
        at_97=_recall_at(scores[:count], labels, 0.97),
        named=float(np.mean(right)) if right else float("nan"),
        attacks=attacks,
        innocent=innocent,
        background_per_100k=_per_100k(scores[count:], model.threshold),
        block_recall=block_recall(comparer, part),
    )


def by_hand(name: str, title: str) -> str:
    """Return the line of a part written by hand, judged as the command judges: profiles count."""
    part = development.hand(name)
    rows = [
        Candidate(str(at), one.name, one.platform, one.profile)
        for at, one in enumerate(part.candidates)
    ]
    verdicts = Matcher(register(part.officials)).match(rows)
    labels = np.array([one.is_imitation for one in part.candidates])
    alerts = np.array([verdict.is_alert for verdict in verdicts])
    hits = int((labels & alerts).sum())
    return (
        f"{title} ({len(rows)}): P {hits / alerts.sum():.3f}  R {hits / labels.sum():.3f}"
        f"  false alerts {alerts[~labels].mean():.3f}"
    )


def background_alerts(model: Model, comparer: Comparer, names: Sequence[str]) -> float:
    """Return the alerts per 100,000 ordinary names against a register of any size."""
    best = np.zeros(len(names))
    compared = list(comparer.compare(names))
    for found, score in zip(
        compared, model.scores([c.comparison.values for c in compared]), strict=True
    ):
        best[found.candidate] = max(best[found.candidate], score)
    return _per_100k(best, model.threshold)


def block_recall(comparer: Comparer, part: Part) -> float:
    """Return the share of imitations whose official is among the twenty that blocking keeps.

    Another account of the same unit counts, and for an invented body any official of its place.
    """
    wanted = [(at, row) for at, row in enumerate(part.candidates) if row.is_imitation]
    forms, blocked = comparer.block([row.name for _, row in wanted])
    kept: dict[int, set[int]] = defaultdict(set)
    for form, official in blocked.select("candidate", "official").iter_rows():
        kept[forms[form][0]].add(official)
    at_id = {row.official_id: number for number, row in enumerate(part.officials)}
    hits = 0
    for number, (_, row) in enumerate(wanted):
        target = at_id[row.official_id]
        places, unit = comparer.register.places, part.officials[target].unit
        hits += any(
            part.officials[one].unit == unit
            or (row.family in OF_THE_PLACE and bool(places[one] & places[target]))
            for one in kept[number]
        )
    return hits / len(wanted)


@contextmanager
def words_held_out() -> Generator[int]:
    """Forget three tenths of the vocabulary's words, bodies apart, and yield how many those are."""
    whole = dict(tables.words())
    shorter: dict[str, Any] = dict(whole)
    gone = 0
    for name in vocabulary.WORD_CLASSES:
        kept = [word for word in whole[name] if crc32(str(word).encode()) % 10 >= HELD_OUT_OF_TEN]
        gone += len(whole[name]) - len(kept)
        shorter[name] = kept
    original = tables.words
    try:
        tables.words = lambda: shorter  # type: ignore[assignment]
        _forget()
        yield gone
    finally:
        tables.words = original
        _forget()


def _forget() -> None:
    vocabulary.forget()
    parsing.forget()


def _unit(part: Part, official_id: str) -> str:
    return next(row.unit for row in part.officials if row.official_id == official_id)


def _per_100k(scores: np.ndarray, threshold: float) -> float:
    return float((scores >= threshold).mean() * 100_000) if len(scores) else float("nan")


def _recall_at(scores: np.ndarray, labels: np.ndarray, wanted: float) -> float:
    """Return the highest recall with at least the wanted precision."""
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(labels[order])
    good = np.nonzero(hits / np.arange(1, len(hits) + 1) >= wanted)[0]
    return float(hits[good[-1]] / labels.sum()) if len(good) else 0.0


def _average_precision(scores: np.ndarray, labels: np.ndarray) -> float:
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(labels[order])
    precision = hits / np.arange(1, len(hits) + 1)
    return float(precision[labels[order]].sum() / labels.sum())


def report(model: Model, per_kind: int, ordinary: int) -> Iterator[str]:
    """Yield the whole table, part by part, as it is measured."""
    names = development.background("test", ordinary)
    test = development.build("test", per_kind)
    measured = measure(model, test, names)
    yield from measured.lines(f"test ({len(test.candidates)} candidates, 3,700 protected)")
    yield from measured.families()
    yield by_hand("hand", "hand-written semantic part, seen while building")
    yield by_hand("fresh", "hand-written after the matcher, rules mended by it since")
    for half, what in (("looked", "seen while building"), ("unlooked", "never seen")):
        part, others = second_set.build(half, per_kind), second_set.background(half, ordinary)
        measured = measure(model, part, others)
        yield from measured.lines(f"second generator, half {what} ({len(part.candidates)})")
        yield from measured.families()
    with words_held_out() as gone:
        held = measure(model, test, names[: ordinary // 4])
    yield from held.lines(f"test with {gone} words of the vocabulary held out")


def national_report(model: Model, officials: int, per_kind: int, ordinary: int) -> Iterator[str]:
    """Yield block recall and the budget of false alerts at national size."""
    test = development.build("test", per_kind)
    others = development.many_officials(officials - len(test.officials))
    rows = (*test.officials, *(replace(row, official_id=f"N{row.official_id}") for row in others))
    comparer = Comparer(register(rows))
    kept = block_recall(comparer, Part(rows, test.candidates))
    yield f"{officials:,} protected: block recall {kept:.4f} of the test part's imitations"
    found = background_alerts(model, comparer, development.background("test", ordinary))
    yield f"{officials:,} protected: alerts per 100,000 ordinary names {found:.0f} ({ordinary:,} names)"
