"""Keys that a disguised name still shares with the name it imitates, as numbers.

Every kind survives some attack: two neighbouring characters survive anything done elsewhere; the
name without one character survives one replaced, added or lost; sorted characters survive another
order; sounds survive homophones; initials survive abbreviation; place and body survive synonyms.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from playbooks.impersonation.matching import sound
from playbooks.impersonation.matching.parsing import Parse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.uint64]
    Rows = NDArray[np.int32]
    Weights = NDArray[np.float32]

LENGTH_MAX = 28
WITHOUT_ONE_FROM, WITHOUT_ONE_TO = 4, 20
INITIALS_LENGTH = 4
PLACES_MAX = 8

_BASE = np.uint64(0x9E3779B97F4A7C15)
_BASE_INVERSE = np.uint64(pow(0x9E3779B97F4A7C15, -1, 1 << 64))
_MIX = np.uint64(0xBF58476D1CE4E5B9)


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys of many names: ``row`` says whose, ``weight`` how much a shared one tells."""

    row: Rows
    key: Numbers
    weight: Weights


def keys_of(texts: Sequence[str], parses: Sequence[Parse]) -> Keys:
    """Return the keys of every name; names longer than any platform allows are cut."""
    parts: list[tuple[Rows, Numbers, float]] = []
    sounds = [sound.sound_text(text[:LENGTH_MAX]) for text in texts]
    others = [sound.other_sound_text(text[:LENGTH_MAX]) for text in texts]
    for salt, (form, weight) in enumerate(((texts, 1.0), (sounds, 0.8))):
        codes = _codes(form)
        parts += _neighbours(codes, 10 * salt + 1, 1, weight)
        parts += _neighbours(codes, 10 * salt + 2, 2, 0.5 * weight)
        parts += _whole(codes, 10 * salt + 3, 3.0 * weight)
        parts += _in_any_order(codes, 10 * salt + 4, 2.5 * weight)
    other = [text if text != usual else "" for text, usual in zip(others, sounds, strict=True)]
    parts += _neighbours(_codes(other), 11, 1, 0.8)
    parts += _whole(_codes(other), 13, 2.4)
    for form in (sound.initials_text, sound.other_initials_text):
        parts += _runs(
            _codes([form(text[:LENGTH_MAX]) for text in texts]), 31, INITIALS_LENGTH, 0.6
        )
    parts += _places_and_bodies(parses)
    return Keys(
        np.concatenate([row for row, _, _ in parts]),
        np.concatenate([key for _, key, _ in parts]),
        np.concatenate([np.full(len(row), weight, np.float32) for row, _, weight in parts]),
    )


def _codes(texts: Sequence[str]) -> Numbers:
    """Return code points, one name a row, 0 where it has ended."""
    table = np.array([text[:LENGTH_MAX] for text in texts], dtype=f"<U{LENGTH_MAX}")
    return table.view(np.uint32).reshape(len(texts), LENGTH_MAX).astype(np.uint64)


def _mixed(numbers: Numbers) -> Numbers:
    numbers = (numbers ^ (numbers >> np.uint64(31))) * _MIX
    return (numbers ^ (numbers >> np.uint64(29))) * _BASE


def _salted(kind: int) -> np.uint64:
    return np.uint64(kind * int(_MIX) & 0xFFFFFFFFFFFFFFFF)


def _taken(
    keys: Numbers, where: NDArray[np.bool_], salt: int, weight: float
) -> tuple[Rows, Numbers, float]:
    rows = np.nonzero(where)[0].astype(np.int32)
    return rows, _mixed(keys[where] + _salted(salt)), weight


def _neighbours(
    codes: Numbers, salt: int, gap: int, weight: float
) -> Iterable[tuple[Rows, Numbers, float]]:
    first, second = codes[:, :-gap], codes[:, gap:]
    yield _taken(first * _BASE + second, second > 0, salt, weight)


def _runs(
    codes: Numbers, salt: int, size: int, weight: float
) -> Iterable[tuple[Rows, Numbers, float]]:
    width = codes.shape[1] - size + 1
    keys = np.zeros((codes.shape[0], width), np.uint64)
    for step in range(size):
        keys = keys * _BASE + codes[:, step : step + width]
    yield _taken(keys, codes[:, size - 1 :] > 0, salt, weight)


def _whole(codes: Numbers, salt: int, weight: float) -> Iterable[tuple[Rows, Numbers, float]]:
    """Yield the name whole and, for each of its characters, without it."""
    powers = np.cumprod(np.full(codes.shape[1], _BASE, np.uint64))
    terms = codes * powers
    before = np.cumsum(terms, axis=1)
    total = before[:, -1:]
    length = (codes > 0).sum(axis=1, keepdims=True).astype(np.uint64)
    yield _taken(total + length, length > 1, salt, weight)
    without = (before - terms) + (total - before) * _BASE_INVERSE + length - np.uint64(1)
    yield _taken(without, _may_lose_one(codes, length), salt, 0.8 * weight)


def _in_any_order(
    codes: Numbers, salt: int, weight: float
) -> Iterable[tuple[Rows, Numbers, float]]:
    terms = np.where(codes > 0, _mixed(codes), np.uint64(0))
    total = terms.sum(axis=1, keepdims=True)
    length = (codes > 0).sum(axis=1, keepdims=True).astype(np.uint64)
    yield _taken(total, length > 1, salt, weight)
    yield _taken(total - terms, _may_lose_one(codes, length), salt, 0.8 * weight)


def _may_lose_one(codes: Numbers, length: Numbers) -> NDArray[np.bool_]:
    return (codes > 0) & (length >= WITHOUT_ONE_FROM) & (length <= WITHOUT_ONE_TO)


def _places_and_bodies(parses: Sequence[Parse]) -> Iterable[tuple[Rows, Numbers, float]]:
    rows: list[int] = []
    keys: list[int] = []
    for row, parse in enumerate(parses):
        # A national body has no place; a name that fits half the country is not about one.
        for place in (parse.places or {""}) if len(parse.places) <= PLACES_MAX else ():
            if place:  # a body that was made up shares its place and nothing else
                rows.append(row)
                keys.append(crc32(f"{place} any".encode()))
            bodies = parse.bodies or ({-1} if place else frozenset[int]())
            rows += [row] * len(bodies)
            keys += [crc32(f"{place} {body}".encode()) for body in bodies]
    found = np.array(keys, np.uint64)
    yield np.array(rows, np.int32), _mixed(found + _salted(41)), 3.0
