"""What the layouts of export files declare, as plain values; ``layouts/README.md`` explains them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, get_args

Kind = Literal["day", "instant", "text", "count", "snapshot", "net", "ratio", "percent", "seconds"]
Grain = Literal["day", "item", "kept"]
KINDS: tuple[str, ...] = get_args(Kind)
GRAINS: tuple[str, ...] = get_args(Grain)
NUMERIC = frozenset(KINDS) - {"day", "instant", "text"}
ANY_PLATFORM = "any"


@dataclass(frozen=True, slots=True)
class Column:
    """A declared column: its key in the row and how its cells are read."""

    key: str
    kind: Kind
    only_kept: bool = False


@dataclass(frozen=True)
class Table:
    """A declared table; ``columns`` is by every spelling of a heading."""

    source: str
    platform: str
    layout: str
    name: str
    title: str
    grain: Grain
    required: frozenset[str]
    columns: Mapping[str, Column]
    any_of: frozenset[str] = frozenset()
    content_kind: str | None = None
    only: Mapping[str, str] = field(default_factory=dict[str, str])
    totals: str | None = None
    identity: re.Pattern[str] | None = None
    counts_as: str | None = None
    account_column: bool = False
    capped_at: int | None = None
    no_data: frozenset[str] = frozenset()
    unverified: bool = False
    is_own: bool = False

    @cached_property
    def keys(self) -> Mapping[str, Column]:
        """The columns by key, in declared order, each once."""
        return {column.key: column for column in self.columns.values()}

    @cached_property
    def headings(self) -> Mapping[str, str]:
        """The first spelling of each key's heading, in declared order."""
        first: dict[str, str] = {}
        for heading, column in self.columns.items():
            first.setdefault(column.key, heading)
        return first

    def matches(self, headings: set[str]) -> bool:
        """Say whether *headings* hold every required column, and one of ``any_of`` where it is given."""
        seen = {self.columns[text].key for text in headings if text in self.columns}
        return self.required <= seen and (not self.any_of or bool(self.any_of & seen))

    @property
    def weight(self) -> int:
        """How much a match says: the table that asks for more is the better one."""
        return len(self.required) + bool(self.any_of)

    @property
    def row_key(self) -> tuple[str, ...]:
        """The keys without which a row says nothing."""
        own = ("account_id",) if self.account_column else ()
        if self.grain == "day":
            return (*own, "stat_date", *self.only)
        dated = [key for key in ("stat_date", "published_at", "published_on") if key in self.keys]
        named = [key for key in ("title", "content_id") if key in self.keys]
        if self.grain == "item":
            return (*own, *dated[:1], *named[:1])
        # What is only kept says nothing by itself; a log that people fill in needs what it requires.
        return tuple(key for key in self.keys if key in self.required) if own else ()

    @property
    def period_key(self) -> str | None:
        """The key of the day that tells which days the file covers."""
        dated = ("stat_date", "published_on", "published_at")
        return next((key for key in dated if key in self.keys), None)

    @cached_property
    def figures(self) -> Mapping[str, str]:
        """Metric -> semantics of every counted column."""
        if self.grain == "kept":
            return {}
        counted = {
            column.key: self._semantics(column.kind)
            for column in self.keys.values()
            if column.kind in NUMERIC and not column.only_kept
        }
        return counted | ({self.counts_as: "daily_total"} if self.counts_as else {})

    def _semantics(self, kind: Kind) -> str:
        if self.grain == "item" and "stat_date" not in self.keys:
            return "publication_cohort_snapshot"
        return {"count": "daily_total", "snapshot": "end_of_day_snapshot", "net": "daily_net"}.get(
            kind, "daily_mean"
        )
