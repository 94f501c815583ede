"""The numbers by which detectors raise leads: shipped ones, and an office's own beside them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from playbooks.core.facts import as_mapping
from sql.refusal import Refusal

SHIPPED = Path(__file__).parent / "lead_rules.yml"
LARGEST_BYTES = 20_000

Number = Annotated[int, Field(ge=1, le=1_000_000, strict=True)]
Words = Annotated[tuple[Annotated[str, Field(min_length=2, max_length=40)], ...], Field()]


class RulesError(Refusal, ValueError):
    """Rules that cannot be used; the sentence names the file and what to correct."""


class _Rule(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Jump(_Rule):
    """When a day's number is a jump.

    Attributes:
        days: ordinary days before it that it is compared with.
        least_days: with fewer known days nothing is concluded.
        floor: below this a day is no jump, whatever went before.
        times: of the median of the days before.
    """

    days: Number
    least_days: Number
    floor: Number
    times: Number


class Signs(_Rule):
    """What each sign of a takeover counts, and how many are enough for a lead."""

    days: Number
    enough: Number
    name_differs: Number
    verification_lost: Number
    reported: Number
    prohibited_post: Number
    items: Words
    words: Words


class Rules(_Rule):
    """All rules."""

    comments: Jump
    reports: Jump
    takeover: Signs


def read_rules(own: Path) -> Rules:
    """Return the rules; what the office's file *own* says replaces the shipped numbers one by one.

    Raises:
        RulesError: the office's file is not readable, or names or says what there is not.
    """
    given = _read(SHIPPED)
    for part, numbers in _read(own).items() if own.is_file() else ():
        given[part] = {**given.get(part, {}), **numbers}
    try:
        return Rules.model_validate(given)
    except ValidationError as error:
        places = "、".join(".".join(map(str, fault["loc"])) for fault in error.errors())
        raise RulesError(
            f"{own} 的 {places} 不是规则或写法不对：数为 1 至 1000000 的整数，词为 2 至 40 字"
        ) from error


def _read(path: Path) -> dict[str, dict[str, object]]:
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise RulesError(f"{path} 大于 {LARGEST_BYTES} 字节，不是规则文件")
        loaded: object = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        return {name: as_mapping(part) for name, part in as_mapping(loaded).items()}
    except (yaml.YAMLError, UnicodeDecodeError, TypeError) as error:
        raise RulesError(f"{path} 不是可读的规则文件：{type(error).__name__}") from error
