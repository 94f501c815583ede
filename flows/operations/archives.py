"""Zip archives for people: names that lead nowhere, equal contents in equal bytes."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from io import BytesIO

from playbooks.core.documents.text import visible

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can say; the real time is in the manifest
_UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


def safe_name(name: str) -> str:
    """Return an outside file name that no system takes for a path, with its suffix kept."""
    plain = _UNSAFE.sub("_", visible(name, 100)).strip(". ") or "文件"
    return plain[-80:]


def zipped(contents: Mapping[str, bytes]) -> bytes:
    """Return a zip of *contents* by name; equal contents give equal bytes."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            member = zipfile.ZipInfo(name, _EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o600 << 16
            archive.writestr(member, content)
    return buffer.getvalue()
