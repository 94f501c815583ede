"""Verify an evidence package offline: python3 校验.py [package.zip or its unpacked folder].

Needs nothing but Python 3.8 or newer. Says which file was changed, is missing or does not belong, and
exits 1 when there is any. 校验证据包：逐个核对清单中的 SHA-256；有改动、缺失或多余的文件即逐一列出。
"""

from __future__ import annotations

import hashlib
import json
import sys
import zipfile
from pathlib import Path
from typing import IO, Callable, Iterable  # noqa: UP035 - this file also runs on Python 3.8

MANIFEST = "电子数据清单.json"
CHUNK_BYTES = 1024 * 1024


def faults(path: Path) -> list[str]:
    """Return a sentence for everything that is wrong with the package at *path*; none when whole."""
    try:
        if path.is_dir():
            files = [one for one in path.rglob("*") if one.is_file()]
            names = [one.relative_to(path).as_posix() for one in files]
            return _compare(names, lambda name: (path / name).open("rb"))
        with zipfile.ZipFile(path) as archive:
            names = [one.filename for one in archive.infolist() if not one.is_dir()]
            return _compare(names, archive.open)
    except (OSError, zipfile.BadZipFile, LookupError, TypeError, ValueError) as error:
        return [f"证据包读不出来（{type(error).__name__}）：{error}"]


def _compare(names: list[str], read: Callable[[str], IO[bytes]]) -> list[str]:
    if MANIFEST not in names:
        return [f"证据包中没有 {MANIFEST}，无从校验"]
    with read(MANIFEST) as file:
        listed = {one["name"]: one for one in json.loads(file.read().decode("utf-8"))["files"]}
    found: list[str] = []
    for name, one in listed.items():
        if name not in names:
            found.append(f"缺少：{name}")
        elif _digest(read, name) != one["sha256"]:
            found.append(f"被改动：{name}")
    return [*found, *_strange(names, {*listed, MANIFEST})]


def _strange(names: Iterable[str], known: set[str]) -> list[str]:
    return [f"不在清单中：{name}" for name in sorted(set(names) - known)]


def _digest(read: Callable[[str], IO[bytes]], name: str) -> str:
    digest = hashlib.sha256()
    with read(name) as file:
        chunk = file.read(CHUNK_BYTES)
        while chunk:
            digest.update(chunk)
            chunk = file.read(CHUNK_BYTES)
    return digest.hexdigest()


if __name__ == "__main__":
    where = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent
    wrong = faults(where)
    sys.stdout.write("\n".join(wrong or ["校验通过：全部文件与清单一致。"]) + "\n")
    sys.exit(1 if wrong else 0)
