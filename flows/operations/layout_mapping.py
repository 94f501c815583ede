"""Map an unknown export file once: the draft that its refusal left behind, completed and put in use."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from connectors.exports.declaring import load_tables, parse_tables
from connectors.yaml_lines import DeclarationError
from flows.operations.files import FileProblemError
from flows.settings import Settings
from playbooks.core.documents.text import visible

DRAFTS = "drafts"
LONGEST_TEXT = 20_000


@dataclass(frozen=True)
class Draft:
    """A layout file waiting for a person: what the refused file's headings gave."""

    name: str
    text: str


def drafts(settings: Settings) -> list[Draft]:
    """Return the drafts that wait, the newest first."""
    paths = (settings.export_layouts / DRAFTS).glob("*.yml")
    newest = sorted(paths, key=lambda path: path.stat().st_mtime, reverse=True)
    return [Draft(path.stem, _text(path)) for path in newest]


def draft_named(settings: Settings, name: str) -> Draft:
    """Return one draft.

    Raises:
        FileProblemError: there is none of that name.
    """
    path = _place(settings, name)
    if not path.is_file():
        known = "、".join(one.name for one in drafts(settings)[:10]) or "没有"
        raise FileProblemError(f"没有草稿「{visible(name, 40)}」；现有：{known}")
    return Draft(path.stem, _text(path))


def map_layout(settings: Settings, name: str, text: str, *, is_preview: bool) -> list[str]:
    """Check a completed declaration, put it in use unless it is a preview, and return what it knows.

    Args:
        settings: of this installation.
        name: of the draft.
        text: the completed declaration.
        is_preview: only check.

    Raises:
        DeclarationError: every fault with its line.
        FileProblemError: no such draft, or a text longer than any layout.
    """
    draft = draft_named(settings, name)
    if len(text) > LONGEST_TEXT:
        raise FileProblemError(f"声明不得超过 {LONGEST_TEXT} 字")
    tables = parse_tables(text, f"{draft.name}.yml", is_own=True)
    target = settings.export_layouts / f"{draft.name}.yml"
    if not is_preview:
        partial = target.with_suffix(".part")
        partial.write_text(text, encoding="utf-8")
        partial.replace(target)
        _place(settings, name).unlink()
        _refuse_clash(settings, target, draft)
    return [
        f"认得「{table.title}」（{table.platform}），靠这些列辨认：{_recognised(table.required)}"
        for table in tables
    ]


def _refuse_clash(settings: Settings, target: Path, draft: Draft) -> None:
    """Take the new file back when the layouts cannot be read together with it."""
    try:
        load_tables(settings.export_layouts)
    except DeclarationError:
        target.unlink()
        _place(settings, draft.name).write_text(draft.text, encoding="utf-8")
        raise


def _recognised(required: Collection[str]) -> str:
    return "、".join(sorted(required))


def _place(settings: Settings, name: str) -> Path:
    if not re.fullmatch(r"[0-9a-f]{6,64}", name.strip().lower()):
        raise FileProblemError(f"草稿编号「{visible(name, 40)}」不对；应是小写字母与数字")
    return settings.export_layouts / DRAFTS / f"{name.strip().lower()}.yml"


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")
