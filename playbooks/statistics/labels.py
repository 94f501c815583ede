"""The Chinese names of metrics and sources; those of the register come from the register."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from playbooks.core.register.columns import labels as register_labels

# What account_day has as totals of a day, in the order of the packet.
DAILY_METRICS = (
    "published_count", "original_count", "reposted_count", "interpretation_count", "followers_new",
    "followers_cancelled", "reads", "plays", "shares", "likes", "recommends", "comments",
    "collections", "messages_received", "replies_sent",
)  # fmt: skip
FOLLOWERS, GROWTH = "followers_total", "followers_growth"


@dataclass(frozen=True)
class Metric:
    """One figure: its identifier, Chinese label and unit."""

    name: str
    label: str
    unit: str

    @property
    def heading(self) -> str:
        """Label and unit, for a table: 阅读（人次）."""
        return f"{self.label}（{self.unit}）" if "（" not in self.label else self.label


def is_offered(platform: str, name: str) -> bool:
    """Tell whether *platform* has the count *name* at all; one nobody has looked at has every count."""
    return name not in _not_offered().get(platform, ())


def metric(name: str) -> Metric:
    """Return the metric *name*; one that nobody has named yet is called by its identifier."""
    entry: dict[str, str] = _labels()["metrics"].get(name, {"label": name, "unit": ""})
    return Metric(name, entry["label"], entry["unit"])


def source_label(name: str) -> str:
    """Return the Chinese name of a source, or the identifier of one that has none yet."""
    return str(_labels()["sources"].get(name, name))


def register_label(list_name: str, value: str | None) -> str:
    """Return the register's label of *value*; an unknown one shows as it stands."""
    return register_labels(list_name).get(value or "", value or "未登记")


def order_of(list_name: str) -> list[str]:
    """Return the register's values in its own order, for tables."""
    return list(register_labels(list_name))


@cache
def _labels() -> dict[str, Any]:
    path = Path(__file__).parent / "texts" / "labels.yml"
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


@cache
def _not_offered() -> dict[str, list[str]]:
    path = Path(__file__).with_name("platform_metrics.yml")
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["not_offered"]
