"""What a night changes in the list of problems: new ones, those that changed, came back or ended.

Pure: what is true now, what the list holds, and what could be looked at tonight go in; changes come out.
Nothing is dropped: whatever ends or comes back leaves an entry that says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from playbooks.core.findings.model import Found, Held

GRACE = timedelta(days=3)
"""After somebody said that a problem is put right: platforms tell some figures two days late."""


@dataclass(frozen=True)
class Change:
    """One thing that a night did to the list.

    Attributes:
        event: ``opened``, ``changed``, ``reopened``, ``ended``, ``confirmed`` or ``seen``; the last is
            no news and leaves no entry.
        found: of a new one; its number is given when it is written.
        held: as it stands after the change; ``None`` for a new one.
        says: in Chinese, for the entry.
    """

    event: str
    says: str
    found: Found | None = None
    held: Held | None = None


def changes(
    held: Sequence[Held],
    found: Mapping[str, Found],
    was_looked_at: Callable[[Held], bool],
    now: datetime,
) -> Iterator[Change]:
    """Yield what tonight changes.

    Args:
        held: the latest row of every key.
        found: key -> what is true now.
        was_looked_at: whether tonight could have seen that one; what nobody looked at stays.
        now: of the look.
    """
    known = {one.key: one for one in held}
    for key, one in found.items():
        earlier = known.get(key)
        if earlier is None:
            yield Change("opened", one.detail, found=one)
        elif earlier.ended_at is not None:
            yield Change(
                "opened", f"再次出现（前次为 {earlier.number} 号）：{one.detail}", found=one
            )
        else:
            yield _still_true(earlier, one, now)
    for one in held:
        if one.key not in found and one.ended_at is None and was_looked_at(one):
            yield _no_longer_true(one, now)


def _still_true(earlier: Held, one: Found, now: datetime) -> Change:
    seen = replace(earlier, last_true_at=now)
    if earlier.is_running:
        return _running(seen, one)
    if earlier.state == "dismissed":
        if earlier.grade == one.grade:
            return Change("seen", "", one, seen)
        return _reopened(seen, one, "排除之后情况有变")
    if earlier.settled_at and now - earlier.settled_at < GRACE:
        return Change("seen", "", one, seen)
    return _reopened(seen, one, "登记为已整改，但仍然成立")


def _running(seen: Held, one: Found) -> Change:
    shown = replace(seen, detail=one.detail, grade=one.grade)
    if seen.grade == one.grade:
        return Change("seen", "", one, shown)
    return Change("changed", one.detail, one, shown)


def _reopened(seen: Held, one: Found, why: str) -> Change:
    again = replace(seen, detail=one.detail, grade=one.grade, state="open", settled_at=None)
    return Change("reopened", f"{why}：{one.detail}", one, again)


def _no_longer_true(one: Held, now: datetime) -> Change:
    if one.is_running:
        ended = replace(one, state="fixed", settled_at=now, ended_at=now)
        return Change("ended", "经核对数据，该情况不再成立", held=ended)
    event = "confirmed" if one.state == "fixed" else "ended"
    says = "整改得到数据印证" if event == "confirmed" else "该情况不再成立；再次出现时重新提出"
    return Change(event, says, held=replace(one, ended_at=now))
