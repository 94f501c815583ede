"""The registry of platform channels (平台投诉渠道): where to complain, with what, and how long it takes.

Every statement carries how it is known and when it was last compared with the platform. What nobody has
seen is shown as 待核实, what was checked too long ago as 过期; neither is ever law.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sql.refusal import Refusal

SHIPPED = Path(__file__).with_suffix(".yml")
Grade = Literal["seen", "weak", "memory"]
Sentence = Annotated[str, Field(min_length=1, max_length=300)]
UNIT_TITLES = {"working_days": "个工作日", "calendar_days": "个自然日"}


class ChannelError(Refusal, ValueError):
    """A channel file that cannot be used; the sentence names the file and every fault."""


class Part(BaseModel):
    """Base: an unknown key is refused, so that a misspelt one is noticed."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Entrance(Part):
    """One way to complain, and what it asks for."""

    name: Sentence
    materials: Annotated[tuple[Sentence, ...], Field(strict=False)]
    grade: Grade
    source: Sentence


class UsualTime(Part):
    """How long the platform takes as far as is known."""

    budget: Annotated[int, Field(gt=0, le=90)]
    unit: Literal["working_days", "calendar_days"]
    note: str = ""
    grade: Grade
    source: Sentence

    @property
    def text(self) -> str:
        """The time in Chinese, with 待核实 where nobody has seen the text."""
        doubt = "" if self.grade == "seen" else "，待核实"
        note = (
            f"（{self.note}；{self.source}{doubt}）" if self.note else f"（{self.source}{doubt}）"
        )
        return f"{self.budget}{UNIT_TITLES[self.unit]}{note}"


class Channel(Part):
    """One platform's channel."""

    title: Sentence
    complaint: Sentence
    wording: Annotated[str, Field(max_length=300)]
    requests: Annotated[tuple[Sentence, ...], Field(strict=False)]
    entrances: Annotated[tuple[Entrance, ...], Field(strict=False, min_length=1)]
    usual: UsualTime | None
    checked_on: date | None

    @property
    def materials(self) -> list[str]:
        """Everything that any entrance asks for, each once."""
        return list(dict.fromkeys(m for entrance in self.entrances for m in entrance.materials))

    @property
    def is_doubtful(self) -> bool:
        """Whether something of it was never seen and nobody of the office has checked it."""
        usual = [self.usual] if self.usual else []
        grades = [part.grade for part in (*self.entrances, *usual)]
        return self.checked_on is None and any(grade != "seen" for grade in grades)


class Channels(Part):
    """The channels by platform."""

    expires_after_days: Annotated[int, Field(gt=0, le=3650)] = 180
    platforms: dict[Annotated[str, Field(pattern=r"^[a-z][a-z_]{1,39}$")], Channel]

    def warning(self, platform: str, today: date) -> str:
        """Return what a person must know before relying on the entry; empty when nothing."""
        channel = self.platforms[platform]
        if channel.checked_on is None:
            return "待核实" if channel.is_doubtful else "尚未由本单位核对"
        ends_on = channel.checked_on + timedelta(days=self.expires_after_days)
        if ends_on < today:
            return f"过期：{channel.checked_on} 核对，已超过 {self.expires_after_days} 天"
        if ends_on - timedelta(days=30) < today:
            return f"将于 {ends_on} 过期，请重新核对"
        return ""


def read_channels(own: Path | None = None) -> Channels:
    """Return the shipped channels with those of the office's file *own* over them, if it is there.

    Raises:
        ChannelError: a file with faults, all of them named.
    """
    shipped = _shipped()
    if own is None or not own.is_file():
        return shipped
    added = _parse(own)
    return Channels(
        expires_after_days=added.expires_after_days,
        platforms={**shipped.platforms, **added.platforms},
    )


@cache
def _shipped() -> Channels:
    return _parse(SHIPPED)


def _parse(path: Path) -> Channels:
    try:
        document: object = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        return Channels.model_validate(document)
    except yaml.YAMLError as error:
        raise ChannelError(f"{path} 不是有效的 YAML：{error}") from error
    except UnicodeDecodeError as error:
        raise ChannelError(f"{path} 不是 UTF-8 文本；请另存为 UTF-8") from error
    except ValidationError as error:
        faults = "；".join(
            f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}"
            for fault in error.errors()
        )
        raise ChannelError(f"{path} 有误：{faults}") from error
