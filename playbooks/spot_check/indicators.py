"""What a spot check looks at: the shipped list, or the office's own in its place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from playbooks.core.facts import as_mapping
from sql.refusal import Refusal

SHIPPED = Path(__file__).with_name("indicators.yml")
LARGEST_BYTES = 100_000
VERDICTS = {"passed": "合格", "failed": "不合格", "inapplicable": "不适用"}
SUGGESTIONS = {**VERDICTS, "look": "须人工查看"}
KNOWN = frozenset(
    {
        *("content_leads", "national_2_weeks", "local_7_workdays", "interaction", "figure_leads"),
        *("verification", "naming", "one_per_platform", "approval", "people"),
    }
)
"""What the system can tell of an account before anybody looks."""


class IndicatorError(Refusal, ValueError):
    """The list of indicators has faults; the sentence says in Chinese what and where."""


@dataclass(frozen=True)
class Indicator:
    """One thing that is looked at.

    Attributes:
        problem: what the circular says when it fails.
        ask: what the checker does.
        is_veto: whether it alone fails the account (单项否决).
        known: what the system can tell beforehand, a key of ``KNOWN``; ``""`` for nothing.
    """

    code: str
    title: str
    article: str
    problem: str
    ask: str
    is_veto: bool = False
    known: str = ""


@dataclass(frozen=True)
class Indicators:
    """A list of indicators, its version and label; 示例 until the office has given its own."""

    version: int
    label: str
    source: str
    by_code: Mapping[str, Indicator]


def read_indicators(own: Path) -> Indicators:
    """Return the office's list in *own*, or the shipped one while there is none.

    Raises:
        IndicatorError: the file is not such a list.
    """
    return _parse(own) if own.is_file() else _shipped()


def titles_of(own: Path) -> Mapping[str, str]:
    """Return the title of every indicator, in the office's own words where its list can be read.

    Whoever draws a check with a faulty list is told; what was checked before keeps its shipped title.
    """
    try:
        declared = read_indicators(own).by_code
    except IndicatorError:
        declared = {}
    return {code: one.title for code, one in {**_shipped().by_code, **declared}.items()}


@cache
def _shipped() -> Indicators:
    return _parse(SHIPPED)


def _parse(path: Path) -> Indicators:
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise IndicatorError(f"{path} 大于 {LARGEST_BYTES} 字节，不是检查指标")
        loaded: object = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        declared = as_mapping(loaded)
        entries = as_mapping(declared["indicators"])
        unknown = set(declared) - {"version", "label", "source", "indicators"}
        if unknown or not entries:
            raise IndicatorError(
                f"{path} 含有不认识的栏目：{'、'.join(sorted(unknown)) or '没有指标'}"
            )
        found = {code: _indicator(path, code, as_mapping(entry)) for code, entry in entries.items()}
        return Indicators(
            int(str(declared["version"])), str(declared["label"]), str(declared["source"]), found
        )
    except (yaml.YAMLError, UnicodeDecodeError, TypeError, KeyError, ValueError) as error:
        if isinstance(error, IndicatorError):
            raise
        raise IndicatorError(
            f"{path} 不是可读的检查指标：{type(error).__name__} {error}"
        ) from error


def _indicator(path: Path, code: str, entry: Mapping[str, object]) -> Indicator:
    texts = {key: str(entry.get(key) or "") for key in ("title", "article", "problem", "ask")}
    unknown = set(entry) - {*texts, "is_veto", "known"}
    known = str(entry.get("known") or "")
    is_veto = entry.get("is_veto", False)
    faults = [f"不认识的栏目 {key}" for key in sorted(unknown)]
    faults += [f"{key} 必须填写" for key, text in texts.items() if not text]
    faults += [] if re.fullmatch(r"[a-z][a-z0-9_]{0,39}", code) else ["代号应为小写英文"]
    faults += [] if isinstance(is_veto, bool) else ["is_veto 应为 true 或 false"]
    faults += [] if known in KNOWN or not known else [f"known 不能是 {known}"]
    if faults:
        raise IndicatorError(f"{path} 的 {code}：{'；'.join(faults)}")
    return Indicator(code, **texts, is_veto=bool(is_veto), known=known)
