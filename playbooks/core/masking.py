"""Mask personal data where it is shown; the ledger keeps what was typed.

Mobile numbers keep three and four digits (138****0000), identity numbers the first six and the last
two. Numbers that are part of a longer run of digits or letters, such as a receipt, are left alone.
"""

from __future__ import annotations

import re

_IDENTITY = re.compile(r"(?<![0-9A-Za-z])(\d{6})\d{10}(\d[0-9Xx])(?![0-9A-Za-z])")
_MOBILE = re.compile(r"(?<![0-9A-Za-z])(1[3-9]\d)\d{4}(\d{4})(?![0-9A-Za-z])")


def masked_identifier(text: str) -> str:
    """Return an account name or a mail address of a person, so that only who knows it knows it again.

    The first two characters and the last stay, of an address the domain as well: ``wa***i``,
    ``li***g@example.org``.
    """
    name, at, domain = text.partition("@")
    kept = f"{name[:2]}***{name[-1]}" if len(name) > 4 else f"{name[:1]}***"
    return f"{kept}{at}{domain}"


def masked(text: str) -> str:
    """Return *text* with mainland mobile and 18-digit identity numbers masked."""
    return _MOBILE.sub(r"\1****\2", _IDENTITY.sub(r"\1**********\2", text))
