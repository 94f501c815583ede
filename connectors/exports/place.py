"""Where we are in a layout file, and what may stand there; every fault is a Chinese sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, cast

import yaml

from connectors.yaml_lines import DeclarationError, Location, line_of

_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{1,39}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a file we are: its name, its nodes (which know their lines), the way down so far."""

    file: str
    root: yaml.Node
    location: Location = ()

    def at(self, name: str) -> Place:
        """Return the place *name* below this one."""
        return Place(self.file, self.root, (*self.location, name))

    def fault(self, problem: str) -> DeclarationError:
        """Return the error to raise for this place."""
        line = line_of(self.root, self.location)
        where = f"「{'/'.join(map(str, self.location))}」" if self.location else ""
        return DeclarationError(f"{self.file}:{line}: {where}{problem}")

    def mapping(self, value: object, allowed: set[str] | None = None) -> dict[str, Any]:
        """Return a mapping with none but the *allowed* keys."""
        if not isinstance(value, dict) or not value:
            raise self.fault("应为「名称: 内容」的列表，且不能为空")
        given = {str(key): content for key, content in cast("dict[object, Any]", value).items()}
        unknown = sorted(set(given) - allowed) if allowed is not None else []
        if unknown:
            known = "、".join(sorted(allowed or ()))
            raise self.fault(f"没有 {'、'.join(unknown)} 这一项；可用的有 {known}")
        return given

    def identifier(self, value: object) -> str:
        """Return a name in lower-case ASCII."""
        if not isinstance(value, str) or not _IDENTIFIER.fullmatch(value):
            raise self.fault(f"{value!r} 应为小写英文标识，如 plays、followers_new")
        return value


def texts(place: Place, value: object) -> list[str]:
    """Return a list of texts."""
    if not isinstance(value, list):
        raise place.fault("应为用方括号括起的列表")
    return [str(item) for item in cast("list[object]", value)]


def pattern(place: Place, value: object) -> re.Pattern[str]:
    """Return a regular expression with at least one group."""
    try:
        pattern = re.compile(str(value))
    except re.error as error:
        raise place.fault(f"不是正则表达式（{error}）") from error
    if not pattern.groups:
        raise place.fault("要用括号标出编号部分")
    return pattern


def text(place: Place, value: object) -> str:
    """Return a text that is not blank."""
    if not isinstance(value, str) or not value.strip():
        raise place.fault("应为文字")
    return value


def flag(place: Place, value: object) -> bool:
    """Return true or false."""
    if not isinstance(value, bool):
        raise place.fault("应为 true 或 false")
    return value


def positive(place: Place, value: object) -> int:
    """Return a positive whole number."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise place.fault("应为正整数")
    return value


def only(place: Place, value: object) -> dict[str, str]:
    """Return key -> the text that rows must show."""
    return {key: str(text) for key, text in place.mapping(value).items()}
