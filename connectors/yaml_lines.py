"""YAML read strictly: no aliases, no key twice, and the line of whatever turns out to be wrong."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

import yaml

from sql.refusal import Refusal

Location = tuple[int | str, ...]
MOST_TEXT = 256 * 1024
MOST_BRACKETS = 1000  # PyYAML takes minutes over a few thousand that are never closed


class DeclarationError(Refusal, ValueError):
    """A declaration that cannot be used; the text lists every fault, one a line, with its place."""


def read_document(text: str, file_name: str) -> tuple[yaml.MappingNode, dict[str, object]]:
    """Return the document's nodes, which know their lines, and its values.

    Raises:
        DeclarationError: not YAML, no mapping, an alias, a key that stands twice, or too long.
    """
    if len(text) > MOST_TEXT:
        raise DeclarationError(f"{file_name}:1: 超过 {MOST_TEXT} 个字符，声明不会这么长")
    if text.count("[") + text.count("{") > MOST_BRACKETS:
        raise DeclarationError(f"{file_name}:1: 括号超过 {MOST_BRACKETS} 个，声明用不到这么多")
    try:
        aliases = [one for one in _events(text) if isinstance(one, yaml.AliasEvent)]
        root = cast("yaml.Node | None", yaml.compose(text, Loader=yaml.CSafeLoader))  # pyright: ignore[reportUnknownMemberType]
        document: object = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise DeclarationError(_yaml_sentence(error, file_name)) from error
    except (
        ValueError,
        RecursionError,
    ) as error:  # a day such as 2026-02-30, or nesting without end
        raise DeclarationError(f"{file_name}: 有无法识别的值（{error}）") from error
    if aliases:
        line = aliases[0].start_mark.line + 1
        raise DeclarationError(f"{file_name}:{line}: 不支持引用（*），请把内容写全")
    if not isinstance(root, yaml.MappingNode) or not isinstance(document, dict):
        raise DeclarationError(f"{file_name}:1: 应为“名称: 值”的 YAML；请参照文档中的写法")
    twice = list(_duplicate_keys(root))
    if twice:
        raise DeclarationError(
            "\n".join(f"{file_name}:{line}: {name} 写了两次" for line, name in twice)
        )
    return root, cast("dict[str, object]", document)


def _events(text: str) -> Iterable[yaml.Event]:
    return cast("Iterable[yaml.Event]", yaml.parse(text, Loader=yaml.CSafeLoader))  # pyright: ignore[reportUnknownMemberType]


def line_of(root: yaml.Node, location: Location) -> int:
    """Return the 1-based line of the deepest node on the way to *location*."""
    node, line = root, root.start_mark.line + 1
    for part in location:
        found = _child(node, part)
        if found is not None:  # a validator also names types in its paths; they are not in the file
            line, node = found
    return line


def _child(node: yaml.Node, part: int | str) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if str(key.value) == str(part):
                return key.start_mark.line + 1, value
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        child = node.value[part]
        return child.start_mark.line + 1, child
    return None


def _duplicate_keys(node: yaml.Node) -> Iterable[tuple[int, str]]:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            if name in seen:
                yield key.start_mark.line + 1, name
            seen.add(name)
            yield from _duplicate_keys(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _duplicate_keys(value)


def _yaml_sentence(error: yaml.YAMLError, file_name: str) -> str:
    # The error's own text quotes the line, and a line of a file with a misplaced secret is one.
    mark = getattr(error, "problem_mark", None)
    place = f":{mark.line + 1}" if mark is not None else ""
    return f"{file_name}{place}: 不是有效的 YAML；请核对缩进、冒号和引号"
