"""Faults of limits and of the ladders that escalate them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from playbooks.core.limits import Limit, LimitKind, Roll, Unit
from playbooks.core.playbook.model import Due, Rung


def ladder_faults(ladder: Sequence[Rung]) -> Iterator[str]:
    """Yield what is wrong with the rungs of one ladder."""
    shares = [int(rung.at[:-1]) for rung in ladder if rung.at.endswith("%")]
    if 100 not in shares:
        yield "the ladder has no rung at 100%"
    for share in shares:
        if not 0 < share <= 100:
            yield f"{share}% is not between 1% and 100%; use +N unit after it"
    later = [rung.at[1:].split(" ") for rung in ladder if rung.at.startswith("+")]
    for amount, unit in later:
        if unit not in set(Unit):
            yield f"+{amount} {unit} names no unit; one of {', '.join(Unit)}"
        else:
            yield from _impossible(int(amount), Unit(unit))
    if len({unit for _, unit in later}) > 1:
        # A working day may be shorter or longer than nine working hours: only one unit has an order.
        yield "the rungs after 100% use one unit, so that their order is certain"
    order = [rung.at.startswith("+") for rung in ladder]
    if order != sorted(order) or not (_rises(shares) and _rises([int(n) for n, _ in later])):
        yield "the ladder is not in the order of time, each rung later than the one before"


def _rises(numbers: Sequence[int]) -> bool:
    return all(a < b for a, b in zip([0, *numbers], numbers, strict=False))


def limit_faults(due: Due) -> Iterator[str]:
    """Yield what makes a limit one that cannot be counted, or cannot do what it declares."""
    yield from _impossible(due.budget, due.unit, due.roll)
    if due.pause_on and due.kind is LimitKind.STATUTORY:
        yield "a statutory limit never pauses; take pause_on out"
    if due.pause_on and due.unit is Unit.MONTHS:
        yield "months cannot pause, because a part of a month has no length; count calendar_days"
    if len(set(due.pause_on)) != len(due.pause_on):
        yield "pause_on names a reason twice"


def _impossible(budget: int, unit: Unit, roll: Roll = Roll.NONE) -> Iterator[str]:
    """A limit that cannot be counted must not wait for the day on which a case comes to it."""
    try:
        Limit(budget, unit, LimitKind.INTERNAL, "lint", roll)
    except ValueError as error:
        yield str(error)
