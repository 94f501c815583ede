"""Codes that look right and belong to nobody: credit codes with valid check digits, phone numbers.

No real person or body may be reachable by what the simulation invents: the division 990000 does
not exist, and neither the mobile range 154-0 nor the area code 0400 has been given out.
"""

from __future__ import annotations

import hashlib

_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_FICTITIOUS_DIVISION = "990000"


def uscc(number: int) -> str:
    """Return a 统一社会信用代码 (18 characters) for the *number*-th body.

    Check digits by GB 11714 (organisation code, modulus 11) and GB 32100 (the whole, modulus 31).
    """
    organisation = f"{number:08d}"
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(
        _ORGANISATION_ALPHABET.index(character) * weight
        for character, weight in zip(organisation, weights, strict=True)
    )
    organisation += "0123456789X0"[11 - total % 11]
    body = "11" + _FICTITIOUS_DIVISION + organisation
    total = sum(
        _USCC_ALPHABET.index(character) * pow(3, position, 31)
        for position, character in enumerate(body)
    )
    return body + _USCC_ALPHABET[-total % 31]


def mobile(number: int) -> str:
    """Return the *number*-th fictitious mobile number, 11 digits in the unused range 154-0xx."""
    return f"1540{number:07d}"


def phone(number: int) -> str:
    """Return the *number*-th fictitious landline; no place has the area code 0400."""
    return f"0400-8{number:07d}"


def platform_account_id(platform: str, key: str) -> str:
    """Return an id of the platform's usual shape, derived from *key*."""
    digest = hashlib.sha256(f"{platform}/{key}".encode()).hexdigest()
    if platform == "wechat_official":
        return f"gh_{digest[:12]}"
    if platform == "wechat_channels":
        return f"sph{digest[:12]}"
    return str(int(digest[:9], 16) % 9_000_000_000 + 1_000_000_000)
