"""What an inbound connector leaves behind: one outcome for every attempt, and the payload if one came.

A connector is a function that yields ``Fetch`` values and never raises for one account's failure.
The raw payload is archived before anyone reads it; nothing here interprets it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

FetchStatus = Literal[
    "value",  # rows arrived
    "not_ready",  # the platform has not computed them yet: ask again, do not move the cursor
    "absent",  # the platform answered that there is nothing; never to be read as zero
    "quota_exhausted",  # this account and endpoint are closed until the next day
    "refused",  # token, permission or configuration: a person has to act
    "retired",  # the endpoint no longer exists: the connector has to change
    "failed",  # anything else; the message says what and where
]


@dataclass(frozen=True, slots=True)
class Payload:
    """One reply as it arrived, for the table ``raw_payload`` (which adds ``run_id``).

    ``body`` is the reply's text (or, for export files, JSON of the rows read), kept even when it
    could not be understood. ``ref_begin_on`` and ``ref_end_on`` are the days asked about, both
    included, in Asia/Shanghai. ``fetched_at`` is an aware instant.
    """

    source: str
    endpoint: str
    account_id: str
    ref_begin_on: date
    ref_end_on: date
    fetched_at: datetime
    body: str

    def __post_init__(self) -> None:
        """Refuse an instant without a zone.

        Raises:
            ValueError: ``fetched_at`` is naive.
        """
        _require_zone("fetched_at", self.fetched_at)

    @property
    def payload_sha256(self) -> str:
        """Lower-case hexadecimal SHA-256 of the body in UTF-8; the payload's identity."""
        return hashlib.sha256(self.body.encode("utf-8")).hexdigest()


@dataclass(frozen=True, slots=True)
class FetchOutcome:
    """One attempt, for the table ``fetch_outcome`` (which adds ``outcome_id`` and ``run_id``).

    ``message`` is one sentence for the operator: what happened, where, what to do. It is empty
    only when there is nothing to say. ``row_count`` counts the rows of a ``value``.
    """

    source: str
    endpoint: str
    account_id: str
    ref_begin_on: date
    ref_end_on: date
    asked_at: datetime
    finished_at: datetime
    status: FetchStatus
    http_status: int | None = None
    platform_code: str | None = None
    row_count: int | None = None
    payload_sha256: str | None = None
    message: str | None = None

    def __post_init__(self) -> None:
        """Refuse instants without a zone.

        Raises:
            ValueError: ``asked_at`` or ``finished_at`` is naive.
        """
        _require_zone("asked_at", self.asked_at)
        _require_zone("finished_at", self.finished_at)
        if self.message is not None:
            # A platform's words may hold half a character, which no database can store.
            object.__setattr__(self, "message", storable(self.message))


@dataclass(frozen=True, slots=True)
class Fetch:
    """An outcome, and the payload it speaks of; no payload when no reply arrived."""

    outcome: FetchOutcome
    payload: Payload | None

    def __post_init__(self) -> None:
        """Refuse an outcome that names another payload than the one beside it.

        Raises:
            ValueError: the digests differ, or only one of the two is there.
        """
        digest = self.payload.payload_sha256 if self.payload else None
        if digest != self.outcome.payload_sha256:
            raise ValueError(
                f"outcome of {self.outcome.endpoint} names payload {self.outcome.payload_sha256}, "
                f"but the payload beside it is {digest}"
            )


def storable(text: str) -> str:
    """Return text with what UTF-8 cannot hold, and NUL, replaced by the replacement character."""
    whole = text.encode("utf-8", "replace").decode("utf-8") if not _is_whole(text) else text
    return whole.replace("\x00", "\ufffd")


def _is_whole(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _require_zone(name: str, instant: datetime) -> None:
    if instant.tzinfo is None:
        raise ValueError(f"{name} is a datetime without a zone; pass an aware one")
