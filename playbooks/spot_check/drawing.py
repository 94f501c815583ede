"""Draw the accounts of a spot check so that anybody can draw them again from the seed.

Each account's key is the SHA-256 of ``<seed>:<account id>``; the sample is the accounts with the smallest
keys. No generator's version, platform or order of the register changes what is drawn.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from playbooks.core.limits import add_months
from sql.refusal import Refusal

_PERIOD = re.compile(r"(20\d{2})\s*(?:[Qq]|年第?)\s*([1-4一二三四])(?:季度)?")
_NUMERALS = {"一": 1, "二": 2, "三": 3, "四": 4}


class PeriodError(Refusal, ValueError):
    """A period that is no quarter."""


@dataclass(frozen=True)
class Quarter:
    """One quarter of a year."""

    year: int
    number: int

    @property
    def text(self) -> str:
        """2026Q3."""
        return f"{self.year}Q{self.number}"

    @property
    def words(self) -> str:
        """2026年第三季度."""
        return f"{self.year}年第{'一二三四'[self.number - 1]}季度"

    @property
    def first_on(self) -> date:
        """The first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def after_on(self) -> date:
        """The day after the last one."""
        return add_months(self.first_on, 3)


def quarter_of(text: str) -> Quarter:
    """Return the quarter that *text* names: 2026Q3 or 2026年第三季度.

    Raises:
        PeriodError: it names none.
    """
    found = _PERIOD.fullmatch(text.strip())
    if not found:
        raise PeriodError(f"季度应写成 2026Q3，收到 {text.strip()[:20]}")
    number = _NUMERALS.get(found[2]) or int(found[2])
    return Quarter(int(found[1]), number)


def draw_key(seed: str, account_id: str) -> str:
    """Return the key by which an account is drawn."""
    return hashlib.sha256(f"{seed}:{account_id}".encode()).hexdigest()


def drawn(
    account_ids: Iterable[str], seed: str, size: int | None, again: Sequence[str] = ()
) -> Mapping[str, bool]:
    """Return for each account whether it is checked.

    Args:
        account_ids: the frame.
        seed: of the draw.
        size: of the sample; ``None`` for all of them.
        again: accounts with open items of the last check: rechecked beside the sample.
    """
    frame = sorted(set(account_ids), key=lambda account: draw_key(seed, account))
    if size is None:
        return dict.fromkeys(frame, True)
    chosen = {*frame[:size], *again}
    return {account: account in chosen for account in frame}
