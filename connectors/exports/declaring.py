"""Read layout declarations: the ones in the package, and the ones an office keeps in its data folder.

An office writes its own by hand, so every fault is a Chinese sentence with file and place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from connectors.cells import cell_text
from connectors.exports.declaration import GRAINS, KINDS, NUMERIC, Column, Table
from connectors.exports.place import (
    Place,
    flag,
    only,
    pattern,
    positive,
    text,
    texts,
)
from connectors.yaml_lines import DeclarationError, read_document

PACKAGED = Path(__file__).with_name("layouts")
LARGEST_BYTES = 1024 * 1024
_HEAD = {"title", "publisher", "url", "platform", "source", "layouts"}
_LAYOUT = {"title", "unverified", "no_data", "tables"}
_TABLE = {
    *("grain", "required", "columns", "content_kind", "only", "totals", "identity", "counts_as"),
    *("account_column", "capped_at", "any_of"),
}
_COLUMN = {"key", "kind", "only_kept"}
# Keys the mechanism itself reads, and the kind each of them must have.
_RESERVED = {
    "stat_date": {"day"}, "published_on": {"day"}, "published_at": {"instant"},
    "replied_on": {"day"}, "title": {"text"}, "url": {"text"}, "content_id": {"text"}, "account_id": {"text"},
    "left_out": set[str](), "original": set[str](), "other": set[str](),
}  # fmt: skip


def load_tables(own_folder: Path | None = None) -> tuple[Table, ...]:
    """Return every declared table, the office's own first.

    Raises:
        DeclarationError: a file of *own_folder* that cannot be used.
    """
    own = [] if own_folder is None else sorted(own_folder.glob("*.yml"))
    return (*(table for path in own for table in _read(path, is_own=True)), *_packaged())


@cache
def _packaged() -> tuple[Table, ...]:
    return tuple(t for path in sorted(PACKAGED.glob("*.yml")) for t in _read(path, is_own=False))


def _read(path: Path, *, is_own: bool) -> list[Table]:
    with path.open("rb") as file:
        content = file.read(LARGEST_BYTES + 1)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DeclarationError(f"{path.name}:1: 不是 UTF-8 文字；请另存为 UTF-8") from error
    return parse_tables(text, path.name, is_own=is_own)


def parse_tables(content: str, file_name: str, *, is_own: bool) -> list[Table]:
    """Return the tables of one declaration.

    Raises:
        DeclarationError: anything the mechanism would not understand, with its line.
    """
    root, declared = read_document(content, file_name)
    place = Place(file_name, root)
    head = place.mapping(declared, _HEAD)
    for name in ("title", "platform", "source", "layouts"):
        if name not in head:
            raise place.fault(f"缺少 {name}")
    _finished(place.at("title"), head["title"])
    source = place.at("source").identifier(head["source"])
    if source != "manual_entry" and not source.endswith("_export"):
        raise place.at("source").fault(f"{source} 应以 _export 结尾，如 douyin_export")
    common = {
        "source": source,
        "platform": place.at("platform").identifier(head["platform"]),
        "is_own": is_own,
    }
    here = place.at("layouts")
    return [
        table
        for name, layout in here.mapping(head["layouts"]).items()
        for table in _layout(here.at(name), name, layout, common)
    ]


def _layout(place: Place, name: str, value: object, common: Mapping[str, Any]) -> list[Table]:
    layout = place.mapping(value, _LAYOUT)
    _finished(place.at("title"), layout.get("title"))
    shared = {
        **common,
        "layout": place.identifier(name),
        "title": str(layout.get("title") or name),
        "unverified": layout.get("unverified", False) is True,
        "no_data": frozenset(texts(place.at("no_data"), layout.get("no_data", []))),
    }
    here = place.at("tables")
    tables = here.mapping(layout.get("tables"))
    return [_table(here.at(key), key, table, shared) for key, table in tables.items()]


def _table(place: Place, name: str, value: object, shared: Mapping[str, Any]) -> Table:
    given = place.mapping(value, _TABLE)
    if given.get("grain") not in GRAINS:
        raise place.fault(f"grain 应为 {'、'.join(GRAINS)} 之一")
    columns = _columns(place.at("columns"), given.get("columns"))
    required = texts(place.at("required"), given.get("required", []))
    keys = {column.key for column in columns.values()}
    if not required or set(required) - keys:
        raise place.at("required").fault("应列出至少一个 columns 中的 key")
    table = Table(
        **shared,
        name=place.identifier(name),
        grain=given["grain"],
        required=frozenset(required),
        columns=columns,
        **{key: read(place.at(key), given[key]) for key, read in _OPTIONS.items() if key in given},
    )
    _check(place, table)
    return table


def _finished(place: Place, title: object) -> None:
    """Refuse a draft that somebody moved without completing it."""
    if str(title or "").startswith("TODO"):
        raise place.fault("还是草稿；请补全全部 TODO 后再用")


def _check(place: Place, table: Table) -> None:
    columns, keys = table.keys.values(), set(table.keys)
    if table.grain == "day" and "stat_date" not in keys:
        raise place.fault("grain 为 day 的表要有 key 为 stat_date 的日期列")
    dated = {"stat_date", "published_on", "published_at"} & keys
    named = {"title", "content_id"} & keys
    if table.grain == "item" and not (dated and named):
        raise place.fault("grain 为 item 的表要有发布日期（published_on 或 published_at）和 title")
    if table.grain == "item" and any(
        column.kind == "net" and not column.key.endswith("_net") for column in columns
    ):
        raise place.fault("item 表中 kind 为 net 的列，key 应以 _net 结尾，如 followers_net")
    if table.grain != "kept" and not table.figures:
        raise place.fault("没有一列是数值，什么也计不进来；只想存档就写 grain: kept")
    if (set(table.only) | table.any_of) - keys:
        raise place.fault("only 与 any_of 只能写 columns 中的 key")
    if table.account_column and "account_id" not in keys:
        raise place.fault("account_column 为 true 的表要有 key 为 account_id 的列")


def _columns(place: Place, value: object) -> dict[str, Column]:
    columns: dict[str, Column] = {}
    seen: dict[str, str] = {}
    for heading, described in place.mapping(value).items():
        here = place.at(heading)
        column = _column(here, described)
        if seen.setdefault(column.key, heading) != heading:
            raise here.fault(f"key {column.key} 已用于「{seen[column.key]}」")
        for spelling in heading.split("|"):
            columns[cell_text(spelling)] = column
    return columns


def _column(place: Place, value: object) -> Column:
    given = place.mapping(value, _COLUMN)
    key, kind = place.identifier(given.get("key")), given.get("kind")
    if kind not in KINDS:
        raise place.fault(f"kind 应为 {'、'.join(KINDS)} 之一")
    if kind not in _RESERVED.get(key, {kind}):
        raise place.fault(f"key {key} 不能是 {kind}")
    if kind in ("day", "instant") and key not in _RESERVED:
        raise place.fault("日期列的 key 应为 stat_date、published_on、published_at 或 replied_on")
    only_kept = given.get("only_kept", False) is True
    if only_kept and kind not in NUMERIC:
        raise place.fault("only_kept 只用于数值列")
    return Column(key, kind, only_kept)


_OPTIONS: Mapping[str, Callable[[Place, object], Any]] = {
    "content_kind": lambda place, value: place.identifier(value),
    "only": only,
    "totals": text,
    "identity": pattern,
    "counts_as": lambda place, value: place.identifier(value),
    "account_column": flag,
    "capped_at": positive,
    "any_of": lambda place, value: frozenset(texts(place, value)),
}
