"""Files from operators, kept by their SHA-256 and never changed."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from flows.settings import Settings, SettingsError
from playbooks.core.documents.text import visible
from sql.refusal import Refusal

LARGEST_BYTES = 200 * 1024 * 1024
CHUNK_BYTES = 1024 * 1024


class FileProblemError(Refusal, ValueError):
    """A file that cannot be taken; the sentence names it and says what to do."""


def keep(settings: Settings, path: Path) -> dict[str, object]:
    """Copy *path* under its SHA-256 and return ``sha256``, ``file_name`` and ``size_bytes``.

    Raises:
        FileProblemError: missing, empty, not a plain file, or larger than 200 MiB.
    """
    size_bytes = size_of(settings, path)
    digest = hash_of(path)
    target = stored_path(settings, digest)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_suffix(f".{os.getpid()}.part")
        shutil.copyfile(path, partial)
        partial.chmod(0o440)
        partial.replace(target)
    return {"sha256": digest, "file_name": visible(path.name, 100), "size_bytes": size_bytes}


def size_of(settings: Settings, path: Path) -> int:
    """Return the size in bytes of a file that can be taken, without reading it.

    Raises:
        FileProblemError: missing, empty, not a plain file, or larger than 200 MiB.
    """
    if not path.is_file():
        raise FileProblemError(
            f"找不到文件 {visible(str(path), 200)}；请先放入收件目录 {settings.inbox}"
        )
    size_bytes = path.stat().st_size
    if not 0 < size_bytes <= LARGEST_BYTES:
        raise FileProblemError(
            f"文件 {visible(path.name, 100)} 大小为 {size_bytes} 字节；应大于 0 且不超过 200 MB"
        )
    return size_bytes


def keep_bytes(settings: Settings, content: bytes) -> str:
    """Keep *content* and return its SHA-256."""
    digest = hashlib.sha256(content).hexdigest()
    target = stored_path(settings, digest)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_suffix(f".{os.getpid()}.part")
        partial.write_bytes(content)
        partial.chmod(0o440)
        partial.replace(target)
    return digest


def keep_from_inbox(settings: Settings, names: Sequence[str]) -> list[dict[str, object]]:
    """Keep files that were dropped into the inbox; see ``inbox_paths`` and ``keep``."""
    return [keep(settings, path) for path in inbox_paths(settings, names)]


def inbox_paths(settings: Settings, names: Sequence[str]) -> list[Path]:
    """Return where files of the inbox lie; a name may not lead out of it.

    Raises:
        FileProblemError: a name that is a path.
    """
    paths: list[Path] = []
    for name in names:
        stripped = name.strip()
        if not stripped or Path(stripped).name != stripped or stripped in (".", ".."):
            raise FileProblemError(f"「{visible(name, 100)}」应只写收件目录中的文件名，不带路径")
        paths.append(settings.inbox / stripped)
    return paths


def stored_path(settings: Settings, digest: str) -> Path:
    """Return where the file with *digest* is kept."""
    return settings.files / digest[:2] / digest


def read_stored(settings: Settings, digest: str) -> bytes:
    """Return a kept file, checked against its name again.

    Raises:
        SettingsError: the file is gone or its bytes have changed.
    """
    path = stored_path(settings, digest)
    if not path.is_file():
        raise SettingsError(f"the stored file {digest} is missing from {settings.files}")
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != digest:
        raise SettingsError(f"the stored file {digest} was changed after it was kept")
    return content


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as source:
        while chunk := source.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
