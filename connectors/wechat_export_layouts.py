"""The back-office exports as ``wechat_export.yml`` declares them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast

import yaml


@dataclass(frozen=True, slots=True)
class Column:
    """A declared column: its key in the row and how its cells are read."""

    key: str
    kind: Literal["day", "count", "ratio", "text"]


@dataclass(frozen=True, slots=True)
class Table:
    """A declared table; the fields are explained in ``wechat_export.yml``."""

    layout: str
    name: str
    required: frozenset[str]
    columns: Mapping[str, Column]
    row_key: Sequence[str]
    period_key: str | None


@dataclass(frozen=True, slots=True)
class Declaration:
    """Every table, and the pattern that finds ``mid`` and ``idx`` in an article's address."""

    tables: tuple[Table, ...]
    article_url: re.Pattern[str]


@cache
def load_declaration() -> Declaration:
    """Return what ``wechat_export.yml`` declares."""
    text = Path(__file__).with_name("wechat_export.yml").read_text(encoding="utf-8")
    declared = cast("dict[str, Any]", yaml.safe_load(text))
    tables = tuple(
        Table(
            layout=layout,
            name=name,
            required=frozenset(fields["required"]),
            columns={heading: Column(**column) for heading, column in fields["columns"].items()},
            row_key=fields["row_key"],
            period_key=fields.get("period_key"),
        )
        for layout, described in declared["layouts"].items()
        for name, fields in described["tables"].items()
    )
    return Declaration(tables, re.compile(declared["article_url"]))
