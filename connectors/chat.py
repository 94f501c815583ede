"""What every chat adapter takes and gives: a message of plain-text fields, and what became of it.

An adapter escapes for its own platform; the fields here are plain text, from outside or not. It
never waits or repeats: the outbox decides when to try again, by the status of the ``Delivery``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from connectors.outcome import storable

Severity = Literal["info", "warning", "critical"]

DeliveryStatus = Literal[
    "delivered",  # the platform's own success code was read
    "refused",  # the platform will refuse it again: a person has to act
    "rate_limited",  # not delivered; try again after retry_after_s
    "failed",  # certainly not delivered; may be tried again
    "unknown",  # may have been delivered: look it up or ask a person, never just send again
]


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message for a channel.

    ``lines`` are the body, one paragraph each. ``link_url`` (http or https) is shown as a button
    named ``link_label``. ``mentions`` are user ids of the platform, ``mobiles`` numbers for the
    platforms that call people by number. ``dedupe_key`` travels with the message where the platform
    allows it, so that an unclear sending can be looked up. With ``is_acknowledgeable`` a platform
    that can answer shows a button that sends the key back.
    """

    channel: str
    title: str
    lines: tuple[str, ...]
    dedupe_key: str
    severity: Severity = "info"
    link_url: str | None = None
    link_label: str | None = None
    mentions: tuple[str, ...] = ()
    mobiles: tuple[str, ...] = ()
    is_acknowledgeable: bool = False


@dataclass(frozen=True, slots=True)
class Pace:
    """At most *count* messages within *seconds*; whoever sends keeps to it, the adapter does not wait."""

    count: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one sending.

    ``reference`` is the platform's id of the message (Slack: ``ts``). ``detail`` is a Chinese
    sentence for the operator, without secrets. ``retry_after_s`` stands beside ``rate_limited``.
    """

    status: DeliveryStatus
    reference: str | None = None
    detail: str | None = None
    retry_after_s: float | None = None

    def __post_init__(self) -> None:
        """Make the platform's words storable: they may hold half a character."""
        for name in ("reference", "detail"):
            given = getattr(self, name)
            if given is not None:
                object.__setattr__(self, name, storable(given))


class ChatAdapter(Protocol):
    """Anything that can deliver a message to one chat platform."""

    def deliver(self, message: ChatMessage) -> Delivery:
        """Send once and return what became of it; never raises for what the platform does."""
        ...
