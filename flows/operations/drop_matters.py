"""Refused files that still lie in the drop folder: each waits for a person, and the chat hears of it once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from flows.operations.drop_folder import NOTE_SUFFIX, REFUSED
from flows.operations.source_matters import Matter
from flows.settings import Settings
from playbooks.core.documents.text import visible

MOST_FILES = 200
LONGEST_NOTE_BYTES = 4096


def drop_matters(settings: Settings) -> list[Matter]:
    """Return one matter a refused file; it heals when a person has moved or deleted the file."""
    return list(islice(_matters(settings.drop / REFUSED), MOST_FILES))


def _matters(root: Path) -> Iterator[Matter]:
    # A note without its file is a file that has been seen to.
    for note in sorted(root.rglob(f"*{NOTE_SUFFIX}"), reverse=True):
        path = note.with_name(note.name.removesuffix(NOTE_SUFFIX))
        if path.exists() or path.is_symlink():
            name = str(path.relative_to(root))
            digest = hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:12]
            shown = visible(name, 80)
            sentence = f"投递文件未导入 {shown}：{_note(note)}；处理后从 refused 移走或删除"
            yield Matter("", "", f"dropped:{digest}", sentence)


def _note(note: Path) -> str:
    try:
        with note.open("rb") as opened:
            text = opened.read(LONGEST_NOTE_BYTES).decode("utf-8", "replace")
    except OSError:
        return "原因见旁边的说明"
    return visible(text.strip(), 160)
