"""The script of a drill (演练): what is reported, and who answers what and when, on a simulated clock."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from flows.operations.shipped import PLAYBOOKS
from flows.settings import SettingsError

LARGEST_BYTES = 200_000
LONGEST = timedelta(days=400)
UNITS = {"m": "minutes", "h": "hours", "d": "days"}


class Part(BaseModel):
    """Base: an unknown key is refused, so that a misspelt one is noticed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Answer(Part):
    """One answer of the script.

    Attributes:
        at: ``+30m``, ``+5h`` or ``+2d`` after the start, or an instant with its zone.
        by: a role of the roster, resolved at that time, or a person's id.
        evidence: names of files to seal with the answer; their content is the drill's own.
        within: the sub-playbook steps that lead from the drilled case to the one that is answered.
    """

    at: Annotated[str, Field(min_length=2, max_length=40)]
    step: str
    by: str
    answers: dict[str, str]
    evidence: list[str] = []
    within: list[str] = []


class Script(Part):
    """A drill from its report to its end."""

    title: Annotated[str, Field(min_length=1, max_length=60)]
    playbook: str
    starts_at: datetime
    ends_at: datetime
    inputs: dict[str, str]
    report: str = ""
    answers: Annotated[list[Answer], Field(max_length=500)]

    def instant(self, at: str) -> datetime:
        """Return when *at* is.

        Raises:
            SettingsError: it is neither a length after the start nor an instant with its zone.
        """
        length = re.fullmatch(r"\+(\d{1,5})([mhd])", at)
        if length:
            return self.starts_at + timedelta(**{UNITS[length[2]]: int(length[1])})
        try:
            instant = datetime.fromisoformat(at)
        except ValueError:
            instant = None
        if instant is None or instant.tzinfo is None:
            raise SettingsError(
                f"演练脚本中的 at: {at} 应如 +30m、+5h、+2d 或 2026-11-23T09:00+08:00"
            )
        return instant


def read_script(path: Path) -> Script:
    """Return the script in *path*.

    Raises:
        SettingsError: no such file, not readable, or faults in it, each with its place.
    """
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise SettingsError(f"{path} 大于 {LARGEST_BYTES} 字节，不是演练脚本")
        document: object = yaml.safe_load(path.read_text(encoding="utf-8"))
        script = Script.model_validate(document)
    except FileNotFoundError as error:
        raise SettingsError(f"没有演练脚本 {path}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} 不是可读的 YAML：{error}") from error
    except ValidationError as error:
        faults = "；".join(
            f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()
        )
        raise SettingsError(f"{path} 有误：{faults}") from error
    if script.starts_at.tzinfo is None or script.ends_at.tzinfo is None:
        raise SettingsError(f"{path} 的 starts_at 与 ends_at 须带时区，如 2026-11-23T09:00+08:00")
    if not timedelta() < script.ends_at - script.starts_at <= LONGEST:
        raise SettingsError(f"{path} 的 ends_at 应晚于 starts_at，且不超过 400 天")
    for answer in script.answers:
        script.instant(answer.at)
    return script


def shipped_scripts() -> dict[str, Path]:
    """Return the drills that come with the playbooks, by ``<playbook>/<name>``."""
    found = sorted(PLAYBOOKS.glob("*/drills/*.yml"))
    return {f"{path.parent.parent.name}/{path.stem}": path for path in found}
