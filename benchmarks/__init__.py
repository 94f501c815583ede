"""Measured figures beside a named reference, both taken in one run on one machine.

A ratio is comparable between machines, seconds are not; so nothing here is asserted by a test.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter


@dataclass(frozen=True)
class Result:
    """One measured figure and the reference measured beside it, both in *unit*.

    Attributes:
        name: what was measured, with its size.
        figure: the project's figure.
        reference: what it is compared with, in words.
        reference_figure: the figure of the reference.
        unit: of both figures, ``s`` unless told otherwise.
        target: what the design asks for, in words; empty when it asks for nothing.
    """

    name: str
    figure: float
    reference: str
    reference_figure: float
    unit: str = "s"
    target: str = ""

    @property
    def ratio(self) -> float:
        """The figure as a multiple of the reference."""
        return self.figure / self.reference_figure


def best_time_s(work: Callable[[], object], repeats: int = 5) -> float:
    """Return the shortest of *repeats* runs in seconds: the one least disturbed by others."""
    times: list[float] = []
    for _ in range(repeats):
        began = perf_counter()
        work()
        times.append(perf_counter() - began)
    return min(times)
