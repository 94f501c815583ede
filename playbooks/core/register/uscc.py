"""The unified social credit code (统一社会信用代码) of GB 32100-2015 and its check character."""

from __future__ import annotations

# GB 32100-2015, table 2: 31 characters, without I, O, S, V and Z, in the order of their values.
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18
_MODULUS = 31
_WEIGHT_BASE = 3


def has_shape(code: str) -> bool:
    """Whether *code* is 18 characters of the code's alphabet."""
    return len(code) == LENGTH and all(mark in ALPHABET for mark in code)


def check_character(first_17: str) -> str:
    """Return the 18th character for *first_17*: weights 3**i modulo 31 (GB 32100-2015, annex A).

    Raises:
        ValueError: a character outside the alphabet, or not 17 of them.
    """
    if len(first_17) != LENGTH - 1:
        raise ValueError(f"a check character needs 17 characters, not {len(first_17)}")
    total = sum(
        ALPHABET.index(mark) * pow(_WEIGHT_BASE, place, _MODULUS)
        for place, mark in enumerate(first_17)
    )
    return ALPHABET[-total % _MODULUS]
