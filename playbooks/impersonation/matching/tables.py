"""The shipped tables as Python values, read once; their sources are in ``data/README.md``."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).with_name("data")


def rows(name: str) -> Iterator[list[str]]:
    """Yield the rows of one shipped table without its heading."""
    with (DATA / name).open(encoding="utf-8", newline="") as source:
        table = csv.reader(source)
        next(table)
        yield from table


@cache
def readings() -> Mapping[str, tuple[str, ...]]:
    """Toneless readings of each standard character, the usual one first."""
    return {row[0]: tuple(row[1].split(" ")) for row in rows("characters.csv")}


@cache
def compositions() -> Mapping[str, str]:
    """The character that two or three characters make side by side: 弓长 makes 张 (拆字)."""
    return {row[2]: row[0] for row in rows("characters.csv") if row[2]}


@cache
def folds() -> Mapping[str, tuple[str, str]]:
    """What an odd mark stands for, and why: ``radical``, ``variant`` or ``script``."""
    return {row[0]: (row[1], row[2]) for row in rows("folds.csv")}


@cache
def shapes() -> Mapping[str, Mapping[str, int]]:
    """How alike two characters look, in percent, both ways; absent when they do not."""
    found: dict[str, dict[str, int]] = {}
    for one, other, percent in rows("shapes.csv"):
        found.setdefault(one, {})[other] = int(percent)
        found.setdefault(other, {})[one] = int(percent)
    return found


@cache
def divisions() -> Mapping[str, str]:
    """Names of the administrative divisions by code."""
    return {row[0]: row[1] for row in rows("divisions.csv")}


@cache
def words() -> Mapping[str, Any]:
    """The vocabulary as written."""
    return yaml.load((DATA / "vocabulary.yml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


@cache
def common_words() -> frozenset[str]:
    """Common words of two and three characters: a name made of them is no disguise."""
    return frozenset((DATA / "common_words.txt").read_text(encoding="utf-8").split())
