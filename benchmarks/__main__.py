"""``python -m benchmarks [name...]``: run every benchmark, or the named ones, and print the ratios.

A benchmark is a module beside this one with ``run() -> list[Result]``; a module without ``run`` is a
part shared by others. One that fails ends the run; what was measured before is still printed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import cast

from benchmarks import Result

HEADINGS = ("name", "figure", "reference", "reference figure", "ratio", "target")


def main(names: list[str]) -> int:
    """Run the benchmarks *names*, or all; return the exit status."""
    known = sorted(path.stem for path in Path(__file__).parent.glob("[!_]*.py"))
    unknown = sorted(set(names) - set(known))
    if unknown:
        print(f"no benchmark named {', '.join(unknown)}; there are: {', '.join(known)}")
        return 2
    results: list[Result] = []
    try:
        for name in names or known:
            results.extend(_run(name))
    finally:
        print(_table(results))
    return 0


def _run(name: str) -> list[Result]:
    run = getattr(import_module(f"benchmarks.{name}"), "run", None)
    if run is None:
        return []
    print(f"running {name} ...", file=sys.stderr, flush=True)
    return cast("Callable[[], list[Result]]", run)()


def _table(results: list[Result]) -> str:
    rows = [HEADINGS, *(_row(result) for result in results)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    rows.insert(1, tuple("-" * width for width in widths))
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _row(result: Result) -> tuple[str, ...]:
    return (
        result.name,
        f"{result.figure:.4g} {result.unit}",
        result.reference,
        f"{result.reference_figure:.4g} {result.unit}",
        f"{result.ratio:.2f}",
        result.target,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
