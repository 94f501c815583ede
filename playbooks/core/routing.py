"""Which channel a message takes, and which one after it: pure decisions from what is configured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

FIRST: Final = "duty"
"""What the outbox says of a message that was never sent on another way: the first of its route."""

INTERNAL: Final = "internal"
"""The marking (密级以外的内部标记) of a case that must not leave the office's own channels."""


@dataclass(frozen=True)
class Channel:
    """One configured channel.

    Attributes:
        is_external: whether it belongs to somebody else, so that an internal case may not use it.
        is_personal: whether each message goes to one person, as mail does; else to a group.
        paces: most messages, and within how many seconds; the platform's own limits.
    """

    name: str
    is_external: bool = True
    is_personal: bool = False
    paces: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True)
class Routing:
    """Where messages go.

    Attributes:
        routes: severity -> channels in the order in which they are tried.
        digest_from: so many messages of one kind, and more, go as one; 0 never.
        digest_window: how far apart they may have been queued.
    """

    channels: Mapping[str, Channel]
    routes: Mapping[str, tuple[str, ...]]
    digest_from: int = 5
    digest_window: timedelta = field(default=timedelta(minutes=10))

    def way(self, severity: str, marking: str) -> tuple[str, ...]:
        """Return the channels a message may take, in order; external ones are not for internal cases."""
        named = self.routes.get(severity, ())
        return tuple(
            name for name in named if not (marking == INTERNAL and self.channels[name].is_external)
        )

    def current(self, channel: str, severity: str, marking: str) -> str:
        """Return the channel a message goes through now; ``""`` when there is none.

        One that stands in the outbox but is no longer configured gives way to the first.
        """
        way = self.way(severity, marking)
        return channel if channel in way else next(iter(way), "")

    def after(self, channel: str, severity: str, marking: str) -> str:
        """Return the channel to try when *channel* has finally failed; ``""`` when it was the last."""
        way = self.way(severity, marking)
        place = way.index(channel) + 1 if channel in way else len(way)
        return way[place] if place < len(way) else ""


def single(name: str = FIRST, *, digest_from: int = 0) -> Routing:
    """Return the routing of an office with one channel for everything."""
    severities = ("info", "warning", "urgent")
    return Routing({name: Channel(name)}, dict.fromkeys(severities, (name,)), digest_from)
