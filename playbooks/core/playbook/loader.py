"""Read a playbook strictly: every fault is named with its file and line, all of them at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import cast

import yaml
from pydantic import ValidationError

from playbooks.core.facts import as_mapping
from playbooks.core.playbook.lint import lint
from playbooks.core.playbook.model import Playbook
from sql.refusal import Refusal

DEEPEST = 30
"""Levels of lists and mappings; the deepest shipped playbook has eight."""

Location = tuple[int | str, ...]


class PlaybookError(Refusal, ValueError):
    """A playbook that cannot be used; the text lists every fault, one a line."""


def load_playbook(path: Path) -> Playbook:
    """Return the playbook in *path*, with ``digest`` set to the SHA-256 of its bytes.

    Raises:
        PlaybookError: unreadable YAML, an unknown key or step type, or a lint fault.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise PlaybookError(f"{path.name}: not UTF-8 at byte {error.start}; save it so") from error
    return parse_playbook(text, path.name)


def parse_playbook(text: str, file_name: str, *, is_frozen: bool = False) -> Playbook:
    """Return the playbook in *text*; *file_name* only serves the messages.

    Args:
        text: the YAML document.
        file_name: stands before every fault.
        is_frozen: the text was linted when a case was opened with it. A rule that the linter learnt
            since must not take away the ladder of a running case.

    Raises:
        PlaybookError: as ``load_playbook``.
    """
    root, document = _read(text, file_name)
    digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
    try:
        playbook = Playbook.model_validate({**as_mapping(document), "digest": digest})
    except ValidationError as error:
        raise PlaybookError(_sentences(error, root, file_name)) from error
    faults = [] if is_frozen else lint(playbook)
    if faults:
        lines = [f"{file_name}:{line_of(root, where)}: {what}" for where, what in faults]
        raise PlaybookError("\n".join(lines))
    return playbook


def _read(text: str, file_name: str) -> tuple[yaml.MappingNode, object]:
    """Return the document with and without its lines; ``PlaybookError`` when it is no plain mapping."""
    try:
        _check_shape(text, file_name)
        root = cast("yaml.Node | None", yaml.compose(text, Loader=yaml.CSafeLoader))  # pyright: ignore[reportUnknownMemberType]
        document: object = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise PlaybookError(f"{file_name}: not readable as YAML: {error}") from error
    if root is None or not isinstance(root, yaml.MappingNode):
        raise PlaybookError(f"{file_name}:1: a playbook is a mapping; the file holds none")
    duplicates = _duplicate_keys(root)
    if duplicates:
        raise PlaybookError("\n".join(f"{file_name}:{line}: {what}" for line, what in duplicates))
    return root, document


def _check_shape(text: str, file_name: str) -> None:
    """Refuse aliases, and brackets nested deeper than any playbook needs: reading them recurses."""
    depth = 0
    for event in _events(text):
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            raise PlaybookError(f"{file_name}:{line}: write it out; aliases are not read")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise PlaybookError(
                f"{file_name}:{line}: nested more than {DEEPEST} levels deep; no playbook needs that"
            )


def _events(text: str) -> Iterable[yaml.Event]:
    return cast("Iterable[yaml.Event]", yaml.parse(text, Loader=yaml.CSafeLoader))  # pyright: ignore[reportUnknownMemberType]


def line_of(root: yaml.Node, location: Location) -> int:
    """Return the 1-based line of the deepest node on the way to *location*."""
    node = root
    for part in location:
        child = _child(node, part)
        if child is None:
            # Pydantic names union members in its paths; they are not in the file.
            continue
        node = child
    return node.start_mark.line + 1


def _child(node: yaml.Node, part: int | str) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if str(key.value) == str(part):
                return value
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part]
    return None


def _sentences(error: ValidationError, root: yaml.Node, file_name: str) -> str:
    lines: list[str] = []
    for fault in error.errors():
        where = ".".join(str(part) for part in fault["loc"])
        lines.append(f"{file_name}:{line_of(root, fault['loc'])}: {where}: {fault['msg']}")
    return "\n".join(lines)


def _duplicate_keys(node: yaml.Node) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            if name in seen:
                found.append((key.start_mark.line + 1, f"the key {name} stands twice"))
            seen.add(name)
            found.extend(_duplicate_keys(value))
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            found.extend(_duplicate_keys(value))
    return found
