"""Draw the accounts of a spot check so that anybody can draw them again from the seed.

Each account's key is the SHA-256 of ``<seed>:<account id>``; the sample is the accounts with the smallest
keys. No generator's version, platform or order of the register changes what is drawn.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence


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
