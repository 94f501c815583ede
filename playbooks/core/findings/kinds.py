"""The kinds of problems: article, level, who answers for them and within how many workdays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from playbooks.core.register.findings import definitions

REGISTER_WORKDAYS = 5
LEVELS = {"finding": "问题", "lead": "线索"}
STATES = {"open": "待处理", "accepted": "整改中", "fixed": "已整改", "dismissed": "已排除"}


@dataclass(frozen=True)
class Kind:
    """One kind of problem.

    Attributes:
        level: ``finding`` when the rule is not met, ``lead`` when a person has to look.
        owner: ``sponsor`` or ``bureau``.
        workdays: within which it is to be put right; internal.
        is_until_true: it ends by itself when it is no longer true; else a person settles it.
        is_of_register: the stored register gives it away.
    """

    code: str
    article: str
    level: str
    title: str
    owner: str
    workdays: int
    is_until_true: bool
    is_of_register: bool = False


@cache
def kinds() -> Mapping[str, Kind]:
    """Return every kind by its code, those of the register after the others."""
    text = Path(__file__).with_name("kinds.yml").read_text(encoding="utf-8")
    declared: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    found = {
        code: Kind(
            code,
            entry["article"],
            entry["level"],
            entry["title"],
            entry["owner"],
            entry["workdays"],
            entry["until_true"],
        )
        for code, entry in declared.items()
    }
    for code, entry in definitions().items():
        level = "lead" if entry["level"] == "check" else "finding"
        found[code] = Kind(
            code,
            entry["article"],
            level,
            entry["title"],
            "sponsor",
            REGISTER_WORKDAYS,
            is_until_true=True,
            is_of_register=True,
        )
    return found
