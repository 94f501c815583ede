"""``python -m benchmarks.matching train | evaluate | speed [--quick]``.

``train`` builds the training and check parts from the data in the repository with a fixed seed,
trains, calibrates, fixes the threshold on the check part and writes the model that ships.
``evaluate`` prints precision, recall, worst families and false alerts on the test part, whose
prefectures and words neither training nor threshold has seen, on the hand-written part, and on a
second set made by another generator that training never uses. Each takes minutes on one core.
``speed`` is 1,000,000 candidates against 100,000 names.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from playbooks.impersonation.matching import tables

TRAIN_PER_KIND, CHECK_PER_KIND, TEST_PER_KIND = 300, 100, 120
# Whether a bureau exists is looked up, not learnt: shown to the trees, it would teach them that a
# place alone is enough.
LOOKED_UP = "invented_unit"
TRAIN_ORDINARY, CHECK_ORDINARY, TEST_ORDINARY = 40_000, 30_000, 30_000


def main(arguments: list[str]) -> int:
    """Run the command line; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.matching", description=__doc__)
    parser.add_argument("what", choices=["train", "evaluate", "speed"])
    parser.add_argument("--quick", action="store_true", help="a tenth of the size, for a try")
    given = parser.parse_args(arguments)
    share = 10 if given.quick else 1
    return {"train": train, "evaluate": evaluate, "speed": speed}[given.what](share)


def train(share: int) -> int:
    """Train, fix the threshold and write the model."""
    from benchmarks.matching import development, threshold, training

    part = development.without(development.build("train", TRAIN_PER_KIND // share), LOOKED_UP)
    examples = training.Examples(part, development.background("train", TRAIN_ORDINARY // share))
    print(f"{len(examples.compared):,} comparisons to train on", flush=True)
    document: dict[str, Any] = training.train(examples)
    check = development.build("check", CHECK_PER_KIND // share)
    ordinary = development.background("check", CHECK_ORDINARY // share)
    document = threshold.fixed(document, check, ordinary)
    target = tables.DATA / "model.json"
    if share > 1:
        print("a quick run writes no model")
        return 0
    target.write_text(json.dumps(document, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"wrote {target.name}: threshold {document['threshold']}")
    return 0


def evaluate(share: int) -> int:
    """Print the table."""
    from benchmarks.matching import evaluation
    from playbooks.impersonation.matching import model

    shipped = model.load()
    for line in evaluation.report(shipped, TEST_PER_KIND // share, TEST_ORDINARY // share):
        print(line, flush=True)
    sizes = (100_000 // share, TEST_PER_KIND // share, TEST_ORDINARY // share)
    for line in evaluation.national_report(shipped, *sizes):
        print(line, flush=True)
    return 0


def speed(share: int) -> int:
    """Print how long the design's size takes beside the reference."""
    from benchmarks import name_matching

    for found in name_matching.measure(1_000_000 // share, 100_000 // share):
        print(
            f"{found.name}: {found.figure:.0f} s; {found.reference}: {found.reference_figure:.0f} s"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
